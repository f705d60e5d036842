"""Dividends of lines in New York, as they were paid.

Published by   Nasdaq, for its own pages; undocumented, no key
Read from      the `dividends` call, the whole history of one line a call
Know that      amounts are texts such as $0.25 per unit at the time, not restated for later splits, unlike the prices
               of the same site; days are month/day/year, and the old ones are N/A except for the ex-date; lines of
               other exchanges are often answered with no rows and a message
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from urllib.parse import quote

from extractors.client import Client, Fetched
from extractors.errors import NothingThere, ShapeChanged
from extractors.quotes.asked_lines import asked_lines
from extractors.quotes.nasdaq_answer import TERMS, WHY_OFF, asset_class, data_of, is_call, symbol_of
from extractors.quotes.price_columns import NOTHING
from extractors.reading import Drift, Reading, Record
from extractors.snapshot import Snapshot
from extractors.source import Need, Pace, Query, Source

SOURCE = Source(
    "nasdaq_dividends",
    title="Dividends as paid",
    publisher="Nasdaq",
    kind="quotes",
    home_url="https://www.nasdaq.com/",
    pace=Pace(seconds=2),
    tables=("core.corporate_actions_by_source",),
    terms=TERMS,
    needs=Need.PERMISSION,
    is_on_by_default=False,
    why_off=WHY_OFF,
)

_ADDRESS = "https://api.nasdaq.com/api/quote/{symbol}/dividends?assetclass={kind}"
_KNOWN = (
    "annualizedDividend", "dividendHeaderValues", "dividendPaymentDate", "exDividendDate", "payoutRatio", "yield",
)  # fmt: skip
_LARGEST = 10**9


@dataclass(frozen=True, slots=True)
class Dividend:
    """One dividend per traded unit; a day is None where the source writes N/A."""

    symbol: str
    ex_date: date | None
    kind: str
    """As the source writes it: Cash, or something else."""
    amount: Decimal | None
    amount_as_shown: str
    currency: str
    """Empty in older answers."""
    declared: date | None
    recorded: date | None
    paid: date | None


def matches(url: str) -> bool:
    """Tell whether this is a call for dividends."""
    return is_call(url, "dividends")


def fetch(client: Client, query: Query) -> Iterator[Fetched]:
    """Ask for each line that has a symbol here; an index pays nothing."""
    for symbol, line in asked_lines(query, lambda line: "" if line.kind == "index" else line.nasdaq):
        yield client.get(SOURCE, _ADDRESS.format(symbol=quote(symbol), kind=asset_class(line)), chunk=line.id)


def parse(snapshot: Snapshot) -> Reading[Dividend]:
    """Read the dividends of one answer, in the source's order.

    Raises NothingThere for an unknown symbol and a line without dividends, ShapeChanged for what is no amount or day.
    """
    answer, data = data_of(snapshot)
    data.ignore(*_KNOWN)
    if not data.take("dividends"):
        raise NothingThere("no_dividends", snapshot.at(f"{symbol_of(snapshot)} has no table of dividends"))
    table = data.record("dividends")
    table.ignore("asOf", "headers")
    if not table.optional("rows"):
        words = answer.optional("message") or "no rows"
        raise NothingThere("no_dividends", snapshot.at(f"{symbol_of(snapshot)}: {words}"))
    rows = table.records("rows")
    dividends = tuple(_dividend(row, snapshot) for row in rows)
    seen: dict[str, Drift] = {}
    for one in (drift for row in rows for drift in row.drift()):
        name = f"data.dividends.rows[].{one.field.rpartition('.')[2]}"
        seen.setdefault(name, Drift(name, one.example))
    return Reading(dividends, (*answer.drift(), *data.drift(), *table.drift(), *seen.values()))


def _dividend(row: Record, snapshot: Snapshot) -> Dividend:
    shown = row.text("amount")
    return Dividend(
        symbol=symbol_of(snapshot),
        ex_date=_day(row, "exOrEffDate"),
        kind=row.text("type"),
        amount=_amount(shown, snapshot),
        amount_as_shown=shown,
        currency=row.optional_text("currency") or "",
        declared=_day(row, "declarationDate"),
        recorded=_day(row, "recordDate"),
        paid=_day(row, "paymentDate"),
    )


def _amount(shown: str, snapshot: Snapshot) -> Decimal | None:
    plain = shown.strip()
    if plain in NOTHING:
        return None
    try:
        amount = Decimal(plain.removeprefix("$").replace(",", ""))
    except InvalidOperation:
        amount = Decimal(-1)
    if not 0 <= amount < _LARGEST:
        raise ShapeChanged("rows.amount", snapshot.at(f"rows.amount: expected an amount, got {shown!r:.40}"))
    return amount


def _day(row: Record, name: str) -> date | None:
    text = row.optional_text(name)
    return None if text is None or text in NOTHING else row.day(name, "%m/%d/%Y")
