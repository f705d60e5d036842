"""Read any WARC file into one snapshot per answer; what cannot be read is named, not raised."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from io import BytesIO
from pathlib import Path

from warcio.bufferedreaders import ChunkedDataException, ChunkedDataReader

from extractors.decoding import Undecodable, decode
from extractors.settings import Limits
from extractors.snapshot import Snapshot
from extractors.warc_answers import ASKED_FIELD, Answer, Broken, answer_at, answers, is_own

NOTE = "x-dragongate-note"
"""A header of a snapshot that we add: what stood in for a time that was missing or no time."""
ASKED = "x-dragongate-asked"
"""A header of a snapshot that we add: the address that was asked first, where redirects led elsewhere."""

_CHUNK_HEAD = re.compile(rb"[0-9A-Fa-f]{1,8}[ \t]*(;[^\r\n]*)?\r\n")

Earlier = Callable[[Answer], Snapshot | Broken | None]
"""Finds what a revisit refers to outside its own file."""


def read_archive(
    path: Path, *, arrival: datetime | None, limits: Limits | None = None, earlier: Earlier | None = None
) -> Iterator[Snapshot | Broken]:
    """Read one WARC file in order: a snapshot for each response, resource and resolved revisit.

    `arrival` is when a foreign file came to this warehouse; `earlier` finds what a revisit refers to where that
    is not in this file. Raises OSError when the file cannot be opened; nothing that stands in it raises.
    """
    limits = limits or Limits()
    arrival = None if is_own(path) else arrival
    seen: dict[str, int] = {}
    for answer in answers(path, arrival=arrival, limits=limits):
        if isinstance(answer, Broken):
            yield answer
        elif answer.kind == "revisit":
            yield _revisited(answer, _original(path, answer, seen, limits, earlier), path.name, arrival)
        else:
            seen.update(dict.fromkeys(_names(answer), answer.frame.offset))
            yield snapshot_of(answer, path.name, arrival=arrival, limits=limits)


def read_record(
    path: Path,
    offset: int,
    *,
    arrival: datetime | None,
    limits: Limits | None = None,
    earlier: Earlier | None = None,
) -> Snapshot | Broken:
    """Read the one record at an offset; what a revisit refers to is looked for with `earlier` alone.

    Raises OSError when the file cannot be opened.
    """
    limits = limits or Limits()
    answer = answer_at(path, offset, arrival=arrival, limits=limits)
    if isinstance(answer, Broken):
        return answer
    if answer.kind == "revisit":
        return _revisited(answer, earlier(answer) if earlier else None, path.name, arrival)
    return snapshot_of(answer, path.name, arrival=arrival, limits=limits)


def snapshot_of(answer: Answer, file: str, *, arrival: datetime | None, limits: Limits) -> Snapshot | Broken:
    """Undo transfer and content encoding of one answer, within the limits."""
    if answer.is_cut:
        reason = "too_large" if answer.frame.get("WARC-Truncated") == "length" else "truncated"
        return _broken(answer, file, reason, "the answer was cut when it was recorded")
    try:
        payload = (
            _unchunked(answer) if answer.headers.get("transfer-encoding", "").lower() == "chunked" else answer.payload
        )
        body = decode(payload, answer.headers.get("content-encoding", ""), limits.decoded_bytes)
    except Undecodable as error:
        return _broken(answer, file, error.reason, str(error))
    return _snapshot(answer, body, answer.status, answer.headers, file, arrival)


def _snapshot(
    answer: Answer, body: bytes, status: int, headers: dict[str, str], file: str, arrival: datetime | None
) -> Snapshot:
    added = {NOTE: answer.note, ASKED: answer.frame.get(ASKED_FIELD)}
    return Snapshot(
        id=answer.id,
        url=answer.url,
        body=body,
        fetched_at=answer.fetched_at,
        first_seen_at=arrival or answer.fetched_at,
        method=answer.method,
        status=status,
        headers={**headers, **{name: value for name, value in added.items() if value}},
        archive_file=file,
        archive_offset=answer.frame.offset,
        archive_length=answer.frame.length,
    )


def _revisited(
    answer: Answer, original: Snapshot | Broken | None, file: str, arrival: datetime | None
) -> Snapshot | Broken:
    """Give a revisit the body of the record that it refers to, and its status and headers where it has none."""
    if not isinstance(original, Snapshot):
        why = original.message if original else "the record that it refers to is not here"
        return _broken(answer, file, "no_original", why)
    if answer.status in (0, 304):
        headers = {**original.headers, **answer.headers}
        return _snapshot(answer, original.body, original.status, headers, file, arrival)
    return _snapshot(answer, original.body, answer.status, answer.headers, file, arrival)


def _original(
    path: Path, revisit: Answer, seen: dict[str, int], limits: Limits, earlier: Earlier | None
) -> Snapshot | Broken | None:
    offset = next((seen[name] for name in refers_to(revisit) if name in seen), None)
    if offset is not None:
        return read_record(path, offset, arrival=None, limits=limits)
    return earlier(revisit) if earlier else None


def refers_to(revisit: Answer) -> list[str]:
    """List the names of the record that a revisit refers to, the surest first."""
    frame = revisit.frame
    target = frame.get("WARC-Refers-To-Target-URI").strip("<>") or revisit.url
    named = [frame.get("WARC-Refers-To").strip("<>"), f"{target} {revisit.digest}", revisit.digest]
    if "server-not-modified" in frame.get("WARC-Profile"):
        named.append(target)
    return [name for name in named if name]


def _names(answer: Answer) -> list[str]:
    """List the names under which a revisit may refer to an answer."""
    if answer.is_cut:
        return []
    known = [answer.id, answer.url]
    return [*known, f"{answer.url} {answer.digest}", answer.digest] if answer.digest else known


def _unchunked(answer: Answer) -> bytes:
    """Undo chunks; tools that undid them already often leave the header."""
    if not _CHUNK_HEAD.match(answer.payload):
        return answer.payload
    try:
        return bytes(ChunkedDataReader(BytesIO(answer.payload), raise_exceptions=True).read())
    except ChunkedDataException as error:
        raise Undecodable("truncated", "the chunks of the body end early or are broken") from error


def _broken(answer: Answer, file: str, reason: str, message: str) -> Broken:
    return Broken(file, answer.frame.offset, reason, message, answer.url)
