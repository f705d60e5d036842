"""Cut a WARC file into records, in whatever state it is: plain or gzip, by record or as a whole, cut, damaged.

Know that    in a file of one gzip member per record an offset is a place in the file, as everywhere in the
             world of WARC; where one member holds many records (a file that was compressed as a whole) it is
             a place in the decompressed text, since there is no other way to name one.
"""

import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import chain
from os import SEEK_END
from pathlib import Path
from typing import Any, BinaryIO

from warcio.statusandheaders import StatusAndHeadersParser, StatusAndHeadersParserException

MAGIC = b"\x1f\x8b\x08"
_FIRST_CHUNK = 16 * 1024
_CHUNK = 128 * 1024
_SKIP_LIMIT = 2 * 1024**3
_HEAD_LIMIT = 1024 * 1024
_BLANK = b"\r\n\t \0"
_RECORD = re.compile(rb"WARC/\d\.\d+\r?\n")
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_VERSIONS = ["WARC/1.1", "WARC/1.0", "WARC/0.18", "WARC/0.17", "WARC/2.0"]


@dataclass(frozen=True, slots=True)
class Frame:
    """One whole record: its named fields and its block."""

    offset: int
    length: int
    fields: Any
    """warcio's StatusAndHeaders; names are compared without case."""
    block: bytes

    def get(self, name: str) -> str:
        """Give a named field, or an empty string."""
        return str(self.fields.get_header(name) or "").strip()

    @property
    def kind(self) -> str:
        """The type of the record: response, request, resource, revisit, warcinfo …"""
        return self.get("WARC-Type").lower()

    @property
    def url(self) -> str:
        """The target, without the angle brackets that some tools write."""
        return self.get("WARC-Target-URI").removeprefix("<").removesuffix(">").replace(" ", "%20")


@dataclass(frozen=True, slots=True)
class Fault:
    """A place where no whole record could be read: truncated, garbage, length, head, damaged or too_large."""

    offset: int
    reason: str
    message: str
    url: str = ""


def frames(path: Path, *, limit: int) -> Iterator[Frame | Fault]:
    """Read every record of a file in order; one longer than `limit` bytes is a fault and is skipped.

    Raises OSError when the file cannot be opened or read; nothing that stands in it raises.
    """
    with path.open("rb") as file:
        start = _gzip_start(file)
        if start is None:
            yield from _records(_plain(file, 0), limit)
        else:
            if start:
                yield Fault(0, "garbage", f"{start} bytes that are no record stand here")
            yield from _members(file, start, limit)


def frames_in(text: bytes, *, limit: int) -> Iterator[Frame | Fault]:
    """Read every record of a text that was decompressed already; offsets are places in it."""
    rest = iter((text,))
    yield from _records(_Feed(lambda: next(rest, b""), 0, len(text)), limit)


def frame_at(path: Path, offset: int, *, limit: int) -> Frame | Fault:
    """Read the one record at an offset that `frames` gave.

    Raises OSError when the file cannot be opened or read.
    """
    with path.open("rb") as file:
        if _gzip_start(file) is None:
            found = next(_records(_plain(file, offset), limit), None)
        elif _begins_record(file, offset):
            found = next(_members(file, offset, limit), None)
        else:
            found = next((one for one in frames(path, limit=limit) if one.offset == offset), None)
    return found or Fault(offset, "truncated", f"{path.name} ends before byte {offset}")


def _gzip_start(file: BinaryIO) -> int | None:
    """Find where the first gzip member lies, if this is a gzip file at all."""
    head = file.read(64)
    if head.startswith(MAGIC):
        return 0
    return None if head.lstrip(_BLANK).startswith(b"WARC/") else next_member(file, 0)


def _plain(file: BinaryIO, offset: int) -> "_Feed":
    size = file.seek(0, SEEK_END)
    file.seek(offset)
    return _Feed(lambda: file.read(_CHUNK), offset, size)


class _Feed:
    """Bytes in order with a look ahead; `trouble` says why they ended where they should not."""

    def __init__(self, pull: Callable[[], bytes], position: int = 0, size: int | None = None) -> None:
        self._pull = pull
        self._buffer = bytearray()
        self.position = position
        self.size = size
        self.trouble = ""

    def look(self, size: int) -> bytearray:
        """Give what lies ahead, at least `size` bytes of it unless the end comes first."""
        while len(self._buffer) < size:
            piece = self._pull()
            if not piece:
                break
            self._buffer += piece
        return self._buffer

    def take(self, size: int) -> bytes:
        """Take up to `size` bytes."""
        taken = bytes(memoryview(self.look(size))[:size])
        del self._buffer[: len(taken)]
        self.position += len(taken)
        return taken

    def skip(self, size: int) -> int:
        """Pass over up to `size` bytes and say how many there were."""
        passed = 0
        while passed < size and (piece := self.take(min(_CHUNK, size - passed))):
            passed += len(piece)
        return passed

    def skip_blank(self) -> int:
        """Pass over the empty lines between records."""
        passed = 0
        while ahead := self.look(1):
            blank = len(ahead) - len(ahead.lstrip(_BLANK))
            passed += self.skip(blank)
            if blank == 0 or self._buffer:
                break
        return passed

    def give_back(self, data: bytes) -> None:
        """Put bytes back in front."""
        self._buffer[:0] = data
        self.position -= len(data)


def _records(feed: _Feed, limit: int) -> Iterator[Frame | Fault]:
    """Read records until the feed ends; after a fault go on at the next line that begins one."""
    feed.skip_blank()
    while feed.look(8):
        start = feed.position
        found = _record(feed, limit)
        yield found
        if isinstance(found, Fault) and feed.position == start:
            feed.skip(1)
        if isinstance(found, Fault):
            _skip_to_record(feed)
        feed.skip_blank()


def _record(feed: _Feed, limit: int) -> Frame | Fault:
    start = feed.position
    if not _RECORD.match(bytes(feed.look(32)[:32])):
        return Fault(start, "garbage", "something that is no record stands here")
    fields = _fields(feed)
    if fields is None:
        return Fault(start, feed.trouble or "head", "the head of the record is broken, cut or endless")
    url = str(fields.get_header("WARC-Target-URI") or "").strip("<> ")
    length = _content_length(fields)
    if length is None:
        return Fault(start, "length", "Content-Length is missing or no number", url)
    if feed.size is not None and feed.position + length > feed.size:
        return Fault(start, "truncated", f"{feed.size - feed.position} of {length} bytes are here", url)
    if length > limit:
        return _too_long(feed, start, length, limit, url)
    block = feed.take(length)
    end = feed.position
    if len(block) < length:
        feed.give_back(block)
        return Fault(start, feed.trouble or "truncated", f"{len(block)} of {length} bytes are here", url)
    if feed.skip_blank() < 2 and feed.look(5) and not feed.look(5).startswith(b"WARC/"):
        feed.give_back(block)
        return Fault(start, "length", f"Content-Length {length} does not lead to the end of the record", url)
    return Frame(start, end - start, fields, block)


def _too_long(feed: _Feed, start: int, length: int, limit: int, url: str) -> Fault:
    passed = feed.skip(min(length, _SKIP_LIMIT))
    if passed < min(length, _SKIP_LIMIT):
        return Fault(start, feed.trouble or "truncated", f"{passed} of {length} bytes are here", url)
    return Fault(start, "too_large", f"the record has {length} bytes, more than {limit}", url)


def _fields(feed: _Feed) -> Any:
    """Read the named fields, or give None where they do not end."""
    size = 2048
    while not (end := _HEAD_END.search(feed.look(size))):
        if len(feed.look(size)) < size or size > _HEAD_LIMIT:
            return None
        size *= 2
    place = end.end()
    del end
    try:
        return StatusAndHeadersParser(_VERSIONS).parse(BytesIO(feed.take(place)))
    except (StatusAndHeadersParserException, EOFError):
        return None


def _content_length(fields: Any) -> int | None:
    text = str(fields.get_header("Content-Length") or "").strip()
    return int(text) if text.isdecimal() and len(text) < 19 else None


def _skip_to_record(feed: _Feed) -> None:
    """Pass over everything up to the next line that begins a record."""
    while ahead := feed.look(_CHUNK):
        found = _RECORD.search(ahead)
        if found:
            place = found.start()
            del found
            feed.skip(place)
            return
        feed.skip(max(1, len(ahead) - 16))


def _members(file: BinaryIO, start: int, limit: int) -> Iterator[Frame | Fault]:
    """Read the gzip members of a file; after a damaged one go on at the next that begins a record."""
    text_before = 0
    while True:
        member = _Member(file, start)
        feed = _Feed(member.pull, text_before)
        member.feed = feed
        yield from _placed(_records(feed, limit), member)
        text_before = feed.position
        following = member.end if member.is_whole else None
        file.seek(member.end)
        if following is None or not file.read(3).startswith(MAGIC):
            begin = start + 1 if following is None else following
            following = next_member(file, begin)
            if member.is_whole and _garbage_between(file, begin, following):
                yield Fault(begin, "garbage", "something that is no record stands here")
        if following is None:
            return
        start = following


def _placed(found: Iterator[Frame | Fault], member: "_Member") -> Iterator[Frame | Fault]:
    """Give a record that fills its member the member's place in the file, once the whole member has been read."""
    first = next(found, None)
    if first is None:
        if not member.is_whole:
            yield Fault(member.start, member.trouble, "the compressed data ends early or is damaged")
        return
    second = next(found, None)
    if second is not None:
        last: Frame | Fault = second
        yield first
        for one in chain((second,), found):
            last = one
            yield one
        if isinstance(last, Frame) and not member.is_whole:
            yield Fault(member.start, member.trouble, "the compressed data ends early or is damaged")
        return
    if isinstance(first, Frame) and not member.is_whole:
        url = first.url
        yield Fault(member.start, member.trouble, "the compressed data ends early or is damaged", url)
    elif isinstance(first, Frame):
        yield Frame(member.start, member.end - member.start, first.fields, first.block)
    else:
        yield Fault(member.start, first.reason, first.message, first.url)


class _Member:
    """One gzip member, decompressed piece by piece."""

    def __init__(self, file: BinaryIO, start: int) -> None:
        self.start = start
        self.end = start
        self.trouble = ""
        self.feed: _Feed | None = None
        self._file = file
        self._unzip = zlib.decompressobj(16 + zlib.MAX_WBITS)
        self._chunk = _FIRST_CHUNK
        file.seek(start)

    @property
    def is_whole(self) -> bool:
        """Whether it was read to its end and its checksum was right."""
        return bool(self._unzip.eof) and not self.trouble

    def pull(self) -> bytes:
        """Give the next piece; none at the end, whole or not."""
        while not self._unzip.eof and not self.trouble:
            raw = self._unzip.unconsumed_tail or self._file.read(self._chunk)
            self._chunk = _CHUNK
            if not raw:
                return self._stop("truncated")
            try:
                piece = self._unzip.decompress(raw, 8 * _CHUNK)
            except zlib.error:
                return self._stop("damaged")
            rest = self._unzip.unused_data if self._unzip.eof else self._unzip.unconsumed_tail
            self.end = self._file.tell() - len(rest)
            if piece:
                return bytes(piece)
        return b""

    def _stop(self, trouble: str) -> bytes:
        self.trouble = trouble
        if self.feed is not None:
            self.feed.trouble = trouble
        return b""


def next_member(file: BinaryIO, start: int) -> int | None:
    """Find the next gzip member that begins a record."""
    place = start
    while True:
        file.seek(place)
        piece = file.read(_CHUNK)
        found = piece.find(MAGIC)
        if found >= 0 and _begins_record(file, place + found):
            return place + found
        if len(piece) < len(MAGIC):
            return None
        place += found + 1 if found >= 0 else len(piece) - 2


def _begins_record(file: BinaryIO, offset: int) -> bool:
    file.seek(offset)
    raw = file.read(4096)
    if not raw.startswith(MAGIC):
        return False
    try:
        text = zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(raw, 64)
    except zlib.error:
        return False
    return text.lstrip(_BLANK).startswith(b"WARC/")


def _garbage_between(file: BinaryIO, start: int, end: int | None) -> bool:
    file.seek(start)
    return bool(file.read(min(_CHUNK, (end or start + _CHUNK) - start)).strip(_BLANK))
