"""Figures from the tables of a document: statements, highlights, summaries of main data.

What is not sure is left out: a column that says anything beside time and unit, a row whose numbers do not fit the
columns, a label that is not known whole, a unit that is nowhere said, two values for one thing.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache

from extractors.filings.document import Document
from transforms.figures.cells import Number, has_decimal_comma, number_of
from transforms.figures.choice import Found, chosen
from transforms.figures.currency_codes import CURRENCY_CODES
from transforms.figures.figure import GROUP, Figure, Period, Place
from transforms.figures.flat import flat_figures
from transforms.figures.grids import Grid, Row, about, grids_of, run_widths
from transforms.figures.headers import Column, columns_of
from transforms.figures.labels import CODES, LEVELS, PER_SHARE, RATES, SHARES, Label
from transforms.figures.money import Money, money_of
from transforms.figures.plain import plain
from transforms.figures.row_labels import Labels
from transforms.figures.spans import Span, instant, period_of
from transforms.figures.titles import STATEMENT
from transforms.figures.turned import turned_rows
from transforms.figures.units import Unit

_DEPRECIATION = re.compile(r"accumulated depreciation|累计折旧")
"""What stands above this is a gross amount, whatever its label."""
_SAMPLE = 200_000
"""Characters of a document by which its decimal sign is told."""


@dataclass(frozen=True, slots=True)
class _Said:
    """What the document says as a whole."""

    span: Span
    money: Money
    decimal_comma: bool
    is_placed: bool
    """Cells stand in their columns, so that a hole is a hole."""


def read_tables(document: Document, *, published: date | None = None, language: str = "") -> tuple[Figure, ...]:
    """Read all figures that tables state; what ends after the day of publication is no actual figure."""
    return tuple(_dated(one, published) for one in chosen(one for one in _found(document, language) if _is_whole(one)))


def without_unit(document: Document, *, language: str = "") -> tuple[Figure, ...]:
    """Give the first amount of each page that has no unit, or a currency that nobody knows, and that stands alone."""
    whole = {(one.figure.metric, one.figure.period) for one in _found(document, language) if _is_whole(one)}
    pages: dict[int, Figure] = {}
    for one in _found(document, language):
        if not _is_whole(one) and (one.figure.metric, one.figure.period) not in whole:
            pages.setdefault(one.figure.place.page, one.figure)
    return tuple(pages.values())


def _is_whole(found: Found) -> bool:
    return found.figure.unit != "" and (found.figure.currency or "USD") in CURRENCY_CODES


@lru_cache(maxsize=1)
def _found(document: Document, language: str) -> tuple[Found, ...]:
    sample = "\n".join(page.text for page in document.pages[:20])[:_SAMPLE]
    said = _Said(
        about(document), money_of(document), has_decimal_comma(sample, language), document.media_type != "text/plain"
    )
    found = [one for grid in grids_of(document, decimal_comma=said.decimal_comma) for one in _figures(grid, said)]
    if not said.is_placed:
        found += flat_figures(document, said.span, said.money)
    return tuple(found)


def _dated(figure: Figure, published: date | None) -> Figure:
    is_ahead = published is not None and figure.period.end > published and figure.status == "actual"
    return replace(figure, status="guidance") if is_ahead else figure


def _figures(grid: Grid, said: _Said) -> Iterator[Found]:
    width = max(len(row) for row in (*grid.header, *(row.cells for row in grid.rows))) - 1
    if turned := turned_rows(grid, width):
        for one in turned:
            yield from _figure(one.label, one.column, one.number, one.row, one.cell, grid, said)
        return
    columns = columns_of(grid.header, width)
    currencies = {column.unit.currency for column in columns if column.unit.currency}
    labels = Labels(grid.title.kinds)
    for row, after, width_here in zip(grid.rows, [*grid.rows[1:], None], run_widths(grid), strict=True):
        labels.take(row)
        known = () if after is not None and _DEPRECIATION.search(plain(after.cells[0])) else labels.current
        if not known:
            continue
        for at, column in _used(row, columns, width_here, said):
            number = number_of(row.cells[at], decimal_comma=said.decimal_comma)
            if number is None or (number.is_percent and known[0].metric not in RATES):
                continue
            for label in known:
                for found in _figure(label, column, number, row, at, grid, said, segment=labels.segment):
                    figure = found.figure
                    is_translated = len(currencies) > 1 and figure.currency == "USD" and currencies != {"USD"}
                    yield replace(found, figure=replace(figure, is_convenience_translation=is_translated))


def _used(row: Row, columns: Sequence[Column], width: int, said: _Said) -> Iterator[tuple[int, Column]]:
    """Give the cells of a row that stand in columns of figures; none where they might stand in others."""
    cells = row.cells
    width = width if said.is_placed else len(cells) - 1
    if width != len(columns):
        columns = [column for column in columns if not column.is_note]
    if width != len(columns):
        return
    for at, column in enumerate(columns, start=1):
        if at < len(cells) and cells[at] and column.is_used and not column.rest:
            yield at, column


def _figure(
    label: Label, column: Column, number: Number, row: Row, at: int, grid: Grid, said: _Said, segment: str = GROUP
) -> Iterator[Found]:
    period = _period(label, column, grid, said)
    unit = column.unit.over(grid.unit).over(said.money.unit)
    scaled = _scaled(label, number, unit, row, said.money)
    if (
        period is None
        or scaled is None
        or (number.is_bare and number.value != 0 and label.metric not in PER_SHARE and _may_be_note(row, at))
    ):
        return
    value, unit_name, currency, decimals = scaled
    if label.is_loss and value > 0 and label.metric not in LEVELS:
        value = -value
    offset = row.start + sum(len(cell) + 1 for cell in row.line.split("\t")[:at])
    yield Found(
        Figure(
            metric=CODES.get(label.metric, label.metric),
            label=row.cells[0] or (row.above[-1] if row.above else ""),
            value=value,
            value_low=value,
            value_high=value,
            qualifier="exact",
            unit=unit_name,
            currency=currency,
            period=period,
            place=Place(row.page, offset, offset + len(row.line.split("\t")[at]), row.line),
            segment=segment,
            accounting_basis="adjusted" if label.metric.startswith("adjusted") else "",
            status="guidance" if column.span.is_forecast or grid.title.is_forecast else "actual",
            decimals=decimals,
        ),
        rank=grid.title.rank,
        is_weaker=label.is_weaker,
    )


def _may_be_note(row: Row, at: int) -> bool:
    """Tell whether a small number may be a note: it is the first of its row, and the others are larger."""
    return at == 1 and len(row.cells) > 2 and all(len(cell) > 3 for cell in row.cells[2:] if cell)


def _scaled(label: Label, number: Number, unit: Unit, row: Row, money: Money) -> tuple[Decimal, str, str, int] | None:
    """Give value, unit, currency and decimal places; None where the unit is not known."""
    if number.is_nil and label.metric in PER_SHARE | RATES | SHARES:
        return None  # a dash says that there is none, not that it is zero
    if label.metric in RATES:
        return number.value, "%", "", number.decimals
    if label.metric in SHARES:
        scale = money.shares_scale(row.cells[0], unit)
        return None if scale is None else (number.value * scale, "shares", "", number.decimals - scale.adjusted())
    currency = money.currency_of(row.cells[0], number, unit)
    if not currency:
        return _unit_is_open(number)
    if label.metric in PER_SHARE:
        scale = money.per_share_scale(row.cells[0], unit)
        places = 2 if scale != 1 else 0
        return number.value * scale, "currency per share", currency, number.decimals + places
    money_scale = money.scale_of(unit)
    if money_scale is None:
        return _unit_is_open(number, currency)
    return number.value * money_scale, "currency", currency, number.decimals - money_scale.adjusted()


def _unit_is_open(number: Number, currency: str = "") -> tuple[Decimal, str, str, int] | None:
    """Give an amount without a unit, which is no figure but is told of; none at all has no unit to miss."""
    return None if number.is_nil else (number.value, "", currency, number.decimals)


def _period(label: Label, column: Column, grid: Grid, said: _Said) -> Period | None:
    is_level = label.metric in LEVELS
    if column.role:
        return _by_role(column.role, is_level, grid, said)
    span = column.span.within(grid.span)
    if span.month is None or (span.months is None and not is_level and not span.is_instant):
        span = span.within(replace(said.span, is_instant=False))
    if is_level:
        if _is_other_year_end(column, grid, said):
            return None
        return instant(span.end) if span.end else None
    found = None if span.is_instant else period_of(span)
    return found if found is None or found.kind != "instant" else None


def _is_other_year_end(column: Column, grid: Grid, said: _Said) -> bool:
    """Tell whether a year alone may mean the end of the year before the interim period that the table is of."""
    outer = grid.span if grid.span.month else said.span
    is_interim = said.span.months not in (None, 12)
    return column.span.month is None and is_interim and column.span.year != outer.year


def _by_role(role: str, is_level: bool, grid: Grid, said: _Said) -> Period | None:
    span = said.span if said.span.end else replace(said.span, month=12, day=31) if said.span.months == 12 else said.span
    end = span.end
    if end is None or span.months is None:
        return None
    if role in ("end", "start"):
        if not is_level:
            return None
        return instant(end if role == "end" else date(end.year - 1, 12, 31))
    if is_level:
        return None
    if role == "to_date":
        return period_of(replace(span, months=end.month))
    if span.months == 3 and end.month > 3 and grid.title.rank == STATEMENT:
        if "年初" not in grid.title_text:
            return None
        span = replace(span, months=end.month)
    return period_of(span if role == "current" else replace(span, year=end.year - 1))
