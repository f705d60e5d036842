"""Daily prices as traded and corporate actions, from Tencent's daily bars."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from extractors.quotes.tencent_daily import SOURCE, DailyBars, News
from extractors.reading import Read
from extractors.snapshot import Snapshot
from extractors.watchlist import Security, WatchList
from transforms.action_texts import Cash, Ratio, bonus_of, buyback_price_of, cash_of, split_of
from transforms.quote_series import (
    LOT,
    MAINLAND,
    numbered,
    provenance_columns,
    public_since,
    session_columns,
    spread,
    traded,
)
from transforms.regular_closes import start_of
from transforms.tidy import SetAside, Tidy, origin
from warehouse.tables.quotes import CORPORATE_ACTIONS_BY_SOURCE, DAILY_QUOTES_BY_SOURCE
from warehouse.tables.table import ARROW, Kind

_PRICES = {"open": "open_price", "high": "high_price", "low": "low_price", "close": "close_price"}

_Followed = tuple[Snapshot, DailyBars, Security]


def tidy_tencent_daily(reads: Sequence[Read[DailyBars]], watchlist: WatchList) -> Tidy:
    """One row per line and day at the price as traded; one per dividend, split and buyback.

    Adjusted series are set aside: they are another price, and Dragongate adjusts by itself.
    Mainland volume comes in lots of 100; what an index has for volume is not a count of anything it trades.
    """
    lines = watchlist.by_code("tencent") | watchlist.by_code("tencent_daily")
    followed: list[_Followed] = []
    aside: list[SetAside] = []
    for read in reads:
        for series in read.records:
            if series.code in lines:
                followed.append((read.snapshot, series, lines[series.code]))
            else:
                aside.append(_aside(read.snapshot, "not_followed", code=series.code, bars=series.bars.num_rows))
    raw = [one for one in followed if one[1].series == "day"]
    aside.extend(
        _aside(snapshot, "adjusted_prices", code=series.code, series=series.series, bars=series.bars.num_rows)
        for snapshot, series, _ in followed
        if series.series != "day"
    )
    actions = [row for one in followed for row in _actions(*one, aside)]
    quotes = Tidy.join(_quotes(raw, exchange, aside) for exchange in dict.fromkeys(line.exchange for *_, line in raw))
    empty = Tidy.of(DAILY_QUOTES_BY_SOURCE, ())
    return empty | quotes | Tidy.of(CORPORATE_ACTIONS_BY_SOURCE, actions, aside)


def _quotes(raw: Sequence[_Followed], exchange: str, aside: list[SetAside]) -> Tidy:
    """Make the rows of one exchange, whose sessions end at one time."""
    here = [one for one in raw if one[2].exchange == exchange]
    bars = numbered([series.bars for _, series, _ in here])
    bars = bars.rename_columns({"date": "trade_date"})
    has_price = pc.greater(bars["close"], pa.scalar(0, pa.int64()))
    for row in bars.filter(pc.invert(has_price)).select(["trade_date", "read"]).to_pylist():
        snapshot, series, _ = here[row["read"]]
        aside.append(_aside(snapshot, "no_trade_yet", code=series.code, trade_date=str(row["trade_date"])))
    bars = bars.filter(has_price)
    reads, days = bars["read"], bars["trade_date"]
    origins = provenance_columns([snapshot for snapshot, *_ in here], SOURCE.id, reads)
    columns = {
        "security_id": spread([line.id for *_, line in here], reads, pa.string()),
        "trade_date": days,
        "price_basis": pa.repeat("as_traded", bars.num_rows),
        **{name: pc.round(traded(bars[source]), 6).cast(ARROW[Kind.PRICE]) for source, name in _PRICES.items()},
        "volume": _volume(bars["volume"], spread([_unit(line) for *_, line in here], reads, pa.decimal128(3, 0))),
        "currency": spread([line.currency for *_, line in here], reads, pa.string()),
        **origins,
        **session_columns(exchange, days, origins["fetched_at"]),
    }
    return Tidy.of(DAILY_QUOTES_BY_SOURCE, pa.table(columns))


def _unit(line: Security) -> Decimal | None:
    """Say how many shares one unit of volume is; None where volume means nothing."""
    if line.kind == "index":
        return None
    return Decimal(LOT if line.exchange in MAINLAND else 1)


def _volume(volume: Any, unit: Any) -> Any:
    counts = pc.multiply(pc.round(volume, 2).cast(pa.decimal128(24, 2)), unit)
    return pc.round(counts).cast(pa.int64())


def _actions(snapshot: Snapshot, series: DailyBars, line: Security, aside: list[SetAside]) -> Iterator[dict[str, Any]]:
    """Give the rows of one line's news, each day and kind once."""
    seen = set()
    for news in series.news:
        for row in _rows_of(news, snapshot, line, aside):
            key = (row["ex_date"], row["kind"])
            if key not in seen:
                seen.add(key)
                yield row


def _rows_of(news: News, snapshot: Snapshot, line: Security, aside: list[SetAside]) -> Iterator[dict[str, Any]]:
    is_mainland = line.exchange in MAINLAND
    common = {
        "security_id": line.id,
        "ex_date": news.ex_date,
        "is_split_adjusted": False,
        "available_at": public_since(start_of(line.exchange, news.ex_date), snapshot),
        **origin(snapshot, SOURCE.id),
    }
    bonus = bonus_of(news.dividend) if is_mainland else None
    cash = cash_of(news.dividend, is_mainland=is_mainland)
    if news.dividend and (cash or not bonus):
        yield common | {"kind": "dividend", "text_as_shown": news.dividend, **_cash(cash)}
    ratio = split_of(news.split) if news.split else bonus
    if ratio:
        yield common | {"kind": "split", "text_as_shown": news.split or news.dividend, **_ratio(ratio)}
    if news.buyback:
        after = start_of(line.exchange, news.bar_date + timedelta(days=1))
        price = buyback_price_of(news.buyback, is_mainland=is_mainland)
        yield common | {
            "kind": "buyback",
            "ex_date": news.bar_date,
            "text_as_shown": news.buyback,
            "available_at": public_since(after, snapshot),
            **_cash(price),
        }
    for reason, text in (("split_not_read", "" if ratio else news.split), ("rights_issue", news.rights)):
        if text:
            table = CORPORATE_ACTIONS_BY_SOURCE.name
            row = {"security_id": line.id, "ex_date": str(news.ex_date), "text_as_shown": text}
            aside.append(SetAside(table, reason, row, snapshot.id, SOURCE.id))


def _cash(cash: Cash | None) -> dict[str, Any]:
    return {"amount_per_unit": round(cash.amount, 6), "currency": cash.currency} if cash else {}


def _ratio(ratio: Ratio) -> dict[str, Any]:
    return {"ratio_numerator": ratio.after, "ratio_denominator": ratio.before}


def _aside(snapshot: Snapshot, reason: str, **row: Any) -> SetAside:
    return SetAside(DAILY_QUOTES_BY_SOURCE.name, reason, row, snapshot.id, SOURCE.id)
