"""The pieces of work that are measured: taking an archive in, and what it is compared with.

Each is given the folder with the archive and a folder of its own, and gives the number of bars. Nothing is imported
at the top that another piece of work would then carry in its memory.
"""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from pkgutil import resolve_name
from typing import Any
from unittest.mock import patch

ARCHIVE = "bench.warc.gz"


@dataclass
class Parts:
    """How long each part of a piece of work took, by the clock."""

    seconds: dict[str, float] = field(default_factory=dict)

    def timed(self, part: str, call: Callable[..., Any]) -> Callable[..., Any]:
        """Give a function that notes how long it took."""

        def called(*arguments: Any, **named: Any) -> Any:
            started = time.perf_counter()
            try:
                return call(*arguments, **named)
            finally:
                self.seconds[part] = self.seconds.get(part, 0.0) + time.perf_counter() - started

        return called


PARTS = {
    "open the warehouse": "warehouse.database.Warehouse.__init__",
    "keep the archive": "extractors.archive.Archive.adopt",
    "tidy": "flows.taking._tidied",
    "load": "warehouse.database.Warehouse.load",
    "check and publish": "flows.ingest.end",
}
"""Where the parts of an ingest are; reading and parsing are what is left."""


def dragongate(source: Path, into: Path, parts: Parts) -> int:
    """Take the archive in: copy, index, read, tidy, load with versions, choose, check, publish and audit."""
    from extractors.settings_file import read_settings
    from extractors.watchlist import read_watchlist
    from flows.ingest import ingest
    from warehouse.home import Home

    home = Home(into / "home")
    with ExitStack() as timers:
        for part, place in PARTS.items():
            timers.enter_context(patch(place, parts.timed(part, resolve_name(place))))
        started = time.perf_counter()
        watchlist = read_watchlist(source / "watchlist.toml")
        report = ingest(home, source / ARCHIVE, read_settings(home.root, {}), watchlist)
        parts.seconds["read and parse"] = time.perf_counter() - started - sum(parts.seconds.values())
    if report.generation is None:
        raise AssertionError(f"nothing was published: {report.message}")
    return report.loaded["core.daily_quotes_by_source"].inserted


def json_alone(source: Path, into: Path, parts: Parts) -> int:
    """Baseline (a): decode the JSON and do nothing with it."""
    return sum(len(chart["timestamp"]) for chart in _charts(source))


def bare_columns(source: Path, into: Path, parts: Parts) -> int:
    """Baseline (b): JSON to columns to one plain table, without keys, versions, checks, archive or published copy."""
    import duckdb
    import pyarrow as pa

    pieces = []
    for chart in _charts(source):
        names = pa.array([chart["meta"]["symbol"]]).take(pa.array([0] * len(chart["timestamp"])))
        pieces.append(pa.table({"symbol": names, "timestamp": chart["timestamp"], **_quote(chart)}))
    with duckdb.connect(str(into / "bare.duckdb")) as connection:
        bars = pa.concat_tables(pieces)
        connection.register("pieces", bars)
        connection.execute("CREATE TABLE bars AS SELECT * FROM pieces")
        return int(bars.num_rows)


def dlt_tenth(source: Path, into: Path, parts: Parts) -> int:
    """Baseline (c): dlt's merge of a tenth of the answers, one dictionary per row."""
    charts = list(_charts(source))
    return _dlt_merge(charts[: max(1, len(charts) // 10)], into)


def dlt_one(source: Path, into: Path, parts: Parts) -> int:
    """Give dlt a single answer: what it costs however few the rows."""
    return _dlt_merge([next(_charts(source))], into)


def _dlt_merge(charts: list[dict[str, Any]], into: Path) -> int:
    import dlt

    pipeline = dlt.pipeline(
        "bench",
        destination=dlt.destinations.duckdb(str(into / "dlt.duckdb")),
        pipelines_dir=str(into / "pipelines"),
    )
    bars = dlt.resource(_rows(charts), name="bars", write_disposition="merge", primary_key=("symbol", "timestamp"))
    pipeline.run(bars)
    return sum(len(chart["timestamp"]) for chart in charts)


def _rows(charts: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for chart in charts:
        quote = _quote(chart)
        for place, stamp in enumerate(chart["timestamp"]):
            values = {name: column[place] for name, column in quote.items()}
            yield {"symbol": chart["meta"]["symbol"], "timestamp": stamp, **values}


def _charts(source: Path) -> Iterator[dict[str, Any]]:
    """Read the charts as simply as can be."""
    from warcio.archiveiterator import ArchiveIterator

    with (source / ARCHIVE).open("rb") as stream:
        for record in ArchiveIterator(stream):
            if record.rec_type == "response":
                yield json.loads(record.content_stream().read())["chart"]["result"][0]


def _quote(chart: dict[str, Any]) -> dict[str, list[Any]]:
    quote: dict[str, list[Any]] = chart["indicators"]["quote"][0]
    return quote


WORK: dict[str, Callable[[Path, Path, Parts], int]] = {
    "dragongate": dragongate,
    "json alone": json_alone,
    "bare columns": bare_columns,
    "dlt, a tenth": dlt_tenth,
    "dlt, one answer": dlt_one,
}
IMPORTS = {
    "dragongate": ("flows.ingest", "transforms.tidy_yahoo_chart"),
    "json alone": ("warcio.archiveiterator",),
    "bare columns": ("warcio.archiveiterator", "duckdb", "pyarrow"),
    "dlt, a tenth": ("warcio.archiveiterator", "dlt"),
    "dlt, one answer": ("warcio.archiveiterator", "dlt"),
}
"""What each needs loaded: start-up for all alike, and not measured."""
