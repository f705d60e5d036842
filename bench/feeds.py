"""How fast feeds are read, beside feedparser over the same feeds in the same run.

    python -m bench.feeds [--feeds FOLDER] [--passes 5] [--repeat 3]

Reads every feed of a folder (the recorded ones beside the project, else feeds that are made here) as a run does, from
the bytes of an answer to entries, and once more down to the plain text that a row holds. `bench/README.md` says what
the figures mean.
"""

import argparse
import gzip
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib import import_module
from io import BytesIO
from pathlib import Path

RECORDED = Path(__file__).parents[1].parent / "shared" / "corpus" / "news" / "feeds"
AIM = 20
_SEEN = datetime(2026, 11, 1, tzinfo=UTC)
_MADE_FEEDS, _MADE_ENTRIES = 40, 25


@dataclass(frozen=True)
class Measured:
    """What one reader took for one pass over all feeds, the least disturbed one, and its peak of memory."""

    entries: int
    seconds: float
    cpu_seconds: float
    megabytes: float

    @property
    def entries_a_second(self) -> float:
        """By the processor's time, which other work on the machine disturbs least."""
        return self.entries / self.cpu_seconds


def bodies_of(folder: Path) -> list[bytes]:
    """Read the feeds of a folder as they came; OPML is a list of feeds and none itself."""
    if not folder.exists():
        return [made_feed(number) for number in range(_MADE_FEEDS)]
    paths = [path for path in sorted(folder.iterdir()) if ".opml" not in path.name]
    return [gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes() for path in paths]


def made_feed(number: int) -> bytes:
    """Make a feed in the form that most blogs have, with full texts in every other one."""
    text = "<p>Deliveries rose to 25,815 cars in December &amp; orders held up.</p>" * (20 if number % 2 else 1)
    items = "".join(
        f"<item><title>Story {entry} of outlet {number}</title><link>https://outlet-{number}.example/2024/{entry}/</link>"
        f"<pubDate>Mon, 30 Dec 2024 {entry % 24:02}:08:00 +0000</pubDate><dc:creator><![CDATA[A. Name]]></dc:creator>"
        f"<category>cars</category><guid isPermaLink='false'>{number}-{entry}</guid>"
        f"<description><![CDATA[A summary.]]></description><content:encoded><![CDATA[{text}]]></content:encoded></item>"
        for entry in range(_MADE_ENTRIES)
    )
    names = 'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    channel = f"<channel><title>Outlet {number}</title>{items}</channel>"
    return f'<?xml version="1.0"?><rss version="2.0" {names}>{channel}</rss>'.encode()


def _dragongate(bodies: Sequence[bytes]) -> int:
    feeds, snapshots = import_module("extractors.news.feeds"), import_module("extractors.snapshot")
    return sum(
        len(feeds.parse(snapshots.Snapshot("", "https://outlet.example/feed", body, _SEEN, _SEEN)).records)
        for body in bodies
    )


def _to_plain_text(bodies: Sequence[bytes]) -> int:
    feeds, snapshots = import_module("extractors.news.feeds"), import_module("extractors.snapshot")
    made = 0
    for body in bodies:
        for entry in feeds.parse(snapshots.Snapshot("", "https://outlet.example/feed", body, _SEEN, _SEEN)).records:
            made += len(entry.texts()) == 2
    return made


def _feedparser(bodies: Sequence[bytes]) -> int:
    parse = import_module("feedparser").parse
    return sum(len(parse(BytesIO(body)).entries) for body in bodies)


def _bare_feedparser(bodies: Sequence[bytes]) -> int:
    parse = import_module("feedparser").parse
    options = {"sanitize_html": False, "resolve_relative_uris": False}
    return sum(len(parse(BytesIO(body), **options).entries) for body in bodies)


WORK: Mapping[str, Callable[[Sequence[bytes]], int]] = {
    "dragongate": _dragongate,
    "dragongate, to plain text": _to_plain_text,
    "feedparser": _feedparser,
    "feedparser, bare": _bare_feedparser,
}


def carry_out(name: str, bodies: Sequence[bytes], *, passes: int) -> Measured:
    """Read all feeds some times over in this process; the first pass also loads what is needed and does not count."""
    entries, best = WORK[name](bodies), None
    for _ in range(passes):
        cpu, clock = time.process_time(), time.perf_counter()
        WORK[name](bodies)
        taken = (time.process_time() - cpu, time.perf_counter() - clock)
        best = min(best, taken) if best else taken
    assert best is not None
    return Measured(entries, best[1], best[0], resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def measure(name: str, folder: Path, *, passes: int) -> Measured:
    """Measure one reader in a process of its own, so that its peak of memory is its own."""
    command = [sys.executable, "-m", "bench.feeds", "--work", name, "--feeds", str(folder), "--passes", str(passes)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return Measured(**json.loads(done.stdout.splitlines()[-1]))


def least(found: Sequence[Measured]) -> Measured:
    """Pick the least disturbed of several runs."""
    return min(found, key=lambda one: one.cpu_seconds)


def show(found: Mapping[str, Measured], *, feeds: int) -> None:
    """Print the table."""
    print(f"{feeds} feeds; entries, seconds of processor, entries a second, peak of memory")
    for name, one in found.items():
        rate = f"{one.entries_a_second:10,.0f}/s"
        print(f"  {name:<28}{one.entries:6,}{one.cpu_seconds:9.4f} s{rate}{one.megabytes:7.0f} MB")
    ours, theirs, bare = found["dragongate"], found["feedparser"], found["feedparser, bare"]
    texts = found["dragongate, to plain text"]
    print(f"  dragongate / feedparser       {ours.entries_a_second / theirs.entries_a_second:6.1f}   (aim: {AIM})")
    print(f"  dragongate / feedparser, bare {ours.entries_a_second / bare.entries_a_second:6.1f}")
    print(f"  to plain text / feedparser    {texts.entries_a_second / theirs.entries_a_second:6.1f}")


def main() -> None:
    """Measure everything and print one table."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--feeds", type=Path, default=RECORDED, help="a folder of saved feeds, gzipped or not")
    arguments.add_argument(
        "--passes", type=int, default=5, help="passes over all feeds in one process; the least counts"
    )
    arguments.add_argument("--repeat", type=int, default=3, help="processes of each reader in turn; the least counts")
    arguments.add_argument("--work", help=argparse.SUPPRESS)
    asked = arguments.parse_args()
    bodies = bodies_of(asked.feeds)
    if asked.work:
        print(json.dumps(asdict(carry_out(asked.work, bodies, passes=asked.passes))))
        return
    runs: dict[str, list[Measured]] = {name: [] for name in WORK}
    for _ in range(asked.repeat):
        for name in WORK:
            runs[name].append(measure(name, asked.feeds, passes=asked.passes))
    show({name: least(measured) for name, measured in runs.items()}, feeds=len(bodies))


if __name__ == "__main__":
    main()
