"""What companies owe their readers: reports by rule, deliveries by habit, each with the day by which it is due."""

from warehouse.tables.table import View, day, instant, integer, text

EXPECTED_REPORTS = View(
    "core.expected_reports",
    grain="one report that a company owes, from the day on which we follow it, past and to come",
    sql_file="expected_reports.sql",
    reads=(
        "core.companies", "core.securities", "core.fiscal_periods", "core.filings", "core.events",
        "core.operating_kpis",
    ),
    columns=(
        text("company_id", "The company", references="core.companies"),
        text("report", "annual_report, quarterly_report, annual_results, interim_results or deliveries"),
        text("publisher", "Where it is published: sec, hkex, or issuer for what no rule asks for"),
        text("period_kind", "year, half, quarter or month"),
        integer("fiscal_year", "Fiscal year of the company; empty for deliveries", optional=True),
        integer("fiscal_quarter", "Fiscal quarter in which the period ends; empty for deliveries", optional=True),
        day("period_start_date", "First day that it reports on"),
        day("period_end_date", "Last day that it reports on, by the calendar"),
        day("due_date", "Last day on which it is in time, in the publisher's zone"),
        instant("happened_at", "When the first document of it was public; empty while none is here", optional=True),
        text("filing_id", "The first document of it", optional=True),
        text("rule", "Why it is due then"),
    ),
    note="A row with a due date in the past and without a document is late or missing: `ops.completeness` says which.",
)  # fmt: skip

VIEWS = (EXPECTED_REPORTS,)
