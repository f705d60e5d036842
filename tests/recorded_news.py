"""The recorded material about news, as answers that a source can read."""

import csv
import gzip
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from extractors.reader import Answer, read_snapshot
from extractors.registry import BY_ID
from extractors.snapshot import Snapshot

SEEN = datetime(2026, 11, 1, tzinfo=UTC)
NEWS = Path(__file__).parents[1].parent / "shared" / "corpus" / "news"

recorded = [
    pytest.mark.recorded,
    pytest.mark.skipif(not NEWS.exists(), reason=f"the recorded material is not beside the project: {NEWS}"),
]


@cache
def index() -> dict[str, dict[str, str]]:
    """Give the table of recorded files, by file."""
    with (NEWS / "INDEX.tsv").open(encoding="utf-8") as file:
        return {row["file"]: row for row in csv.DictReader(file, delimiter="\t")}


@cache
def feeds_truth() -> dict[str, dict[str, str]]:
    """Give what three other readers found in the feeds, by file."""
    with (NEWS / "truth" / "feeds.tsv").open(encoding="utf-8") as file:
        return {row["file"]: row for row in csv.DictReader(file, delimiter="\t")}


def files(kind: str) -> list[str]:
    """List the files of one kind."""
    return [file for file, row in index().items() if row["kind"] == kind]


def body(file: str) -> bytes:
    """Give the bytes as they came over the wire."""
    stored = (NEWS / file).read_bytes()
    return gzip.decompress(stored) if file.endswith(".gz") else stored


def snapshot_of(file: str, status: int = 0) -> Snapshot:
    """Make an answer of a file; a file without an address gets one of a host that is not there."""
    row = index()[file]
    charset = f"; charset={row['declared_charset']}" if row["declared_charset"] else ""
    url = row["request_url"] or f"https://www.{file.split('/')[1].partition('_')[0]}.example/a/1.html"
    headers = {"content-type": row["content_type"] + charset}
    status = status or int(row["status"])
    return Snapshot(f"urn:recorded:{file}", url, body(file), SEEN, SEEN, status=status, headers=headers)


@cache
def read(file: str, source_id: str) -> Answer:
    """Let a source read a file."""
    return read_snapshot(BY_ID[source_id], snapshot_of(file))
