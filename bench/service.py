"""Whether polls of the status service slow a heavy load down: load alone and load with polls, in turns, in one run.

    python -m bench.service [--answers 300] [--days 2500] [--polls 1000] [--rounds 3]

The load takes Yahoo chart answers in, as bench.ingest does, into the home that the service serves. Polls ask for
`/metrics` and `/status.json` in turns, spread over the time that the load takes. `bench/README.md` has the figures.
"""

import argparse
import http.client
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from bench.ingest import Measured
from bench.work import ARCHIVE
from bench.yahoo_archive import write_archive, write_watchlist
from extractors.settings_file import read_settings
from extractors.watchlist import read_watchlist
from flows.ingest import ingest
from warehouse.home import Home

AIM = 1.05
PATHS = ("/metrics", "/status.json")
MOST_TRIES = 500
_SERVE = "from flows.main import main; main()"


@dataclass
class Polled:
    """What came of polls."""

    seconds: list[float] = field(default_factory=list)
    """How long each took."""
    failed: int = 0
    cpu_seconds: float = 0.0
    """What the service spent on them; 0 where the system does not say."""


@dataclass(frozen=True)
class Round:
    """The same load twice: alone, and with polls."""

    alone: Measured
    with_polls: Measured


def poll(address: str, count: int, *, every: float, into: Polled) -> None:
    """Ask `count` times over one connection, in even steps of seconds, without making up for what came late."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
    started = time.perf_counter()
    for number in range(count):
        time.sleep(max(0.0, started + number * every - time.perf_counter()))
        asked = time.perf_counter()
        try:
            connection.request("GET", PATHS[number % len(PATHS)])
            answer = connection.getresponse()
            is_good = answer.status == 200 and len(answer.read()) > 0
        except (OSError, http.client.HTTPException):
            connection.close()
            is_good = False
        into.seconds.append(time.perf_counter() - asked)
        into.failed += not is_good
    connection.close()


@contextmanager
def service(home: Home) -> Iterator[tuple[str, int]]:
    """Serve a home with our own command; give the address and the process."""
    command = [sys.executable, "-c", _SERVE, "service", "--home", str(home.root), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            yield process.stdout.readline().split(" is at ")[1].strip(), process.pid
        finally:
            process.terminate()


def load(source: Path, into: Path) -> Measured:
    """Take the archive in, in a process of its own."""
    command = [
        sys.executable,
        "-m",
        "bench.ingest",
        "--work",
        "dragongate",
        "--source",
        str(source),
        "--into",
        str(into),
    ]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return Measured(**json.loads(done.stdout.splitlines()[-1]))


def turn(source: Path, *, polls: int, over: float, polled: Polled) -> tuple[Measured, float]:
    """Load into a served home, with polls or none; give what the load took, and the service's peak of memory in MB."""
    with tempfile.TemporaryDirectory(dir=source) as place:
        into = Path(place)
        shutil.copytree(source / "home", into / "home", symlinks=True)
        with service(Home(into / "home")) as (address, process):
            _asked_once(address)
            told = {"every": over / max(1, polls), "into": polled}
            before = _cpu_seconds(process)
            asking = threading.Thread(target=poll, args=(address, polls), kwargs=told)
            asking.start()
            measured = load(source, into)
            asking.join()
            polled.cpu_seconds += _cpu_seconds(process) - before
            return measured, _peak_megabytes(process)


def _asked_once(address: str) -> None:
    """Wait until the service has read what is published: what it costs to start is not what polls cost."""
    for _ in range(MOST_TRIES):
        once = Polled()
        poll(address, len(PATHS), every=0, into=once)
        if not once.failed:
            return
        time.sleep(0.2)
    raise AssertionError("the service does not answer")


def _peak_megabytes(process: int) -> float:
    """Read the peak of memory of a process; 0 where the system does not say."""
    try:
        lines = Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0.0
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


def _cpu_seconds(process: int) -> float:
    """Read how much of the processor a process has used; 0 where the system does not say."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def show(rounds: Sequence[Round], polled: Polled, megabytes: float) -> None:
    """Print what each round took and the ratios."""
    print(f"{len(polled.seconds)} polls, {polled.failed} failed")
    for one in rounds:
        print(
            f"  alone {one.alone.seconds:6.2f} s ({one.alone.cpu_seconds:6.2f} s of processor), "
            f"with polls {one.with_polls.seconds:6.2f} s ({one.with_polls.cpu_seconds:6.2f} s)"
        )
    for name, attribute in (("clock", "seconds"), ("processor", "cpu_seconds")):
        ratios = [getattr(one.with_polls, attribute) / getattr(one.alone, attribute) for one in rounds]
        said = ", ".join(f"{ratio:.3f}" for ratio in ratios)
        print(f"With polls / alone, by the {name}: median {statistics.median(ratios):.3f} of {said} (aim: {AIM})")
    middle, slowest = statistics.median(polled.seconds), max(polled.seconds)
    print(f"A poll took {1000 * middle:.1f} ms in the middle, {1000 * slowest:.0f} ms at most")
    each = 1000 * polled.cpu_seconds / len(polled.seconds)
    print(f"and {each:.1f} ms of the service's processor, the reading of what the load published included")
    print(f"Peak of memory of the service: {megabytes:.0f} MB")


def main() -> None:
    """Make a home and an archive, load in turns, print."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--answers", type=int, default=300)
    arguments.add_argument("--days", type=int, default=2500)
    arguments.add_argument("--polls", type=int, default=1000, help="in each round")
    arguments.add_argument("--rounds", type=int, default=3)
    asked = arguments.parse_args()
    with tempfile.TemporaryDirectory() as place:
        source = Path(place)
        prepare(source, answers=asked.answers, days=asked.days)
        nobody, polled, megabytes, rounds = Polled(), Polled(), 0.0, []
        warm, _ = turn(source, polls=0, over=1, polled=nobody)
        for number in range(asked.rounds):
            found: dict[int, Measured] = {}
            # In the odd rounds the polled load goes first, so that what grows with time weighs on both alike.
            for polls in (0, asked.polls) if number % 2 == 0 else (asked.polls, 0):
                over = 0.9 * (rounds[-1].alone if rounds else warm).seconds
                found[polls], peak = turn(source, polls=polls, over=over, polled=polled if polls else nobody)
                megabytes = max(megabytes, peak)
            rounds.append(Round(found[0], found[asked.polls]))
        show(rounds, polled, megabytes)


def prepare(source: Path, *, answers: int, days: int) -> None:
    """Write the archive to load, and a home that has something to serve before it."""
    write_watchlist(source / "watchlist.toml", answers=answers)
    write_archive(source / "first.warc.gz", answers=min(3, answers), days=min(20, days))
    home = Home(source / "home")
    ingest(home, source / "first.warc.gz", read_settings(home.root, {}), read_watchlist(source / "watchlist.toml"))
    write_archive(source / ARCHIVE, answers=answers, days=days)


if __name__ == "__main__":
    main()
