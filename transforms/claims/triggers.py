"""What must stand in a text before a pattern can match there, so that most patterns need not be tried.

A pattern is read as far as this needs: alternatives, groups, classes and quantifiers. Of each alternative the
longest piece that every match has is taken; an alternative without such a piece makes the pattern always tried.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

_CLASS = re.compile(r"\[\^?\]?(?:\\.|[^\]\\])*\]")
_OPTIONAL = re.compile(r"[?*]|\{0?,")
_QUANTIFIER = re.compile(r"(?:[?*+]|\{\d*,?\d*\})[?+]?")
_OPENING = re.compile(r"\((?:\?(?:P<\w+>|:|-i:|[=!]|<[=!]))?")
_OR, _MARKS = "|", set(".^$|")
_SHORTEST = 2
Triggers = frozenset[str]


@dataclass(frozen=True)
class Triggered:
    """A pattern with what must stand in a text for it to match."""

    words: str
    flags: int
    triggers: Triggers | None
    """In lower case; None where nothing must."""

    @classmethod
    def of(cls, pattern: str, flags: int = re.IGNORECASE) -> "Triggered":
        """Find the triggers of a pattern."""
        return cls(pattern, flags, triggers_of(pattern))

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Give the pattern, compiled when a text first has one of its triggers: most never are."""
        return re.compile(self.words, self.flags)

    def finditer(self, text: str, lowered: str) -> Iterator[re.Match[str]]:
        """Find all matches in a text, whose lower case is `lowered`."""
        if self.triggers is None or any(one in lowered for one in self.triggers):
            yield from self.pattern.finditer(text)


def triggers_of(pattern: str) -> Triggers | None:
    """Give pieces, in lower case, of which every match of a pattern has at least one; None where there are none."""
    found: set[str] = set()
    for alternative in _split(pattern):
        best = max(_must(alternative), key=_strength, default=frozenset())
        if _strength(best) < _SHORTEST:
            return None
        found |= best
    return frozenset(found)


def _strength(pieces: Triggers) -> int:
    """Rate pieces by the shortest of them; a Chinese character is worth two Latin ones."""
    return min((sum(1 + (one > "\u2e80") for one in piece) for piece in pieces), default=0)


def _split(pattern: str) -> Iterator[str]:
    start = 0
    for place, piece in _cut(pattern):
        if piece == _OR:
            yield pattern[start:place]
            start = place + 1
    yield pattern[start:]


def _must(alternative: str) -> Iterator[Triggers]:
    """List what an alternative must have: its runs of plain characters, and what each of its groups must have."""
    run = ""
    for place, piece in _cut(alternative):
        after = alternative[place + len(piece) :]
        is_optional = bool(_OPTIONAL.match(after))
        is_repeated = bool(_QUANTIFIER.match(after))
        if len(piece) == 1 and piece not in ".^$|":
            run += "" if is_optional else piece
            if not is_repeated:
                continue
        elif piece.startswith("(") and not is_optional:
            opening = _OPENING.match(piece)
            inner = piece[opening.end() if opening else 1 : -1]
            within = None if opening and opening[0].endswith(("=", "!")) else triggers_of(inner)
            if within:
                yield within
        if run:
            yield frozenset({run.lower()})
        run = ""
    if run:
        yield frozenset({run.lower()})


def _cut(pattern: str) -> Iterator[tuple[int, str]]:
    """Cut a pattern into plain characters, escapes, classes and whole groups; quantifiers are left out."""
    place = 0
    while place < len(pattern):
        quantifier = _QUANTIFIER.match(pattern, place)
        if quantifier:
            place = quantifier.end()
            continue
        end = _token_end(pattern, place)
        yield place, pattern[place:end]
        place = end


def _token_end(pattern: str, place: int) -> int:
    if pattern[place] == "\\":
        return place + 2
    if pattern[place] == "[":
        found = _CLASS.match(pattern, place)
        return found.end() if found else place + 1
    return _group_end(pattern, place) if pattern[place] == "(" else place + 1


def _group_end(pattern: str, place: int) -> int:
    depth, at = 0, place
    while at < len(pattern):
        if pattern[at] == "\\":
            at += 2
            continue
        if pattern[at] == "[":
            at = _token_end(pattern, at)
            continue
        depth += (pattern[at] == "(") - (pattern[at] == ")")
        at += 1
        if depth == 0:
            break
    return at
