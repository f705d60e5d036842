"""What `manifest.json` of an exported generation says: tables, columns, files with their hashes, sources and terms."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path
from typing import Any

import duckdb

from warehouse.exports.about import Definition, State, Terms, definitions, sources_of, terms_of

FORMAT = "dragongate-export-1"
_PASSING_ON = (
    "A table or source whose may_be_redistributed is false is for whoever runs this warehouse and not to be passed on; "
    "terms says why."
)
_TABLES = """
    SELECT schema_name || '.' || table_name, coalesce(comment, '') FROM duckdb_tables()
    WHERE database_name = current_database() AND schema_name IN ('core', 'mart')
    UNION ALL
    SELECT schema_name || '.' || view_name, coalesce(comment, '') FROM duckdb_views()
    WHERE database_name = current_database() AND schema_name IN ('core', 'mart')
    ORDER BY ALL
"""


@dataclass(frozen=True, slots=True)
class Exportable:
    """One table or view that is exported, and what is known of it."""

    name: str
    meaning: str
    columns: tuple[Definition, ...]
    sources: tuple[str, ...]

    @property
    def folder(self) -> Path:
        """Where its files lie: `core/daily_quotes`."""
        return Path(*self.name.split("."))


@dataclass(frozen=True, slots=True)
class Written:
    """One table as it was written."""

    table: Exportable
    rows: int
    partitioned_by: str
    """The column by whose year the files are parted; empty where there is one file."""


def exportables(connection: duckdb.DuckDBPyConnection) -> list[Exportable]:
    """List core and mart of the open generation."""
    found = connection.execute(_TABLES).fetchall()
    columns = definitions(connection, [name for name, _ in found])
    return [
        Exportable(
            name,
            meaning,
            tuple(one for one in columns if one.table == name),
            tuple(sources_of(connection, [name])),
        )
        for name, meaning in found
    ]


def manifest(connection: duckdb.DuckDBPyConnection, state: State, folder: Path, written: Sequence[Written]) -> Any:
    """Say what lies in a folder."""
    terms = terms_of(connection, sorted({source for one in written for source in one.table.sources}))
    return {
        "format": FORMAT,
        **state_told(state),
        "passing_on": _PASSING_ON,
        "may_be_redistributed": all(one.may_be_redistributed for one in terms),
        "sources": [{name: getattr(one, name) for name in Terms.__slots__} for one in terms],
        "tables": [_table(folder, one, terms) for one in written],
    }


def state_told(state: State) -> dict[str, Any]:
    """Say which generation it is, and as of when."""
    newest = state.newest_answer_at
    return {
        "generation": state.generation,
        "published_at": state.published_at.isoformat(),
        "newest_answer_at": newest.isoformat() if newest else None,
    }


def _table(folder: Path, written: Written, terms: Sequence[Terms]) -> dict[str, Any]:
    table = written.table
    forbidding = {one.source_id for one in terms if not one.may_be_redistributed}
    return {
        "name": table.name,
        "meaning": table.meaning,
        "rows": written.rows,
        "partitioned_by_year_of": written.partitioned_by or None,
        "sources": list(table.sources),
        "may_be_redistributed": not forbidding.intersection(table.sources),
        "columns": [
            {"name": one.column, "type": one.kind, "unit": one.unit, "meaning": one.meaning} for one in table.columns
        ],
        "files": [_file(folder, one) for one in sorted((folder / table.folder).rglob("*.parquet"))],
    }


def _file(folder: Path, path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        digest = file_digest(file, "sha256").hexdigest()
    return {"path": path.relative_to(folder).as_posix(), "bytes": path.stat().st_size, "sha256": digest}
