"""Tables of models with production and deliveries across, as quarterly releases of Tesla have them."""

import re
from collections.abc import Iterator, Sequence

from transforms.figures.count_labels import UNITS, label_of
from transforms.figures.figure import Figure, Period
from transforms.figures.pieces import Piece, find_periods, year_of
from transforms.figures.whole import Whole

_HEAD = re.compile(
    r"\bproduction[\s|]+deliveries(?P<lease>[\s|]+(?:\S+\s)?subject\s+to\s+(?:operating\s+)?lease\s+accounting)?(?=[\s|])",
    re.IGNORECASE,
)
_PRELIMINARY = re.compile(r"final numbers (?:could|may|might) vary|numbers are preliminary", re.IGNORECASE)
_COLUMNS = ("production", "deliveries", "operating_lease_share")


def read_models(pieces: Sequence[Piece], whole: Whole) -> Iterator[Figure]:
    """Give production, deliveries and leased share of each model; a block whose period is open gives nothing."""
    is_preliminary = _PRELIMINARY.search(whole.text) is not None
    for order, head in enumerate(_HEAD.finditer(whole.text)):
        period = _period(pieces, head, whole, is_first=order == 0)
        at = next((number for number, piece in enumerate(pieces) if piece.start >= head.end()), len(pieces))
        width = 3 if head["lease"] else 2
        while period and (row := _row(pieces, at, width)):
            at += 1 + width
            yield from _figures(row, period, whole, is_preliminary=is_preliminary)


def _period(pieces: Sequence[Piece], head: re.Match[str], whole: Whole, *, is_first: bool) -> Period | None:
    """Give the period right before the header; for the first block else the only quarter that the text above names."""
    before = [piece for piece in pieces if piece.end <= head.start()]
    if (
        before
        and before[-1].kind in ("period", "year")
        and not whole.text[before[-1].end : head.start()].strip(" \t|\n")
    ):
        return before[-1].period or year_of(before[-1].year)
    named = {one for one in find_periods(whole.text[: head.start()]) if one.kind == "quarter"}
    return named.pop() if is_first and len(named) == 1 else None


def _row(pieces: Sequence[Piece], at: int, width: int) -> Sequence[Piece] | None:
    row = pieces[at : at + 1 + width]
    follows = pieces[at + 1 + width : at + 2 + width]
    if len(row) != 1 + width or row[0].kind != "words" or (follows and follows[0].kind == "number"):
        return None
    numbers = [one.number for one in row[1:]]
    if any(one is None for one in numbers):
        return None
    is_percent = [one.is_percent for one in numbers if one]
    return row if is_percent == [False, False, True][:width] else None


def _figures(row: Sequence[Piece], period: Period, whole: Whole, *, is_preliminary: bool) -> Iterator[Figure]:
    label = label_of(row[0].text)
    if label is None or label.metric:
        return
    for metric, piece in zip(_COLUMNS, row[1:], strict=False):
        assert piece.number is not None
        value = piece.number.value
        yield Figure(
            metric=metric, label=row[0].text, value=value, value_low=value, value_high=value, qualifier="exact",
            unit=UNITS[metric], currency="", period=period, place=whole.place(piece.start, piece.end),
            product=label.product, decimals=piece.number.decimals,
            status="preliminary" if is_preliminary and metric == "deliveries" else "actual",
        )  # fmt: skip
