"""A foreign WARC file of Yahoo chart answers, as many and as long as one likes, and a watch list that follows them."""

import io
import json
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import numpy
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

START = date(2014, 1, 2)
OPENING = time(14, 30, tzinfo=UTC)
RECORDED = datetime(2024, 1, 2, 22, tzinfo=UTC)
_SATURDAY = 5


def symbol(number: int) -> str:
    """Name the nth invented symbol."""
    return f"BX{number:03d}"


def answer(number: int, days: int) -> bytes:
    """Make one chart answer in the source's wire format, with 32-bit prices as it sends them."""
    random = numpy.random.default_rng(number)
    closes = _as_sent(20 + numpy.abs(numpy.cumsum(random.normal(0, 0.4, days))))
    spread = _as_sent(numpy.abs(random.normal(0, 0.3, days)))
    stamps = _openings(days)
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
        "exchangeTimezoneName": "America/New_York", "regularMarketPrice": quote["close"][-1], "priceHint": 2,
        "dataGranularity": "1d", "range": "", "validRanges": ["1d", "max"],
    }  # fmt: skip
    indicators = {"quote": [quote], "adjclose": [{"adjclose": quote["close"]}]}
    result = {"meta": meta, "timestamp": stamps, "indicators": indicators}
    return json.dumps({"chart": {"result": [result], "error": None}}).encode()


def write_archive(path: Path, *, answers: int, days: int) -> None:
    """Write the answers as any other tool would."""
    with path.open("wb") as stream:
        writer = WARCWriter(stream, gzip=True)
        for number in range(answers):
            url = f"https://query1.finance.yahoo.com/v8/finance/chart/{symbol(number)}?interval=1d&range=10y"
            head = StatusAndHeaders("200 OK", [("Content-Type", "application/json;charset=utf-8")], protocol="HTTP/1.1")
            at = (RECORDED + timedelta(seconds=number)).strftime("%Y-%m-%dT%H:%M:%SZ")
            record = writer.create_warc_record(
                url, "response", payload=io.BytesIO(answer(number, days)), http_headers=head,
                warc_headers_dict={"WARC-Date": at},
            )  # fmt: skip
            writer.write_record(record)
            record.raw_stream.close()


def write_watchlist(path: Path, *, answers: int) -> None:
    """Follow every invented symbol."""
    blocks = ['[[company]]\nid = "bench"\nname = "Bench"\nreporting_currency = "USD"\n']
    for number in range(answers):
        code = symbol(number)
        blocks.append(
            f'[[security]]\ncompany = "bench"\nexchange = "XNAS"\ncode = "{code}"\ncurrency = "USD"\nyahoo = "{code}"\n'
            f"is_primary = {'false' if number else 'true'}\n"
        )
    path.write_text("\n".join(blocks), encoding="utf-8")


def _as_sent(values: Any) -> Any:
    return values.astype("float32").astype("float64")


def _openings(count: int) -> list[int]:
    """Stamp weekdays with the opening of their session."""
    days = (START + timedelta(n) for n in range(2 * count + 7))
    weekdays = [day for day in days if day.weekday() < _SATURDAY][:count]
    return [int(datetime.combine(day, OPENING).timestamp()) for day in weekdays]
