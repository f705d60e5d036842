"""Tables of deliveries and production, whatever became of their shape.

Read from      results and monthly releases: periods across with rows of counts below, stacked, piped, one cell a line
               or glued; months down and years across; models down with production and deliveries across
Know that      a row counts only where it has one number for each period of the header right above it
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from extractors.filings.document import Document
from extractors.watchlist import Company
from transforms.figures.cells import has_decimal_comma
from transforms.figures.count_labels import LEVELS, UNITS, CountLabel, label_of, metric_in
from transforms.figures.days import month_number
from transforms.figures.figure import ALL, Figure, Period
from transforms.figures.models import read_models
from transforms.figures.pieces import Piece, month_of, pieces_of, year_of
from transforms.figures.production_sales import read_production_and_sales
from transforms.figures.whole import Whole

_FEWEST_PERIODS = 2
_BEFORE = 400
"""Characters before a header in which its title stands."""
_MONTH_HEADS = frozenset({"month", "months", "月份", "月"})
_CHANGES = frozenset(
    {"yoy", "qoq", "change", "% change", "yoy change", "qoq change", "yoy qoq", "qoq yoy", "同比", "环比"}
)


def read_delivery_tables(
    document: Document, *, published: date, company: Company | None = None, language: str = ""
) -> tuple[Figure, ...]:
    """Read every table of counts by period; a table that could be read in two ways gives nothing."""
    del company
    whole = Whole.of(document)
    comma = has_decimal_comma(whole.text, language)
    pieces = pieces_of(whole.text, decimal_comma=comma)
    found = [
        *_period_tables(pieces, whole, document.title),
        *_month_matrices(pieces, whole, document.title, published),
        *read_models(pieces, whole),
        *read_production_and_sales(pieces, whole, document.title),
    ]
    return _agreed(_not_ahead(found, published))


def _not_ahead(figures: Iterable[Figure], published: date) -> Iterator[Figure]:
    """Mark what is of periods that were not over when the document was public."""
    for one in figures:
        yield replace(one, status="guidance") if one.period.end > published else one


def _agreed(figures: Iterable[Figure]) -> tuple[Figure, ...]:
    groups: dict[tuple[object, ...], list[Figure]] = {}
    for one in figures:
        groups.setdefault((one.metric, one.product.lower(), one.period, one.status), []).append(one)
    return tuple(group[0] for group in groups.values() if len({one.value for one in group}) == 1)


@dataclass(frozen=True, slots=True)
class _Row:
    label: Piece
    numbers: Sequence[Piece]


def _period_tables(pieces: Sequence[Piece], whole: Whole, title: str) -> Iterator[Figure]:
    at = 0
    while at < len(pieces):
        periods = _run(pieces, at)
        if len(periods) < _FEWEST_PERIODS:
            at += 1
            continue
        begin, at = at, at + len(periods)
        if at < len(pieces) and pieces[at].text.lower() in _CHANGES:
            at += 1
        context = metric_in(whole.text[max(pieces[begin].start - _BEFORE, 0) : pieces[begin].start]) or metric_in(title)
        while (row := _row_at(pieces, at)) and (values := _values(row, len(periods))):
            at += 1 + len(row.numbers)
            label = _label(row.label.text, context)
            if label is not None:
                for period, value in zip(periods, values, strict=True):
                    yield from _figure(label, row.label.text, value, _period(period), whole)


def _run(pieces: Sequence[Piece], at: int) -> list[Piece]:
    """Give the periods that stand side by side; a year alone is one only after others, before them it ends a title."""
    run: list[Piece] = []
    while at < len(pieces) and (pieces[at].kind == "period" or (run and pieces[at].kind == "year")):
        run.append(pieces[at])
        at += 1
    days = [_period(one) for one in run]
    return run if len(set(days)) == len(days) else []


def _period(piece: Piece) -> Period:
    return piece.period or year_of(piece.year)


def _row_at(pieces: Sequence[Piece], at: int) -> _Row | None:
    if at >= len(pieces) or pieces[at].kind != "words":
        return None
    numbers = []
    for piece in pieces[at + 1 :]:
        if piece.kind not in ("number", "absent"):
            break
        numbers.append(piece)
    return _Row(pieces[at], numbers)


def _values(row: _Row, width: int) -> Sequence[Piece] | None:
    """Give the counts of a row, one for each period; changes in per cent may follow them."""
    first, rest = row.numbers[:width], row.numbers[width:]
    if len(first) != width or any(one.number is not None and one.number.is_percent for one in first):
        return None
    return first if all(one.number is not None and one.number.is_percent for one in rest) and len(rest) < 4 else None


def _label(text: str, context: str | None) -> CountLabel | None:
    label = label_of(text)
    if label is None or label.metric:
        return label
    return replace(label, metric=context) if context and context not in LEVELS else None


def _figure(label: CountLabel, text: str, piece: Piece, period: Period, whole: Whole) -> Iterator[Figure]:
    number = piece.number
    if number is None or number.is_nil or number.value < 0:
        return
    is_whole = number.decimals == 0
    if not is_whole and label.metric != "energy_storage_deployed":
        return
    if label.metric in LEVELS:
        period = Period("instant", period.end, period.end)
    yield count_figure(label, text, number.value, period, whole, piece, decimals=number.decimals)


def count_figure(
    label: CountLabel, text: str, value: Decimal, period: Period, whole: Whole, piece: Piece, *, decimals: int = 0,
) -> Figure:  # fmt: skip
    """Make the figure of one cell."""
    return Figure(
        metric=label.metric, label=text, value=value, value_low=value, value_high=value, qualifier="exact",
        unit=UNITS[label.metric], currency="", period=period, place=whole.place(piece.start, piece.end),
        product=label.product, decimals=decimals,
    )  # fmt: skip


def _month_matrices(pieces: Sequence[Piece], whole: Whole, title: str, published: date) -> Iterator[Figure]:
    for at, piece in enumerate(pieces):
        if piece.kind != "words" or piece.text.lower() not in _MONTH_HEADS:
            continue
        years: list[int] = []
        while at + 1 + len(years) < len(pieces) and pieces[at + 1 + len(years)].kind == "year":
            years.append(pieces[at + 1 + len(years)].year)
        metric = metric_in(whole.text[max(piece.start - _BEFORE, 0) : piece.start]) or metric_in(title)
        rows = list(_month_rows(pieces, at + 1 + len(years)))
        if metric and years and metric not in LEVELS and _is_matrix(rows, years, published):
            for month, row in enumerate(rows, start=1):
                for year, value in zip(years, row.numbers, strict=False):
                    label = CountLabel(metric, ALL)
                    yield from _figure(label, row.label.text, value, month_of(year, month), whole)


def _month_rows(pieces: Sequence[Piece], at: int) -> Iterator[_Row]:
    for month in range(1, 13):
        row = _row_at(pieces, at)
        if row is None or _month(row.label.text) != month or not row.numbers:
            return
        yield row
        at += 1 + len(row.numbers)


def _month(text: str) -> int | None:
    word = text.strip().lower()
    return month_number(word) if word.isalpha() and word.isascii() and len(word) <= 9 else None


def _is_matrix(rows: Sequence[_Row], years: Sequence[int], published: date) -> bool:
    """Tell whether every number is surely below its year: only months that were not over are absent, at the right."""
    if not rows or list(years) != sorted(set(years)) or list(years) != list(range(years[0], years[0] + len(years))):
        return False
    this_month = published.replace(day=1)
    for month, row in enumerate(rows, start=1):
        if len(row.numbers) > len(years) or any(one.number is None or one.number.is_percent for one in row.numbers):
            return False
        missing = years[len(row.numbers) :]
        if any(date(year, month, 1) < this_month for year in missing):
            return False
    return True
