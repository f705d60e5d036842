"""Numeric statements in articles, and what the warehouse says to them."""

from warehouse.tables.table import (
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

_PLACE = (
    text("article_id", "The article", references="core.articles"),
    text("part", "title, summary or body; the summary only where there is no body"),
    integer("start_offset", "Place of the first character of the number in that part, from 0", unit="characters"),
    integer("end_offset", "Place after its last character", unit="characters"),
)
_KEY = ("article_id", "part", "start_offset", "end_offset")

CLAIMS = Table(
    "core.claims",
    grain="one number that an article states in its current version",
    columns=(
        *_PLACE,
        text("text_as_written", "The characters that carry the number, with qualifier and unit"),
        text("sentence", "The sentence around it; only where the outlet's text is kept", optional=True),
        text("subject", "Name of whom or what it is about; unknown where the text leads to nobody"),
        text("subject_id", "Our id of that company, person or product", optional=True),
        text("company_id", "The company behind it", optional=True, references="core.companies"),
        text("subject_via", "named, pronoun, headline, previous or assumed", optional=True),
        text("metric", "What is measured, in the words of the grammar; unknown where nothing says it"),
        text("scope", "What the words speak of: group, a segment, part (another), index, intraday, forward (earnings)"),
        text("warehouse_metric", "The metric that this is a reading of", optional=True, references="core.metrics"),
        amount("value", "The number as written, before its scale"),
        integer("value_decimals", "Digits after the point as written, zeros included", unit="digits"),
        text("unit", "money, money_per_share, percent, pp, vehicles, followers, …"),
        text("currency", "Currency of money, ISO 4217", optional=True),
        amount("normalised", "The number with scale and sign; percent and points as a quotient"),
        amount("normalised_max", "Upper end of a range", optional=True),
        text("period", "As 2024Q3, 2024FY, 2025-03, 2024YTD, as_of 2024-12-30", optional=True),
        text("period_kind", "day, month, quarter, half, nine_months, year, to_date, instant, span, …", optional=True),
        day("period_start_date", "First day of it", optional=True),
        day("period_end_date", "Last day of it", optional=True),
        flag("is_period_assumed", "Nothing in the text names it: the last period that there can be figures of"),
        text("comparison", "yoy, qoq, mom, since_year_start, share_of, rank, target, …", optional=True),
        text("direction", "up, down or flat", optional=True),
        text("qualifier", "exact, approx, over, nearly, at_least or reported"),
        *provenance("Time of publication of the article"),
    ),
    key=_KEY,
    load=Load.DERIVED,
    keeps_past=True,
)

CLAIM_CHECKS = Table(
    "core.claim_checks",
    grain="one claim and what the warehouse says to it",
    columns=(
        *_PLACE,
        text("verdict", "supported, contradicted, imprecise (true to fewer digits than stated) or unverifiable"),
        text(
            "reason",
            "Why it is unverifiable: subject_unknown, metric_unknown, period_unknown, in_the_future, "
            "no_data_for_period, part_of_company, not_comparable, too_coarse",
            optional=True,
        ),
        amount("stated_value", "The claim as it was compared, with its sign; percent as a quotient"),
        amount("allowed_low", "Least value for which the words are true", optional=True),
        amount("allowed_high", "Greatest value for which they are", optional=True),
        amount("warehouse_value", "What the warehouse has, in the unit of the claim", optional=True),
        amount("warehouse_low", "Least value that the evidence allows", optional=True),
        amount("warehouse_high", "Greatest value that it allows", optional=True),
        amount("difference", "Stated less warehouse value", optional=True),
        text("derivation", "How the warehouse's value follows from the evidence", optional=True),
        texts("evidence_rows", "The rows that it rests on, as `table key`: ask `why` of each", optional=True),
        texts("evidence_snapshot_ids", "The saved bytes of these rows", optional=True),
        instant("asked_at", "The article's time: what was public then is what counts"),
        flag(
            "is_known_then",
            "The evidence was public at that time; false for figures of an ended period that came out later",
            optional=True,
        ),
        *provenance("Time of publication of the article"),
    ),
    key=_KEY,
    load=Load.DERIVED,
    note="Computed anew in every run; what a verdict was before is in `ops.verdict_changes`.",
)

VERDICT_CHANGES = Table(
    "ops.verdict_changes",
    grain="one claim whose verdict a run changed, because evidence or a version of the article came",
    columns=(
        text("run_id", "The run", references="ops.runs"),
        *_PLACE,
        text("verdict_before", "Verdict until then"),
        text("reason_before", "Its reason", optional=True),
        amount("warehouse_value_before", "Value until then", optional=True),
        texts("evidence_rows_before", "What that rested on", optional=True),
        text(
            "verdict_after", "Verdict from then on; empty for a claim that the article no longer makes", optional=True
        ),
        amount("warehouse_value_after", "Value from then on", optional=True),
        instant("changed_at", "When the run decided it"),
        text("snapshot_id", "The saved bytes of the article", references="raw.snapshots"),
    ),
    key=("run_id", *_KEY),
    load=Load.LEDGER,
)

TABLES = (CLAIMS, CLAIM_CHECKS, VERDICT_CHANGES)
