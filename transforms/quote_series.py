"""Daily bars of many readings at once: columns stay columns, whatever the source."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from extractors.snapshot import Snapshot
from transforms.regular_closes import closes_of
from transforms.tidy import origin

MAINLAND = ("XSHE", "XSHG")
LOT = 100
"""Tencent counts mainland volume in lots of so many shares."""

_INSTANT = pa.timestamp("us", tz="UTC")


def numbered(tables: Sequence[Any]) -> Any:
    """Put tables of equal columns together, with a column `read` that numbers the table a row comes from."""
    whole = pa.concat_tables(tables)
    numbers = pa.concat_arrays([pa.repeat(pa.scalar(n, pa.int32()), len(one)) for n, one in enumerate(tables)])
    return whole.append_column("read", numbers).combine_chunks()


def with_last_bar_alone(bars: Any) -> Any:
    """Drop the bar before the last one of a `read` where both are of one `trade_date`.

    Sources add the running session as a second bar at the end. A day that stands twice elsewhere is a contradiction,
    which the loader sets aside rather than pick one.
    """
    if bars.num_rows < 2:
        return bars
    reads, days = (bars.column(name).combine_chunks() for name in ("read", "trade_date"))
    is_same_day = pc.and_(pc.equal(reads[:-1], reads[1:]), pc.equal(days[:-1], days[1:]))
    is_last_next = pa.concat_arrays([pc.not_equal(reads[1:-1], reads[2:]), pa.array([True])])
    return bars.filter(pa.concat_arrays([pc.invert(pc.and_(is_same_day, is_last_next)), pa.array([True])]))


def traded(prices: Any) -> Any:
    """Turn prices of zero into none: nothing traded, as on a day on which a line is halted."""
    return pc.if_else(pc.greater(prices, pa.scalar(0, pa.int64())), prices, pa.scalar(None, prices.type))


def spread(values: Sequence[Any], reads: Any, kind: Any) -> Any:
    """Give each row the value of the reading that it comes from."""
    return pa.array(values, kind).take(reads)


def provenance_columns(snapshots: Sequence[Snapshot], source_id: str, reads: Any) -> dict[str, Any]:
    """Make the provenance columns of rows that come from many snapshots, `available_at` left out."""
    origins = [origin(snapshot, source_id) for snapshot in snapshots]
    kinds = {"fetched_at": _INSTANT, "first_seen_at": _INSTANT}
    names = ("source_id", "snapshot_id", "fetched_at", "first_seen_at")
    return {name: spread([one[name] for one in origins], reads, kinds.get(name, pa.string())) for name in names}


def session_columns(exchange: str, days: Any, fetched_at: Any) -> dict[str, Any]:
    """Say of each bar whether its session was over when it was read, and when it was public.

    The bar of a running session was public when it was read and is superseded by a later reading.
    """
    closes = closes_of(exchange, days)
    is_over = pc.greater_equal(fetched_at, closes)
    return {"is_final": is_over, "available_at": pc.if_else(is_over, closes, fetched_at)}


def public_since(known: datetime, snapshot: Snapshot) -> datetime:
    """Give the earlier of the time at which something was to be public and the time at which it was read."""
    return min(known, snapshot.fetched_at)
