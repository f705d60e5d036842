"""Exchange rates from the euro reference rates: as given, turned round, and crossed."""

from collections.abc import Sequence
from itertools import permutations

import pyarrow as pa
import pyarrow.compute as pc

from extractors.fx.currencies import currencies_of
from extractors.fx.ecb_rates import EuroRates
from extractors.reading import Read
from extractors.watchlist import WatchList
from transforms.tidy import Tidy, origin
from warehouse.tables.fx import FX_RATES_BY_SOURCE

_PLACES = 12
_PUBLISHED = pa.scalar(16 * 3600, pa.duration("s"))
_ONE = "1.000000000000"
_RATE, _WIDE = pa.decimal128(24, _PLACES), pa.decimal256(24, _PLACES)


def tidy_ecb_rates(reads: Sequence[Read[EuroRates]], watchlist: WatchList) -> Tidy:
    """One row per ordered pair of our currencies and day on which the ECB gave both.

    Ours are USD, HKD, CNY, EUR and those in which the watch list's lines trade and its companies report;
    the ECB's other currencies are left out, not set aside. A rate from EUR is as given; the others divide two
    rates of the same date exactly and are rounded half up at 12 places. No date is ever filled. A day's rates
    count as public from 16:00 in Frankfurt, when the ECB publishes them.
    """
    ours = currencies_of(watchlist)
    return Tidy.join(
        Tidy.of(FX_RATES_BY_SOURCE, _rows(record.table, ours, read)) for read in reads for record in read.records
    )


def _rows(table: pa.Table, ours: tuple[str, ...], read: Read[EuroRates]) -> pa.Table:
    per_euro = {currency: _of(table, currency) for currency in ours}
    pairs = pa.concat_tables(_pair(base, quote, per_euro) for base, quote in permutations(ours, 2))
    published = pc.assume_timezone(
        pc.add(pairs.column("rate_date").cast(pa.timestamp("s")), _PUBLISHED), "Europe/Berlin"
    )
    pairs = pairs.append_column("available_at", published.cast(pa.timestamp("us", "UTC")))
    for name, value in {"rate_kind": "reference", **origin(read.snapshot, "ecb_rates")}.items():
        pairs = pairs.append_column(name, pa.repeat(pa.scalar(value), pairs.num_rows))
    return pairs


def _of(table: pa.Table, currency: str) -> pa.Table:
    """Take one currency's units for a euro by date; for the euro itself, one on every date."""
    if currency != "EUR":
        return table.filter(pc.equal(table.column("currency"), currency)).select(["time", "rate"]).combine_chunks()
    days = pc.unique(table.column("time"))
    return pa.table({"time": days, "rate": pa.repeat(pa.scalar(_ONE), len(days)).cast(_RATE)})


def _pair(base: str, quote: str, per_euro: dict[str, pa.Table]) -> pa.Table:
    days = per_euro[base].column("time")
    found = pc.index_in(per_euro[quote].column("time"), value_set=days)
    both = per_euro[quote].append_column("base_rate", per_euro[base].column("rate").take(found))
    both = both.filter(pc.is_valid(found))
    rate = both.column("rate") if base == "EUR" else _divided(both.column("rate"), both.column("base_rate"))
    return pa.table(
        {
            "base_currency": pa.repeat(pa.scalar(base), both.num_rows),
            "quote_currency": pa.repeat(pa.scalar(quote), both.num_rows),
            "rate_date": both.column("time"),
            "rate": rate,
            "is_derived": pa.repeat(pa.scalar(base != "EUR"), both.num_rows),
        }
    )


def _divided(above: pa.Array, below: pa.Array) -> pa.Array:
    """Divide exactly: 25 places are cut off, not rounded, so that rounding half up at 12 is right."""
    exact = pc.divide(above.cast(_WIDE), below.cast(_WIDE))
    return pc.round(exact, ndigits=_PLACES, round_mode="half_towards_infinity").cast(_RATE)
