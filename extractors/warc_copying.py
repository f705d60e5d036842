"""Copy records out of WARC files whole: each with what was asked, in a small file that any tool for WARC reads."""

import zlib
from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import TypeGuard
from uuid import UUID

from extractors.settings import PRODUCT, Limits, version
from extractors.warc_answers import HEAD_ROOM
from extractors.warc_frames import Fault, Frame, frames
from extractors.warc_records import record, stamp

_LEVEL = 9


def frames_with_request(path: Path, offset: int, limits: Limits) -> list[Frame]:
    """Find the record at an offset and the request that lies beside it, in the order of the file.

    Raises OSError when the file cannot be read. Where no whole record stands there, the list is empty.
    """
    before: Frame | Fault | None = None
    answer: Frame | None = None
    for frame in frames(path, limit=limits.body_bytes + HEAD_ROOM):
        if answer is not None:
            return [answer, frame] if _asks_for(frame, answer) else [answer]
        if isinstance(frame, Frame) and frame.offset == offset:
            if _asks_for(before, frame):
                return [before, frame]
            answer = frame
        before = frame
    return [answer] if answer is not None else []


def small_warc(records: Iterable[Frame], *, name: str, about: str, at: datetime) -> bytes:
    """Write records into a WARC file of their own; the same records give the same bytes.

    The file says of itself that it is a copy, so that whoever takes it in knows its answers from its arrival on.
    """
    copied = b"".join(_member(one) for one in records)
    text = f"software: {PRODUCT} evidence {version()}\r\nformat: WARC File Format 1.1\r\ndescription: {about}\r\n"
    identity = UUID(bytes=sha256(text.encode() + copied).digest()[:16], version=4)
    info = record(
        "warcinfo",
        "",
        stamp(at),
        text.encode(),
        content_type="application/warc-fields",
        more={"WARC-Filename": name},
        new_id=lambda: identity,
    )
    return info.member + copied


def _asks_for(frame: Frame | Fault | None, answer: Frame) -> TypeGuard[Frame]:
    return isinstance(frame, Frame) and frame.kind == "request" and frame.url == answer.url


def _member(frame: Frame) -> bytes:
    """Write one record as a gzip member, its head in the words of whoever wrote it."""
    lines = [str(frame.fields.protocol), *(f"{name}: {value}" for name, value in frame.fields.headers), "", ""]
    head = "\r\n".join(lines).encode("utf-8", errors="surrogateescape")
    compress = zlib.compressobj(_LEVEL, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    return compress.compress(head + frame.block + b"\r\n\r\n") + compress.flush()
