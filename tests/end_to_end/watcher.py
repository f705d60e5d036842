"""A reader that never rests: opens what is published again and again, and notes whatever is wrong with it.

Runs as a process of its own until its standard input ends, then says in JSON what it has seen.
"""

import json
import select
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import duckdb

PAUSE_SECONDS = 0.2
UNIQUE = {
    "core.daily_quotes": "security_id, trade_date",
    "core.daily_quotes_by_source": "security_id, trade_date, price_basis, source_id",
    "core.fx_rates": "base_currency, quote_currency, rate_date",
    "core.articles": "article_id",
}


def watch(published: Path) -> dict[str, Any]:
    """Look until told to stop."""
    looks, wrong, runs_before = Counter[str](), [], 0
    seen: list[dict[str, int]] = []
    files = {"warehouse": published / "warehouse.duckdb", "ops": published / "ops.duckdb"}
    there: set[str] = set()
    while True:
        is_told_to_stop = bool(select.select([sys.stdin], [], [], PAUSE_SECONDS)[0])
        for name, path in files.items():
            if name not in there and not path.exists():
                continue
            there.add(name)
            looks[name] += 1
            try:
                with duckdb.connect(str(path), read_only=True) as connection:
                    if name == "warehouse":
                        counts = _counts(connection)
                        seen.extend([counts] if counts not in seen else [])
                        wrong.extend(_double_keys(connection))
                        _ask_views(connection)
                    else:
                        runs = _number(connection, "SELECT count(*) FROM runs")
                        wrong.extend(["runs are lost from the ledger"] if runs < runs_before else [])
                        runs_before = runs
            except (duckdb.Error, OSError) as error:
                wrong.append(f"{name}: {error}")
        if is_told_to_stop:
            return {"looks": looks, "wrong": wrong, "seen": seen}


def _counts(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    names = connection.execute(
        "SELECT schema_name || '.' || table_name FROM duckdb_tables() WHERE schema_name IN ('core', 'history')"
    ).fetchall()
    return {name: _number(connection, f"SELECT count(*) FROM {name}") for (name,) in sorted(names)}


def _double_keys(connection: duckdb.DuckDBPyConnection) -> list[str]:
    double = "SELECT count(*) FROM (SELECT 1 FROM {} GROUP BY {} HAVING count(*) > 1)"
    return [name for name, key in UNIQUE.items() if _number(connection, double.format(name, key))]


def _ask_views(connection: duckdb.DuckDBPyConnection) -> None:
    views = connection.execute(
        "SELECT schema_name || '.' || view_name FROM duckdb_views() WHERE schema_name IN ('core', 'mart')"
    ).fetchall()
    for (name,) in views:
        connection.execute(f"SELECT * FROM {name} LIMIT 1").fetchall()


def _number(connection: duckdb.DuckDBPyConnection, sql: str) -> int:
    found = connection.execute(sql).fetchone()
    return int(found[0]) if found else 0


if __name__ == "__main__":
    sys.stdout.write(json.dumps(watch(Path(sys.argv[1]))))
