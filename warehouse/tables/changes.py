"""Views over what changed, and over what sources do not agree on."""

from warehouse.tables.catalog import TABLES
from warehouse.tables.table import Load, View, instant, integer, number, text

_VERSION = (
    text("table_name", "The table"),
    text("row_key", "Key of the row, as JSON"),
    text("change", "inserted, or updated: the key was known and says something else"),
    text("cause", "first, source, late or manual; parser: we had misread the same bytes"),
    instant("known_from", "From when this warehouse knew it: ask for `known_from >= …` for what is new"),
    instant("public_from", "From when it was public"),
    text("old_json", "What the row said before, as JSON; empty for an inserted one", optional=True),
    text("new_json", "What it says, as JSON"),
    text("old_snapshot_id", "The saved bytes before", optional=True, references="raw.snapshots"),
    text("new_snapshot_id", "The saved bytes", references="raw.snapshots"),
    text("source_id", "Source that said so", references="core.sources"),
)

VERSION_CHANGES = View(
    "ops.version_changes",
    grain="one version of one row of a table that keeps versions",
    sql_file="version_changes.sql",
    reads=tuple(table.name for table in TABLES if table.load is Load.MERGE),
    columns=_VERSION,
    note="Readings change; a chosen row follows them. Versions that later turned out to be misread are left out.",
)

CHANGES = View(
    "ops.changes",
    grain="one change of one row: a version, a row that went with its answer, a verdict that became another",
    sql_file="changes.sql",
    reads=(
        "ops.version_changes",
        "ops.fetches",
        "ops.runs",
        "ops.corrections",
        "ops.rejects",
        "ops.tombstones",
        "ops.verdict_changes",
        "raw.snapshots",
    ),
    columns=(
        text("table_name", "The table"),
        text("row_key", "Key of the row, as JSON; of a withdrawn one the row, of a forgotten one `column=value,…`"),
        text(
            "change",
            "inserted; updated: the key was known and says something else; withdrawn: its answer was rejected; "
            "forgotten: its document was taken down; deleted: a claim that is no longer made",
        ),
        text("cause", "first, source, late, manual, parser (we had misread the same bytes) or evidence (of a verdict)"),
        instant("known_from", "From when this warehouse knew it: ask for `known_from >= …` for what is new"),
        instant("public_from", "From when it was public"),
        text("old_json", "What the row said before, as JSON; empty for an inserted or forgotten one", optional=True),
        text("new_json", "What it says, as JSON; empty for one that is gone", optional=True),
        text("old_snapshot_id", "The saved bytes before", optional=True, references="raw.snapshots"),
        text("new_snapshot_id", "The saved bytes, or the record of who mended it", references="raw.snapshots"),
        text("source_id", "Source that said so", references="core.sources"),
        text("run_id", "Run that brought it; empty where no ledger tells", optional=True, references="ops.runs"),
        text("why", "Why, in words: new, restated, late, code, correction, rejection, taken down or judged"),
    ),
    note="Readings change; a chosen row follows them. Versions that later turned out to be misread are left out.",
)

DISAGREEMENTS = View(
    "ops.disagreements",
    grain="one figure of one key on which sources differ by more than the tolerance",
    sql_file="disagreements.sql",
    reads=(
        "core.daily_quotes_by_source",
        "core.daily_quotes",
        "core.fx_rates_by_source",
        "core.shares_outstanding_by_source",
        "core.corporate_actions_by_source",
        "core.financial_facts_by_source",
        "core.operating_kpis_by_source",
    ),
    columns=(
        text("table_name", "Table of readings"),
        text("row_key", "What the sources speak of, as JSON"),
        text("column_name", "The figure"),
        number("least_value", "Least of the readings"),
        text("least_source_id", "Who says so", references="core.sources"),
        text("least_snapshot_id", "The saved bytes", references="raw.snapshots"),
        number("greatest_value", "Greatest of the readings"),
        text("greatest_source_id", "Who says so", references="core.sources"),
        text("greatest_snapshot_id", "The saved bytes", references="raw.snapshots"),
        number("difference_pct", "How far the greatest is above the least; empty for a loss", optional=True, unit="%"),
        number("tolerance_pct", "What is let pass; 0 where only the rounding of what is written is", unit="%"),
        integer("reading_count", "How many sources said something", unit="sources"),
    ),
    note="Only like is compared with like: prices on one basis and after the session, amounts in one currency, "
    "the newest statement of each source about one period.",
)

VIEWS = (VERSION_CHANGES, CHANGES, DISAGREEMENTS)
