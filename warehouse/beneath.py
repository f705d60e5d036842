"""From a row of a view or of a derived table down to the rows that it was computed from."""

from collections.abc import Iterator
from dataclasses import dataclass

from warehouse.lineage import Input
from warehouse.lineage_rules import LINEAGE
from warehouse.row_key import parse_key
from warehouse.sight import Row, Sight, columns_of

MOST_OF_AN_INPUT = 60
"""More rows of one kind than this prove nothing more to a reader; how many there are is said."""


@dataclass(frozen=True, slots=True)
class Step:
    """One row beneath."""

    depth: int
    """1 for what the row itself was computed from, 2 for what that was computed from, …"""
    table: str
    row: Row
    column: str
    """Its column that counts, where that is known."""
    left_out: int = 0
    """How many more rows of the same kind there are."""


def steps_under(sight: Sight, name: str, row: Row, column: str = "", depth: int = 1) -> Iterator[Step]:
    """Give the rows beneath one row, or beneath one column of it, each once, in the order of computation."""
    seen: set[str] = set()
    for step in _steps(sight, name, row, column, depth):
        mark = f"{step.table} {step.row}"
        if mark not in seen:
            seen.add(mark)
            yield step


def barren_inputs(sight: Sight, name: str, row: Row, column: str) -> Iterator[tuple[Input, list[Row]]]:
    """Give what a column of a row is computed from, each with its rows: none, where that is missing."""
    for one in LINEAGE[name].inputs if name in LINEAGE else ():
        if not one.feeds or column in one.feeds:
            yield one, _found(sight, one, row) or []


_FIGURES = {"distance_to_a_trillion_hkd": "market_value_hkd"}


def column_of_figure(figure: str, table: str) -> str:
    """Name the column of its evidence that a figure of the sheet was taken from; empty where none alone was."""
    known = columns_of(table)
    return next((one for one in (figure, f"{figure}_pct", _FIGURES.get(figure, ""), "value") if one in known), "")


def _steps(sight: Sight, name: str, row: Row, column: str, depth: int) -> Iterator[Step]:
    for one in LINEAGE[name].inputs if name in LINEAGE else ():
        if column and one.feeds and column not in one.feeds:
            continue
        found = _found(sight, one, row) or []
        beneath = one.named.get(column, column)
        beneath = beneath if beneath in columns_of(one.table) else ""
        for place, each in enumerate(found[:MOST_OF_AN_INPUT], start=1):
            is_last = place == MOST_OF_AN_INPUT
            yield Step(depth, one.table, each, beneath, len(found) - place if is_last else 0)
            yield from _steps(sight, one.table, each, beneath, depth + 1)
    for table, key in _named_by(row):
        counted = column_of_figure(str(row.get("figure", "")), table)
        for each in sight.rows(table, key):
            yield Step(depth, table, each, counted)
            yield from _steps(sight, table, each, counted, depth + 1)


def _found(sight: Sight, one: Input, row: Row) -> list[Row] | None:
    return sight.ask(f"SELECT * FROM {one.table} WHERE {one.where}", row)


def _named_by(row: Row) -> Iterator[tuple[str, dict[str, str]]]:
    """Read the rows that a verdict or a figure of the sheet names as its evidence, each as `table key`."""
    listed = row.get("evidence_rows") or ([row["evidence"]] if isinstance(row.get("evidence"), str) else [])
    for named in listed:
        table, _, key_text = str(named).partition(" ")
        known = columns_of(table)
        if known:
            yield table, parse_key(table, known, tuple(known), key_text)
