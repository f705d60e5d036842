"""Daily prices restated for splits, and dividends as paid, from Nasdaq's site."""

from collections.abc import Sequence
from typing import Any

from extractors.quotes import nasdaq_dividends, nasdaq_historical
from extractors.quotes.nasdaq_dividends import Dividend
from extractors.quotes.nasdaq_historical import DailyBars
from extractors.reading import Read
from extractors.snapshot import Snapshot
from extractors.watchlist import Security, WatchList
from transforms.daily_bars import Bars, quotes_of, set_aside, with_aside
from transforms.quote_series import public_since
from transforms.regular_closes import start_of
from transforms.tidy import SetAside, Tidy, origin
from warehouse.tables.quotes import CORPORATE_ACTIONS_BY_SOURCE

_CASH = "Cash"


def tidy_nasdaq_historical(reads: Sequence[Read[DailyBars]], watchlist: WatchList) -> Tidy:
    """One row per line and day at the price restated for splits up to the day on which it was read."""
    lines = watchlist.by_code("nasdaq")
    source_id = nasdaq_historical.SOURCE.id
    series, aside = [], []
    for read in reads:
        for one in read.records:
            if one.symbol in lines:
                line = lines[one.symbol]
                series.append(Bars(read.snapshot, line, one.symbol, one.bars, price_basis="split_adjusted"))
            else:
                aside.append(set_aside(read.snapshot, source_id, "not_followed", one.symbol, bars=one.bars.num_rows))
    return with_aside(quotes_of(series, source_id), aside)


def tidy_nasdaq_dividends(reads: Sequence[Read[Dividend]], watchlist: WatchList) -> Tidy:
    """One row per line and ex-date; what is not cash, has no day or comes twice on a day is set aside."""
    lines = watchlist.by_code("nasdaq")
    rows: list[dict[str, Any]] = []
    aside: list[SetAside] = []
    for read in reads:
        seen: set[object] = set()
        for one in read.records:
            line = lines.get(one.symbol)
            reason = "second_of_the_day" if one.ex_date in seen else _why_not(one, line)
            if line is None or reason:
                aside.append(_aside(read.snapshot, reason or "not_followed", one))
                continue
            seen.add(one.ex_date)
            rows.append(_row(one, line, read.snapshot))
    return Tidy.of(CORPORATE_ACTIONS_BY_SOURCE, rows, aside)


def _why_not(one: Dividend, line: Security | None) -> str:
    """Say why a dividend makes no row; empty when it does."""
    if line is None:
        return "not_followed"
    if one.ex_date is None:
        return "no_ex_date"
    if one.kind != _CASH:
        return "not_cash"
    return "" if one.amount else "no_amount"


def _row(one: Dividend, line: Security, snapshot: Snapshot) -> dict[str, Any]:
    assert one.ex_date is not None and one.amount is not None
    return {
        "security_id": line.id,
        "ex_date": one.ex_date,
        "kind": "dividend",
        "amount_per_unit": round(one.amount, 6),
        "currency": one.currency or line.currency,
        "text_as_shown": one.amount_as_shown,
        "is_split_adjusted": False,
        "available_at": public_since(start_of(line.exchange, one.ex_date), snapshot),
        **origin(snapshot, nasdaq_dividends.SOURCE.id),
    }


def _aside(snapshot: Snapshot, reason: str, one: Dividend) -> SetAside:
    row = {"code": one.symbol, "ex_date": str(one.ex_date), "kind": one.kind, "amount": one.amount_as_shown}
    return SetAside(CORPORATE_ACTIONS_BY_SOURCE.name, reason, row, snapshot.id, nasdaq_dividends.SOURCE.id)
