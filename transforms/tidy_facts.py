"""Tagged figures as reported, and the ones that an analyst wants, by metric and period.

`fy` and `fp` of a fact describe the filing that carries it, so years and quarters come from the fact's
own period and the company's fiscal year end. Every filing that states a fact gives a row: a changed value
is a restatement, and both are kept.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from extractors.filings.sec_companyfacts import CompanyFacts
from extractors.reading import Read
from extractors.snapshot import Snapshot
from extractors.watchlist import Company, WatchList
from transforms.authority import FILING
from transforms.chosen_elements import choose_elements
from transforms.derived_quarters import derive_quarters
from transforms.new_york_time import end_of_filed_day
from transforms.periods import calendar_quarter, fiscal_quarter, fiscal_year, period_kind
from transforms.tidy import SetAside, Tidy, origin
from warehouse.tables.filings import FINANCIAL_FACTS_BY_SOURCE, REPORTED_FACTS
from warehouse.tables.quotes import SHARES_OUTSTANDING_BY_SOURCE
from warehouse.tables.table import Table

_SOURCE = "sec_companyfacts"
_EXACT = pa.decimal128(36, 6)
_GREATEST = 1e29
_MOST_SHARES = 10**18
_COVER_SHARES = "EntityCommonStockSharesOutstanding"


def tidy_sec_companyfacts(reads: Sequence[Read[CompanyFacts]], watchlist: WatchList) -> Tidy:
    """Make rows of the facts of companies that we follow: as reported, by metric, and shares in issue."""
    companies = {company.sec_cik: company for company in watchlist.companies if company.sec_cik is not None}
    return Tidy.join(_of_company(read.snapshot, page, companies) for read in reads for page in read.records)


def _of_company(snapshot: Snapshot, page: CompanyFacts, companies: Mapping[int, Company]) -> Tidy:
    company = companies.get(page.cik)
    if company is None:
        about = {"cik": page.cik, "rows": page.facts.num_rows}
        return Tidy.of(REPORTED_FACTS, [], [SetAside(REPORTED_FACTS.name, "not_followed", about, snapshot.id, _SOURCE)])
    facts, aside_facts = _reported(page.facts)
    same = {"company_id": company.id, **origin(snapshot, _SOURCE)}
    aside_facts += [("impossible_date", {"company_id": company.id, **row}) for row in page.impossible]
    aside = [SetAside(REPORTED_FACTS.name, reason, row, snapshot.id, _SOURCE) for reason, row in aside_facts]
    return Tidy.join(
        (
            Tidy.of(REPORTED_FACTS, _filled(facts, REPORTED_FACTS, {**same, "dimensions": "", "place": ""}), aside),
            mapped_facts(facts, company, same),
            _shares(facts, same, snapshot),
        )
    )


def _reported(facts: pa.Table) -> tuple[pa.Table, list[tuple[str, dict[str, Any]]]]:
    """Bring facts into the table's columns; set aside those without a value that a column can hold."""
    size = pc.abs(pc.cast(facts["val"], pa.float64()))
    holds = pc.fill_null(pc.less(size, _GREATEST), False)
    start = pc.coalesce(facts["start"], facts["end"])
    is_ordered = pc.less_equal(start, facts["end"])
    aside = [("no_value", row) for row in _named(facts.filter(pc.invert(holds)))]
    aside += [("period_is_reversed", row) for row in _named(facts.filter(pc.invert(is_ordered)))]
    kept = facts.append_column("first", start).filter(pc.and_(holds, is_ordered))
    columns = {
        "taxonomy": kept["taxonomy"],
        "tag": kept["tag"],
        "unit": kept["unit"],
        "period_start_date": kept["first"],
        "period_end_date": kept["end"],
        "is_instant": pc.is_null(kept["start"]),
        "filing_id": pc.binary_join_element_wise("sec:", kept["accn"], ""),
        "value": pc.cast(pc.round(kept["val"], ndigits=6), _EXACT),
        "label": kept["label"],
        "form": kept["form"],
        "filed_date": kept["filed"],
        "frame": kept["frame"],
        "available_at": end_of_filed_day(kept["filed"]),
    }
    return _once(pa.table(columns)), aside


def _once(facts: pa.Table) -> pa.Table:
    """Keep the last of several facts of one key; the SEC lists a filing's fact once, but promises nothing."""
    key = [name for name in REPORTED_FACTS.key if name in facts.column_names]
    numbered = facts.append_column("row", pa.array(range(facts.num_rows), pa.int64()))
    last = numbered.select([*key, "row"]).group_by(key).aggregate([("row", "max")])["row_max"]
    return facts.take(last.take(pc.sort_indices(last)))


def mapped_facts(facts: pa.Table, company: Company, same: Mapping[str, Any], *, segment: str = "group") -> Tidy:
    """Map facts as reported to metrics, and derive the quarters that nobody reports.

    `same` gives the company and the provenance; `available_at` may be a column of the facts in its place.
    """
    chosen = choose_elements(facts, company.sec_cik or 0, company.reporting_currency)
    kinds = period_kind(chosen["period_start_date"], chosen["period_end_date"])
    chosen = chosen.append_column("period_kind", kinds).filter(pc.is_valid(kinds))
    rows = pa.concat_tables([chosen, derive_quarters(chosen)])
    is_wrong = pc.and_(rows["is_never_negative"], pc.less(rows["value"], 0))
    aside = [
        SetAside(FINANCIAL_FACTS_BY_SOURCE.name, "negative_value", row, same["snapshot_id"], same["source_id"])
        for row in rows.filter(is_wrong).select(["metric", "period_end_date", "value", "filing_id"]).to_pylist()
    ]
    kept = rows.filter(pc.invert(is_wrong))
    end = kept["period_end_date"]
    for name, values in (
        ("fiscal_year", fiscal_year(end, company.fiscal_year_end)),
        ("fiscal_quarter", fiscal_quarter(end, company.fiscal_year_end)),
        ("calendar_quarter", calendar_quarter(end)),
    ):
        kept = kept.append_column(name, values)
    kept = kept.append_column("value_low", kept["value"]).append_column("value_high", kept["value"])
    data = _filled(kept, FINANCIAL_FACTS_BY_SOURCE, {**same, "segment": segment, "authority": FILING})
    return Tidy.of(FINANCIAL_FACTS_BY_SOURCE, data, aside)


def _shares(facts: pa.Table, same: Mapping[str, Any], snapshot: Snapshot) -> Tidy:
    """Take the count of the cover page: ordinary shares, for a filer whose depositary shares trade too.

    A day with several counts is set aside: one corrects the other, or they are classes, and nothing says which.
    """
    is_cover = pc.and_(pc.equal(facts["taxonomy"], "dei"), pc.equal(facts["tag"], _COVER_SHARES))
    is_count = pc.and_(pc.greater(facts["value"], 0), pc.less(facts["value"], _MOST_SHARES))
    cover = facts.filter(pc.and_(pc.and_(is_cover, pc.equal(facts["unit"], "shares")), is_count))
    days = cover.group_by("period_end_date").aggregate(
        [("value", "count_distinct"), ("value", "max"), ("available_at", "min")]
    )
    is_single = pc.equal(days["value_count_distinct"], 1)
    aside = [
        SetAside(SHARES_OUTSTANDING_BY_SOURCE.name, "several_counts", row, snapshot.id, _SOURCE)
        for row in days.filter(pc.invert(is_single)).select(["period_end_date", "value_max"]).to_pylist()
    ]
    single = days.filter(is_single)
    table = pa.table(
        {
            "as_of_date": single["period_end_date"],
            "share_count": pc.cast(pc.cast(single["value_max"], pa.decimal128(19, 0), safe=False), pa.int64()),
            "available_at": single["available_at_min"],
        }
    )
    data = _filled(table, SHARES_OUTSTANDING_BY_SOURCE, {**same, "share_class": "all"})
    return Tidy.of(SHARES_OUTSTANDING_BY_SOURCE, data, aside)


def _filled(data: pa.Table, table: Table, same: Mapping[str, Any]) -> pa.Table:
    """Add the columns that are the same in every row."""
    for name, value in same.items():
        kind = table.arrow_schema.field(name).type
        data = data.append_column(name, pa.chunked_array([pa.array([value] * data.num_rows, kind)], kind))
    return data


def _named(facts: pa.Table) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = facts.select(["taxonomy", "tag", "unit", "start", "end", "accn"]).to_pylist()
    return rows
