"""Cut a compressed WARC file into its gzip members: where each lies, and what it says."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from os import SEEK_END
from typing import BinaryIO

from extractors.warc_frames import next_member

_CHUNK = 128 * 1024


@dataclass(frozen=True, slots=True)
class Member:
    """One gzip member."""

    start: int
    end: int
    text: bytes
    """What it says; of one that says more than the limit, the beginning."""
    is_whole: bool
    """Whether it was read to its end; what lies behind a damaged place is counted to it."""


def members(file: BinaryIO, *, limit: int) -> Iterator[Member]:
    """Read the members that hold records, in order; what lies between them is passed over.

    Raises OSError when the file cannot be read.
    """
    size = file.seek(0, SEEK_END)
    start = next_member(file, 0)
    while start is not None:
        text, end, is_whole = _read(file, start, limit)
        following = next_member(file, end if is_whole else start + 1)
        yield Member(start, end if is_whole else (following or size), text, is_whole)
        start = following


def _read(file: BinaryIO, start: int, limit: int) -> tuple[bytes, int, bool]:
    file.seek(start)
    unzip = zlib.decompressobj(16 + zlib.MAX_WBITS)
    text = bytearray()
    while not unzip.eof:
        raw = unzip.unconsumed_tail or file.read(_CHUNK)
        if not raw:
            return bytes(text), file.tell(), False
        try:
            piece = unzip.decompress(raw, 8 * _CHUNK)
        except zlib.error:
            return bytes(text), file.tell(), False
        text += piece[: max(limit - len(text), 0)]
    return bytes(text), file.tell() - len(unzip.unused_data), True
