"""The label of each row, where it runs over lines or hangs on a heading above."""

import re
from collections.abc import Sequence

from transforms.figures.figure import GROUP
from transforms.figures.grids import Row
from transforms.figures.labels import Label, label_of, words_of
from transforms.figures.plain import plain

_EPS = re.compile(r"per (?:common |ordinary )?(?:share|ads)|每股|每普通股")
_SHARES = re.compile(r"weighted|加权|shares used|number of shares|股份数目")
_PARTS = {
    "basic": ("basic",), "diluted": ("diluted",), "基本": ("basic",), "摊薄": ("diluted",), "稀释": ("diluted",),
    "basic and diluted": ("basic", "diluted"), "基本及摊薄": ("basic", "diluted"), "基本和稀释": ("basic", "diluted"),
    "基本与摊薄": ("basic", "diluted"), "基本每股": ("basic",),
    "basic earnings": ("basic",), "diluted earnings": ("diluted",),
}  # fmt: skip
_CONTINUING = re.compile(r"continuing|持续")
_DISCONTINUED = re.compile(r"discontinued|(?:已)?终止经营|非持续")
_RUNS_ON = re.compile(r"^[a-z]")
_HEADS = re.compile(
    r"attributable to:?$|attributable to the following:?$|应占:?$|归属于:?$|"
    r"应占(?:溢利|利润|亏损|/|\(|\))*:?$|应占.{0,16}总额:?$"
)
_OWNERS = re.compile(
    r"^-?\s*(?:(?:the )?(?:owners|equity (?:share)?holders|shareholders|equity owners) of the "
    r"(?:parent|company|parent company)|"
    r"(?:本公司|母公司|公司)(?:拥有人|权益持有人|权益股东|股东|普通股股东|权益持有者))$"
)
_PROFIT = re.compile(r"^(?:\(?(?:profit|loss|net income)|.{0,8}(?:溢利|利润|亏损))")
_ATTRIBUTED = {"net_profit": "net_profit_attributable", "comprehensive_income": "comprehensive_income_attributable"}
CONTINUING = "continuing operations"


class Labels:
    """Follows the rows of one table from the top and says what the current one is."""

    def __init__(self, kinds: Sequence[str]) -> None:
        self._kinds = kinds
        self._of_share = ""
        self._scope = ""
        self._seen: set[str] = set()
        self._heading = ""
        self._whole = ""
        self.current: tuple[Label, ...] = ()
        self.segment = GROUP

    def take(self, row: Row) -> None:
        """Go on to the next row."""
        for line in row.above:
            self._head(line)
        label = row.cells[0]
        if label and not any(cell for cell in row.cells[2:]) and _EPS.search(plain(label)):
            self._head(label)
            self.current = ()
            return
        parts = _PARTS.get(words_of(label)[0]) if label else None
        if parts and self._of_share:
            self.current = tuple(Label(f"{self._of_share}_{part}", "income") for part in parts)
        else:
            self.current = self._known(row)
            self._of_share = self._of_share if not label and not self.current else ""
        is_split = bool(parts) and self._scope == CONTINUING
        self.segment = CONTINUING if is_split else GROUP
        self._only_once(row)

    def _head(self, line: str) -> None:
        said = plain(line)
        if _SHARES.search(said):
            self._of_share = "weighted_shares"
        elif _EPS.search(said):
            self._of_share, self._scope = "eps", ""
        if _CONTINUING.search(said):
            self._scope = "" if _DISCONTINUED.search(said) else CONTINUING
        elif _DISCONTINUED.search(said):
            self._scope = "discontinued"
            self._of_share = ""
        self._heading = line

    def _known(self, row: Row) -> tuple[Label, ...]:
        if attributed := self._attributed(row):
            return attributed
        found = (label_of(words, self._kinds) for words in _candidates(row, self._heading))
        known = tuple(label for label in found if label)[:1]
        if known and known[0].metric in _ATTRIBUTED:
            self._whole = known[0].metric
        return known

    def _attributed(self, row: Row) -> tuple[Label, ...]:
        """Tell whose part a row is, below a heading such as `Attributable to:` after the profit of all."""
        heading = plain(self._heading)
        if "income" not in self._kinds or not _HEADS.search(heading) or not _OWNERS.match(plain(row.cells[0])):
            return ()
        whole = (
            "net_profit"
            if _PROFIT.match(heading)
            else "comprehensive_income"
            if "全面" in heading or "comprehensive" in heading
            else self._whole
        )
        return (Label(_ATTRIBUTED[whole], "income"),) if whole in _ATTRIBUTED else ()

    def _only_once(self, row: Row) -> None:
        """Take a metric below a heading of its own for a part: the whole was above."""
        above = row.above[-1] if row.above else ""
        is_below_a_part = bool(above) and label_of(above, self._kinds) is None and not _HEADS.search(plain(above))
        again = {one.metric for one in self.current if not one.metric.startswith(("eps", "weighted"))} & self._seen
        if is_below_a_part and again:
            self.current = ()
        self._seen |= {label.metric for label in self.current}


def _candidates(row: Row, heading: str) -> list[str]:
    label, above, below = row.cells[0], row.above[-1] if row.above else "", row.below
    gap = "" if any("\u3400" <= one <= "\u9fff" for one in label + above + below) else " "
    if not label:
        return [gap.join((above, below))] if above and below else []
    if below and _RUNS_ON.match(below):
        return [gap.join((label, below)), gap.join((above, label, below))]
    found = [gap.join((label, below))] if below and not _RUNS_ON.match(below) and gap == "" else []
    if above and (label[0].islower() or gap == ""):
        found += [gap.join((above, label, below)), gap.join((above, label))]
    if heading and _HEADS.search(plain(heading)):
        found.append(gap.join((heading.rstrip(":："), label)))
    return [*found, label]
