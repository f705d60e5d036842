"""How long the taking in of 750,000 daily bars lasts, beside three baselines in the same run.

    python -m bench.ingest [--answers 300] [--days 2500] [--repeat 1]

Writes Yahoo chart answers into a foreign WARC file and takes it in as `dragongate ingest` does, down to the published
copy. Beside it stand (a) the reading of the JSON alone, (b) the barest columnar load of the same rows into DuckDB, and
(c) dlt's merge of a tenth of them, scaled. `bench/README.md` says what the figures mean.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from importlib import import_module
from pathlib import Path

from bench.work import IMPORTS, WORK, Parts
from bench.yahoo_archive import write_archive, write_watchlist

AIM_OF_BARE, AIM_OF_DLT, AIM_OF_MEMORY = 3, 25, 500


@dataclass(frozen=True)
class Measured:
    """What one piece of work took: by the clock, of the processor, and at most of memory."""

    bars: int
    seconds: float
    cpu_seconds: float
    megabytes: float
    parts: Mapping[str, float] = field(default_factory=dict)
    """Seconds by the clock of each part."""


def carry_out(name: str, source: Path, into: Path) -> Measured:
    """Do one piece of work in this process. What it imports is start-up and not measured."""
    for module in IMPORTS[name]:
        import_module(module)
    parts = Parts()
    cpu, clock = time.process_time(), time.perf_counter()
    bars = WORK[name](source, into, parts)
    seconds, cpu_seconds = time.perf_counter() - clock, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Measured(bars, seconds, cpu_seconds, peak, parts.seconds)


def measure(name: str, source: Path) -> Measured:
    """Do one piece of work in a process and a folder of its own, so that its peak of memory is its own."""
    with tempfile.TemporaryDirectory(dir=source) as into:
        command = [sys.executable, "-m", "bench.ingest", "--work", name, "--source", str(source), "--into", into]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return Measured(**json.loads(done.stdout.splitlines()[-1]))


def least(found: list[Measured]) -> Measured:
    """Pick the least disturbed of several runs."""
    return min(found, key=lambda one: one.seconds)


def scaled(tenth: Measured, one: Measured, answers: int, take: Callable[[Measured], float]) -> float:
    """Compute from a tenth of the answers and from a single one what all of them would take."""
    each = (take(tenth) - take(one)) / max(1, max(1, answers // 10) - 1)
    return take(one) + each * (answers - 1)


def show(found: Mapping[str, Measured], *, answers: int) -> None:
    """Print the table."""
    print(f"{answers} answers, {found['dragongate'].bars:,} bars; seconds by the clock, of processor, peak of memory")
    for name, one in found.items():
        print(f"  {name:<22}{one.seconds:8.2f} s {one.cpu_seconds:8.2f} s {one.megabytes:7.0f} MB")
        for part, seconds in one.parts.items():
            print(f"    {part:<20}{seconds:8.2f} s")
    ours, bare = found["dragongate"], found["bare columns"]
    for label, take in (("clock", _clock), ("processor", _cpu)):
        all_of_dlt = scaled(found["dlt, a tenth"], found["dlt, one answer"], answers, take)
        print(f"By the {label}, with dlt scaled to {all_of_dlt:.1f} s:")
        print(f"  dragongate / bare columns  {take(ours) / take(bare):6.2f}   (aim: at most {AIM_OF_BARE})")
        print(f"  dragongate / json alone    {take(ours) / take(found['json alone']):6.2f}")
        print(f"  dlt / dragongate           {all_of_dlt / take(ours):6.1f}   (aim: at least {AIM_OF_DLT})")
        if label == "clock":
            loaded = ours.seconds - ours.parts["check and publish"]
            print(f"  up to the committed load   {loaded / bare.seconds:6.2f} of bare, dlt {all_of_dlt / loaded:.1f}")
    print(f"  peak of memory             {ours.megabytes:6.0f} MB (aim: under {AIM_OF_MEMORY})")


def main() -> None:
    """Measure everything and print one table."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--answers", type=int, default=300)
    arguments.add_argument("--days", type=int, default=2500)
    arguments.add_argument("--repeat", type=int, default=1, help="runs of each; the least counts")
    arguments.add_argument("--only", choices=WORK, action="append", help="leave the others out, and the ratios")
    for hidden in ("--work", "--source", "--into"):
        arguments.add_argument(hidden, help=argparse.SUPPRESS)
    asked = arguments.parse_args()
    if asked.work:
        print(json.dumps(asdict(carry_out(asked.work, Path(asked.source), Path(asked.into)))))
        return
    names = asked.only or list(WORK)
    with tempfile.TemporaryDirectory() as place:
        source = Path(place)
        write_archive(source / "bench.warc.gz", answers=asked.answers, days=asked.days)
        write_watchlist(source / "watchlist.toml", answers=asked.answers)
        runs: dict[str, list[Measured]] = {name: [] for name in names}
        for _ in range(asked.repeat):
            for name in names:
                runs[name].append(measure(name, source))
    found = {name: least(measured) for name, measured in runs.items()}
    if asked.only:
        for name, one in found.items():
            print(name, asdict(one))
    else:
        show(found, answers=asked.answers)


def _clock(one: Measured) -> float:
    return one.seconds


def _cpu(one: Measured) -> float:
    return one.cpu_seconds


if __name__ == "__main__":
    main()
