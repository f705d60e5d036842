"""Ask every table, view and macro of a warehouse, whichever DuckDB runs this: `python asking_every_table.py FILE`."""

import json
import sys
from collections.abc import Iterator

import duckdb

THEN = "2025-01-02T17:00:00+08:00"
TABLES = "SELECT DISTINCT schema_name || '.' || table_name FROM duckdb_columns() WHERE NOT internal ORDER BY 1"
MACROS = """
    SELECT DISTINCT schema_name || '.' || function_name FROM duckdb_functions()
    WHERE NOT internal AND function_type = 'table_macro' ORDER BY 1
"""
UNCOMMENTED = """
    SELECT schema_name || '.' || table_name || '.' || column_name FROM duckdb_columns()
    WHERE NOT internal AND coalesce(comment, '') = '' ORDER BY 1
"""


def questions(connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, str]]:
    """Name what can be asked, with the words to ask it."""
    for (name,) in connection.execute(TABLES).fetchall():
        yield name, name
    for (name,) in connection.execute(MACROS).fetchall():
        yield f"{name} public", f"{name}('{THEN}')"
        yield f"{name} known", f"{name}('{THEN}', known_here := true)"


def main(file: str) -> None:
    """Print what came of each question as JSON: how many rows, and a sum of them all."""
    with duckdb.connect(file, read_only=True) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        answers, failures = {}, {}
        for name, source in questions(connection):
            # Rows as texts: the hash of a value may be another one in another version.
            ask = f"SELECT count(*), CAST(sum(md5_number_lower(CAST(row AS VARCHAR))) AS VARCHAR) FROM {source} AS row"
            try:
                answers[name] = connection.execute(ask).fetchone()
            except duckdb.Error as error:
                failures[name] = str(error)
        told = {
            "version": duckdb.__version__,
            "answers": answers,
            "failures": failures,
            "uncommented": [name for (name,) in connection.execute(UNCOMMENTED).fetchall()],
            "without_zone": refusal(connection),
        }
    sys.stdout.write(json.dumps(told))


def refusal(connection: duckdb.DuckDBPyConnection) -> str:
    """Ask as of a time without a zone, and give the first line of what is said."""
    try:
        connection.execute("FROM as_of.daily_quotes('2025-01-02T17:00:00')")
    except duckdb.Error as error:
        return str(error).splitlines()[0]
    return ""


if __name__ == "__main__":
    main(sys.argv[1])
