"""How fast questions are answered: each beside the best SQL by hand over bare tables, and the past beside the present.

    python -m bench.queries [--scale 0.1,1] [--rounds 3] [--only company_daily] [--at FOLDER]

makes a warehouse (3,000 securities over ten years, 7.5 million bars, 2 million facts, 1 million articles' metadata at
scale 1), publishes it as it would be, and asks every question of `docs/questions` and both of each mart. Each question
has a process of its own, in which ours and the one by hand take turns; both must give the same answer, and no question
of an empty one. One that reads no mart, no view and no past is by hand itself: it is over bare tables.
`bench/README.md` has the figures.
"""

import argparse
import json
import math
import multiprocessing
import re
import resource
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from string import Template
from typing import Any

import duckdb

from bench.made_warehouse import Size, make
from warehouse.tables.catalog import TABLES
from warehouse.tables.marts import VIEWS
from warehouse.tables.table import Load, View
from warehouse.views import sql_of

QUESTIONS = Path(__file__).parents[1] / "docs" / "questions"
BY_HAND = Path(__file__).parent / "hand_written"
# A comment or a literal is matched whole, so that names in it stay as they are.
_NAMED = re.compile(r"--[^\n]*|'[^']*'|\bmart\.[a-z_]+\b")
THEN = "2024-06-30T18:00:00+08:00"
BY_HAND_AIM, PAST_AIM, MILLISECONDS_AIM = 2.0, 3.0, 400.0
"""Ours by the one by hand; the past by the present; and what "low hundreds of milliseconds" is held to be."""
_COMPUTED = re.compile(rf"\b(mart_as_of\.|as_of\.|{'|'.join(re.escape(view.name) + chr(92) + 'b' for view in VIEWS)})")


@dataclass(frozen=True)
class Pair:
    """A question, and what it is held against; `is_equal` where both must give the same answer."""

    name: str
    ours: str
    other: str = ""
    is_equal: bool = True

    @property
    def is_bare(self) -> bool:
        """Whether ours reads stored tables alone, as one would by hand."""
        return not _COMPUTED.search(self.ours)


@dataclass(frozen=True)
class Timed:
    """What a pair took: by the clock and of processor, in seconds, round by round; and the peak of memory in MB."""

    clock: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    other_clock: list[float] = field(default_factory=list)
    other_cpu: list[float] = field(default_factory=list)
    megabytes: float = 0.0
    rows: int = 0

    @property
    def milliseconds(self) -> float:
        """What one waits, in the middle of all rounds."""
        return 1_000 * statistics.median(self.clock)

    @property
    def ratio(self) -> float | None:
        """Processor of ours over that of the other, in the middle of all rounds."""
        each = [ours / other for ours, other in zip(self.cpu, self.other_cpu, strict=True)] if self.other_cpu else []
        return statistics.median(each) if each else None


def questions() -> Iterator[Pair]:
    """Give every example question with the one by hand beside it, where it is not over bare tables itself."""
    for path in sorted(QUESTIONS.glob("*.sql")):
        yield _beside(path.stem[3:], path.read_text(encoding="utf-8"))
    for view in VIEWS:
        if view.schema == "mart":
            for number, example in enumerate(view.examples, start=1):
                yield _beside(f"{view.base}_{number}", example.sql)


def pasts() -> Iterator[Pair]:
    """Give the past of every table with versions beside its present, as a whole, and of every mart for one company."""
    for table in TABLES:
        if table.schema == "core" and table.load in (Load.CHOSEN, Load.MERGE):
            whole = f"SELECT {', '.join(f'max({name})' for name in table.content)}, count(*) FROM"
            yield Pair(f"as_of.{table.base}", f"{whole} as_of.{table.base}('{THEN}')", f"{whole} {table.name}", False)
    for view in VIEWS:
        if view.schema == "mart":
            one = "owner_id = 'lei-jun'" if view.base == "follower_growth" else "company_id = 'xiaomi'"
            past = f"FROM mart_as_of.{view.base}('{THEN}', companies := ['xiaomi']) WHERE {one}"
            yield Pair(f"mart_as_of.{view.base}", past, f"FROM ({_computed(view)}) WHERE {one}", False)


def _computed(view: View) -> str:
    """Write a mart's query as one that reads no written mart: what is asked is computed, as the past always is."""
    by_name = {one.name: one for one in VIEWS}
    return _NAMED.sub(
        lambda found: f"({_computed(by_name[found[0]])})" if found[0].startswith("mart.") else found[0], sql_of(view)
    )


def _beside(name: str, sql: str) -> Pair:
    path = BY_HAND / f"{name}.sql"
    parts = {part.stem: part.read_text(encoding="utf-8").strip() for part in (BY_HAND / "parts").glob("*.sql")}
    return Pair(name, sql, Template(path.read_text(encoding="utf-8")).substitute(parts) if path.exists() else "")


def ask(path: Path, pair: Pair, rounds: int) -> Timed:
    """Ask both in turns, over a warehouse that is open read-only on two threads.

    Raises AssertionError where the answers differ.
    """
    timed = Timed()
    with duckdb.connect(str(path), read_only=True, config={"threads": 2}) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute("SET enable_progress_bar = false")
        answer = once(connection, pair.ours, [], [])
        megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        if pair.other:
            other = once(connection, pair.other, [], [])
            if pair.is_equal:
                require_equal(pair.name, answer, other)
        for _ in range(rounds):
            once(connection, pair.ours, timed.clock, timed.cpu)
            if pair.other:
                once(connection, pair.other, timed.other_clock, timed.other_cpu)
    return Timed(timed.clock, timed.cpu, timed.other_clock, timed.other_cpu, megabytes, len(answer))


def once(connection: duckdb.DuckDBPyConnection, sql: str, clock: list[float], cpu: list[float]) -> list[dict[str, Any]]:
    """Ask, note what it took by the clock and of processor, and give the rows."""
    began, began_cpu = time.perf_counter(), time.process_time()
    answer = connection.sql(sql).to_arrow_table()
    clock.append(time.perf_counter() - began)
    cpu.append(time.process_time() - began_cpu)
    rows: list[dict[str, Any]] = answer.to_pylist()
    return rows


def require_equal(name: str, ours: Sequence[dict[str, Any]], other: Sequence[dict[str, Any]]) -> None:
    """Hold two answers against each other, in whatever order; numbers may differ in their tenth digit."""
    assert len(ours) == len(other), f"{name}: {len(ours)} rows, by hand {len(other)}"
    for one, two in zip(sorted(map(_row, ours), key=_order), sorted(map(_row, other), key=_order), strict=True):
        is_same = all(_agree(left, right) for left, right in zip(one, two, strict=True))
        assert is_same, f"{name}: {one}, by hand {two}"


def _row(row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(float(value) if type(value) in (int, Decimal) else value for value in row.values())


def _order(row: tuple[Any, ...]) -> str:
    return repr([f"{value:.8g}" if isinstance(value, float) else value for value in row])


def _agree(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)
    return bool(one == other)


def measure(path: Path, pair: Pair, rounds: int) -> Timed:
    """Ask in a process of its own, so that its memory is its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(ask, (path, pair, rounds))


def show(pairs: Sequence[Pair], found: Sequence[dict[str, Timed]], scales: Sequence[float]) -> None:
    """Print a line for each question: milliseconds at each scale; rows, memory and the ratio at the last one."""
    heads = "".join(f"{f'x{scale:g}':>10}" for scale in scales)
    print(f"\n{'milliseconds':<46}{heads}{'ratio':>9}{'rows':>9}{'MB':>7}")
    for pair in pairs:
        last = found[-1][pair.name]
        alone = "bare" if pair.is_bare else "none"
        ratio = f"{last.ratio:9.2f}" if last.ratio is not None else f"{alone:>9}"
        times = "".join(f"{each[pair.name].milliseconds:10.0f}" for each in found)
        print(f"{pair.name:<46}{times}{ratio}{last.rows:9,}{last.megabytes:7.0f}")


def sum_up(found: dict[str, Timed], pairs: Sequence[Pair], aim: float) -> str:
    """Say how many questions keep within the aims, which do not, and which are answered with nothing."""
    slow = [pair.name for pair in pairs if not (pair.is_bare or (found[pair.name].ratio or math.inf) <= aim)]
    empty = [pair.name for pair in pairs if not found[pair.name].rows]
    late = [pair.name for pair in pairs if found[pair.name].milliseconds > MILLISECONDS_AIM]
    return (
        f"within {aim:g} times: {len(pairs) - len(slow)} of {len(pairs)}"
        + (f" (not {', '.join(slow)})" if slow else "")
        + f"; within {MILLISECONDS_AIM:.0f} ms: {len(pairs) - len(late)}"
        + (f" (not {', '.join(late)})" if late else "")
        + (f"; without an answer: {', '.join(empty)}" if empty else "")
    )


def main() -> None:
    """Make the warehouses, ask everything, print the tables."""
    told = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    told.add_argument("--scale", default="0.1,1", help="sizes, as 0.1,1,10")
    told.add_argument("--rounds", type=int, default=3)
    told.add_argument("--only", default="", help="part of the names of the questions to ask")
    told.add_argument("--at", type=Path, help="folder that keeps the warehouses made, and has those of before")
    arguments = told.parse_args()
    scales = [float(one) for one in arguments.scale.split(",")]
    groups = [
        (BY_HAND_AIM, [pair for pair in questions() if arguments.only in pair.name]),
        (PAST_AIM, [pair for pair in pasts() if arguments.only in pair.name]),
    ]
    folder = arguments.at or Path(tempfile.mkdtemp(prefix="dragongate-queries-"))
    try:
        found = [
            _at_scale(folder, scale, [pair for _, pairs in groups for pair in pairs], arguments.rounds)
            for scale in scales
        ]
        for aim, pairs in groups:
            show(pairs, found, scales)
            print(sum_up(found[-1], pairs, aim))
    finally:
        if arguments.at is None:
            shutil.rmtree(folder)


def _at_scale(folder: Path, scale: float, pairs: Sequence[Pair], rounds: int) -> dict[str, Timed]:
    path = folder / f"made-{scale:g}.duckdb"
    if not path.exists():
        began = time.perf_counter()
        folder.mkdir(parents=True, exist_ok=True)
        counts = make(path, Size().times(scale))
        rows = {name: counts[name] for name in ("core.daily_quotes", "core.financial_facts", "core.articles")}
        took, megabytes = time.perf_counter() - began, path.stat().st_size >> 20
        print(f"x{scale:g}: made in {took:.0f} s, {megabytes} MB, {json.dumps(rows)}", flush=True)
    found = {}
    for pair in pairs:
        found[pair.name] = measure(path, pair, rounds)
        print(f"  {pair.name}: {found[pair.name].milliseconds:.0f} ms", flush=True)
    return found


if __name__ == "__main__":
    main()
