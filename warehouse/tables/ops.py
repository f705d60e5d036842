"""What the pipeline did, asked, refused, found and published. Written by the pipeline about itself."""

from warehouse.tables.alerts import ALERTS
from warehouse.tables.table import Load, Table, day, flag, instant, integer, number, text, texts

SOURCES = Table(
    "core.sources",
    grain="one source of data",
    columns=(
        text("source_id", "Our id of the source"),
        text("title", "What it gives"),
        text("publisher", "Who publishes it"),
        text("kind", "quotes, fx, filings, news, social, calendar or reference"),
        text("home_url", "Its address"),
        text("terms", "What the publisher allows"),
        text("terms_url", "Where its terms stand", optional=True),
        day("terms_read_date", "When they were read last; empty where nobody noted it", optional=True),
        text("needs", "nothing, contact, key, login or permission"),
        text("why_off", "Why it is off until somebody turns it on; empty where it is on by default", optional=True),
        flag("honours_robots", "Whether robots.txt is asked first"),
        text("robots_decision", "allowed, denied, mixed (by host), not_asked or unknown: as it was asked last"),
        texts("robots_rules", "Host by host the rule that decided, at most ten", optional=True),
        instant("robots_asked_at", "When it last decided", optional=True),
        flag("may_be_redistributed", "Whether its data may be passed on"),
        number("pace_seconds", "Shortest time between two requests to a host", unit="s"),
        texts("tables", "Core tables that its rows go to"),
        flag("is_required", "Whether a run without it is not complete"),
        flag("is_enabled", "Whether this home asks it"),
        text("enabled_by", "Who turned it on, where it is off by default", optional=True),
        day("enabled_date", "When", optional=True),
        text("permission", "On what permission", optional=True),
    ),
    key=("source_id",),
    load=Load.LEDGER,
)

SOURCE_RANKS = Table(
    "core.source_ranks",
    grain="the rank of one source among the readings of one table",
    columns=(
        text("table_name", "Table of readings"),
        text("source_id", "The source"),
        integer("source_rank", "1 is preferred"),
    ),
    key=("table_name", "source_id"),
    load=Load.LEDGER,
)

RUNS = Table(
    "ops.runs",
    grain="one run of a flow, ingest or publication",
    columns=(
        text("run_id", "Our id of the run"),
        text("flow", "daily, backfill, ingest, …"),
        text("mode", "live, backfill, replay, ingest or import"),
        day("window_start_date", "First day of the window", optional=True),
        day("window_end_date", "Last day of the window", optional=True),
        instant("started_at", "Start"),
        instant("ended_at", "End; empty while it runs or when it died", optional=True),
        text("state", "running, completed, completed_with_gaps, failed or died"),
        text("message", "What is missing, in a sentence", optional=True),
        text("code_version", "Version of Dragongate"),
        text("host", "Machine", optional=True),
        integer("pid", "Process", optional=True),
        texts("archive_files", "WARC files that this run wrote or took in", optional=True),
        texts("sources", "The only sources that it asked; empty for all that are on", optional=True),
        texts("schedules", "Schedules of the watch list that it ran for; empty when started by hand", optional=True),
        flag("is_whole", "Whether all that its files hold is loaded; if not, the next start loads it", optional=True),
    ),
    key=("run_id",),
    load=Load.LEDGER,
)

FETCHES = Table(
    "ops.fetches",
    grain="one request to a source, with all its attempts, or one response taken in from an archive",
    columns=(
        text("run_id", "The run", references="ops.runs"),
        integer("fetch_number", "Order within the run"),
        text("source_id", "The source; unmatched when no source claims the address"),
        text("chunk", "What it was asked for, such as a company or a pair"),
        text("method", "HTTP method"),
        text("url", "Address, without secrets"),
        instant("requested_at", "First attempt, or the recorded time"),
        number("seconds", "How long it took with all attempts", optional=True, unit="s"),
        integer("attempts", "How often it was tried; 0 where the archive answered in its place"),
        integer("status", "HTTP status; empty when there was no answer", optional=True),
        text("outcome", "ok, unchanged, nothing_there, rate_limited, unavailable, refused, shape_changed or unmatched"),
        text("reason", "Why, in a word", optional=True),
        text("message", "Why, for a person", optional=True),
        text("robots_rule", "Rule of robots.txt that allowed or denied it", optional=True),
        text("snapshot_id", "The saved answer", optional=True, references="raw.snapshots"),
        day("window_start_date", "First day asked for", optional=True),
        day("window_end_date", "Last day asked for", optional=True),
        flag("moves_cursor", "Whether the next run may start after this window"),
    ),
    key=("run_id", "fetch_number"),
    load=Load.LEDGER,
)

LOADS = Table(
    "ops.loads",
    grain="one batch into one table",
    columns=(
        text("run_id", "The run", references="ops.runs"),
        integer("load_number", "Order within the run"),
        text("table_name", "The table"),
        instant("loaded_at", "When"),
        integer("inserted", "New keys", unit="rows"),
        integer("updated", "Keys with a new current version", unit="rows"),
        integer("unchanged", "Keys that stayed as they were", unit="rows"),
        integer("rejected", "Rows that were set aside", unit="rows"),
        integer("late", "Older versions that arrived late and went to history", unit="rows"),
        integer("deleted", "Derived rows that no longer follow", unit="rows"),
        number("seconds", "How long it took", unit="s"),
        text("state", "loaded or rejected"),
        text("message", "Why the batch was rejected", optional=True),
    ),
    key=("run_id", "load_number"),
    load=Load.LEDGER,
)

REJECTS = Table(
    "ops.rejects",
    grain="one row that was set aside, with its reason; its bytes stay in the archive",
    columns=(
        text("run_id", "The run", references="ops.runs"),
        text("table_name", "Table that it was meant for"),
        text("reason", "Rule that it broke"),
        text("row_json", "The row as it was"),
        text("snapshot_id", "The saved bytes", optional=True, references="raw.snapshots"),
        text("source_id", "The source", optional=True),
        instant("rejected_at", "When"),
    ),
    key=("run_id", "table_name", "reason", "row_json"),
    load=Load.LEDGER,
)

DRIFT = Table(
    "ops.drift",
    grain="one field of a source that we do not know",
    columns=(
        text("source_id", "The source"),
        text("field", "Path of the field"),
        text("example", "What stood there first"),
        text("snapshot_id", "Where it was first seen", references="raw.snapshots"),
        instant("first_seen_at", "When it was first seen"),
        text("run_id", "Run that noticed it", references="ops.runs"),
    ),
    key=("source_id", "field"),
    load=Load.LEDGER,
)

CHECKS = Table(
    "ops.checks",
    grain="one check of one table at one publication",
    columns=(
        text("run_id", "The run", references="ops.runs"),
        text("table_name", "The table"),
        text("check_name", "The rule"),
        flag("is_blocking", "Whether its failure keeps the table back"),
        flag("is_passed", "Whether the table meets it"),
        integer("failing_rows", "How many rows do not", unit="rows"),
        text("example", "One of them", optional=True),
        instant("checked_at", "When"),
    ),
    key=("run_id", "table_name", "check_name"),
    load=Load.LEDGER,
)

FRESHNESS = Table(
    "ops.freshness",
    grain="one table's age after a run",
    columns=(
        text("run_id", "The run", references="ops.runs"),
        text("table_name", "The table"),
        integer("row_count", "Rows in the table", unit="rows"),
        instant(
            "data_until",
            "Newest time in the data itself; without an allowed age, when the newest row was public",
            optional=True,
        ),
        number("age_hours", "Age of the data by its own time at the end of the run", optional=True, unit="h"),
        number("allowed_hours", "Age at which it counts as stale", optional=True, unit="h"),
        flag("is_stale", "Older than allowed, or empty though a source for it is on; closed days may not count"),
        flag("is_required", "A source that is on and required fills it: the run is not good while it is stale"),
        instant("measured_at", "When"),
    ),
    key=("run_id", "table_name"),
    load=Load.LEDGER,
)

ANSWERS = Table(
    "ops.answers",
    grain="one source and chunk that a run should have had, and what came of it",
    columns=(
        text("run_id", "The run", references="ops.runs"),
        text("source_id", "The source"),
        text("chunk", "What it was asked for"),
        text("state", "here, elsewhere (another source of its order answered), nothing_there, missing, off or muted"),
        text("reason", "Why it is not here", optional=True),
        flag("is_required", "Whether the run is incomplete without it"),
        text("mend", "What to do", optional=True),
    ),
    key=("run_id", "source_id", "chunk"),
    load=Load.LEDGER,
)

COMPLETENESS = Table(
    "ops.completeness",
    grain="one security, account, feed or filer that we follow: what should be here by the end of a run, and what is",
    columns=(
        text("run_id", "The run", references="ops.runs"),
        text("subject_kind", "security, account, feed or filer"),
        text("subject_id", "Our id of it; of a filer the company"),
        text("what", "What is expected: daily_closes, follower_counts, answers, or the report of a filer"),
        text("table_name", "Where it should stand"),
        flag("is_followed", "False for a line that only an index holds: nobody waits for its price", optional=True),
        texts("source_ids", "Sources that are on and can be asked for it, in their order", optional=True),
        day("expected_from_date", "First day that counts: since when we follow it", optional=True),
        day("expected_until_date", "Last day that is over and should be here", optional=True),
        integer("expected_count", "Sessions, days or reports that should be here", unit="days or reports"),
        integer("came_count", "How many of them are", unit="days or reports"),
        integer("missing_count", "How many are not", unit="days or reports"),
        day("first_missing_date", "First of the missing days; for a report the day by which it was due", optional=True),
        day("last_missing_date", "Last of them", optional=True),
        texts("missing_days", "All of them, as days and spans of days; of very many the newest", optional=True),
        day("last_came_date", "Newest day that is here, expected or not", optional=True),
        text("state", "complete, missing, not_asked (no source that is on has it), quiet (a feed) or nothing_due"),
        text("whose", "theirs: the source has not given it; ours: we did not ask, or could not take it", optional=True),
        text("reason", "Why it is missing, with how many days for each reason, most first", optional=True),
        text("mend", "What to do", optional=True),
        text("next_try", "When it is asked for again", optional=True),
        day("next_try_from_date", "First day that the next run asks for", optional=True),
        instant("measured_until", "The moment up to which things were expected"),
    ),
    key=("run_id", "subject_kind", "subject_id", "what"),
    load=Load.LEDGER,
)

PUBLICATIONS = Table(
    "ops.publications",
    grain="one table in one published generation",
    columns=(
        integer("generation", "Number of the published file"),
        text("run_id", "Run that published it", references="ops.runs"),
        instant("published_at", "When"),
        text("table_name", "The table"),
        text("state", "published; kept: the last good content stands in for it; withdrawn: taken back by a rollback"),
        text("reason", "Check that kept it back", optional=True),
        integer("row_count", "Rows in the published table", unit="rows"),
        integer("content_generation", "Generation from which its content comes"),
    ),
    key=("generation", "table_name"),
    load=Load.LEDGER,
)

CORRECTIONS = Table(
    "ops.corrections",
    grain="one row that a person corrected, or one saved answer that a person rejected",
    columns=(
        text("table_name", "The table; `raw.snapshots` for a rejected answer"),
        text("row_key", "The row, as `column=value,…`"),
        text("kind", "correction or rejection"),
        text("change_text", "What was changed, from what to what; the tables that lost rows to a rejection"),
        text("author", "Who"),
        text("because", "Why"),
        instant("corrected_at", "When"),
        texts("marts", "The marts that it touches", optional=True),
        text("snapshot_id", "The archived correction", references="raw.snapshots"),
    ),
    key=("snapshot_id", "table_name", "row_key"),
    load=Load.LEDGER,
)

MUTES = Table(
    "ops.mutes",
    grain="one word about a source that may be missing for a while; the last one about it holds",
    columns=(
        text("source_id", "The source"),
        day("until_date", "Until when, that day included"),
        text("author", "Who"),
        text("because", "Why"),
        instant("muted_at", "When"),
        text("snapshot_id", "The archived record", references="raw.snapshots"),
    ),
    key=("source_id", "muted_at"),
    load=Load.LEDGER,
)

TOMBSTONES = Table(
    "ops.tombstones",
    grain="one saved answer that was taken down; nothing of what it said is left",
    columns=(
        text("snapshot_id", "The record that was taken down"),
        text("url", "Address of the document"),
        text("sha256", "Hash of the body that was taken down, in hex; empty where it could not be read"),
        instant("fetched_at", "When the source had given it"),
        texts("row_keys", "The rows that were read from the document, each as `table column=value,…`", optional=True),
        text("author", "Who took it down"),
        text("because", "Why"),
        instant("forgotten_at", "When"),
        text("tombstone_id", "The archived tombstone", references="raw.snapshots"),
    ),
    key=("snapshot_id", "tombstone_id"),
    load=Load.LEDGER,
)

SCHEMA_VERSIONS = Table(
    "ops.schema_versions",
    grain="one time that a Dragongate brought the tables up to its own definitions",
    columns=(
        integer("schema_version", "Version of the tables; a home of a newer one than the program's is not opened"),
        text("code_version", "Version of Dragongate"),
        instant("brought_up_at", "When"),
        texts("added", "Tables and columns that were new to this warehouse; older rows are empty in them"),
        texts("table_keys", "The key of each table then, as `table: column, …`"),
    ),
    key=("schema_version", "brought_up_at"),
    load=Load.LEDGER,
)

TABLES = (
    SOURCES, SOURCE_RANKS, RUNS, FETCHES, LOADS, REJECTS, DRIFT, CHECKS, FRESHNESS, ANSWERS, COMPLETENESS,
    PUBLICATIONS, CORRECTIONS, MUTES, TOMBSTONES, SCHEMA_VERSIONS, ALERTS,
)  # fmt: skip
