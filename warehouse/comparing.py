"""Compare a rebuilt warehouse with the published one, row by row: which rows one alone has, and which differ where."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import duckdb

from warehouse.compared_sides import Sides, both_sides, compared_tables
from warehouse.copying import attached
from warehouse.errors import explaining
from warehouse.generations import Generations
from warehouse.home import Home
from warehouse.sql import differs, drop, listed, number, numbers

_PUBLISHED = "dragongate_published"
_LEDGER = "dragongate_ledger"
LONGEST = 200
"""Characters of an example: an article's text need not be told whole."""
Said = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class ColumnDifference:
    """One column in which rows of the same key differ."""

    column: str
    rows: int
    example_key: str
    published: str | None
    rebuilt: str | None


@dataclass(frozen=True, slots=True)
class TableDifference:
    """One table that is not the same."""

    table: str
    only_published: int
    only_rebuilt: int
    differing: int
    columns: tuple[ColumnDifference, ...] = ()
    example_only_published: str | None = None
    example_only_rebuilt: str | None = None
    other_columns: tuple[str, ...] = ()
    """Columns that only one of the two has: another version of Dragongate made the other."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What was compared, and every table in which the two are not the same."""

    generation: int
    tables: int
    rows: int
    """Rows of the rebuilt warehouse that were compared."""
    differences: tuple[TableDifference, ...] = ()

    @property
    def is_equal(self) -> bool:
        """Whether no difference was found but those by nature."""
        return not self.differences


def compare(
    connection: duckdb.DuckDBPyConnection, home: Home, *, said: Said = lambda done, total: None
) -> Comparison | None:
    """Compare the warehouse of a connection with the generation that readers see; none where nothing is published.

    The ledger's own copy stands for the tables that go out with every run. Raises WarehouseError where a published
    file is damaged.
    """
    generations = Generations(home.published)
    shown = generations.shown()
    if shown is None:
        return None
    names = compared_tables()
    found: list[TableDifference] = []
    rows = 0
    with (
        explaining(home.published, "What is published cannot be read"),
        attached(connection, generations.path(shown), _PUBLISHED, read_only=True),
        attached(connection, home.published_ops, _LEDGER, read_only=True),
    ):
        for done, sides in enumerate(both_sides(connection, names, shown, published=_PUBLISHED, ledger=_LEDGER)):
            said(done, len(names))
            rows += number(connection, f"SELECT count(*) FROM ({sides.rebuilt})")
            if sides.other_columns or not _agree(connection, sides):
                found.append(_difference(connection, sides))
    said(len(names), len(names))
    return Comparison(shown, len(names), rows, tuple(found))


def _agree(connection: duckdb.DuckDBPyConnection, sides: Sides) -> bool:
    """Compare as wholes: most tables are the same, and a sum over all rows tells that at once."""
    measure = f"count(*), coalesce(sum(CAST(hash({listed(sides.columns)}) AS HUGEINT)), 0)"
    published, rebuilt = (
        connection.execute(f"SELECT {measure} FROM ({query})").fetchone() for query in (sides.published, sides.rebuilt)
    )
    return bool(published == rebuilt)


def _difference(connection: duckdb.DuckDBPyConnection, sides: Sides) -> TableDifference:
    """Take the rows that both have away, and pair what is left by key."""
    drop(connection, "left_published", "left_rebuilt", "paired")
    for name, one, other in (
        ("left_published", sides.published, sides.rebuilt),
        ("left_rebuilt", sides.rebuilt, sides.published),
    ):
        rest = listed(one for one in sides.columns if one not in sides.key)
        connection.execute(
            f"CREATE TEMP TABLE {name} AS SELECT *, row_number() OVER (PARTITION BY {listed(sides.key)} "
            f"ORDER BY {rest or '1'}) AS dragongate_place FROM (({one}) EXCEPT ALL ({other}))"
        )
    key = listed((*sides.key, "dragongate_place"))
    published, rebuilt, differing = numbers(
        connection,
        "SELECT (SELECT count(*) FROM temp.left_published), (SELECT count(*) FROM temp.left_rebuilt), "
        f"(SELECT count(*) FROM temp.left_published JOIN temp.left_rebuilt USING ({key}))",
    )
    found = TableDifference(
        sides.name,
        only_published=published - differing,
        only_rebuilt=rebuilt - differing,
        differing=differing,
        columns=_columns(connection, sides, key) if differing else (),
        example_only_published=_lone(connection, sides, key, "left_published", "left_rebuilt"),
        example_only_rebuilt=_lone(connection, sides, key, "left_rebuilt", "left_published"),
        other_columns=sides.other_columns,
    )
    drop(connection, "left_published", "left_rebuilt")
    return found


def _columns(connection: duckdb.DuckDBPyConnection, sides: Sides, key: str) -> tuple[ColumnDifference, ...]:
    free = [one for one in sides.columns if one not in sides.key]
    pairs = f"FROM temp.left_published AS one JOIN temp.left_rebuilt AS other USING ({key})"
    parts = [f"count(*) FILTER ({differs([name], 'one', 'other')})" for name in free]
    counts = numbers(connection, f"SELECT {', '.join(parts)} {pairs}")
    found = []
    for name, rows in zip(free, counts, strict=True):
        if rows:
            values = ", ".join(f'left(CAST({side}."{name}" AS VARCHAR), {LONGEST})' for side in ("one", "other"))
            where = f"WHERE {differs([name], 'one', 'other')} ORDER BY {key} LIMIT 1"
            example = connection.execute(f"SELECT {_key_text(sides.key)}, {values} {pairs} {where}").fetchall()[0]
            found.append(ColumnDifference(name, rows, *example))
    return tuple(found)


def _lone(connection: duckdb.DuckDBPyConnection, sides: Sides, key: str, one: str, other: str) -> str | None:
    """Give the key of the first row that one side alone has."""
    found = connection.execute(
        f"SELECT {_key_text(sides.key)} FROM temp.{one} ANTI JOIN temp.{other} USING ({key}) ORDER BY {key} LIMIT 1"
    ).fetchone()
    return str(found[0]) if found else None


def _key_text(key: Sequence[str]) -> str:
    """Write a key as people give it to `why`."""
    return " || ',' || ".join(f"'{name}=' || coalesce(CAST(\"{name}\" AS VARCHAR), '')" for name in key)
