"""How well and how fast the text of articles is read, beside trafilatura alone, in one run.

    python -m bench.articles [--rounds 5]

The pages are the recorded ones of the article extraction benchmark, and so is the measure: the words of a text in runs
of four, counted as often as they come; what is right, too much and missing, as shares of their sum; precision and
recall averaged over the pages, F1 of the two averages. Trafilatura is given the text of a page, decoded already;
Dragongate its bytes, and it gives title, authors, times and links besides. Any use of the network ends the run.
"""

import argparse
import csv
import gzip
import json
import logging
import os
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from trafilatura import extract

from extractors.news.page_batches import PageReaders, read_pages
from extractors.news.text_decoding import decode
from extractors.snapshot import Snapshot

CORPUS = Path(__file__).parents[2] / "shared" / "corpus" / "news"
_SEEN_AT = datetime(2026, 11, 1, tzinfo=UTC)
_NETWORK = ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "urllib.Request")
_MANY = 4
"""How often the pages are read with one process and with two."""
_FEW = 24

Score = tuple[float, float, float]


def pages() -> list[tuple[Snapshot, str]]:
    """Give the recorded pages of the benchmark with their true texts."""
    truth = json.loads((CORPUS / "truth" / "article_body.json").read_text(encoding="utf-8"))
    with (CORPUS / "INDEX.tsv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file, delimiter="\t") if row["kind"] == "article_body"]
    return [(_snapshot(row), truth[Path(row["file"]).name.partition(".")[0]]["articleBody"]) for row in rows]


def _snapshot(row: dict[str, str]) -> Snapshot:
    body = gzip.decompress((CORPUS / row["file"]).read_bytes())
    charset = f"; charset={row['declared_charset']}" if row["declared_charset"] else ""
    headers = {"content-type": row["content_type"] + charset}
    return Snapshot(row["file"], row["request_url"], body, _SEEN_AT, _SEEN_AT, headers=headers)


def score(truth: str, found: str) -> Score:
    """Compare two texts by their runs of four words: right, too much and missing, as shares of their sum."""
    wanted, given = _runs(truth), _runs(found)
    right = (wanted & given).total()
    parts = (right, given.total() - right, wanted.total() - right)
    return parts[0] / sum(parts), parts[1] / sum(parts), parts[2] / sum(parts)


def summary(scores: Sequence[Score]) -> tuple[float, float, float]:
    """Give precision, recall and F1 over pages."""
    precision = sum(_share(right, much) if much or missing else 1.0 for right, much, missing in scores) / len(scores)
    recall = sum(_share(right, missing) if much or missing else 1.0 for right, much, missing in scores) / len(scores)
    return precision, recall, 2 * precision * recall / (precision + recall)


def _share(right: float, wrong: float) -> float:
    return right / (right + wrong) if right else 0.0


def _runs(text: str) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", text)
    return Counter(tuple(words[start : start + 4]) for start in range(max(len(words) - 3, 1)))


def trafilatura_alone(text: str) -> str:
    """Read a body as the library does by itself."""
    return extract(text, include_comments=False, fast=True) or ""


def dragongate(snapshot: Snapshot) -> str:
    """Read a whole article and give its body."""
    (answer,) = read_pages([snapshot], processes=1)
    return str(answer.reading.records[0].body)


def _least_seconds(reads: Iterable[Callable[[], object]], rounds: int) -> list[float]:
    """Time each of several readers of one page in turn, and give the least seconds of processor of each."""
    least: dict[int, float] = {}
    for _ in range(rounds):
        for number, read in enumerate(reads):
            started = time.process_time()
            read()
            least[number] = min(least.get(number, 1e9), time.process_time() - started)
    return list(least.values())


def _seconds(read: Callable[[Sequence[Snapshot]], object], snapshots: Sequence[Snapshot], rounds: int) -> float:
    """Give the least seconds by the clock; the first pages start what reads them and are not counted."""
    read(snapshots[:_FEW])
    least = 1e9
    for _ in range(rounds):
        started = time.perf_counter()
        read(snapshots)
        least = min(least, time.perf_counter() - started)
    return least


def _one_process(snapshots: Sequence[Snapshot]) -> object:
    return read_pages(snapshots, processes=1)


def _forbid_network() -> None:
    def hook(event: str, arguments: tuple[object, ...]) -> None:
        is_local = event == "socket.connect" and isinstance(arguments[-1], str)  # how processes here find each other
        if event in _NETWORK and not is_local:
            raise AssertionError(f"a reader used the network: {event} {arguments}")

    sys.addaudithook(hook)


def main() -> None:
    """Measure both in one run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    logging.disable(logging.CRITICAL)
    _forbid_network()
    listed = pages()
    texts = [decode(snapshot) for snapshot, _ in listed]
    theirs = summary([score(truth, trafilatura_alone(text)) for (_, truth), text in zip(listed, texts, strict=True)])
    ours = summary([score(truth, dragongate(snapshot)) for snapshot, truth in listed])
    spent = [
        _least_seconds((lambda: trafilatura_alone(text), lambda: dragongate(snapshot)), rounds)  # noqa: B023
        for (snapshot, _), text in zip(listed, texts, strict=True)
    ]
    print(f"{len(listed)} pages       precision  recall  F1      pages a second of one processor")
    for name, scores, number in (("trafilatura", theirs, 0), ("dragongate", ours, 1)):
        speed = len(listed) / sum(times[number] for times in spent)
        print(f"{name:<14} {scores[0]:>9.4f} {scores[1]:>8.4f} {scores[2]:>7.4f} {speed:>8.1f}")
    many = [snapshot for snapshot, _ in listed] * _MANY
    one = _seconds(_one_process, many, rounds)
    with PageReaders(2) as readers:
        two = _seconds(readers.read, many, rounds)
    print(f"{len(many)} pages by the clock: one process {one:.2f} s, two {two:.2f} s, {one / two:.2f} times as fast")
    print(f"processors here: {len(os.sched_getaffinity(0))}, load before: {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
