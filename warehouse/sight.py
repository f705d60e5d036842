"""Rows of a published warehouse and its ledger as dictionaries; what was asked once is not asked again."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import duckdb

from warehouse.tables.catalog import BY_NAME
from warehouse.tables.marts import VIEWS
from warehouse.tables.table import Kind

Row = dict[str, Any]
VIEWS_BY_NAME = {view.name: view for view in VIEWS}
_AS = {Kind.TEXT: "{} = ?", Kind.DAY: "{} = CAST(? AS DATE)", Kind.INSTANT: "{} = CAST(? AS TIMESTAMPTZ)"}
"""How a column is compared with a value that is written as text; any other is written as text itself."""
_PARAMETER = re.compile(r"\$([a-z_]+)")


class Sight:
    """Two open connections, and what they answered."""

    def __init__(self, warehouse: duckdb.DuckDBPyConnection, ops: duckdb.DuckDBPyConnection) -> None:
        self.warehouse = warehouse
        self.ops = ops
        self._answers: dict[tuple[str, str], list[Row]] = {}

    def rows(self, name: str, key: Mapping[str, str], tail: str = "") -> list[Row]:
        """Read rows of the warehouse as `select_rows` does."""
        mark = (f"{name} {tail}", repr(sorted(key.items())))
        if mark not in self._answers:
            self._answers[mark] = select_rows(self.warehouse, name, key, tail)
        return self._answers[mark]

    def ask(self, sql: str, values: Mapping[str, Any]) -> list[Row] | None:
        """Answer a query of which `$name` stands for a value; None where a value that it needs is empty."""
        needed = {name: values.get(name) for name in _PARAMETER.findall(sql)}
        if any(value is None for value in needed.values()):
            return None
        mark = (sql, repr(sorted(needed.items())))
        if mark not in self._answers:
            self._answers[mark] = self.warehouse.execute(sql, needed).to_arrow_table().to_pylist()
        return self._answers[mark]

    def ask_ops(self, sql: str, values: Sequence[Any]) -> list[Row]:
        """Ask the ledger."""
        mark = (sql, repr(values))
        if mark not in self._answers:
            self._answers[mark] = self.ops.execute(sql, list(values)).to_arrow_table().to_pylist()
        return self._answers[mark]


def columns_of(name: str) -> dict[str, Kind]:
    """Give the columns of a table or view with their kinds; none for what is neither."""
    if name in VIEWS_BY_NAME:
        return {one.name: one.kind for one in VIEWS_BY_NAME[name].columns}
    return {one.name: one.kind for one in BY_NAME[name].stored} if name in BY_NAME else {}


def select_rows(connection: duckdb.DuckDBPyConnection, name: str, key: Mapping[str, str], tail: str = "") -> list[Row]:
    """Read the rows of a table whose columns have these values, written as text."""
    kinds = columns_of(name)
    where = " AND ".join(_AS.get(kinds.get(one, Kind.FLAG), "CAST({} AS VARCHAR) = ?").format(one) for one in key)
    rows: list[Row] = (
        connection.execute(f"SELECT * FROM {name} WHERE {where} {tail}", list(key.values()))
        .to_arrow_table()
        .to_pylist()
    )
    return rows
