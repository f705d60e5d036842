"""Which of several elements states a metric, for each filing and period."""

import pyarrow as pa
import pyarrow.compute as pc

from transforms.xbrl_metrics import BASES, METRICS, Measure, elements_of

_UNITS = {Measure.MONEY: r"^[A-Z]{3}$", Measure.PER_SHARE: r"^[A-Z]{3}/shares$", Measure.SHARES: r"^shares$"}
_STATEMENT = ["metric", "accounting_basis", "unit", "period_start_date", "period_end_date"]
_LEAST_SHARE = 0.5


def choose_elements(facts: pa.Table, cik: int, reporting_currency: str) -> pa.Table:
    """Take the facts that state a metric: one for each metric, basis, currency, period and filing.

    Currencies are the one that the company reports in, and the US dollar beside it, into which a filer
    translates for its readers.
    """
    stated = facts.append_column("element", pc.binary_join_element_wise(facts["taxonomy"], facts["tag"], ":"))
    candidates = stated.join(_elements(cik), "element", join_type="inner")
    candidates = candidates.filter(_fits(candidates, reporting_currency))
    chosen = _first_of(_plausible(candidates), [*_STATEMENT, "filing_id"])
    currency = _currency(chosen["unit"])
    is_translated = pc.and_(pc.not_equal(currency, ""), pc.not_equal(currency, reporting_currency))
    evidence = pa.ListArray.from_arrays(
        pa.array(range(chosen.num_rows + 1), pa.int32()), chosen["element"].combine_chunks()
    )
    return (
        chosen.append_column("currency", currency)
        .append_column("is_convenience_translation", is_translated)
        .append_column("is_derived", pa.array([False] * chosen.num_rows, pa.bool_()))
        .append_column("evidence", evidence)
    )


def _elements(cik: int) -> pa.Table:
    rows = [
        {
            "element": element,
            "metric": metric.code,
            "accounting_basis": BASES[element.partition(":")[0]],
            "rank": rank,
            "measure": metric.measure.value,
            "is_flow": metric.is_flow,
            "takes_largest": metric.takes_largest,
            "is_never_negative": metric.is_never_negative,
            "is_level": metric.is_level,
        }
        for metric in METRICS
        for rank, element in enumerate(elements_of(metric, cik))
    ]
    return pa.Table.from_pylist(rows)


def _fits(candidates: pa.Table, reporting_currency: str) -> pa.ChunkedArray:
    """Tell whether a fact has the metric's kind of unit and period, in a currency that is wanted."""
    is_of_kind = pc.equal(candidates["measure"], "")
    for measure, unit in _UNITS.items():
        is_unit = pc.match_substring_regex(candidates["unit"], unit)
        is_of_kind = pc.or_(is_of_kind, pc.and_(pc.equal(candidates["measure"], measure.value), is_unit))
    wanted = pa.array(["", reporting_currency, "USD"])
    is_of_period = pc.equal(candidates["is_instant"], candidates["is_level"])
    is_wanted = pc.is_in(_currency(candidates["unit"]), value_set=wanted)
    return pc.and_(pc.and_(is_of_kind, is_of_period), is_wanted)


def _currency(unit: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.if_else(pc.equal(unit, "shares"), "", pc.utf8_slice_codeunits(unit, 0, 3))


def _plausible(candidates: pa.Table) -> pa.Table:
    """Drop a part that stands alone: less than half of what another element states for the same period.

    A filing may repeat an older year in a note only, without the total.
    """
    size = pc.abs(pc.cast(candidates["value"], pa.float64()))
    sized = candidates.append_column("size", pc.if_else(candidates["takes_largest"], size, 0.0))
    sized = sized.append_column("order", pc.negate(sized["size"]))
    greatest = _first_of(sized, _STATEMENT, ("order", "rank")).select([*_STATEMENT, "size", "element"])
    compared = sized.join(greatest, _STATEMENT, right_suffix="_greatest")
    is_whole = pc.greater_equal(compared["size"], pc.multiply(compared["size_greatest"], _LEAST_SHARE))
    return compared.filter(pc.or_(is_whole, pc.equal(compared["element"], compared["element_greatest"])))


def _first_of(table: pa.Table, key: list[str], order: tuple[str, ...] = ("order", "rank")) -> pa.Table:
    """Keep the first row of each key, by `order` and then by filing."""
    by = [(name, "ascending") for name in (*key, *order, "filed_date", "filing_id") if name in table.column_names]
    ordered = table.sort_by(list(dict.fromkeys(by)))
    numbered = ordered.append_column("row", pa.array(range(ordered.num_rows), pa.int64()))
    first = numbered.select([*key, "row"]).group_by(key).aggregate([("row", "min")])["row_min"]
    return ordered.take(first.take(pc.sort_indices(first)))
