"""The published figures that the sample archive carries, as the tables in `samples/figures/` list them."""

import csv
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

FIGURES = Path(__file__).parent / "figures"

Row = Mapping[str, str]


@cache
def rows_of(name: str) -> tuple[Row, ...]:
    """Read one table of figures; every value stays the text that it is."""
    with (FIGURES / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file, strict=True))


def rows_where(name: str, **wanted: str) -> tuple[Row, ...]:
    """Read the rows of one table whose columns hold the wanted values."""
    return tuple(row for row in rows_of(name) if all(row[column] == value for column, value in wanted.items()))


def between(rows: Iterable[Row], column: str, first: str, last: str) -> tuple[Row, ...]:
    """Keep rows whose day lies between two days, both included; days are ISO text, which sorts as they do."""
    return tuple(row for row in rows if first <= row[column] <= last)
