"""Look a line up in the official list of its market: who it is, where it trades, what its accounts go by."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from extractors.client import Client, Fetched
from extractors.errors import Outcome
from extractors.exchanges import EXCHANGES
from extractors.filings import sec_tickers
from extractors.quotes import hkex_securities
from extractors.quotes.code_rules import Line
from extractors.reader import read_snapshot
from extractors.registry import BY_ID
from extractors.source import Query, Window
from extractors.watchlist import WatchList
from flows.job import Job
from flows.taking import READABLE

_EXCHANGES = {"Nasdaq": "XNAS", "NYSE": "XNYS"}
"""How the SEC names the exchanges that we know."""
_SHARES = ("equity", "real estate investment trusts", "depositary receipts")
"""Kinds of security in Hong Kong that stand for a company."""


class NotListed(Exception):
    """A code that cannot be followed; the message says which list was asked and what to do."""


@dataclass(frozen=True, slots=True)
class Listing:
    """What is known of one line; a text is empty and a number None where no list says."""

    line: Line
    name: str = ""
    currency: str = ""
    sec_cik: int | None = None
    fiscal_year_end: str = ""
    said_by: str = ""
    """The list that knows it, with its day; empty when none could be had."""
    unknown: tuple[str, ...] = ()
    """What is missing and why, in sentences."""


def look_up(job: Job, client: Client, line: Line) -> Listing:
    """Ask the official list of the line's market.

    Raises NotListed when the list does not have the line or has no exchange of ours for it, and when the list cannot
    be had and the code alone does not say which line it is.
    """
    if line.exchange == "XHKG":
        return _in_hong_kong(job, client, line)
    if line.is_us:
        return _in_new_york(job, client, line)
    return Listing(
        line, currency=EXCHANGES[line.exchange].currency, unknown=("the mainland exchanges' lists are not read",)
    )


def _in_hong_kong(job: Job, client: Client, line: Line) -> Listing:
    fallback = Listing(line, currency="CNY" if _is_renminbi(line) else "HKD")
    found, why = _ask(job, client, hkex_securities.SOURCE.id, hkex_securities.ADDRESS)
    if not isinstance(found, hkex_securities.SecurityTable):
        return replace(fallback, unknown=(why,))
    rows = found.table.filter(pc.equal(found.table["code"], line.code)).to_pylist()
    if not rows:
        raise NotListed(f"{line.code} is not on the list of securities in Hong Kong of {found.as_of}")
    row = rows[0]
    if row["category"].lower() not in _SHARES:
        raise NotListed(f"{line.code} ({row['name']}) is of the kind {row['category']!r}, not a share of a company")
    counter = row.get("renminbi_code")
    more = (f"it has a renminbi counter too: `dragongate follow {counter}.HK`",) if counter else ()
    return replace(
        fallback,
        name=row["name"],
        currency=row.get("currency") or fallback.currency,
        said_by=f"the list of securities in Hong Kong of {found.as_of}",
        unknown=more,
    )


def _is_renminbi(line: Line) -> bool:
    """Tell a renminbi counter by its range of codes, 80000 to 89999, which the exchange keeps for them."""
    return line.code.startswith("8") and len(line.code) == 5


def _in_new_york(job: Job, client: Client, line: Line) -> Listing:
    table, why = _tickers(job, client)
    if table is None:
        if not line.exchange:
            raise NotListed(f"{line.code}: on which exchange? {why}; write XNAS:{line.code} or XNYS:{line.code}")
        return Listing(line, currency="USD", unknown=(why,))
    rows = table.filter(pc.equal(table["ticker"], line.code)).to_pylist()
    if not rows:
        raise NotListed(
            f"{line.code} is not among the tickers of filers with the SEC: who is traded over the counter without "
            "filing is followed by its line at home, such as 1211.HK"
        )
    row = rows[0]
    filer, no_filer = _filer(job, client, row["cik"])
    return Listing(
        Line(_exchange(line, row), line.code),
        name=row["name"],
        currency="USD",
        sec_cik=row["cik"],
        fiscal_year_end=filer.fiscal_year_end if filer else "",
        said_by="the SEC's list of tickers",
        unknown=(no_filer,) if no_filer else (),
    )


def _exchange(line: Line, row: Mapping[str, Any]) -> str:
    """Say where a ticker trades, as the list has it, or as the one who asked does where the list is silent."""
    listed = row["exchange"]
    if listed in _EXCHANGES:
        return _EXCHANGES[listed]
    if listed is None and line.exchange:
        return line.exchange
    if listed is None:
        raise NotListed(
            f"{line.code}: on which exchange? the SEC's list does not say; write XNAS:{line.code} or XNYS:{line.code}"
        )
    raise NotListed(f"{line.code} ({row['name']}) trades at {listed!r}, which is no exchange of ours")


def _tickers(job: Job, client: Client) -> tuple[pa.Table | None, str]:
    """Give the list that names exchanges, or the plain one where only that can be had."""
    why = ""
    for address in (sec_tickers.WITH_EXCHANGE, sec_tickers.PLAIN):
        found, said = _ask(job, client, sec_tickers.SOURCE.id, address)
        if isinstance(found, sec_tickers.TickerTable):
            return found.table, ""
        why = why or said
    return None, why


def _filer(job: Job, client: Client, cik: int) -> tuple[sec_tickers.Filer | None, str]:
    found, why = _ask(job, client, sec_tickers.SOURCE.id, sec_tickers.FILER.format(cik=cik))
    return (found, "") if isinstance(found, sec_tickers.Filer) else (None, why)


def _ask(job: Job, client: Client, source_id: str, url: str) -> tuple[Any, str]:
    """Ask for one document through its source, keep it, and read it; or say why it cannot be had."""
    today: date = job.now().date()
    extractor = BY_ID[source_id]
    query = Query(WatchList(), Window(today, today), links=(url,))
    fetched: list[Fetched] = list(extractor.fetch(client, query))
    job.taker.take(fetched)
    one = fetched[0]
    if one.snapshot is None or one.outcome not in READABLE:
        return None, f"{extractor.source.title.lower()} cannot be had ({one.reason}): {one.message}"
    answer = read_snapshot(extractor, one.snapshot)
    if answer.outcome is not Outcome.OK:
        return None, f"{extractor.source.title.lower()} cannot be read ({answer.reason}): {answer.message}"
    return answer.reading.records[0], ""
