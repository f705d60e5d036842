"""All rows that readers of a home see, and how those of two homes differ."""

from pathlib import Path

import pyarrow as pa

from warehouse.home import Home
from warehouse.published import open_published, open_published_ops
from warehouse.tables.catalog import TABLES
from warehouse.tables.marts import VIEWS

CORE = [one.name for one in TABLES if one.schema == "core"]
HISTORY = [kept for one in TABLES if (kept := one.history or one.past)]
MARTS = [one.name for one in VIEWS if one.schema not in ("ops", "raw")]

_OF_REQUESTS = {"core.sources": "EXCLUDE (robots_decision, robots_rules, robots_asked_at)"}
"""What tells of requests and not of answers: who reads an archive asks nobody's robots.txt."""


def content(home: Path) -> dict[str, pa.Table]:
    """Read every row and column of core, history and marts from the published warehouse."""
    with open_published(Home(home)) as warehouse:
        return {
            name: warehouse.execute(f"SELECT * {_OF_REQUESTS.get(name, '')} FROM {name} ORDER BY ALL").to_arrow_table()
            for name in (*CORE, *HISTORY, *MARTS)
        }


def differences(one: dict[str, pa.Table], other: dict[str, pa.Table]) -> list[str]:
    """Say where two contents differ, with the first rows that only one of them has."""
    assert one.keys() == other.keys()
    return [f"{name}: {_first_difference(one[name], other[name])}" for name in one if not one[name].equals(other[name])]


def _first_difference(one: pa.Table, other: pa.Table) -> str:
    ours, theirs = one.to_pylist(), other.to_pylist()
    lost = next((row for row in ours if row not in theirs), None)
    more = next((row for row in theirs if row not in ours), None)
    return f"{len(ours)} and {len(theirs)} rows; only the first has {lost}; only the second has {more}"


def counts(home: Path) -> dict[str, int]:
    """Count the rows of core and history."""
    return {name: rows.num_rows for name, rows in content(home).items() if name not in MARTS}


def ledger(home: Path, sql: str) -> list[dict[str, object]]:
    """Ask the ledger's published copy."""
    with open_published_ops(Home(home)) as ops:
        rows: list[dict[str, object]] = ops.execute(sql).to_arrow_table().to_pylist()
        return rows
