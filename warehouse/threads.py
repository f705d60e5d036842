"""How many threads DuckDB works with: for little data, waking several costs more than they bring."""

from pathlib import Path

import duckdb

SMALL_FILE = 48_000_000
"""Bytes; the definitions alone, with the comments on every column, take a third of it."""
LARGE_BATCH = 30_000
"""Rows; DuckDB shares no fewer among its threads."""


def suit_file(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Work on a small file, or one that is yet to be made, with one thread."""
    if not path.exists() or path.stat().st_size < SMALL_FILE:
        connection.execute("SET threads = 1")


def suit_batch(connection: duckdb.DuckDBPyConnection, rows: int) -> None:
    """From a large batch on, work with all threads that there are."""
    if rows >= LARGE_BATCH:
        connection.execute("RESET threads")
