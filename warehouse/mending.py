"""The row that a person wants to correct, and whether what it becomes may stand in its table."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import duckdb
import pyarrow as pa

from warehouse.home import Home
from warehouse.published import QueryError, open_published
from warehouse.row_key import parse_key
from warehouse.sight import VIEWS_BY_NAME, columns_of, select_rows
from warehouse.tables.catalog import BY_NAME
from warehouse.tables.table import Load, Table, provenance

_PROVENANCE = frozenset(one.name for one in provenance(""))


def correctable(name: str) -> tuple[Table, Table]:
    """Give a table and the one that its corrections go to: for a chosen table, the readings that it is chosen from.

    Raises QueryError for a table whose rows are not a person's to correct, with what to correct instead.
    """
    if view := VIEWS_BY_NAME.get(name):
        raise QueryError(f"{name} is computed: correct {', '.join(view.reads)}")
    if name not in BY_NAME or BY_NAME[name].load is Load.LEDGER:
        raise QueryError(f"there is no table {name} with rows to correct; there are {', '.join(_correctable())}")
    table = BY_NAME[name]
    if table.load is Load.DERIVED:
        raise QueryError(f"{name} is computed as a whole: correct the tables that its rows come from")
    if chosen := next((one.name for one in BY_NAME.values() if one.chosen_from == name), ""):
        raise QueryError(f"{name} keeps what each source said: correct {chosen}")
    return table, BY_NAME[table.chosen_from] if table.load is Load.CHOSEN else table


def row_to_correct(home: Home, name: str, key_text: str) -> dict[str, Any]:
    """Give the one published row of a key without its provenance, exact numbers and times as text.

    Raises QueryError when the key is not whole or has no row, NothingPublished before the first publication.
    """
    table, readings = correctable(name)
    key = parse_key(table.name, columns_of(table.name), table.key, key_text)
    if missing := [one for one in table.key if one not in key]:
        raise QueryError(f"say which one row: {', '.join(f'{one}=…' for one in missing)}")
    with open_published(home) as warehouse:
        rows = select_rows(warehouse, table.name, {one: key[one] for one in table.key})
    if not rows:
        raise QueryError(f"there is no such row in {name}; `dragongate why` says why")
    return {one.name: as_text(rows[0][one.name]) for one in readings.columns if one.name not in _PROVENANCE}


def as_text(value: Any) -> Any:
    """Write what JSON has no word for as text."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def changed(readings: Table, row: Mapping[str, Any], changes: Sequence[str]) -> dict[str, tuple[Any, Any]]:
    """Read `column=value` texts into what each column says and shall say; an empty value empties an optional column.

    Raises QueryError for a column that the table has not or that is no one's to correct.
    """
    columns = {one.name: one for one in readings.columns}
    free = [name for name in readings.content if name not in _PROVENANCE]
    found: dict[str, tuple[Any, Any]] = {}
    for text in changes:
        name, is_pair, value = text.partition("=")
        if not is_pair or name not in free:
            raise QueryError(f"{text!r}: write column=value; of {readings.name} may be corrected {', '.join(free)}")
        if not value and not columns[name].optional:
            raise QueryError(f"{name} of {readings.name} cannot be empty")
        found[name] = (row[name], value or None)
    if not found:
        raise QueryError("say what is right: column=value")
    return found


def broken_checks(table: Table, rows: pa.Table) -> list[str]:
    """Name the blocking rules on single rows that these rows break."""
    with duckdb.connect(":memory:") as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.register("rows", rows)
        return [
            one.name
            for one in table.checks
            if one.blocking
            and one.per_row
            and connection.execute(f"SELECT 1 FROM rows WHERE ({one.sql}) IS NOT TRUE LIMIT 1").fetchone()
        ]


def _correctable() -> list[str]:
    readings = {one.chosen_from for one in BY_NAME.values()}
    kinds = (Load.MERGE, Load.CHOSEN)
    return sorted(name for name, one in BY_NAME.items() if one.load in kinds and name not in readings)
