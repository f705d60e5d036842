"""Daily bars out of a table of comma separated values with a line of names."""

import csv
import io
from collections.abc import Collection, Mapping

import pyarrow as pa

from extractors.errors import NothingThere, ShapeChanged
from extractors.quotes.price_columns import day_column, number_column
from extractors.reading import Drift
from extractors.snapshot import Snapshot

_DAY = "Date"


def csv_text(snapshot: Snapshot) -> str:
    """Decode a body as UTF-8 text, without the space around it.

    Raises ShapeChanged for other bytes.
    """
    try:
        return snapshot.body.decode("utf-8-sig").strip()
    except UnicodeDecodeError as error:
        raise ShapeChanged("encoding", snapshot.at(f"not UTF-8 at byte {error.start}")) from error


def csv_bars(
    text: str, columns: Mapping[str, pa.DataType], snapshot: Snapshot, *, known: Collection[str], optional: str = ""
) -> tuple[pa.Table, tuple[Drift, ...]]:
    """Read the bars, oldest first, under the names of `columns` in lower case, and the columns that nobody knows.

    Raises NothingThere for a table without rows, ShapeChanged for a column that is missing, unless it is the optional
    one, for a row of another length and for a value of another kind.
    """
    header, rows = _rows(text, snapshot)
    if lacking := [name for name in (_DAY, *columns) if name not in header and name != optional]:
        raise ShapeChanged(lacking[0], snapshot.at(f"no column {', '.join(lacking)} in {text[:80]!r}"))
    if not rows:
        raise NothingThere("empty_window", snapshot.at("a table without rows"))
    for number, row in enumerate(rows):
        if len(row) != len(header):
            raise ShapeChanged(f"row {number}", snapshot.at(f"row {number} has {len(row)} values: {row!r:.80}"))
    values = dict(zip(header, zip(*rows, strict=True), strict=True))
    table = {"date": day_column(values[_DAY], "%Y-%m-%d", _DAY, snapshot)}
    for name, kind in columns.items():
        table[name.lower()] = number_column(values.get(name, [None] * len(rows)), kind, name, snapshot)
    drift = tuple(Drift(name, values[name][0][:80]) for name in values if name not in (_DAY, *columns, *known))
    return pa.table(table).sort_by("date"), drift


def _rows(text: str, snapshot: Snapshot) -> tuple[list[str], list[list[str]]]:
    try:
        rows = [row for row in csv.reader(io.StringIO(text, newline="")) if row]
    except csv.Error as error:
        raise ShapeChanged("body", snapshot.at(f"not comma separated values: {error}")) from error
    return (rows[0], rows[1:]) if rows else ([], [])
