"""An answer on a terminal: a table where it fits, else one line for each column, and never more than can be read."""

import pyarrow as pa

from flows.commands.terminal import OUT, table
from warehouse.exports.columns import display_width

MOST = 100
"""Rows that are shown."""
_NARROWEST = 6


def show(rows: pa.Table) -> None:
    """Print the first rows of an answer, and how many there are."""
    seen = rows.slice(0, MOST).to_pylist()
    if not rows.num_columns:
        return
    if _fits(rows):
        table("", rows.column_names, [list(row.values()) for row in seen])
    else:
        for row in seen:
            table("", ["", ""], [[name, value] for name, value in row.items() if value is not None])
    more = f", of which the first {MOST} are shown" if rows.num_rows > MOST else ""
    OUT.print(f"{rows.num_rows:,} {'row' if rows.num_rows == 1 else 'rows'}{more}", style="dim")


def _fits(rows: pa.Table) -> bool:
    heads = sum(max(display_width(name), _NARROWEST) + 2 for name in rows.column_names)
    return rows.num_columns <= 3 or heads <= OUT.width
