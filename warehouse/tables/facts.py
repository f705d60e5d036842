"""What figures refer to, what is only aimed at or expected, and which documents were read for figures."""

from warehouse.tables.filings import AUTHORITY
from warehouse.tables.table import (
    Check,
    Column,
    Load,
    Table,
    amount,
    day,
    flag,
    instant,
    integer,
    provenance,
    text,
    texts,
)

FISCAL_PERIODS = Table(
    "core.fiscal_periods",
    grain="one fiscal quarter or year of a company",
    columns=(
        text("company_id", "The company", references="core.companies"),
        text("period_kind", "quarter or year"),
        integer("fiscal_year", "Fiscal year, named after the calendar year in which it ends"),
        integer("fiscal_quarter", "Fiscal quarter, 1 to 4; 4 for a year, which ends with it"),
        day("period_start_date", "First day"),
        day("period_end_date", "Last day, by the calendar: a year of 52 weeks ends some days beside it"),
        text("calendar_quarter", "Calendar quarter in which most of the last three months lie, as 2024Q3"),
        *provenance("When the watch list that names the end of the year was kept"),
    ),
    key=("company_id", "period_kind", "fiscal_year", "fiscal_quarter"),
)

SEGMENTS = Table(
    "core.segments",
    grain="one label of a segment of a company, over the time in which the company used it",
    columns=(
        text("company_id", "The company", references="core.companies"),
        text("segment", "Our id, the same under every label"),
        text("label", "Label as the company writes it"),
        text("language", "Language of the label: en, zh-Hant, zh-Hans"),
        day("valid_from_date", "First day of the first period reported under this label"),
        day("valid_to_date", "First day that is reported under another one", optional=True),
        *provenance("When the list of labels was kept"),
    ),
    key=("company_id", "segment", "label", "valid_from_date"),
)


def _aims(who: str) -> tuple[Column, ...]:
    return (
        text("company_id", "The company that it is about", references="core.companies"),
        text("product_id", "The product, or `all`"),
        text("segment", "Segment, or `group`"),
        text("metric", "What is meant", references="core.metrics"),
        text("period_kind", "month, quarter, half, nine_months, year, cumulative, instant or span"),
        day("period_start_date", "First day of the period that it is about"),
        day("period_end_date", "Last day of it"),
        text("currency", "Currency of the value; empty text for a count or ratio"),
        text("document_id", "Document that says so"),
        text("place", "Page and characters of it"),
        text("said_by", who),
        text("kind", "guidance, target or estimate"),
        amount("value", "The number, where it is one", optional=True),
        amount("value_low", "Least value that the words allow"),
        amount("value_high", "Greatest value that the words allow", optional=True),
        text("qualifier", "exact, about, over, nearly, at_least"),
        text("unit", "Unit, as core.metrics has it"),
        *AUTHORITY,
        text("evidence", "Page and line", optional=True),
        *provenance("When the document was public"),
    )


_AIM_KEY = (
    "company_id", "product_id", "segment", "metric", "period_kind", "period_start_date", "period_end_date", "currency",
    "document_id", "place", "source_id",
)  # fmt: skip
_IN_ORDER = Check("period_is_not_reversed", "period_start_date <= period_end_date")

TARGETS = Table(
    "core.targets",
    grain="one target or guidance for a period, as one document states it",
    columns=_aims("Company or person that says so, as our id"),
    key=_AIM_KEY,
    checks=(_IN_ORDER,),
    note="Never among actuals. Who said what when is kept: a raised target is another row.",
)

ESTIMATES = Table(
    "core.estimates",
    grain="one estimate of somebody outside the company, as one document states it",
    columns=_aims("Who estimates, as written; empty text where nobody is named"),
    key=_AIM_KEY,
    checks=(_IN_ORDER,),
    note="Never among actuals.",
)

DOCUMENT_READINGS = Table(
    "ops.document_readings",
    grain="one document that was read for figures, with what came of it",
    columns=(
        text("document_id", "The document", references="core.filing_documents"),
        text("snapshot_id", "The saved bytes that were read", references="raw.snapshots"),
        text("reader_version", "Version of the readers: another one reads the document again"),
        instant("filing_available_at", "When its filing was public as far as was known then", optional=True),
        integer("figure_count", "Figures read", unit="figures"),
        text("reason", "Why none were", optional=True),
        text("run_id", "Run that read it last", references="ops.runs"),
    ),
    key=("document_id",),
    load=Load.LEDGER,
)

FIGURE_CHECKS = Table(
    "ops.figure_checks",
    grain="one sum or growth of a document that was tried: whether its figures add up",
    columns=(
        text("document_id", "The document", references="core.filing_documents"),
        text("rule", "parts_to_total, months_to_quarter, quarters_to_year, months_to_year, gross_profit, balance, …"),
        text("metric", "What is counted", references="core.metrics"),
        text("product", "Brand or model as the document writes it, or `all`"),
        text("period_kind", "month, quarter, half, nine_months, year or year_to_date"),
        day("period_start_date", "First day of the period of the stated figure"),
        day("period_end_date", "Last day of it"),
        amount("stated_value", "What the document says: a count, or a growth in per cent"),
        amount("computed_value", "What its other figures make of it"),
        amount("tolerance", "By how much the two may differ, as both are rounded"),
        flag("is_passed", "Whether they agree"),
        texts("evidence", "Places of the figures: page and line"),
        text("snapshot_id", "The saved bytes that were read", references="raw.snapshots"),
        text("run_id", "Run that tried it last", references="ops.runs"),
    ),
    key=("document_id", "rule", "metric", "product", "period_kind", "period_start_date", "period_end_date"),
    load=Load.LEDGER,
    note="Where a sum does not hold, its figures are held back, save those that another sum bears out: "
    "`ops.rejects` has them with the reason does_not_add_up, both values and their places.",
)

TABLES = (FISCAL_PERIODS, SEGMENTS, TARGETS, ESTIMATES, DOCUMENT_READINGS, FIGURE_CHECKS)
