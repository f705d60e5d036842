"""Which part of a business an amount in a sentence is of: the group, a segment by its label, or open."""

import re
from collections.abc import Iterator
from functools import cache

from transforms.figures.figure import GROUP
from transforms.figures.product_names import PARTS
from transforms.figures.prose_words import SEGMENTISH, WHOLE
from transforms.segments import LABELS

_JOINT = re.compile(r"(?:&|\band|及|和|与|與|、)\s*$", re.IGNORECASE)
"""What joins a segment to the one before it, so that an amount is of both."""
_THE_SEGMENT = re.compile(r"\b(?:the|this) segment\b|该分部|該分部", re.IGNORECASE)
_CLAUSE = re.compile(r"[;；]|。")


def segment_of(sentence: str, start: int, end: int, after: int, company_id: str, *, spoken_of: str = "") -> str | None:
    """Give `group`, the label of the segment, or None where the amount may be of any other part.

    `the segment` is the one that was spoken of before.
    """
    left = sentence[:start]
    labels = list(_labels(left, company_id))
    whole = max((found.end() for found in WHOLE.finditer(left)), default=-1)
    part = max((found.end() for found in PARTS.finditer(left)), default=-1)
    right = sentence[end : min(after, end + 40)]
    if re.match(r"[\s\w()$.,]{0,30}?\bfrom (?:the |its |our )?[A-Za-z]", right) and SEGMENTISH.match(right.lstrip()):
        return None
    if labels and labels[-1][1] > max(whole, part):
        begin, stop, label = labels[-1]
        is_open = _CLAUSE.search(left[stop:]) or _JOINT.search(left[:begin])
        return None if is_open else label
    if part >= 0:
        return None
    if spoken_of and not labels and _THE_SEGMENT.search(left):
        return spoken_of
    if whole >= 0 and _CLAUSE.search(left[whole:]) is None and not SEGMENTISH.search(left[whole:]):
        return GROUP
    said = left[max((found.end() for found in _CLAUSE.finditer(left)), default=0) :]
    return None if labels or SEGMENTISH.search(said) or SEGMENTISH.match(right.strip(" ,")) else GROUP


def only_label(sentence: str, company_id: str) -> str:
    """Give the label of the one segment that a sentence names; empty for none and for several."""
    found = {text for _, _, text in _labels(sentence, company_id)}
    return found.pop() if len(found) == 1 else ""


def _labels(left: str, company_id: str) -> Iterator[tuple[int, int, str]]:
    """List the labels of segments in a text, longer ones first where two overlap, in order of their place."""
    taken: list[tuple[int, int, str]] = []
    for text, pattern in _patterns(company_id):
        for found in pattern.finditer(left):
            if not any(begin < found.end() and found.start() < stop for begin, stop, _ in taken):
                taken.append((*found.span(), text))
    yield from sorted(taken)


@cache
def _patterns(company_id: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    texts = {one.text for one in LABELS if one.company == company_id}
    ordered = sorted(texts, key=len, reverse=True)
    return tuple((text, re.compile(_loose(text), re.IGNORECASE)) for text in ordered)


def _loose(text: str) -> str:
    """Write a label as a pattern that overlooks blanks and the kind of multiplication sign."""
    parts = [r"\s?[×xX]\s?" if one == "×" else re.escape(one) for one in re.split(r"\s*(×)\s*|\s+", text) if one]
    return r"\s?".join(parts) + r"(?!\w*[-–]?(?:related|based))"
