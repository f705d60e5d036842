"""Numbers as platforms show them: `1,234`, `25 015`, `10.5M`, `24.7万`, `1.2亿`, `10万+`, `3600多万`.

Platforms do not say whether they round or cut off, and some changed from one to the other. A shortened number
therefore stands for every count that either would show: from half a unit of its last digit below to one unit
above, the latter excluded. All arithmetic is in whole numbers.
"""

import re
import unicodedata
from dataclasses import dataclass, replace
from enum import StrEnum


class Qualifier(StrEnum):
    """How much a shown number says about the count behind it."""

    EXACT = "exact"
    ROUNDED = "rounded"
    AT_LEAST = "at_least"


class NotACount(ValueError):
    """A value that is not the number of anything, or not one that can be read in only one way."""


@dataclass(frozen=True, slots=True)
class CountText:
    """One count with its bounds, both included; `text` is what was shown, empty where a plain number was sent."""

    value: int
    low: int
    high: int | None
    """The greatest count that the text allows; None where it names no upper end."""
    qualifier: Qualifier
    text: str = ""


_UNITS = {
    "": 1,
    "K": 1_000,
    "M": 1_000_000,
    "B": 1_000_000_000,
    "千": 1_000,
    "万": 10_000,
    "萬": 10_000,
    "W": 10_000,  # how Chinese pages abbreviate 万
    "百万": 1_000_000,
    "千万": 10_000_000,
    "亿": 100_000_000,
    "億": 100_000_000,
}
_SHOWN = re.compile(
    r"(?P<whole>[0-9]{1,3}(?P<mark>[, ])[0-9]{3}(?:(?P=mark)[0-9]{3})*|[0-9]{1,12})"
    r"(?:\.(?P<part>[0-9]{1,8}))?"
    r" ?(?P<more>[多余餘])?"
    r" ?(?P<unit>[KMBWkmbw]|千万|百万|[千万萬亿億])?"
    r"(?P<beyond>[多余餘])?"
    r" ?(?P<plus>\+)?"
)
_MOST = 100_000_000_000
"""More than ten times all people: what is above is not a count of any."""


def count_of(value: object) -> CountText:
    """Read a count that a platform sent as a number or as text.

    Raises NotACount for a negative, broken, ambiguous or absurdly large one.
    """
    if isinstance(value, int) and not isinstance(value, bool):
        return _exact(value)
    if isinstance(value, str):
        return read_count(value)
    raise NotACount(f"{value!r} is not a count")


def read_count(text: str) -> CountText:
    """Read one count as it was shown, without words around it.

    Full-width digits and every kind of space are taken as plain ones. Raises NotACount where the text is no
    number, has a fraction of one person, or could mean two numbers, as `1.234` does.
    """
    shown = _SHOWN.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if not shown:
        raise NotACount(f"{text!r} is not a count")
    part = shown["part"] or ""
    factor = _UNITS[(shown["unit"] or "").upper()]
    step, left = divmod(factor, 10 ** len(part))
    if left:
        raise NotACount(f"{text!r} has a fraction of one, or a dot between thousands")
    value = _bounded(int(re.sub("[, ]", "", shown["whole"]) + part) * step)
    if shown["more"] or shown["beyond"] or shown["plus"]:
        return CountText(value, value, None, Qualifier.AT_LEAST, text)
    if step == 1:
        return CountText(value, value, value, Qualifier.EXACT, text)
    return CountText(value, max(0, value - step // 2), value + step - 1, Qualifier.ROUNDED, text)


def shortened(value: int, step: int, text: str = "", *, is_cut: bool = False) -> CountText:
    """Take a number that was sent in full with digits below `step` lost; `is_cut` where the platform says it cuts off.

    Raises NotACount for one that is no multiple of `step`, since that lost nothing.
    """
    if step < 1 or value % step:
        raise NotACount(f"{value} is not shortened to a multiple of {step}")
    if step == 1:
        return replace(_exact(value), text=text)
    low = value if is_cut else max(0, value - step // 2)
    return CountText(_bounded(value), low, value + step - 1, Qualifier.ROUNDED, text)


def step_of(value: int, digits: int) -> int:
    """Give the unit of the last of so many leading digits: 10,000 for three digits of 1,930,000."""
    return int(10 ** max(0, len(str(value)) - digits))


def _exact(value: int) -> CountText:
    return CountText(_bounded(value), value, value, Qualifier.EXACT)


def _bounded(value: int) -> int:
    if not 0 <= value <= _MOST:
        raise NotACount(f"{value} is not a number of people")
    return value
