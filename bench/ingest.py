"""How long the taking in of 750,000 daily bars lasts, beside three baselines in the same run.

    python -m bench.ingest [--answers 300] [--days 2500]

Writes Yahoo chart answers into a WARC file and takes it in as `dragongate ingest` does. Beside it stand (a) the
reading of the JSON alone, (b) the barest columnar load of the same rows into DuckDB, JSON to columns to table, and
(c) dlt's merge of a tenth of the rows, one dictionary per row, scaled to all. Each runs in a process of its own, so
that its peak of memory is its own. Aims: within 3 times of (b), 25 times faster than (c), under 500 MB.
"""

import argparse
import io
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

START = date(2014, 1, 2)
MICRODOLLARS = 1_000_000


def symbol(number: int) -> str:
    """Name the nth invented symbol."""
    return f"BX{number:03d}"


def answer(number: int, days: int) -> bytes:
    """Make one chart answer in the source's wire format, with 32-bit prices as it sends them."""
    import numpy

    random = numpy.random.default_rng(number)
    closes = (20 + numpy.abs(numpy.cumsum(random.normal(0, 0.4, days)))).astype("float32").astype("float64")
    spread = numpy.abs(random.normal(0, 0.3, days)).astype("float32").astype("float64")
    stamps = []
    day = START
    while len(stamps) < days:
        if day.weekday() < 5:
            stamps.append(int(datetime(day.year, day.month, day.day, 14, 30, tzinfo=UTC).timestamp()))
        day += timedelta(days=1)
    quote = {
        "open": closes.tolist(),
        "high": (closes + spread).tolist(),
        "low": (closes - spread).tolist(),
        "close": closes.tolist(),
        "volume": random.integers(1_000_000, 90_000_000, days).tolist(),
    }
    meta = {
        "currency": "USD", "symbol": symbol(number), "exchangeName": "NMS", "fullExchangeName": "NasdaqGS",
        "instrumentType": "EQUITY", "firstTradeDate": 345479400, "regularMarketTime": stamps[-1],
        "hasPrePostMarketData": True, "gmtoffset": -18000, "timezone": "EST",
        "exchangeTimezoneName": "America/New_York", "regularMarketPrice": closes[-1], "priceHint": 2,
        "dataGranularity": "1d", "range": "", "validRanges": ["1d", "max"],
    }  # fmt: skip
    result = {
        "meta": meta,
        "timestamp": stamps,
        "indicators": {"quote": [quote], "adjclose": [{"adjclose": quote["close"]}]},
    }
    return json.dumps({"chart": {"result": [result], "error": None}}).encode()


def write_archive(path: Path, answers: int, days: int) -> None:
    """Write the answers as any other tool would: a foreign WARC file."""
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    with path.open("wb") as stream:
        writer = WARCWriter(stream, gzip=True)
        for number in range(answers):
            url = f"https://query1.finance.yahoo.com/v8/finance/chart/{symbol(number)}?interval=1d&range=10y"
            head = StatusAndHeaders("200 OK", [("Content-Type", "application/json;charset=utf-8")], protocol="HTTP/1.1")
            at = (datetime(2024, 1, 2, 22, tzinfo=UTC) + timedelta(seconds=number)).strftime("%Y-%m-%dT%H:%M:%SZ")
            record = writer.create_warc_record(
                url, "response", payload=io.BytesIO(answer(number, days)), http_headers=head,
                warc_headers_dict={"WARC-Date": at},
            )  # fmt: skip
            writer.write_record(record)


def write_watchlist(path: Path, answers: int) -> None:
    """Follow every invented symbol."""
    blocks = ['[[company]]\nid = "bench"\nname = "Bench"\nreporting_currency = "USD"\n']
    for number in range(answers):
        code = symbol(number)
        blocks.append(
            f'[[security]]\ncompany = "bench"\nexchange = "XNAS"\ncode = "{code}"\ncurrency = "USD"\nyahoo = "{code}"\n'
            f"is_primary = {'false' if number else 'true'}\n"
        )
    path.write_text("\n".join(blocks), encoding="utf-8")


def bodies(archive: Path) -> list[bytes]:
    """Read the bodies back, for the baselines."""
    from warcio.archiveiterator import ArchiveIterator

    with archive.open("rb") as stream:
        return [record.content_stream().read() for record in ArchiveIterator(stream) if record.rec_type == "response"]


def ours(folder: Path) -> None:
    """Take the archive in: read, archive, tidy, load with versions, choose, check and publish."""
    from extractors.settings_file import read_settings
    from extractors.watchlist import read_watchlist
    from flows.ingest import ingest
    from warehouse.home import Home

    home = Home(folder / "home")
    report = ingest(
        home, folder / "bench.warc.gz", read_settings(home.root, {}), read_watchlist(folder / "watchlist.toml")
    )
    loaded = report.loaded["core.daily_quotes_by_source"]
    sys.stderr.write(f"loaded {loaded.inserted:,} bars, {report.state}\n")


def json_alone(folder: Path) -> None:
    """Baseline (a): decode the JSON and do nothing with it."""
    for body in bodies(folder / "bench.warc.gz"):
        json.loads(body)


def bare_columns(folder: Path) -> None:
    """Baseline (b): JSON to columns to one plain table, without keys, versions, checks or archive."""
    import duckdb
    import pyarrow as pa

    parts = []
    for body in bodies(folder / "bench.warc.gz"):
        result = json.loads(body)["chart"]["result"][0]
        quote = result["indicators"]["quote"][0]
        names = pa.array([result["meta"]["symbol"]]).take(pa.array([0] * len(result["timestamp"])))
        parts.append(pa.table({"symbol": names, "timestamp": result["timestamp"], **quote}))
    with duckdb.connect(str(folder / "bare.duckdb")) as connection:
        bars = pa.concat_tables(parts)
        connection.execute("CREATE TABLE bars AS SELECT * FROM bars")
        assert bars.num_rows


def dlt_merge(folder: Path) -> None:
    """Baseline (c): dlt's merge of a tenth of the answers, one dictionary per row."""
    import dlt

    def rows() -> object:
        tenth = bodies(folder / "bench.warc.gz")
        for body in tenth[: max(1, len(tenth) // 10)]:
            result = json.loads(body)["chart"]["result"][0]
            quote = result["indicators"]["quote"][0]
            for place, stamp in enumerate(result["timestamp"]):
                yield {
                    "symbol": result["meta"]["symbol"], "timestamp": stamp,
                    **{name: values[place] for name, values in quote.items()},
                }  # fmt: skip

    pipeline = dlt.pipeline(
        "bench", destination=dlt.destinations.duckdb(str(folder / "dlt.duckdb")), pipelines_dir=str(folder / "dlt")
    )
    bars = dlt.resource(rows, name="bars", write_disposition="merge", primary_key=("symbol", "timestamp"))
    pipeline.run(bars)


WORK: dict[str, Callable[[Path], None]] = {
    "ours": ours,
    "json alone": json_alone,
    "bare columns": bare_columns,
    "dlt merge, a tenth": dlt_merge,
}


def measure(name: str, folder: Path) -> tuple[float, float]:
    """Run one piece of work in a process of its own; seconds without start-up, and peak memory in MB."""
    command = [sys.executable, "-m", "bench.ingest", "--work", name, "--folder", str(folder)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    seconds, megabytes = done.stdout.split()[-2:]
    return float(seconds), float(megabytes)


def main() -> None:
    """Measure everything and print one table."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--answers", type=int, default=300)
    arguments.add_argument("--days", type=int, default=2500)
    arguments.add_argument("--work", choices=WORK)
    arguments.add_argument("--folder", type=Path)
    asked = arguments.parse_args()
    if asked.work:
        started = time.perf_counter()
        WORK[asked.work](asked.folder)
        seconds = time.perf_counter() - started
        print(f"{seconds:.3f} {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f}")
        return
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        write_archive(folder / "bench.warc.gz", asked.answers, asked.days)
        write_watchlist(folder / "watchlist.toml", asked.answers)
        found = {name: measure(name, folder) for name in WORK}
    bars = asked.answers * asked.days
    own, memory = found["ours"]
    tenth = found["dlt merge, a tenth"][0] * asked.answers / max(1, asked.answers // 10)
    print(f"{asked.answers} answers, {bars:,} bars")
    for name, (seconds, megabytes) in found.items():
        print(f"  {name:<20} {seconds:8.2f} s  {megabytes:6.0f} MB")
    print(f"  ours / bare columns        {own / found['bare columns'][0]:6.2f}   (aim: at most 3)")
    print(f"  ours / json alone          {own / found['json alone'][0]:6.2f}")
    print(f"  dlt, all rows / ours       {tenth / own:6.1f}   (aim: at least 25)")
    print(f"  peak memory of ours        {memory:6.0f} MB (aim: under 500)")


if __name__ == "__main__":
    main()
