"""Classes of shares as the exchange's forms name them: `B`, `H`, `Preference shares`, or all where there is one.

Know that      one version of the form calls `Class of shares` what the next one calls `Type of shares`: of the two
               values beside these labels, the one that is a letter is the class
"""

import re
from dataclasses import dataclass

from transforms.figures.figure import ALL

PREFERENCE = "Preference shares"
_HEAD = re.compile(
    r"(?:Class|Type) of shares(?! issuable)\s*(?P<one>[^\n\t]*?)\s*(?:Type|Class) of shares\s*(?P<two>.*?)\s*"
    r"(?:Listed on|\n|$)|"
    r"股份(?:分類|类别|類別|分类)\s*[:：]?\s*(?P<three>\S*?)\s*股份(?:分類|类别|類別|分类)\s*[:：]?\s*"
    r"(?P<four>\S*?)\s*(?:於|于|是否)",
    re.IGNORECASE,
)
_LETTER = re.compile(r"^(?:class )?([A-Z])(?: shares?| class)?$|^([A-Z])[類类]?(?:股份?)?$", re.IGNORECASE)
_NONE = re.compile(r"^(?:not applicable|n/a|不適用|不适用|-)?$", re.IGNORECASE)
_ORDINARY = re.compile(r"ordinary|普通股", re.IGNORECASE)
_PREFERENCE = re.compile(r"preference|優先股|优先股", re.IGNORECASE)
_OF_WORDS = re.compile(r"\bclass ([A-Z])\b|\b([ABH])[- ](?:shares?|class)\b|([ABH])[類类]?股", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Block:
    """The part of a form that is of one class."""

    share_class: str | None
    """None where the form does not say it so that we understand."""
    start: int
    end: int


def blocks_of(text: str, start: int, end: int) -> list[Block]:
    """Cut a section of a form at the heads of classes; without any head there is no block."""
    heads = list(_HEAD.finditer(text, start, end))
    if not heads:
        return []
    ends = [*(head.start() for head in heads[1:]), end]
    classes = [_class(*(part.strip() for part in head.groups() if part is not None)) for head in heads]
    if len(heads) > 1:
        classes = [None if one == ALL else one for one in classes]
    return [Block(one, head.end(), stop) for one, head, stop in zip(classes, heads, ends, strict=True)]


def class_of(words: str) -> str | None:
    """Read the class out of a description, such as `Class B ordinary shares`; None for two classes."""
    found = {next(part for part in one.groups() if part).upper() for one in _OF_WORDS.finditer(words)}
    if len(found) > 1:
        return None
    return found.pop() if found else PREFERENCE if _PREFERENCE.search(words) else ALL


def _class(one: str, two: str) -> str | None:
    if _PREFERENCE.search(one) or _PREFERENCE.search(two):
        return PREFERENCE
    letters = [found for part in (one, two) if (found := _LETTER.match(part))]
    if len(letters) == 1:
        return next(part for part in letters[0].groups() if part).upper()
    is_only = any(_ORDINARY.search(part) for part in (one, two)) and any(_NONE.match(part) for part in (one, two))
    return ALL if is_only else None
