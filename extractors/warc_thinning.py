"""Leave records out of a WARC file, so that it is smaller; the bytes of every other record stay what they were.

Know that    other records move, and whoever keeps their places must be told the new ones; a request goes with its
             answer. A file that cannot be read whole, names no ids, or was compressed as a whole is left alone
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from extractors.warc_frames import MAGIC, Fault, Frame, frames, next_member
from extractors.warc_rewriting import Change, rewrite

Place = tuple[int, int]
"""Where a record starts in its file, and how long it is there, in bytes."""
_ANSWERS = frozenset({"response", "resource", "revisit"})


class CannotThin(Exception):
    """A file is left as it is; the message says why."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One record without its block."""

    offset: int
    length: int
    kind: str
    id: str
    url: str
    concurrent_to: str

    @property
    def is_answer(self) -> bool:
        """Whether it is something that a source gave, or another input."""
        return self.kind in _ANSWERS

    def belongs_to(self, answer: "Standing") -> bool:
        """Tell whether this request asked for an answer."""
        if self.url != answer.url:
            return False
        is_said = self.concurrent_to or answer.concurrent_to
        return not is_said or self.concurrent_to == answer.id or answer.concurrent_to == self.id


def standing(path: Path, *, limit: int) -> list[Standing]:
    """List the records of a file. Raises CannotThin for a file that is left alone, OSError when it cannot be read."""
    with path.open("rb") as file:
        is_gzip = file.read(len(MAGIC)) == MAGIC
        found = []
        for frame in frames(path, limit=limit):
            if isinstance(frame, Fault):
                raise CannotThin(f"{path.name} cannot be read whole: byte {frame.offset}: {frame.message}")
            if is_gzip and next_member(file, frame.offset) != frame.offset:
                raise CannotThin(f"{path.name} was compressed as a whole, not record by record")
            found.append(_without_block(frame))
        if any(one.is_answer and not one.id for one in found):
            raise CannotThin(f"{path.name} has records without ids, which go by their places")
        return found


def leave_out(
    path: Path, records: Sequence[Standing], ids: Collection[str], *, before: Callable[[], None] = lambda: None
) -> Mapping[str, Place]:
    """Write a file anew without the answers of these ids and their requests; gives where the other answers are now.

    `before` is called when the new file is durable and has not yet taken the old one's place, in one step. Raises
    OSError when the file cannot be read or written.
    """
    gone = [one for one in records if one.offset in _offsets(records, ids)]
    if gone:
        rewrite(path, [Change(one.offset, one.offset + one.length, b"", [one.id]) for one in gone], before)
    return dict(_moved(records, {one.offset for one in gone}))


def length_of(records: Sequence[Standing], ids: Collection[str]) -> int:
    """Count the bytes that answers of these ids take with their requests."""
    gone = _offsets(records, ids)
    return sum(one.length for one in records if one.offset in gone)


def _without_block(frame: Frame) -> Standing:
    identity, other = (frame.get(name).strip("<> ") for name in ("WARC-Record-ID", "WARC-Concurrent-To"))
    return Standing(frame.offset, frame.length, frame.kind, identity, frame.url, other)


def _offsets(records: Sequence[Standing], ids: Collection[str]) -> set[int]:
    gone = {one.offset for one in records if one.is_answer and one.id in ids}
    return gone | {request.offset for answer, request in _pairs(records) if answer.offset in gone}


def _pairs(records: Sequence[Standing]) -> Iterator[tuple[Standing, Standing]]:
    """Pair each answer with the request for it, which lies before it or right behind it."""
    asked: Standing | None = None
    held: Standing | None = None
    for one in records:
        if one.kind == "request":
            if held is not None and one.belongs_to(held):
                yield held, one
            else:
                asked = one
            held = None
        elif one.is_answer:
            held = None
            if asked is not None and asked.belongs_to(one):
                yield one, asked
                asked = None
            elif one.kind == "response":
                held = one


def _moved(records: Sequence[Standing], gone: Collection[int]) -> Iterator[tuple[str, Place]]:
    less = 0
    for one in records:
        if one.offset in gone:
            less += one.length
        elif one.is_answer:
            yield one.id, (one.offset - less, one.length)
