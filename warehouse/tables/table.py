"""What a table is.

From one `Table` come the DDL with comments, the load contract, the checks, the freshness and the data dictionary.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import pyarrow as pa


class Kind(StrEnum):
    """The DuckDB type of a column."""

    TEXT = "VARCHAR"
    TEXTS = "VARCHAR[]"
    INTEGER = "BIGINT"
    INTEGERS = "BIGINT[]"
    NUMBER = "DOUBLE"
    FLAG = "BOOLEAN"
    DAY = "DATE"
    INSTANT = "TIMESTAMPTZ"
    PRICE = "DECIMAL(18,6)"
    AMOUNT = "DECIMAL(38,6)"
    RATE = "DECIMAL(24,12)"


ARROW = {
    Kind.TEXT: pa.string(),
    Kind.TEXTS: pa.list_(pa.string()),
    Kind.INTEGER: pa.int64(),
    Kind.INTEGERS: pa.list_(pa.int64()),
    Kind.NUMBER: pa.float64(),
    Kind.FLAG: pa.bool_(),
    Kind.DAY: pa.date32(),
    Kind.INSTANT: pa.timestamp("us", tz="UTC"),
    Kind.PRICE: pa.decimal128(18, 6),
    Kind.AMOUNT: pa.decimal128(38, 6),
    Kind.RATE: pa.decimal128(24, 12),
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its type, what it means, in what unit, and whether it may be empty."""

    name: str
    kind: Kind
    description: str
    optional: bool = False
    unit: str = ""
    references: str = ""
    """The table that this id leads to."""
    in_content: bool = True
    """False for provenance and times: a row that differs only there has not changed."""


class Load(StrEnum):
    """How rows get into a table."""

    MERGE = "merge"
    """Versions by key, superseded rows in history."""
    CHOSEN = "chosen"
    """One row per key, chosen by rank among the readings of another table."""
    DERIVED = "derived"
    """Recomputed as a whole from other tables; rows that no longer follow go."""
    LEDGER = "ledger"
    """Written by the pipeline about itself."""


@dataclass(frozen=True, slots=True)
class Check:
    """One rule on a batch or a table. `sql` is a condition that every row must meet, over the table's columns."""

    name: str
    sql: str
    blocking: bool = True
    per_row: bool = True
    """True: the offending rows are rejected; False: the whole batch is, and the table keeps its last good content."""


@dataclass(frozen=True, slots=True)
class Freshness:
    """How old the data itself may be, by the table's own time column, before the table counts as stale."""

    column: str
    hours: int
    counts_sessions_of: str = ""
    """An exchange: closed days do not age the data."""


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the warehouse."""

    name: str
    """With its schema, as `core.daily_quotes`."""
    grain: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    load: Load = Load.MERGE
    checks: tuple[Check, ...] = ()
    fresh_within: Freshness | None = None
    chosen_from: str = ""
    """The table of readings that a chosen table picks from."""
    chosen_by: tuple[str, ...] = ("source_rank ASC", "available_at DESC", "fetched_at DESC", "snapshot_id ASC")
    """The order in which readings of one key are preferred, over the readings' columns and `source_rank`."""
    disputed_when: str = ""
    """A condition over `least_<c>` and `greatest_<c>` of the readings: the chosen row is then disputed."""
    disputed_within: tuple[str, ...] = ()
    """Only readings that agree with the chosen one in these columns can be compared with it."""
    note: str = ""
    keeps_past: bool = False
    """Of a derived table: what followed from former versions of its articles is kept, with its times."""

    @property
    def schema(self) -> str:
        """The layer: raw, core, mart or ops."""
        return self.name.partition(".")[0]

    @property
    def base(self) -> str:
        """The name without its layer."""
        return self.name.partition(".")[2]

    @property
    def content(self) -> tuple[str, ...]:
        """The columns whose change makes a new version: everything but the key, provenance and times."""
        return tuple(one.name for one in self.columns if one.in_content and one.name not in self.key)

    @property
    def stored(self) -> tuple[Column, ...]:
        """The columns of the table in the warehouse: its own, and what the loader adds."""
        return (*self.columns, *ADDED.get(self.load, ()))

    @property
    def history(self) -> str:
        """The table of superseded versions; empty for a table that keeps none."""
        return f"history.{self.base}" if self.load is Load.MERGE else ""

    @property
    def past(self) -> str:
        """The table of what followed at other times; empty for a table that keeps none."""
        return f"history.{self.base}" if self.keeps_past else ""

    @property
    def arrow_schema(self) -> pa.Schema:
        """The load contract as Arrow sees it."""
        return pa.schema([pa.field(one.name, ARROW[one.kind], nullable=one.optional) for one in self.columns])

    def arrow(self, rows: Iterable[Mapping[str, Any]]) -> pa.Table:
        """Make an Arrow table of rows; a column that no row names is empty.

        Raises KeyError for a column that this table does not have, ValueError for an empty mandatory one.
        """
        listed = list(rows)
        known = {one.name for one in self.columns}
        for row in listed:
            if not row.keys() <= known:
                raise KeyError(f"{self.name} has no column {', '.join(sorted(row.keys() - known))}")
        return self.conform(
            pa.Table.from_pylist(listed, schema=pa.schema([f.with_nullable(True) for f in self.arrow_schema]))
        )

    def conform(self, data: pa.Table) -> pa.Table:
        """Bring columns into this table's order and types; a missing optional column is added empty.

        Raises ValueError, naming table and column, for a missing or empty mandatory column or a lossy cast.
        """
        columns = []
        for one in self.columns:
            if one.name not in data.column_names:
                if not one.optional and data.num_rows:
                    raise ValueError(f"{self.name}.{one.name} is mandatory and missing")
                columns.append(pa.nulls(data.num_rows, ARROW[one.kind]))
                continue
            column = data.column(one.name)
            if column.null_count and not one.optional:
                raise ValueError(f"{self.name}.{one.name} is mandatory and empty in {column.null_count} rows")
            try:
                columns.append(column.cast(ARROW[one.kind]))
            except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
                raise ValueError(f"{self.name}.{one.name}: {error}") from error
        return pa.Table.from_arrays(columns, names=[one.name for one in self.columns])


def text(name: str, description: str, **more: Any) -> Column:
    """Make a text column."""
    return Column(name, Kind.TEXT, description, **more)


def texts(name: str, description: str, **more: Any) -> Column:
    """Make a column that holds a list of texts."""
    return Column(name, Kind.TEXTS, description, **more)


def integer(name: str, description: str, **more: Any) -> Column:
    """Make an exact whole-number column."""
    return Column(name, Kind.INTEGER, description, **more)


def integers(name: str, description: str, **more: Any) -> Column:
    """Make a column that holds a list of whole numbers."""
    return Column(name, Kind.INTEGERS, description, **more)


def number(name: str, description: str, **more: Any) -> Column:
    """Make a column of approximate numbers, for ratios and percentages."""
    return Column(name, Kind.NUMBER, description, **more)


def flag(name: str, description: str, **more: Any) -> Column:
    """Make a boolean column."""
    return Column(name, Kind.FLAG, description, **more)


def day(name: str, description: str, **more: Any) -> Column:
    """Make a calendar-day column."""
    return Column(name, Kind.DAY, description, **more)


def instant(name: str, description: str, **more: Any) -> Column:
    """Make an instant column, in UTC."""
    return Column(name, Kind.INSTANT, description, **more)


def price(name: str, description: str, **more: Any) -> Column:
    """Make an exact price column; a currency column stands beside it.

    Eighteen digits fit into 64 bits, and a price times a count of shares into a DECIMAL.
    """
    return Column(name, Kind.PRICE, description, **more)


def amount(name: str, description: str, **more: Any) -> Column:
    """Make an exact money or quantity column."""
    return Column(name, Kind.AMOUNT, description, **more)


def rate(name: str, description: str, **more: Any) -> Column:
    """Make an exact rate column."""
    return Column(name, Kind.RATE, description, **more)


def provenance(available: str) -> tuple[Column, ...]:
    """Make the columns that lead every core row back to its bytes; `available` says when a row was public."""
    return (
        text("source_id", "Source that said so", references="core.sources", in_content=False),
        text(
            "snapshot_id", "The saved bytes that this row was read from", references="raw.snapshots", in_content=False
        ),
        instant("available_at", available, in_content=False),
        instant("fetched_at", "When the source gave these bytes; versions are ordered by it", in_content=False),
        instant("first_seen_at", "When this warehouse first read this key; never moves", in_content=False),
    )


VERSIONS = (
    instant("confirmed_at", "Latest fetch in which the source still said the same", in_content=False),
    text("confirmed_snapshot_id", "The saved bytes of that fetch", references="raw.snapshots", in_content=False),
    instant("confirmed_seen_at", "When this warehouse first had those bytes", in_content=False),
    instant("public_from", "From when this version was public", in_content=False),
    instant("known_from", "From when this warehouse knew this version", in_content=False),
    text(
        "version_cause",
        "Why this version exists: first, source, late or manual; parser: a misreading of ours, since mended",
        in_content=False,
    ),
)
"""What the loader adds to every merged table. The latest fetch is kept whole, so that a version of which an older
recording turns out to lie in the midst can be taken apart again."""

HISTORY = (
    instant("public_to", "Until when this version was public, exclusive", in_content=False),
    instant("known_to", "Until when this warehouse held this version to be current, exclusive", in_content=False),
)
"""What `history.<name>` adds to those."""

PAST = (
    instant("public_from", "From when the public could know this; empty in a row of what we knew", optional=True),
    instant("public_to", "Until when, exclusive; empty for what still holds", optional=True),
    instant("known_from", "From when this warehouse knew this; empty in a row of what was public", optional=True),
    instant("known_to", "Until when, exclusive; empty for what still holds", optional=True),
)
"""What the past of a derived table has beside its columns. Whoever stands in it, by the first column of the key, stands
there whole: with what holds today, too."""

SETTLING = (
    instant("public_from", "From when any reading of this row was public", in_content=False),
    instant("public_settled_at", "When the newest reading of this row was public", in_content=False),
    instant("known_from", "From when this warehouse knew any reading of this row", in_content=False),
    instant("known_settled_at", "When this warehouse knew the newest reading of this row", in_content=False),
)
"""What the loader adds to every chosen table: a question about a later time than the settling needs no new choice."""

ADDED = {Load.MERGE: VERSIONS, Load.CHOSEN: SETTLING}
"""What the loader adds, by the way in which rows get into a table."""


@dataclass(frozen=True, slots=True)
class Example:
    """A question to a view, and the one query that answers it."""

    asked: str
    sql: str


def example(asked: str, sql: str) -> Example:
    """Make an example of a query that stands on lines of its own."""
    return Example(asked, sql.strip())


@dataclass(frozen=True, slots=True)
class View:
    """A view that is part of the model: its SQL lies beside the definitions, its columns are documented here."""

    name: str
    grain: str
    columns: tuple[Column, ...]
    sql_file: str
    reads: tuple[str, ...] = field(default=())
    note: str = ""
    examples: tuple[Example, ...] = ()

    @property
    def schema(self) -> str:
        """The layer: core, mart or ops."""
        return self.name.partition(".")[0]

    @property
    def base(self) -> str:
        """The name without its layer."""
        return self.name.partition(".")[2]
