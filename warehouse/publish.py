"""Write, audit, publish: bring what is checked before readers, whole, in one step.

A new generation is written beside the old ones, audited through a fresh connection, and only then shown. A table
that fails a blocking check keeps its last good content, and so do the tables that are chosen from it; marts are views,
or written from the tables of the generation, and follow. Whatever goes wrong before the link moves, readers go on with
the generation they have.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import duckdb
import pyarrow as pa

from warehouse.audit import audit
from warehouse.checks import run_checks
from warehouse.copying import attached, columns_of, copy_definitions, copy_rows, insert, is_same, own_catalog
from warehouse.database import Warehouse
from warehouse.errors import cause_of
from warehouse.forgotten import holds_forgotten, is_anything_forgotten, leave_out_forgotten, remove_holding
from warehouse.generations import Generations, PublishError
from warehouse.home import Home
from warehouse.publish_ops import publish_ops
from warehouse.sql import number as counted
from warehouse.tables.catalog import BY_NAME, TABLES
from warehouse.tables.ops import PUBLICATIONS
from warehouse.tables.table import Load
from warehouse.verdict import Verdict, judge
from warehouse.written_marts import write_marts

__all__ = ["Publication", "PublishError", "publish", "publish_ops", "rollback"]

_NEXT = "dragongate_next"
_LAST = "dragongate_last"
_MOVED = """
    SELECT count(*) FROM "{own}".raw.snapshots AS one JOIN "{other}".raw.snapshots AS other USING (snapshot_id)
    WHERE (one.archive_file, one.archive_offset) IS DISTINCT FROM (other.archive_file, other.archive_offset)
"""
"""Saved answers whose file was written anew since a generation was published."""


@dataclass(frozen=True, slots=True)
class Publication:
    """What a publication came to."""

    generation: int
    """The one that readers see."""
    is_new: bool
    """False when nothing had changed."""
    kept: Mapping[str, str] = field(default_factory=dict)
    """Tables that show their last good content, with the check that kept each back."""


def publish(
    home: Home,
    warehouse: Warehouse,
    *,
    run_id: str,
    now: datetime,
    checks: pa.Table | None = None,
    keep: int = 5,
    accept: Mapping[str, str] | None = None,
) -> Publication:
    """Publish what the warehouse holds, table by table as its checks allow; `accept` maps a check to a reason.

    `checks` are those that this run has made of the warehouse as it stands; they are made here when it has not.

    Raises PublishError when the new file cannot be written or fails its audit, or `accept` names no failed check.
    """
    generations = Generations(home.published)
    try:
        generations.sweep()
        _agree(warehouse, generations)
        if checks is None:
            checks = run_checks(warehouse, run_id=run_id, now=now)
            warehouse.append({"ops.checks": checks})
        verdict = _judge(checks, accept or {})
        return _publish(warehouse, generations, verdict, run_id=run_id, now=now, keep=keep)
    except (duckdb.Error, OSError) as error:
        raise PublishError(
            f"publishing stopped: {cause_of(error)}. {_still(generations)} Nothing is lost: publish again."
        ) from error


def _publish(
    warehouse: Warehouse, generations: Generations, verdict: Verdict, *, run_id: str, now: datetime, keep: int
) -> Publication:
    newest = max(generations.numbers(), default=None)
    is_forgetting = is_anything_forgotten(warehouse.connection)
    if newest is not None and is_forgetting and holds_forgotten(warehouse.connection, generations, newest):
        newest = None
    if newest is not None and _is_unchanged(warehouse, generations, newest, verdict):
        if generations.shown() is None:
            generations.show(newest)
        return Publication(generations.shown() or newest, is_new=False, kept=verdict.kept)
    number = 1 + max([0, *generations.numbers(), *_recorded(warehouse)])
    rows = _write(warehouse, generations, verdict, number=number, run_id=run_id, now=now)
    generations.show(number)
    warehouse.append({"ops.publications": rows})
    generations.keep_newest(keep)
    if is_forgetting:
        remove_holding(warehouse.connection, generations)
    return Publication(number, is_new=True, kept=verdict.kept)


def rollback(home: Home, warehouse: Warehouse, *, to: int | None = None) -> int:
    """Show an earlier generation again, the one before unless `to` names another, and give its number.

    The next publication goes out only when there is something newer than what was taken back.
    Raises PublishError when there is no such generation.
    """
    generations = Generations(home.published)
    shown = generations.shown()
    kept = generations.numbers()
    target = max((one for one in kept if shown and one < shown), default=None) if to is None else to
    if target is None or target not in kept:
        there = ", ".join(map(str, kept)) or "none"
        raise PublishError(f"there is no generation to go back to; shown is {shown or 'none'}, kept are {there}")
    generations.show(target)
    _record_withdrawn(warehouse, target)
    return target


def _judge(checks: pa.Table, accept: Mapping[str, str]) -> Verdict:
    try:
        return judge(checks, accept)
    except ValueError as error:
        raise PublishError(str(error)) from error


def _write(
    warehouse: Warehouse, generations: Generations, verdict: Verdict, *, number: int, run_id: str, now: datetime
) -> pa.Table:
    """Build a generation, audit it and give it its name; the link does not show it yet."""
    built = generations.building(str(number))
    unique = [one.name for one in TABLES if one.load is not Load.LEDGER and one.name not in verdict.double_keys]
    try:
        counts, rows = _build(warehouse, generations, verdict, number=number, run_id=run_id, now=now)
        problems = audit(built, counts, unique=unique, now=now)
        if problems:
            raise PublishError(f"generation {number} failed its audit: {'; '.join(problems)}. {_still(generations)}")
        generations.take(built, number)
    except (duckdb.Error, OSError) as error:
        raise PublishError(
            f"generation {number} could not be written: {cause_of(error)}. {_still(generations)} "
            f"Make room or mend the folder {generations.folder}, then publish again."
        ) from error
    finally:
        generations.sweep()
    return rows


def _build(
    warehouse: Warehouse, generations: Generations, verdict: Verdict, *, number: int, run_id: str, now: datetime
) -> tuple[dict[str, int], pa.Table]:
    connection = warehouse.connection
    shown = generations.shown()
    own = own_catalog(connection)
    with attached(connection, generations.building(str(number)), _NEXT):
        copy_definitions(connection, _NEXT)
        there = columns_of(connection, _NEXT)
        held_back = [name for table in verdict.kept for name in (table, _history(table)) if name in there]
        counts = dict.fromkeys(there, 0)
        counts |= copy_rows(connection, there.keys() - {*held_back}, source=own, target=_NEXT)
        if shown is not None and held_back:
            with attached(connection, generations.path(shown), _LAST, read_only=True):
                counts |= copy_rows(connection, held_back, source=_LAST, target=_NEXT)
            counts |= leave_out_forgotten(connection, _NEXT)
        said = _said(warehouse, verdict, counts, shown=shown, number=number)
        rows = PUBLICATIONS.arrow([{**one, "run_id": run_id, "published_at": now} for one in said])
        insert(connection, rows, f"{_NEXT}.ops.publications")
        marts = write_marts(connection, _NEXT, counts)
    return {**counts, **marts, "ops.publications": counts["ops.publications"] + rows.num_rows}, rows


def _history(table: str) -> str:
    return f"history.{BY_NAME[table].base}"


def _said(
    warehouse: Warehouse, verdict: Verdict, counts: Mapping[str, int], *, shown: int | None, number: int
) -> Iterator[dict[str, object]]:
    before = _content_generations(warehouse, shown)
    for table in (one.name for one in TABLES if one.name in counts):
        is_kept = table in verdict.kept
        yield {
            "generation": number,
            "table_name": table,
            "state": "kept" if is_kept else "published",
            "reason": verdict.kept.get(table) or verdict.accepted.get(table),
            "row_count": counts[table],
            "content_generation": before.get(table, shown or 0) if is_kept else number,
        }


def _is_unchanged(warehouse: Warehouse, generations: Generations, newest: int, verdict: Verdict) -> bool:
    """Say whether readers of the newest generation would see no difference in core, history and marts.

    One that tells wrong places of saved answers is not as it should be either. What else the pipeline did (`raw` and
    `ops`) changes with every run and goes out by itself in `ops.duckdb`.
    """
    connection = warehouse.connection
    kept_then = {
        table
        for (table,) in connection.execute(
            "SELECT table_name FROM ops.publications WHERE generation = ? AND content_generation < generation", [newest]
        ).fetchall()
    }
    if kept_then != verdict.kept.keys():
        return False
    own = own_catalog(connection)
    held_back = {name for table in verdict.kept for name in (table, _history(table))}
    tables = [one for one in columns_of(connection, own) if one.startswith(("core.", "history."))]
    try:
        with attached(connection, generations.path(newest), _LAST, read_only=True):
            is_moved = counted(connection, _MOVED.format(own=own, other=_LAST)) > 0
            return not is_moved and is_same(connection, [one for one in tables if one not in held_back], own, _LAST)
    except duckdb.IOException:
        # Somebody has damaged the newest file, or holds it open for writing: the remedy is a new one.
        return False


def _agree(warehouse: Warehouse, generations: Generations) -> None:
    """Bring the ledger and the folder together after a publication or a rollback that was killed half way."""
    shown = generations.shown()
    for number in set(generations.numbers()) - _recorded(warehouse):
        if shown is None or number > shown:
            generations.remove(number)
    if shown is None:
        return
    if shown not in _recorded(warehouse):
        with attached(warehouse.connection, generations.path(shown), _LAST, read_only=True):
            warehouse.connection.execute(
                f"INSERT INTO ops.publications BY NAME SELECT * FROM {_LAST}.ops.publications "
                "WHERE generation NOT IN (SELECT generation FROM ops.publications)"
            )
    _record_withdrawn(warehouse, shown)


def _record_withdrawn(warehouse: Warehouse, shown: int) -> None:
    """Mark the generations after the one that is shown as withdrawn, and it and those before as they were."""
    warehouse.connection.execute(
        """
        UPDATE ops.publications SET state = CASE
            WHEN generation > $shown THEN 'withdrawn'
            WHEN content_generation < generation THEN 'kept'
            ELSE 'published' END
        WHERE state = 'withdrawn' OR generation > $shown
        """,
        {"shown": shown},
    )


def _recorded(warehouse: Warehouse) -> set[int]:
    found = warehouse.connection.execute("SELECT DISTINCT generation FROM ops.publications").fetchall()
    return {int(number) for (number,) in found}


def _content_generations(warehouse: Warehouse, generation: int | None) -> dict[str, int]:
    return dict(
        warehouse.connection.execute(
            "SELECT table_name, content_generation FROM ops.publications WHERE generation = ?", [generation]
        ).fetchall()
    )


def _still(generations: Generations) -> str:
    shown = generations.shown()
    return f"Readers still have generation {shown}." if shown else "Nothing is published yet."
