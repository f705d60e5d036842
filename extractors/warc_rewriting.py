"""Take records out of a WARC file so that nothing is left of them and everything else stays where it is.

What is taken out becomes a `metadata` record of the same length, filled with blanks: the file stays valid, and every
other record keeps its offset, so that an index of the file stays right. The same records taken out of the same file
give the same bytes. The new file is written beside the old one and takes its place in one step.
"""

import os
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from extractors.warc_frames import MAGIC, Fault, Frame, frames, frames_in
from extractors.warc_members import Member, members

MARK = "WARC-Dragongate-Forgotten"
"""The field of a record that took the place of another."""
_PIECE = 1024 * 1024
_STORED = 65_535
"""The longest block that deflate keeps without compressing it."""
_SAYS = b"Taken down. The tombstone is the resource urn:dragongate:tombstone of this archive."

Picks = Callable[[Frame | Fault], bool]


class CannotTakeOut(Exception):
    """A record is so short that nothing valid fits into its place."""


def take_out(path: Path, picks: Picks, *, limit: int, before: Callable[[], None] = lambda: None) -> list[str]:
    """Take the records that `picks` names out of a file, and give their ids; without any the file is left alone.

    `before` is called when the new file is durable and has not yet taken the old one's place. Raises OSError when the
    file cannot be read or written, CannotTakeOut when a record has no room for what should stand in its place.
    """
    with path.open("rb") as file:
        is_gzip = file.read(len(MAGIC)) == MAGIC
    found = list(_in_members(path, picks, limit) if is_gzip else _in_plain(path, picks, limit))
    if found:
        rewrite(path, found, before)
    return [one for change in found for one in change.ids]


def is_taken_out(frame: Frame | Fault) -> bool:
    """Tell whether a record stands in the place of one that was taken out."""
    return isinstance(frame, Frame) and bool(frame.get(MARK))


@dataclass(frozen=True, slots=True)
class Change:
    """Which bytes of a file are replaced, by which, and the ids of the records that were there."""

    start: int
    end: int
    piece: bytes
    ids: list[str]


def _in_members(path: Path, picks: Picks, limit: int) -> Iterator[Change]:
    size = path.stat().st_size
    with path.open("rb") as file:
        for member in members(file, limit=limit):
            found = list(frames_in(member.text, limit=limit))
            out = [one for one in found if not is_taken_out(one) and picks(one)]
            if not out:
                continue
            yield Change(member.start, member.end, _stand_in(member, found, out, is_last=member.end == size), _ids(out))


def _stand_in(member: Member, found: list[Frame | Fault], out: list[Frame | Fault], *, is_last: bool) -> bytes:
    length = member.end - member.start
    if not member.is_whole and not any(isinstance(one, Frame) for one in found):
        return bytes(length)  # a record that was cut: readers pass over what is blank
    if len(found) == 1:
        return _one_record(out[0], length)
    rest = _compressed(_with_stand_ins(member.text, found, out))
    # In a file that was compressed as a whole a place is one of the text, and nothing lies behind.
    return rest if is_last else _padded(rest, length)


def _in_plain(path: Path, picks: Picks, limit: int) -> Iterator[Change]:
    size = path.stat().st_size
    cut: Fault | None = None
    for frame in frames(path, limit=limit):
        if cut:
            yield Change(cut.offset, frame.offset, _blank(frame.offset - cut.offset), [])
        is_out = not is_taken_out(frame) and picks(frame)
        cut = frame if is_out and isinstance(frame, Fault) else None
        if is_out and isinstance(frame, Frame):
            yield Change(frame.offset, frame.offset + frame.length, _text_of(frame, frame.length), _ids([frame]))
    if cut:
        yield Change(cut.offset, size, _blank(size - cut.offset), [])


def _ids(out: Iterable[Frame | Fault]) -> list[str]:
    return [one.get("WARC-Record-ID").strip("<> ") for one in out if isinstance(one, Frame)]


def _blank(length: int) -> bytes:
    return (b"\r\n" * (length // 2 + 1))[:length]


def _one_record(frame: Frame | Fault, length: int) -> bytes:
    """Write a member of exactly this length that holds one record: filled without compression, or the tightest one."""
    shortest = _text(frame, 0)
    if _stored_size(len(shortest)) > length:
        return _padded(_compressed(shortest), length)
    room = max(0, length - _stored_size(len(shortest)) - 5 * (length // _STORED) - 12)
    while _stored_size(len(shortest) + len(str(room + 1)) + room) <= length:
        room += 1
    return _padded(_stored(_text(frame, room)), length)


def _with_stand_ins(text: bytes, found: list[Frame | Fault], out: list[Frame | Fault]) -> bytes:
    """Write the text of a member with the same records at the same places, but for those that are taken out."""
    after = bytearray(text)
    ends = [*(one.offset for one in found[1:]), len(text)]
    for one, end in zip(found, ends, strict=True):
        if one in out:
            size = end - one.offset
            after[one.offset : end] = _text_of(one, size) if isinstance(one, Frame) else _blank(size)
    return bytes(after)


def _text_of(frame: Frame, size: int) -> bytes:
    """Write the record that stands in for another as so many bytes."""
    for filler in range(4):
        for digits in range(1, 12):
            room = size - len(_text(frame, 0, filler=filler)) + 1 - digits
            if room >= 0 and len(str(room)) == digits:
                return _text(frame, room, filler=filler)
    raise CannotTakeOut(f"the record at byte {frame.offset} has {size} bytes, too few for anything in its place")


def _text(frame: Frame | Fault, room: int, *, filler: int = 0) -> bytes:
    identity, date, protocol = "", "", "WARC/1.1"
    if isinstance(frame, Frame):
        identity, date, protocol = frame.get("WARC-Record-ID"), frame.get("WARC-Date"), str(frame.fields.protocol)
    named = {"WARC-Type": "metadata", "WARC-Record-ID": identity, "WARC-Date": date, MARK: "1" + "1" * filler}
    head = "".join(f"{name}: {value}\r\n" for name, value in named.items() if value)
    block = (_SAYS if room >= len(_SAYS) else b"").ljust(room)
    return f"{protocol}\r\n{head}Content-Length: {room}\r\n\r\n".encode() + block + b"\r\n\r\n"


def _stored(text: bytes) -> bytes:
    """Write a gzip member without compression, so that its length follows from that of the text."""
    pieces = [text[start : start + _STORED] for start in range(0, len(text), _STORED)]
    blocks = b"".join(
        bytes([number == len(pieces)])
        + len(piece).to_bytes(2, "little")
        + (len(piece) ^ 0xFFFF).to_bytes(2, "little")
        + piece
        for number, piece in enumerate(pieces, start=1)
    )
    return MAGIC + b"\0\0\0\0\0\0\xff" + blocks + _trailer(text)


def _stored_size(length: int) -> int:
    return 18 + length + 5 * -(-length // _STORED)


def _compressed(text: bytes) -> bytes:
    compress = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return MAGIC + b"\0\0\0\0\0\0\xff" + compress.compress(text) + compress.flush() + _trailer(text)


def _trailer(text: bytes) -> bytes:
    return zlib.crc32(text).to_bytes(4, "little") + (len(text) & 0xFFFFFFFF).to_bytes(4, "little")


def _padded(member: bytes, length: int) -> bytes:
    """Make a member longer by a comment in its head, which gzip allows and readers pass over."""
    more = length - len(member)
    if more < 0:
        raise CannotTakeOut(f"{-more} bytes are missing for what should stand in the place of a record")
    if more == 0:
        return member
    return MAGIC + b"\x10" + member[len(MAGIC) + 1 : 10] + b" " * (more - 1) + b"\0" + member[10:]


def rewrite(path: Path, changes: Sequence[Change], before: Callable[[], None]) -> None:
    """Write a file anew with these changes, in the order of the file, and put it in the place of the old one.

    `before` is called when the new one is durable. Raises OSError when the file cannot be read or written.
    """
    half = path.with_name(f".{uuid4().hex}.part")  # swept away by the next writer where we are killed
    try:
        with path.open("rb") as source, half.open("xb") as target:
            for change in changes:
                _copy(source, target, change.start - source.tell())
                target.write(change.piece)
                source.seek(change.end)
            _copy(source, target, path.stat().st_size - source.tell())
            target.flush()
            os.fsync(target.fileno())
        half.chmod(path.stat().st_mode & 0o777)
        before()
        half.replace(path)
    finally:
        half.unlink(missing_ok=True)
    _make_names_durable(path.parent)


def _copy(source: BinaryIO, target: BinaryIO, length: int) -> None:
    while length > 0 and (piece := source.read(min(_PIECE, length))):
        target.write(piece)
        length -= len(piece)


def _make_names_durable(folder: Path) -> None:
    try:
        handle = os.open(folder, os.O_RDONLY)
    except PermissionError:
        return  # Windows opens no folders
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
