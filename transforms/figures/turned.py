"""Tables that lie on their side: periods below one another, metrics beside one another, as Japanese summaries have."""

from dataclasses import dataclass

from transforms.figures.cells import Number, number_of
from transforms.figures.grids import Grid, Row
from transforms.figures.headers import Column
from transforms.figures.labels import Label, label_of
from transforms.figures.spans import span_of
from transforms.figures.units import Unit, is_unit, unit_of


@dataclass(frozen=True, slots=True)
class Turned:
    """One cell of such a table."""

    label: Label
    column: Column
    number: Number
    row: Row
    cell: int


def turned_rows(grid: Grid, width: int) -> list[Turned]:
    """Give the cells whose column is a known metric and whose row is a period; none for any other table."""
    columns = _columns(grid, width)
    if sum(label is not None for label, _ in columns) < 2:
        return []
    spans = [span_of(_said(row)) for row in grid.rows]
    if not all(span.year is not None and not span.rest for span in spans):
        return []
    found = []
    for row, span in zip(grid.rows, spans, strict=True):
        for at, (label, unit) in enumerate(columns, start=1):
            number = number_of(row.cells[at]) if at < len(row.cells) else None
            if label is not None and number is not None and not number.is_nil:
                found.append(Turned(label, Column(span, unit, is_used=True), number, row, at))
    return found


def _said(row: Row) -> str:
    return row.cells[0] or " ".join((*row.above[-1:], row.below))


def _columns(grid: Grid, width: int) -> list[tuple[Label | None, Unit]]:
    """Read each column's texts from above; those above a column of rates belong to the amounts on its left."""
    texts: list[list[str]] = [[] for _ in range(width)]
    units = [Unit() for _ in range(width)]
    for row in grid.header:
        for number, cell in enumerate(row[1 : width + 1]):
            if cell and is_unit(cell):
                units[number] = unit_of(cell)
            elif cell:
                texts[number].append(cell)
    lines = _header_lines(grid, width, units)
    return [
        (_label(lines[number], grid) if not units[number].is_rate else None, units[number]) for number in range(width)
    ]


def _header_lines(grid: Grid, width: int, units: list[Unit]) -> list[list[str]]:
    """Give the texts above each column in order of lines, its rates' texts among them."""
    lines: list[list[str]] = [[] for _ in range(width)]
    for row in grid.header:
        for number, cell in enumerate(row[1 : width + 1]):
            if cell and not is_unit(cell):
                owner = number - 1 if units[number].is_rate and number and not units[number - 1].is_rate else number
                lines[owner].append(cell)
    return lines


def _label(lines: list[str], grid: Grid) -> Label | None:
    return label_of(" ".join(lines), grid.title.kinds) if lines else None
