"""A workbook that an analyst keeps: typed columns, codes as text, and a sheet that says what all of it means."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path
from typing import Any
from uuid import uuid4

import pyarrow as pa
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from warehouse.exports.about import Definition
from warehouse.exports.columns import Shown, display_width, shown
from warehouse.exports.values import values

ROWS, COLUMNS, TITLE = 1_048_576, 16_384, 31
"""What a sheet holds, and how long its name may be; a row goes to the header."""
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", "-"))
_AS_IT_IS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_LINE = 15
"""Height of a line of text, in points."""


class TooLarge(Exception):
    """An answer is larger than a sheet of Excel; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of one sheet."""

    name: str
    rows: pa.Table
    definitions: Sequence[Definition] = ()
    """What its columns mean; one column may have several meanings where a query joins tables."""


@dataclass(frozen=True, slots=True)
class Page:
    """A sheet of words: blocks of rows, each under its own head."""

    name: str
    blocks: Sequence[tuple[Sequence[str], Sequence[Sequence[str]]]]
    widths: Sequence[int]


def write_workbook(path: Path, sheets: Sequence[Sheet], about: Page) -> None:
    """Write sheets of rows and the one that explains them. The file is there whole or not at all.

    Numbers, days, instants (in UTC) and truths are what they are; everything else is text and never a formula.
    Raises TooLarge before anything is written, OSError where the file cannot be.
    """
    for sheet in sheets:
        _check(sheet)
    with _in_one_step(path) as half, Workbook(str(half), _AS_IT_IS) as book:
        styles = _Styles(book)
        *titles, last = _titles([*(one.name for one in sheets), about.name])
        for title, sheet in zip(titles, sheets, strict=True):
            _write_rows(styles, book.add_worksheet(title), sheet)
        _write_page(styles, book.add_worksheet(last), about)


def columns_of(rows: pa.Table) -> list[Shown]:
    """Say how the columns of an answer stand in a sheet."""
    return [one for name, column in zip(rows.column_names, rows.columns, strict=True) for one in shown(name, column)]


class _Styles:
    """The formats of one book, each made once."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._made: dict[str, Format | None] = {"": None}
        self.head = book.add_format({"bold": True, "bg_color": "#E7ECF3", "text_wrap": True, "valign": "top"})
        self.words = book.add_format({"text_wrap": True, "valign": "top"})

    def of(self, shape: str) -> Format | None:
        """Give the format of a number format."""
        if shape not in self._made:
            self._made[shape] = self._book.add_format({"num_format": shape})
        return self._made[shape]


def _check(sheet: Sheet) -> None:
    if sheet.rows.num_rows >= ROWS or len(columns_of(sheet.rows)) > COLUMNS:
        raise TooLarge(
            f"{sheet.name} has {sheet.rows.num_rows:,} rows of {sheet.rows.num_columns:,} columns, and a sheet of "
            f"Excel holds {ROWS - 1:,} rows of {COLUMNS:,}: ask for fewer, or take --parquet or --csv"
        )


def _write_rows(styles: _Styles, sheet: Worksheet, data: Sheet) -> None:
    columns = columns_of(data.rows)
    for n, one in enumerate(columns):
        sheet.set_column(n, n, one.width, styles.of(one.format))
    sheet.freeze_panes(1, 0)
    sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{ROWS}"})
    _write_head(styles, sheet, columns, data.definitions)
    for n, row in enumerate(zip(*(values(one.column) for one in columns), strict=True), start=1):
        for k, (one, value) in enumerate(zip(columns, row, strict=True)):
            if value is not None:
                _write_cell(sheet, n, k, one.cell(value), styles.of(one.format))
    if columns:
        sheet.autofilter(0, 0, data.rows.num_rows, len(columns) - 1)


def _write_head(styles: _Styles, sheet: Worksheet, columns: Sequence[Shown], definitions: Sequence[Definition]) -> None:
    sheet.set_row(0, _LINE * max((_lines(one.name, one.width - 3) for one in columns), default=1))
    for n, one in enumerate(columns):
        sheet.write_string(0, n, one.name, styles.head)
        meant = dict.fromkeys(_meaning(this) for this in definitions if this.column == one.name)
        if meant:
            sheet.write_comment(0, n, "\n".join(meant), {"x_scale": 2, "y_scale": 1 + len(meant) / 2})


def _meaning(definition: Definition) -> str:
    return f"{definition.meaning}{f' [{definition.unit}]' if definition.unit else ''}"


def _write_page(styles: _Styles, sheet: Worksheet, page: Page) -> None:
    for n, width in enumerate(page.widths):
        sheet.set_column(n, n, width)
    first = 0
    for head, rows in page.blocks:
        _write_words(sheet, first, head, styles.head)
        for at, row in enumerate(rows, start=first + 1):
            sheet.set_row(at, _LINE * max(_lines(text, width) for text, width in zip(row, page.widths, strict=False)))
            _write_words(sheet, at, row, styles.words)
        first += len(rows) + 2


def _write_words(sheet: Worksheet, at: int, texts: Sequence[str], style: Format) -> None:
    for n, text in enumerate(texts):
        sheet.write_string(at, n, text, style)


def _lines(text: str, width: int) -> int:
    """Count the lines that a text takes in a cell that breaks it."""
    return sum(max(1, -(-display_width(part) // width)) for part in text.split("\n"))


def _write_cell(sheet: Worksheet, row: int, column: int, value: Any, style: Format | None) -> None:
    if isinstance(value, str):
        sheet.write_string(row, column, value, style)
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value, style)
    elif isinstance(value, date | time):
        sheet.write_datetime(row, column, value, style)
    else:
        sheet.write_number(row, column, value, style)


def _titles(names: Sequence[str]) -> Iterator[str]:
    """Give sheets names that Excel takes: short, without its signs, and each once."""
    given: set[str] = set()
    for name in names:
        title = plain = name.translate(_FORBIDDEN)[:TITLE] or "rows"
        count = 1
        while title.lower() in given:
            count += 1
            title = f"{plain[: TITLE - 1 - len(str(count))]}~{count}"
        given.add(title.lower())
        yield title


@contextmanager
def _in_one_step(path: Path) -> Iterator[Path]:
    half = path.with_name(f".{path.name}.{uuid4().hex[:8]}.part")
    try:
        half.touch()
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from None  # by the name that was asked for
    try:
        yield half
        half.replace(path)
    finally:
        half.unlink(missing_ok=True)
