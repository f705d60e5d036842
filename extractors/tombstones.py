"""Addresses whose documents were taken down: which they are, and how the archive is freed of them.

A tombstone is a record of the archive that names the address, the hash, the author and the reason, and nothing of what
the document said. Whatever comes into the archive later is freed of it too, so that no backup and no other archive
brings the document back.
"""

import json
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from extractors.archive_index import drop_kept_form
from extractors.settings import Limits
from extractors.snapshot import Snapshot
from extractors.urls import url_key
from extractors.warc_answers import ASKED_FIELD, HEAD_ROOM, Answer, answer_of
from extractors.warc_frames import Fault, Frame, frames
from extractors.warc_rewriting import CannotTakeOut, is_taken_out, take_out
from extractors.warc_writing import ArchiveError

if TYPE_CHECKING:
    from extractors.archive import Archive

TOMBSTONE = "urn:dragongate:tombstone"
_NO_ANSWER = frozenset({"warcinfo", "request"})
_LONGEST = Limits().body_bytes + HEAD_ROOM


def forgotten_keys(archive: "Archive") -> frozenset[str]:
    """Give the addresses of all tombstones, in the form under which addresses are compared."""
    found = set()
    for entry in archive.index.answers("RESOURCE", TOMBSTONE):
        body = json.loads(archive.snapshot(entry.file, entry.offset).body)
        found.add(url_key(str(body["url"])))
    return frozenset(found)


def answers_about(archive: "Archive", url: str) -> Iterator[tuple[str, Answer, Snapshot | None]]:
    """Find every record that holds, or repeats, what an address gave: its file, the record, and its bytes if readable.

    Raises ArchiveError when a file cannot be read.
    """
    keys = {url_key(url)}
    for path in archive.files():
        try:
            about = [one for one in frames(path, limit=_LONGEST) if isinstance(one, Frame) and is_about(one, keys)]
        except OSError as error:
            raise ArchiveError(f"{path}: cannot be read ({error.strerror})") from error
        for answer in (answer_of(one, path.name) for one in about):
            if isinstance(answer, Answer):
                yield path.name, answer, _bytes_of(archive, path.name, answer.frame.offset)


def take_down(archive: "Archive", keys: Collection[str]) -> int:
    """Take everything that these addresses gave out of every file but the one that is being written.

    Each file is as before or as after at any moment, and other records keep their places. Gives the number of records
    that went. Raises ArchiveError when a file cannot be read or written.
    """
    return sum(len(free(archive, path, keys)) for path in archive.files() if path.name != archive.writing)


def free(archive: "Archive", path: Path, keys: Collection[str]) -> list[str]:
    """Take everything that these addresses gave out of one file; give the ids of the records that went.

    Raises ArchiveError when the file cannot be read or written.
    """
    if not keys:
        return []
    try:
        gone = take_out(path, lambda frame: is_about(frame, keys), limit=_LONGEST, before=lambda: drop_kept_form(path))
    except (OSError, CannotTakeOut) as error:
        raise ArchiveError(
            f"{path}: a document cannot be taken out of it ({error}); mend that, then try again"
        ) from error
    if gone:
        archive.index.drop(path.name, set(gone))
    return gone


def is_about(frame: Frame | Fault, keys: Collection[str]) -> bool:
    """Tell whether a record holds, or repeats, what one of these addresses gave; so does what a redirect led to."""
    if is_taken_out(frame):
        return False
    addresses = [frame.url]
    if isinstance(frame, Frame):
        if frame.kind in _NO_ANSWER:
            return False
        addresses += [frame.get(name).strip("<>") for name in (ASKED_FIELD, "WARC-Refers-To-Target-URI")]
    return any(one and url_key(one) in keys for one in addresses)


def _bytes_of(archive: "Archive", file: str, offset: int) -> Snapshot | None:
    try:
        return archive.snapshot(file, offset)
    except ArchiveError:
        return None
