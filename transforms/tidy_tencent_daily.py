"""Daily prices as traded and corporate actions, from Tencent's daily bars."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from extractors.quotes.tencent_daily import SOURCE, DailyBars, News
from extractors.reading import Read
from extractors.snapshot import Snapshot
from extractors.watchlist import Security, WatchList
from transforms.action_texts import Cash, Ratio, bonus_of, buyback_price_of, cash_of, split_of
from transforms.daily_bars import Bars, quotes_of, set_aside
from transforms.quote_series import LOT, MAINLAND, public_since
from transforms.regular_closes import start_of
from transforms.tidy import SetAside, Tidy, origin
from warehouse.tables.quotes import CORPORATE_ACTIONS_BY_SOURCE

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
                aside.append(_aside(read.snapshot, "not_followed", series))
    raw = [one for one in followed if one[1].series == "day"]
    aside.extend(
        _aside(snapshot, "adjusted_prices", series, adjustment=series.series)
        for snapshot, series, _ in followed
        if series.series != "day"
    )
    actions = [row for one in followed for row in _actions(*one, aside)]
    bars = [Bars(snapshot, line, series.code, series.bars, units=_units(line)) for snapshot, series, line in raw]
    return quotes_of(bars, SOURCE.id) | Tidy.of(CORPORATE_ACTIONS_BY_SOURCE, actions, aside)


def _units(line: Security) -> int:
    """Say how many shares one unit of volume is."""
    return LOT if line.exchange in MAINLAND else 1


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


def _aside(snapshot: Snapshot, reason: str, series: DailyBars, **more: Any) -> SetAside:
    return set_aside(snapshot, SOURCE.id, reason, series.code, **more, bars=series.bars.num_rows)
