"""The running text of a page: lines of tables left out, wrapped lines joined, with the way back to the page."""

import re
from dataclasses import dataclass

_NUMBER_CELL = re.compile(r"^[\s(]*[-−]?[$¥€£A-Z]{0,4}\s?[\d,.]+\s?%?\)?$")
_ROW = re.compile(r"(?:(?<![\w.,])[-(]?[\d,.]{1,15}%?\)?\s+){3}[-(]?\d")
"""Four numbers in a row, which no sentence has."""
_CONNECTOR = re.compile(
    r"(?:\b(?:of|in|the|and|to|from|for|with|by|was|were|at|on|than|over|its|our|a|an|or|as|approximately|nearly|"
    r"RMB)|,|、|，)$",
    re.IGNORECASE,
)
_BULLET = re.compile(r"^[-–—·•●○▪‧*]\s|^\(?[a-z\d]{1,3}[.)]\s")
_HAN = re.compile("[\u3400-\u9fff]")
_STOP = re.compile(r"[.。!?！？;；:：][\"'”’)）]*$")
_FEWEST_HAN = 18
"""Characters from which on a line of Chinese may be a wrapped one."""


@dataclass(frozen=True, slots=True)
class Running:
    """A text with the offset in its page of each character."""

    text: str
    offsets: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Give the place in the page of a stretch of the text."""
        return self.offsets[start], self.offsets[end - 1] + 1


def running_text(page: str) -> Running:
    """Take the sentences out of a page; a line break stays where a paragraph ends."""
    parts: list[str] = []
    offsets: list[int] = []
    at, before = 0, ""
    for line in page.split("\n"):
        stripped = "" if _is_table(line) else line.rstrip(" |")
        if parts:
            joint = _joint(before, stripped)
            parts.append(joint)
            offsets.extend([at - 1] * len(joint))
        parts.append(stripped.replace("\t", " "))
        offsets.extend(range(at, at + len(stripped)))
        at, before = at + len(line) + 1, stripped
    return Running("".join(parts), tuple(offsets))


def _is_table(line: str) -> bool:
    cells = [cell.strip() for cell in re.split(r"[\t|]", line) if cell.strip()]
    numbers = sum(_NUMBER_CELL.match(cell) is not None for cell in cells)
    return not cells or _ROW.search(line) is not None or (numbers > 0 and numbers >= len(cells) - 1) or numbers > 2


def _joint(before: str, after: str) -> str:
    """Give what stands between two lines: a break, a blank, or in Chinese nothing."""
    if not before or not after or _STOP.search(before) or _BULLET.match(after):
        return "\n"
    if _HAN.match(before[-1]) or before[-1] in "，、":
        is_wrapped = len(before) >= _FEWEST_HAN and (_HAN.match(after) or after[0].isdigit())
        return "" if is_wrapped else "\n"
    is_wrapped = after[0].islower() or _CONNECTOR.search(before) is not None
    return " " if is_wrapped else "\n"
