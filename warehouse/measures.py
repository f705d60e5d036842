"""What can be measured of one home, by name: what each number means, its labels, and the query that finds it.

Everything comes from the published copies. Labels are bounded: tables, sources, hosts, flows and words of short lists,
never an address, a security or what was asked for.
"""

from dataclasses import dataclass

from warehouse.status import COLLECTING


@dataclass(frozen=True, slots=True)
class Measure:
    """One gauge: a query gives its labels in their order, then its value."""

    name: str
    meaning: str
    labels: tuple[str, ...]
    sql: str


_LIST = ", ".join(f"'{mode}'" for mode in COLLECTING)
MEASURED_RUN = f"""(SELECT run_id FROM runs WHERE state <> 'running'
    ORDER BY list_contains([{_LIST}], mode) DESC, started_at DESC LIMIT 1)"""
"""The newest run that is over, one that collected where there is any."""

_ANSWERS = f"""(SELECT answers.* FROM answers JOIN runs USING (run_id)
    WHERE answers.state <> 'off' AND runs.state <> 'running' AND mode IN ({_LIST})
    QUALIFY started_at = max(started_at) OVER (PARTITION BY source_id))"""
"""How each source answered in the newest run that asked it; a run of feeds asks nobody for prices."""

_FRESHNESS = f"(SELECT * FROM freshness WHERE run_id = {MEASURED_RUN})"
_CHECKS = "(SELECT * FROM checks QUALIFY checked_at = max(checked_at) OVER (PARTITION BY table_name))"
_HOLES = f"""(SELECT *, coalesce(list_extract(source_ids, 1), 'none') AS source, coalesce(whose, 'nobody') AS who
    FROM completeness WHERE run_id = {MEASURED_RUN} AND state IN ('missing', 'not_asked', 'quiet'))"""
_STANDING = "(SELECT * FROM publications WHERE state <> 'withdrawn')"
_SHOWN = f"(SELECT * FROM {_STANDING} WHERE generation = (SELECT max(generation) FROM {_STANDING}))"

LEDGER_MEASURES: tuple[Measure, ...] = (
    Measure(
        "dragongate_data_until_timestamp_seconds",
        "Newest time in the data of a table, by the data's own time",
        ("table",),
        f"SELECT table_name, epoch(data_until) FROM {_FRESHNESS} WHERE data_until IS NOT NULL",
    ),
    Measure(
        "dragongate_data_allowed_age_seconds",
        "Age at which a table counts as stale; hours of closed days do not count where it has a calendar",
        ("table",),
        f"SELECT table_name, allowed_hours * 3600 FROM {_FRESHNESS} WHERE allowed_hours IS NOT NULL",
    ),
    Measure(
        "dragongate_table_required",
        "Whether a required source fills the table",
        ("table",),
        f"SELECT table_name, CAST(is_required AS INTEGER) FROM {_FRESHNESS} WHERE allowed_hours IS NOT NULL",
    ),
    Measure(
        "dragongate_table_rows",
        "Rows in a table after the newest run",
        ("table",),
        f"SELECT table_name, row_count FROM {_FRESHNESS}",
    ),
    Measure(
        "dragongate_table_kept_back",
        "Whether the newest generation shows the table's last good content instead of its newest",
        ("table",),
        f"SELECT table_name, CAST(state = 'kept' AS INTEGER) FROM {_SHOWN}",
    ),
    Measure(
        "dragongate_source_required",
        "Whether a run without the source is not complete; of the sources that this home asks",
        ("source",),
        "SELECT source_id, CAST(is_required AS INTEGER) FROM sources WHERE is_enabled",
    ),
    Measure(
        "dragongate_source_last_success_timestamp_seconds",
        "Newest time at which a source gave data or said clearly that there is none",
        ("source",),
        """SELECT source_id, epoch(max(requested_at)) FROM fetches
           WHERE outcome IN ('ok', 'unchanged', 'nothing_there') AND source_id <> 'unmatched' GROUP BY source_id""",
    ),
    Measure(
        "dragongate_source_last_attempt_timestamp_seconds",
        "Newest time at which a source was asked",
        ("source",),
        "SELECT source_id, epoch(max(requested_at)) FROM fetches WHERE source_id <> 'unmatched' GROUP BY source_id",
    ),
    Measure(
        "dragongate_source_answers",
        "What the newest run that asked a source had of it: here, elsewhere, nothing_there, missing or muted",
        ("source", "state", "required"),
        f"""SELECT source_id, state, if(is_required, 'yes', 'no'), count(*) FROM {_ANSWERS} GROUP BY ALL""",
    ),
    Measure(
        "dragongate_source_muted_until_timestamp_seconds",
        "End of the last day on which a source may be missing, by somebody's word",
        ("source",),
        """SELECT source_id, epoch(until_date + INTERVAL 1 DAY) FROM mutes
           QUALIFY row_number() OVER (PARTITION BY source_id ORDER BY muted_at DESC) = 1""",
    ),
    Measure(
        "dragongate_checks",
        "Rules that a table met (passed), broke (failed) or broke and was kept back for (blocking), when last checked",
        ("table", "state"),
        f"""SELECT table_name, state, count(*) FILTER (
                CASE state WHEN 'passed' THEN is_passed WHEN 'failed' THEN NOT (is_passed OR is_blocking)
                ELSE is_blocking AND NOT is_passed END)
            FROM {_CHECKS}, unnest(['passed', 'failed', 'blocking']) AS states(state) GROUP BY ALL""",
    ),
    Measure(
        "dragongate_open_holes",
        "Securities, accounts, feeds and filers of which something is missing, by whose matter it is",
        ("table", "source", "state", "whose"),
        f"SELECT table_name, source, state, who, count(*) FROM {_HOLES} GROUP BY ALL",
    ),
    Measure(
        "dragongate_missing_items",
        "Days or reports that should be here and are not, by whose matter it is",
        ("table", "source", "state", "whose"),
        f"SELECT table_name, source, state, who, sum(missing_count) FROM {_HOLES} GROUP BY ALL",
    ),
    Measure(
        "dragongate_drift_fields",
        "Fields of a source that we do not know",
        ("source",),
        "SELECT source_id, count(*) FROM drift GROUP BY source_id",
    ),
    Measure(
        "dragongate_drift_newest_timestamp_seconds",
        "When the newest unknown field of a source was first seen",
        ("source",),
        "SELECT source_id, epoch(max(first_seen_at)) FROM drift GROUP BY source_id",
    ),
    Measure(
        "dragongate_last_run_state",
        "How the newest run of a flow ended: 1 for that state, 0 for the others",
        ("flow", "mode", "state"),
        """SELECT flow, mode, said.state, CAST(newest.state = said.state AS INTEGER) FROM
           (SELECT flow, arg_max(mode, started_at) AS mode, arg_max(state, started_at) AS state
            FROM runs GROUP BY flow) AS newest,
           unnest(['running', 'completed', 'completed_with_gaps', 'failed', 'died']) AS said(state)""",
    ),
    Measure(
        "dragongate_last_run_end_timestamp_seconds",
        "When the newest run of a flow ended",
        ("flow", "mode"),
        "SELECT flow, mode, epoch(max(ended_at)) FROM runs WHERE ended_at IS NOT NULL GROUP BY flow, mode",
    ),
    Measure(
        "dragongate_last_run_start_timestamp_seconds",
        "When the newest run of a flow started",
        ("flow", "mode"),
        "SELECT flow, mode, epoch(max(started_at)) FROM runs GROUP BY flow, mode",
    ),
    Measure(
        "dragongate_generation",
        "Number of the newest published generation",
        (),
        f"SELECT max(generation) FROM {_SHOWN} HAVING max(generation) IS NOT NULL",
    ),
    Measure(
        "dragongate_generation_published_timestamp_seconds",
        "When the newest generation was published",
        (),
        f"SELECT epoch(max(published_at)) FROM {_SHOWN} HAVING max(published_at) IS NOT NULL",
    ),
)
"""Read from `published/ops.duckdb` once after each run."""

WAREHOUSE_MEASURES: tuple[Measure, ...] = (
    Measure(
        "dragongate_disagreements",
        "Figures on which sources differ by more than the tolerance",
        ("table",),
        "SELECT table_name, count(*) FROM ops.disagreements GROUP BY table_name",
    ),
    Measure(
        "dragongate_calendar_until_timestamp_seconds",
        "Last day of an exchange's calendar that is known",
        ("exchange",),
        "SELECT exchange, epoch(max(session_date)) FROM core.trading_sessions GROUP BY exchange",
    ),
)
"""Read from the published warehouse once after each publication."""
