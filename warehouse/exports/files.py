"""Answers as plain files: CSV for anything that reads text, Parquet with the types kept."""

from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from warehouse.exports.values import is_endless, plain_text, values

_MARK = b"\xef\xbb\xbf"
_NOT_FLAT = (pa.types.is_nested, pa.types.is_interval, pa.types.is_binary)


def write_csv(rows: pa.Table, path: Path, *, with_mark: bool = False) -> None:
    """Write UTF-8 CSV; a list becomes its members joined by a semicolon, what is nested JSON.

    `with_mark` puts the byte-order mark first, without which Excel takes Chinese names for something else.
    """
    # By order: two columns may have the same name.
    flat = pa.Table.from_arrays([_flat(column) for column in rows.columns], names=rows.column_names)
    with path.open("wb") as file:
        file.write(_MARK if with_mark else b"")
        pa.csv.write_csv(flat, file)


def write_parquet(rows: pa.Table, path: Path) -> None:
    """Write Parquet with the types as they are."""
    pa.parquet.write_table(rows, path)


def _flat(column: pa.ChunkedArray) -> pa.ChunkedArray | pa.Array:
    if pa.types.is_dictionary(column.type):
        return column.cast(column.type.value_type)
    if any(test(column.type) for test in _NOT_FLAT) or is_endless(column):
        return pa.array([None if one is None else plain_text(one) for one in values(column)], pa.string())
    return column
