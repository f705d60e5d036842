"""When the SEC made a filing public.

EDGAR accepts from 06:00 to 22:00 New York time, and what arrives after 17:30 gets the next business
day's filing date. `acceptanceDateTime` ends in Z, but the SEC wrote New York wall clock there until
about 2024 and writes true UTC since. One page is written in one way, so the page tells: under the wrong
reading rows fall into the night or contradict their filing date. Where both readings fit equally well
the later one holds, so that nothing counts as public before it was.
"""

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

_UTC = pa.timestamp("us", tz="UTC")
_ZONE = "America/New_York"
_DATED_BY_THE_RULE = pa.array(["10-K", "10-Q", "8-K", "20-F", "6-K", "10-K/A", "10-Q/A", "8-K/A", "20-F/A"])
"""Forms whose filing date follows the 17:30 rule; ownership reports and some others are excepted."""
_OPENS, _CLOSES, _NEXT_DAY_FROM = 6 * 60, 22 * 60, 17 * 60 + 30


def accepted_at(accepted: pa.ChunkedArray, filed: pa.ChunkedArray, form: pa.ChunkedArray) -> pa.ChunkedArray:
    """Give the instants of acceptance of one page; a row without one gets the end of its filed day."""
    text = pc.if_else(pc.equal(accepted, ""), None, pc.replace_substring_regex(accepted, r"(\.\d+)?Z$", ""))
    clock = pc.cast(text, pa.timestamp("us"))
    as_utc = pc.cast(clock, _UTC)
    as_wall_clock = _from_new_york(clock)
    is_utc = _misfits(as_utc, filed, form) < _misfits(as_wall_clock, filed, form)
    return pc.coalesce(as_utc if is_utc else as_wall_clock, end_of_filed_day(filed))


def end_of_filed_day(filed: pa.ChunkedArray) -> pa.ChunkedArray:
    """Give 22:00 New York of a filed date: by then the filing was public."""
    evening = pc.add(pc.cast(pc.cast(filed, pa.timestamp("us")), pa.int64()), _CLOSES * 60 * 1_000_000)
    return _from_new_york(pc.cast(evening, pa.timestamp("us")))


def _from_new_york(clock: pa.ChunkedArray) -> pa.ChunkedArray:
    zoned = pc.assume_timezone(clock, _ZONE, ambiguous="latest", nonexistent="latest")
    return pc.cast(zoned, _UTC)


def _misfits(instants: pa.ChunkedArray, filed: pa.ChunkedArray, form: pa.ChunkedArray) -> int:
    """Count the rows that could not have been accepted so: at night, or with another filing date."""
    local = pc.local_timestamp(pc.cast(instants, pa.timestamp("us", tz=_ZONE)))
    minute = pc.add(pc.multiply(pc.hour(local), 60), pc.minute(local))
    at_night = pc.or_(pc.less(minute, _OPENS), pc.greater(minute, _CLOSES))
    is_late = pc.greater_equal(minute, _NEXT_DAY_FROM)
    is_next_day = pc.greater(filed, pc.cast(pc.floor_temporal(local, unit="day"), pa.date32()))
    by_rule = pc.is_in(form, value_set=_DATED_BY_THE_RULE)
    misfits: Any = pc.sum(pc.or_(at_night, pc.and_(by_rule, pc.xor(is_late, is_next_day)))).as_py()
    return int(misfits or 0)
