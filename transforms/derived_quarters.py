"""Quarters that nobody reports, from periods that add up.

The fourth quarter of a year is in no report: it is the year less nine months. A filer that reports to date
gives no second and no third quarter either. Only flows add up; amounts per share and days of a balance
do not, and a translation at each period's own rate does not either.
"""

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

from transforms.periods import PERIOD_DAYS, day_after

_LESS: Mapping[str, str] = {"half": "quarter", "nine_months": "half", "year": "nine_months"}
"""Each period to date, and the one to take from it for its last quarter."""

_SAME = ["metric", "accounting_basis", "currency", "element", "period_start_date"]
_STATED = ["metric", "accounting_basis", "currency", "period_end_date"]


def derive_quarters(stated: pa.Table) -> pa.Table:
    """Derive the last quarter of each period to date, unless a filing states it.

    A row belongs to the filing of the longer period and uses what was the newest statement of the shorter
    one by then; it was public when both were.
    """
    is_additive = pc.and_(stated["is_flow"], pc.invert(stated["is_convenience_translation"]))
    flows = stated.filter(is_additive)
    quarters = flows.filter(pc.equal(flows["period_kind"], "quarter"))
    derived = pa.concat_tables([_differences(flows, longer, shorter) for longer, shorter in _LESS.items()])
    is_stated = pc.is_in(_key(derived), value_set=_key(quarters).combine_chunks())
    return derived.filter(pc.invert(is_stated)).select(stated.column_names).cast(stated.schema)


def _key(rows: pa.Table) -> pa.ChunkedArray:
    return pc.binary_join_element_wise(*(pc.cast(rows[name], pa.string()) for name in _STATED), " ")


def _differences(flows: pa.Table, longer: str, shorter: str) -> pa.Table:
    whole = flows.filter(pc.equal(flows["period_kind"], longer))
    part = flows.filter(pc.equal(flows["period_kind"], shorter)).select(
        [*_SAME, "period_end_date", "filing_id", "filed_date", "available_at", "value"]
    )
    pairs = _newest_by_then(whole.drop_columns("evidence").join(part, _SAME, join_type="inner", right_suffix="_part"))
    start = day_after(pairs["period_end_date_part"])
    evidence = [_evidence(pairs, "", longer), _evidence(pairs, "_part", shorter)]
    changed = {
        "value": pc.subtract(pairs["value"], pairs["value_part"]),
        "available_at": _later(pairs["available_at"], pairs["available_at_part"]),
        "period_start_date": start,
        "period_kind": pa.array(["quarter"] * pairs.num_rows, pa.string()),
        "is_derived": pa.array([True] * pairs.num_rows, pa.bool_()),
        "evidence": _lists_of_two(evidence[0], evidence[1]),
    }
    columns = {
        name: changed.get(name, pairs[name] if name in pairs.column_names else None) for name in flows.column_names
    }
    return _as_long_as_a_quarter(pa.table(columns))


def _newest_by_then(pairs: pa.Table) -> pa.Table:
    """Keep for each filing the shorter period's newest statement by its day, or else the first one after."""
    is_before = pc.less_equal(pairs["filed_date_part"], pairs["filed_date"])
    day = pc.cast(pairs["filed_date_part"], pa.int32())
    pairs = pairs.append_column("distance", pc.if_else(is_before, pc.subtract(0, day), day))
    pairs = pairs.append_column("is_after", pc.invert(is_before))
    key = [*_SAME, "period_end_date", "filing_id"]
    order = [(name, "ascending") for name in (*key, "is_after", "distance", "filing_id_part")]
    ordered = pairs.sort_by(order)
    numbered = ordered.append_column("row", pa.array(range(ordered.num_rows), pa.int64()))
    first = numbered.select([*key, "row"]).group_by(key).aggregate([("row", "min")])["row_min"]
    return ordered.take(first.take(pc.sort_indices(first)))


def _as_long_as_a_quarter(derived: pa.Table) -> pa.Table:
    fewest, most = PERIOD_DAYS["quarter"]
    start, end = (pc.cast(derived[name], pa.int32()) for name in ("period_start_date", "period_end_date"))
    days = pc.add(pc.subtract(end, start), 1)
    return derived.filter(pc.and_(pc.greater_equal(days, fewest), pc.less_equal(days, most)))


def _later(one: pa.ChunkedArray, other: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.if_else(pc.greater(one, other), one, other)


def _evidence(pairs: pa.Table, suffix: str, kind: str) -> pa.ChunkedArray:
    return pc.binary_join_element_wise(pairs["element"], kind, pairs[f"filing_id{suffix}"], " ")


def _lists_of_two(first: pa.ChunkedArray, second: pa.ChunkedArray) -> pa.ListArray:
    both = pa.concat_arrays([*first.chunks, *second.chunks]) if first.chunks else pa.array([], pa.string())
    count = len(first)
    order = [row for n in range(count) for row in (n, count + n)]
    offsets = pa.array(range(0, 2 * count + 1, 2), pa.int32())
    return pa.ListArray.from_arrays(offsets, both.take(pa.array(order, pa.int64())))
