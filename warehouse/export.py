"""Query answers as files that an analyst keeps."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
from openpyxl import Workbook
from openpyxl.styles import Font


def write_csv(rows: pa.Table, path: Path) -> None:
    """Write UTF-8 CSV; a list becomes its members joined by a semicolon."""
    flat = [_joined(column) if pa.types.is_list(column.type) else column for column in rows.columns]
    pa.csv.write_csv(pa.table(dict(zip(rows.column_names, flat, strict=True))), path)


def write_parquet(rows: pa.Table, path: Path) -> None:
    """Write Parquet with the types as they are."""
    pa.parquet.write_table(rows, path)


def write_xlsx(rows: pa.Table, path: Path) -> None:
    """Write a workbook: typed columns, codes as text, the header frozen; instants in UTC, as Excel knows no zones."""
    book = Workbook(write_only=False)
    sheet = book.active
    sheet.title = "rows"
    sheet.append(rows.column_names)
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    sheet.freeze_panes = "A2"
    for row in rows.to_pylist():
        sheet.append([_cell(value) for value in row.values()])
    book.save(path)


def _cell(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    if isinstance(value, list):
        return "; ".join(str(one) for one in value)
    return value


def _joined(column: pa.ChunkedArray) -> pa.Array:
    return pa.array([None if one is None else "; ".join(str(part) for part in one) for one in column.to_pylist()])
