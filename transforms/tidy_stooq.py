"""Daily values of indices, from Stooq's bars; its prices of shares are none that anybody paid."""

from collections.abc import Sequence

from extractors.quotes.stooq import SOURCE, DailyBars
from extractors.reading import Read
from extractors.watchlist import WatchList
from transforms.daily_bars import Bars, quotes_of, set_aside, with_aside
from transforms.tidy import SetAside, Tidy


def tidy_stooq(reads: Sequence[Read[DailyBars]], watchlist: WatchList) -> Tidy:
    """One row per index and day; shares are set aside, since their prices are restated for dividends too.

    Such a price is neither the one that was traded nor the one that is restated for splits, and nothing in the answer
    tells by how much it was changed.
    """
    lines = {code.lower(): line for code, line in watchlist.by_code("stooq").items()}
    series: list[Bars] = []
    aside: list[SetAside] = []
    for read in reads:
        for one in read.records:
            line = lines.get(one.symbol)
            if line is None or line.kind != "index":
                reason = "adjusted_prices" if line else "not_followed"
                aside.append(set_aside(read.snapshot, SOURCE.id, reason, one.symbol, bars=one.bars.num_rows))
                continue
            series.append(Bars(read.snapshot, line, one.symbol, one.bars))
    return with_aside(quotes_of(series, SOURCE.id), aside)
