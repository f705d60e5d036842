"""Whole generations as Parquet, one immutable folder each, for programs that refresh from files.

    EXPORTS/
      generation-7/manifest.json             tables, columns, units, files with hashes, sources and their terms
      generation-7/core/companies/data.parquet
      generation-7/core/daily_quotes/partition_year=2024/data_0.parquet     a large table, by year
      current.json                           which folder is the one that readers of the warehouse see
      current                                a link to it, where the disk knows links

A folder is written under another name and gets its own in one step, so a folder with its name is whole.
"""

import json
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
from filelock import FileLock

from warehouse.copying import quoted
from warehouse.exports.about import state
from warehouse.exports.manifest import Exportable, Written, exportables, manifest, state_told
from warehouse.generations import make_durable
from warehouse.home import Home
from warehouse.published import open_published
from warehouse.sql import number

MANIFEST, CURRENT = "manifest.json", "current"
LARGE = 1_000_000
"""Rows from which a table is parted by year."""
_HALF, _GOING = ".writing-", ".removing-"
_GENERATION = "generation-"


class ExportError(Exception):
    """A generation cannot be exported there; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export came to."""

    generation: int
    folder: Path
    is_new: bool
    """False when this generation was there already."""
    tables: int
    files: int
    bytes: int
    removed: tuple[str, ...] = ()


def export(home: Home, root: Path, *, keep: int = 0, large: int = LARGE) -> Exported:
    """Write the generation that readers see as Parquet below `root`, unless it is there, and point to it.

    `keep` generations stay, the newest and the one that is pointed to; 0 keeps all.
    Raises NothingPublished, ExportError where another warehouse's generation of that number lies there, OSError.
    """
    root.mkdir(parents=True, exist_ok=True)
    with open_published(home) as connection, FileLock(root / ".lock"):
        _sweep(root)
        told = state_told(state(connection))
        folder = root / f"{_GENERATION}{told['generation']}"
        is_new = not folder.exists()
        if is_new:
            _write(connection, root, folder, large)
        content = _read(folder)
        if content["published_at"] != told["published_at"]:
            raise ExportError(
                f"{folder} is of another warehouse ({content['published_at']}): give another folder with --to"
            )
        _point(root, folder, told)
        files = [one for table in content["tables"] for one in table["files"]]
        removed = tuple(_remove_older(root, folder, keep)) if keep else ()
    size = sum(one["bytes"] for one in files)
    return Exported(told["generation"], folder, is_new, len(content["tables"]), len(files), size, removed)


def _write(connection: duckdb.DuckDBPyConnection, root: Path, folder: Path, large: int) -> None:
    half = root / f"{_HALF}{folder.name}"
    half.mkdir()
    written = [_copy(connection, half, one, large) for one in exportables(connection)]
    content = manifest(connection, state(connection), half, written)
    (half / MANIFEST).write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    for path in sorted(half.rglob("*"), reverse=True):
        make_durable(path)
        if path.is_file():
            path.chmod(0o444)
    make_durable(half)
    half.rename(folder)
    make_durable(root)


def _copy(connection: duckdb.DuckDBPyConnection, half: Path, table: Exportable, large: int) -> Written:
    target = half / table.folder
    target.mkdir(parents=True)
    rows = number(connection, f"SELECT count(*) FROM {table.name}")
    column = _day_of(connection, table) if rows >= large else ""
    if column:
        connection.execute(
            f'COPY (SELECT *, year("{column}") AS partition_year FROM {table.name}) TO {quoted(str(target))} '
            "(FORMAT parquet, PARTITION_BY (partition_year), OVERWRITE_OR_IGNORE)"
        )
    else:
        connection.execute(f"COPY (FROM {table.name}) TO {quoted(str(target / 'data.parquet'))} (FORMAT parquet)")
    return Written(table, rows, column)


def _day_of(connection: duckdb.DuckDBPyConnection, table: Exportable) -> str:
    """Name the first day, or else instant, of a table that is always filled; none where there is none."""
    for kind in ("DATE", "TIMESTAMP WITH TIME ZONE"):
        for one in table.columns:
            empty = f'SELECT count(*) FROM {table.name} WHERE "{one.column}" IS NULL'
            if one.kind == kind and not number(connection, empty):
                return one.column
    return ""


def _read(folder: Path) -> dict[str, Any]:
    try:
        content: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ExportError(f"{folder} has no readable {MANIFEST} ({error}): remove the folder, then try again") from None
    return content


def _point(root: Path, folder: Path, told: dict[str, Any]) -> None:
    """Tell readers of files which folder is the current one: a small file everywhere, a link where there are links."""
    step = root / f".{CURRENT}.json"
    pointer = {**told, "folder": folder.name, "manifest": f"{folder.name}/{MANIFEST}"}
    step.write_text(json.dumps(pointer, indent=1) + "\n", encoding="utf-8")
    make_durable(step)
    step.replace(root / f"{CURRENT}.json")
    with suppress(OSError, NotImplementedError):
        link = root / f".{CURRENT}"
        link.unlink(missing_ok=True)
        link.symlink_to(folder.name, target_is_directory=True)
        link.replace(root / CURRENT)
    make_durable(root)


def exported_folders(root: Path) -> tuple[Path, ...]:
    """List the generations that were exported into a folder, the oldest first; none where there is no such folder."""
    return tuple(sorted(root.glob(f"{_GENERATION}*"), key=lambda one: int(one.name.removeprefix(_GENERATION))))


def _remove_older(root: Path, current: Path, keep: int) -> Iterator[str]:
    for one in exported_folders(root)[:-keep]:
        if one != current:
            # Under its own name a folder is whole, so it loses that first.
            shutil.rmtree(one.rename(root / f"{_GOING}{one.name}"))
            yield one.name


def _sweep(root: Path) -> None:
    """Remove what an export that was killed left half written or half removed."""
    for pattern in (f"{_HALF}*", f"{_GOING}*"):
        for left in root.glob(pattern):
            shutil.rmtree(left)
