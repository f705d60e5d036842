"""Regulatory documents, the facts in them as reported, and the facts as an analyst wants them."""

from warehouse.tables.quotes import CHOICE
from warehouse.tables.table import (
    Check,
    Freshness,
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

AUTHORITY = (
    integer(
        "authority",
        "Who says so: 1 a filing, 2 the issuer's release, 3 an agency that quotes one, 4 another medium; "
        "the least is preferred, empty counts as 1",
        optional=True,
    ),
)
"""Whose word a reading is, beside the source that it was read from."""

METRICS = Table(
    "core.metrics",
    grain="one metric that facts, operating figures, followers, claims and targets share",
    columns=(
        text("metric", "Code of the metric"),
        text("title", "Name in English"),
        text("kind", "flow, level, ratio or count"),
        text("unit", "currency, shares, currency per share, people, vehicles, %"),
        texts("words", "Words in which sources say it", optional=True),
        *provenance("When the definition was kept"),
    ),
    key=("metric",),
)

FILINGS_BY_SOURCE = Table(
    "core.filings_by_source",
    grain="one document that a regulator or an exchange published for a company, as one list of filings has it",
    columns=(
        text("filing_id", "Publisher and its own identifier, as sec:0001628280-26-003952"),
        text("company_id", "Company that filed", references="core.companies"),
        text("publisher", "sec, hkex or cninfo"),
        text("form", "Form or headline category, as the publisher names it"),
        texts("item_codes", "Items of an 8-K, category codes of the exchange", optional=True),
        text("title", "Title as published", optional=True),
        text("language", "Language of the document, BCP 47", optional=True),
        day("filed_date", "Business date of the filing, in the publisher's zone"),
        day("period_end_date", "Last day that the document reports on", optional=True),
        text("accepted_text", "Time of acceptance as the source wrote it", optional=True),
        text("document_url", "Where the main document lies", optional=True),
        integer("document_size", "Size of the submission", optional=True, unit="bytes"),
        *provenance("When the publisher released it; end of the filed date where only the date is known"),
    ),
    key=("filing_id", "source_id"),
)

FILINGS = Table(
    "core.filings",
    grain="one document that a regulator or an exchange published for a company",
    columns=(*FILINGS_BY_SOURCE.columns, *CHOICE),
    key=("filing_id",),
    load=Load.CHOSEN,
    chosen_from=FILINGS_BY_SOURCE.name,
    fresh_within=Freshness("available_at", hours=24 * 45),
)

REPORTED_FACTS = Table(
    "core.reported_facts",
    grain="one fact as one filing reports it, by the source that was asked",
    columns=(
        text("company_id", "Company that filed", references="core.companies"),
        text("taxonomy", "us-gaap, ifrs-full, dei, srt …; document for a figure in a table or sentence"),
        text("tag", "Element of the taxonomy; of a figure our metric, or its label where it is none"),
        text("dimensions", "Axis and member pairs, empty for the whole company"),
        text("unit", "Unit as reported, such as CNY or USD/shares"),
        day("period_start_date", "First day; equals period_end_date for an instant"),
        day("period_end_date", "Last day, or the day of an instant"),
        flag("is_instant", "Holds at a day and not over a span"),
        text("filing_id", "Filing or document that says so", references="core.filings"),
        text("place", "Page and characters of it where a document states it; empty for a tagged fact"),
        amount("value", "Value in plain units"),
        text("label", "Label of the element, or the words of the row or sentence", optional=True),
        integer("page_number", "Page of the document", optional=True),
        text("evidence", "Line or sentence in which a document states it", optional=True),
        text("form", "Form of the filing, or kind of the document; empty where nobody says"),
        day("filed_date", "When it was filed"),
        text("frame", "Calendar frame that the SEC assigned", optional=True),
        *provenance("Acceptance of the filing; end of the filed date where only the date is known"),
    ),
    key=(
        "company_id",
        "taxonomy",
        "tag",
        "dimensions",
        "unit",
        "period_start_date",
        "period_end_date",
        "filing_id",
        "place",
        "source_id",
    ),
    checks=(Check("period_is_not_reversed", "period_start_date <= period_end_date"),),
)

FINANCIAL_FACTS_BY_SOURCE = Table(
    "core.financial_facts_by_source",
    grain="one metric of a company and period, as one filing or source gives it",
    columns=(
        text("company_id", "The company", references="core.companies"),
        text("metric", "What is measured", references="core.metrics"),
        text("segment", "Segment, or `group` for the whole company"),
        text("period_kind", "quarter, half, nine_months, year, trailing or instant; rarely month, year_to_date, span"),
        day("period_start_date", "First day; equals period_end_date for an instant"),
        day("period_end_date", "Last day of the period"),
        text("currency", "Currency of the value; empty text for a count or ratio"),
        text("accounting_basis", "us_gaap, ifrs, hkfrs, prc_gaap or adjusted"),
        text("filing_id", "Document that says so"),
        amount("value", "Value in plain units of the currency"),
        integer("fiscal_year", "Fiscal year of the company in which the period ends"),
        integer("fiscal_quarter", "Fiscal quarter in which it ends, 1 to 4"),
        text("calendar_quarter", "Calendar quarter in which most of it lies, as 2024Q3"),
        flag("is_derived", "Computed from other rows, such as Q4 = year minus nine months"),
        flag("is_convenience_translation", "Translated by the filer at one rate for the reader's convenience"),
        *AUTHORITY,
        amount("value_low", "Least value that is written so: half of the last digit less", optional=True),
        amount("value_high", "Greatest value that is written so", optional=True),
        texts("evidence", "Where each input stands: taxonomy:tag, or page and row", optional=True),
        *provenance("When the document was public"),
    ),
    key=(
        "company_id",
        "metric",
        "segment",
        "period_kind",
        "period_start_date",
        "period_end_date",
        "currency",
        "accounting_basis",
        "filing_id",
        "source_id",
    ),
    checks=(Check("period_is_not_reversed", "period_start_date <= period_end_date"),),
)

FINANCIAL_FACTS = Table(
    "core.financial_facts",
    grain="one metric of a company and period: the newest statement of it from the best source",
    columns=(*FINANCIAL_FACTS_BY_SOURCE.columns, *CHOICE),
    key=(
        "company_id",
        "metric",
        "segment",
        "period_kind",
        "period_start_date",
        "period_end_date",
        "currency",
        "accounting_basis",
    ),
    load=Load.CHOSEN,
    chosen_from=FINANCIAL_FACTS_BY_SOURCE.name,
    chosen_by=(
        "(source_rank = 0) DESC",
        "coalesce(authority, 1) ASC",
        "is_derived ASC",
        # A rounded repetition is no restatement of the exact figure.
        "coalesce(value_high - value_low > abs(value) * 0.001, false) ASC",
        "available_at DESC",
        "source_rank ASC",
        "fetched_at DESC",
        "snapshot_id ASC",
    ),
    disputed_when="least_authority < greatest_authority AND greatest_value_low > least_value_high",
    fresh_within=Freshness("period_end_date", hours=24 * 190),
    note="A restatement is another reading; `as_of.financial_facts(t)` answers with the one that was public at t.",
)

OPERATING_KPIS_BY_SOURCE = Table(
    "core.operating_kpis_by_source",
    grain="one operating figure of a company, product and period, as one document gives it",
    columns=(
        text("company_id", "The company", references="core.companies"),
        text("product_id", "The product, or `all`"),
        text("metric", "What is counted, such as deliveries", references="core.metrics"),
        text("period_kind", "month, quarter, half, nine_months, year, year_to_date, cumulative, instant or span"),
        day("period_start_date", "First day; equals period_end_date for an instant"),
        day("period_end_date", "Last day of the period"),
        text("document_id", "Document that says so"),
        amount("value", "Value as stated", optional=True),
        amount("value_low", "Least value that the words allow"),
        amount("value_high", "Greatest value that the words allow", optional=True),
        text("qualifier", "exact, about, over, nearly, at_least"),
        *AUTHORITY,
        texts("evidence", "Where it stands: page and line", optional=True),
        flag("is_preliminary", "Said to be preliminary: stated again later", optional=True),
        *provenance("When the document was public"),
    ),
    key=(
        "company_id",
        "product_id",
        "metric",
        "period_kind",
        "period_start_date",
        "period_end_date",
        "document_id",
        "source_id",
    ),
)

OPERATING_KPIS = Table(
    "core.operating_kpis",
    grain="one operating figure of a company, product and period, from the best source that has it",
    columns=(*OPERATING_KPIS_BY_SOURCE.columns, *CHOICE),
    key=("company_id", "product_id", "metric", "period_kind", "period_start_date", "period_end_date"),
    load=Load.CHOSEN,
    chosen_from=OPERATING_KPIS_BY_SOURCE.name,
    chosen_by=(
        "(source_rank = 0) DESC",
        "coalesce(authority, 1) ASC",
        "(qualifier <> 'exact') ASC",
        "coalesce(is_preliminary, false) ASC",
        "available_at DESC",
        "source_rank ASC",
        "fetched_at DESC",
        "snapshot_id ASC",
    ),
    disputed_when="least_authority < greatest_authority AND greatest_value_low > least_value_high",
)

EVENTS = Table(
    "core.events",
    grain="one event of a company: results, board meeting, delivery day, index review, ex-date",
    columns=(
        text("event_id", "Our id of the event"),
        text("company_id", "The company", optional=True, references="core.companies"),
        text("kind", "results, board_meeting, deliveries, index_review, ex_date"),
        instant("expected_at", "When it was expected", optional=True),
        instant("happened_at", "When it happened", optional=True),
        day("period_end_date", "Last day that it reports on", optional=True),
        text("title", "Title as published", optional=True),
        text("filing_id", "Filing that shows it", optional=True, references="core.filings"),
        *provenance("When the event, or its date, was public"),
    ),
    key=("event_id",),
)

TABLES = (
    METRICS,
    FILINGS_BY_SOURCE,
    FILINGS,
    REPORTED_FACTS,
    FINANCIAL_FACTS_BY_SOURCE,
    FINANCIAL_FACTS,
    OPERATING_KPIS_BY_SOURCE,
    OPERATING_KPIS,
    EVENTS,
)
