"""A page that a person hands over: a file, standard input, or an address whose answer is in the archive."""

import sys
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from extractors.archive import Archive
from extractors.decoding import Undecodable, decode
from extractors.snapshot import Snapshot
from flows.clock import Now
from warehouse.home import Home

STANDARD_INPUT = "-"
_MOST_BYTES = 64 * 1024 * 1024
_GZIP = b"\x1f\x8b"
_FIRST_YEAR = 1995
"""Files that were unpacked without their times carry 1970 or 1980, before any page."""


class CannotTake(Exception):
    """What was handed over is no page that can be read; the message says why and what to do."""


def is_address(target: str) -> bool:
    """Tell an address of the web from the name of a file."""
    return target.startswith(("http://", "https://"))


def page_in_file(target: str, url: str, content_type: str, fetched_at: datetime | None, *, now: Now) -> Snapshot:
    """Take a saved page, compressed or not; `-` is standard input.

    It counts as fetched when the file was written, or now, unless `fetched_at` says it. Raises CannotTake for what
    cannot be unpacked or is too large.
    """
    if target == STANDARD_INPUT:
        body, written_at = sys.stdin.buffer.read(_MOST_BYTES + 1), now()
    else:
        path = Path(target)
        with path.open("rb") as file:
            body = file.read(_MOST_BYTES + 1)
        written_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    try:
        body = decode(body[:_MOST_BYTES], "gzip", _MOST_BYTES) if body.startswith(_GZIP) else body
    except Undecodable as error:
        raise CannotTake(f"{target}: {error}") from error
    if len(body) > _MOST_BYTES:
        raise CannotTake(f"{target}: more than {_MOST_BYTES:,} bytes are no page")
    at = fetched_at or (written_at if written_at.year >= _FIRST_YEAR else now())
    headers = {"content-type": content_type} if content_type else {}
    return Snapshot(f"urn:sha256:{sha256(body).hexdigest()}", url, body, at, at, headers=headers)


def page_in_archive(home: Home, url: str) -> Snapshot:
    """Find the newest answer of an address in a home's archive; no connection is opened.

    Raises CannotTake where there is none.
    """
    archive = Archive(home.archive)
    entry = archive.index.best("GET", url)
    if entry is None:
        raise CannotTake(f"{url} is not in the archive of {home.root}; save the page and give the file with --url")
    return archive.snapshot(entry.file, entry.offset)
