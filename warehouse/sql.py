"""The few phrases of SQL that every statement over a table definition is made of."""

from collections.abc import Iterable, Sequence

import duckdb


def listed(names: Iterable[str], of: str = "") -> str:
    """Write columns with commas between: `a, b`, or `of.a, of.b`."""
    prefix = f"{of}." if of else ""
    return ", ".join(f'{prefix}"{name}"' for name in names)


def same(names: Iterable[str], left: str, right: str) -> str:
    """Write that two rows agree in columns that are never empty, as in a join on a key."""
    return " AND ".join(f'{left}."{name}" = {right}."{name}"' for name in names)


def differs(names: Iterable[str], left: str, right: str) -> str:
    """Write that two rows differ somewhere; empty equals empty.

    Contents are compared column by column and not by a hash: DuckDB's own hash may change with its version, a stable
    one costs more than the comparison, and a column that a newer definition adds would change every hash.
    """
    each = (f'{left}."{name}" IS DISTINCT FROM {right}."{name}"' for name in names)
    return f"({' OR '.join(each) or 'false'})"


def packed(names: Sequence[str], of: str = "") -> str:
    """Write columns as one value that can be compared as a whole."""
    prefix = f"{of}." if of else ""
    each = ", ".join(f'"{name}" := {prefix}"{name}"' for name in names)
    return f"struct_pack({each or 'nothing := 0'})"


def assigned(names: Iterable[str], source: str) -> str:
    """Write the SET of an update from the columns of the same names."""
    return ", ".join(f'"{name}" = {source}."{name}"' for name in names)


def number(connection: duckdb.DuckDBPyConnection, query: str, parameters: object = None) -> int:
    """Ask for one whole number."""
    return int(connection.execute(query, parameters).fetchall()[0][0] or 0)


def numbers(connection: duckdb.DuckDBPyConnection, query: str) -> tuple[int, ...]:
    """Ask for one row of whole numbers."""
    return tuple(int(value or 0) for value in connection.execute(query).fetchall()[0])


def drop(connection: duckdb.DuckDBPyConnection, *names: str) -> None:
    """Let go of temporary tables."""
    for name in names:
        connection.execute(f"DROP TABLE IF EXISTS temp.{name}")
