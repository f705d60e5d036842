"""An answer on a terminal: a table where it fits, else one line for each column, and never more than can be read."""

from collections.abc import Iterator

import pyarrow as pa

from flows.commands.terminal import OUT, table, written
from warehouse.exports.columns import display_width
from warehouse.exports.values import plain_text, values

MOST = 100
"""Rows that are shown."""
_NARROWEST = 6


def show(rows: pa.Table) -> None:
    """Print the first rows of an answer, and how many there are."""
    if not rows.num_columns:
        return
    if rows.num_rows:
        show_all(rows.slice(0, MOST))
    more = f", of which the first {MOST} are shown" if rows.num_rows > MOST else ""
    OUT.print(f"{rows.num_rows:,} {'row' if rows.num_rows == 1 else 'rows'}{more}", style="dim")


def show_all(rows: pa.Table) -> None:
    """Print all rows of an answer, or the names of its columns where it has none."""
    # Two columns may have the same name, so that a row is no dictionary.
    seen = list(rows_of(rows))
    if not seen:
        OUT.print(f"no rows of {', '.join(rows.column_names)}", markup=False)
    elif _fits(rows):
        table("", rows.column_names, seen)
    else:
        for row in seen:
            named = zip(rows.column_names, row, strict=True)
            table("", ["", ""], [(name, *written(name, [value])) for name, value in named if value is not None])


def rows_of(rows: pa.Table) -> Iterator[tuple[object, ...]]:
    """Give the rows of an answer as Python has their values, what a terminal and JSON do not know as text."""
    return zip(*(map(_told, values(column)) for column in rows.columns), strict=True)


def _told(value: object) -> object:
    return plain_text(value) if isinstance(value, pa.MonthDayNano | bytes) else value


def _fits(rows: pa.Table) -> bool:
    heads = sum(max(display_width(name), _NARROWEST) + 2 for name in rows.column_names)
    return rows.num_columns <= 3 or heads <= OUT.width
