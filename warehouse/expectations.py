"""What should be here by a moment and what is, counted in the warehouse: closes, followers, answers, reports."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import pyarrow as pa

from warehouse.database import Warehouse

SETTLED_AFTER = "INTERVAL 2 HOUR"
"""How long after a close its bar may take."""


@dataclass(frozen=True, slots=True)
class Expected:
    """One thing that we follow, the days on which something should have come, and those on which it did."""

    kind: str
    id: str
    what: str
    table: str
    since: date | None
    due: tuple[date, ...]
    missing: tuple[date, ...]
    last_came: date | None


@dataclass(frozen=True, slots=True)
class Try:
    """What one source said in one run, in all, when it was asked for one thing over some days."""

    source_id: str
    part: str
    asked_at: datetime
    start: date
    end: date
    outcome: str
    reason: str


def expected_closes(warehouse: Warehouse, until: datetime) -> list[Expected]:
    """List the lines with the sessions that were over by `until`, since we follow them.

    An index is followed since the first company is; a member of one, that nobody follows, since it is known here.
    """
    rows = warehouse.frame(
        f"""
        WITH lines AS (
            SELECT security_id, any_value(exchange) AS exchange, min(valid_from_date) AS first_date,
                CASE WHEN count(valid_to_date) = count(*) THEN max(valid_to_date) END AS end_date,
                coalesce(any_value(followed_since_date),
                    CASE WHEN any_value(kind) = 'index' THEN (SELECT min(followed_since_date) FROM core.companies) END,
                    CAST(min(securities.first_seen_at) AS DATE)) AS since
            FROM core.securities LEFT JOIN core.companies USING (company_id) GROUP BY security_id
        ),
        due AS (
            SELECT security_id, session_date FROM lines JOIN core.trading_sessions USING (exchange)
            WHERE is_open AND closes_at + {SETTLED_AFTER} <= ? AND session_date >= greatest(since, first_date)
              AND (end_date IS NULL OR session_date < end_date)
        ),
        here AS (SELECT security_id, trade_date FROM core.daily_quotes WHERE is_final)
        SELECT security_id AS id, any_value(greatest(since, first_date)) AS since,
            list(session_date ORDER BY session_date) FILTER (session_date IS NOT NULL) AS due,
            list(session_date ORDER BY session_date)
                FILTER (session_date IS NOT NULL AND trade_date IS NULL) AS missing,
            (SELECT max(trade_date) FROM here WHERE here.security_id = lines.security_id) AS last_came
        FROM lines LEFT JOIN due USING (security_id)
        LEFT JOIN here ON here.security_id = lines.security_id AND here.trade_date = due.session_date
        GROUP BY lines.security_id ORDER BY id
        """,
        (until,),
    )
    return _expected(rows, "security", "daily_closes", "core.daily_quotes")


def expected_followers(warehouse: Warehouse, until: datetime) -> list[Expected]:
    """List the accounts with the days of Hong Kong since the first live run that asked for them.

    A count of the past cannot be had, so nothing is expected of the days before.
    """
    rows = warehouse.frame(
        """
        WITH here AS (SELECT DISTINCT account_id AS id, observed_date AS day FROM core.follower_daily),
        asked AS (
            SELECT chunk AS id, min(CAST(timezone('Asia/Hong_Kong', requested_at) AS DATE)) AS since
            FROM ops.fetches WHERE moves_cursor GROUP BY chunk
        )
        SELECT account_id AS id, since, list(due ORDER BY due) FILTER (due IS NOT NULL) AS due,
            list(due ORDER BY due) FILTER (due IS NOT NULL AND here.day IS NULL) AS missing,
            (SELECT max(day) FROM here AS all_days WHERE all_days.id = account_id) AS last_came
        FROM core.accounts LEFT JOIN asked ON asked.id = account_id
        LEFT JOIN LATERAL (SELECT CAST(unnest(generate_series(asked.since,
            CAST(timezone('Asia/Hong_Kong', CAST(? AS TIMESTAMPTZ)) AS DATE), INTERVAL 1 DAY)) AS DATE) AS due) ON true
        LEFT JOIN here ON here.id = account_id AND here.day = due
        GROUP BY account_id, since ORDER BY id
        """,
        (until,),
    )
    return _expected(rows, "account", "follower_counts", "core.follower_counts")


def expected_answers(warehouse: Warehouse, feed_ids: Sequence[str], until: datetime) -> list[Expected]:
    """List the feeds with the days of Hong Kong since the first live run that asked: an answer a day is due."""
    rows = warehouse.frame(
        """
        WITH asked AS (
            SELECT chunk AS id, CAST(timezone('Asia/Hong_Kong', requested_at) AS DATE) AS day, moves_cursor,
                outcome IN ('ok', 'unchanged', 'nothing_there') AS is_good
            FROM ops.fetches WHERE source_id IN ('news_feeds', 'news_site_maps', 'news_lists')
        ),
        feeds AS (
            SELECT id, min(day) FILTER (moves_cursor) AS since, max(day) FILTER (is_good) AS last_came
            FROM (SELECT unnest(CAST(? AS VARCHAR[])) AS id) LEFT JOIN asked USING (id) GROUP BY id
        ),
        here AS (SELECT DISTINCT id, day FROM asked WHERE is_good)
        SELECT feeds.id, since, list(due ORDER BY due) FILTER (due IS NOT NULL) AS due,
            list(due ORDER BY due) FILTER (due IS NOT NULL AND here.day IS NULL) AS missing, last_came
        FROM feeds
        LEFT JOIN LATERAL (SELECT CAST(unnest(generate_series(feeds.since,
            CAST(timezone('Asia/Hong_Kong', CAST(? AS TIMESTAMPTZ)) AS DATE), INTERVAL 1 DAY)) AS DATE) AS due) ON true
        LEFT JOIN here ON here.id = feeds.id AND here.day = due
        GROUP BY feeds.id, since, last_came ORDER BY feeds.id
        """,
        (list(feed_ids), until),
    )
    return _expected(rows, "feed", "answers", "core.articles_by_source")


def expected_reports(warehouse: Warehouse, until: datetime) -> list[Expected]:
    """List the reports of companies that were due by `until`, each kind by the days on which it was due."""
    rows = warehouse.frame(
        """
        SELECT company_id AS id, publisher || ':' || report AS what, any_value(followed_since_date) AS since,
            list(due_date ORDER BY due_date) FILTER (due_date < CAST(? AS DATE)) AS due,
            list(due_date ORDER BY due_date) FILTER (due_date < CAST(? AS DATE) AND happened_at IS NULL) AS missing,
            max(CAST(happened_at AS DATE)) AS last_came
        FROM core.expected_reports JOIN core.companies USING (company_id)
        GROUP BY company_id, publisher, report ORDER BY id, what
        """,
        (until, until),
    )
    return _expected(rows, "filer", "", "core.expected_reports")


def quiet_feeds(warehouse: Warehouse, until: datetime) -> dict[str, tuple[datetime, float]]:
    """Name feeds that answer and tell nothing new: the newest entry, and the usual hours between two.

    Quiet is a feed whose last entry is older than two days and than ten times the usual pause in its last entries.
    """
    rows = warehouse.frame(
        """
        WITH entries AS (
            SELECT feed_id, coalesce(published_at, fetched_at) AS told_at FROM core.articles_by_source
            WHERE source_id = 'news_feeds' AND coalesce(published_at, fetched_at) <= CAST(? AS TIMESTAMPTZ)
        ),
        pauses AS (
            SELECT feed_id, told_at,
                epoch(told_at - lag(told_at) OVER (PARTITION BY feed_id ORDER BY told_at)) / 3600 AS pause FROM entries
            QUALIFY row_number() OVER (PARTITION BY feed_id ORDER BY told_at DESC) <= 30
        )
        SELECT feed_id, max(told_at) AS newest, median(pause) AS usual FROM pauses GROUP BY feed_id
        HAVING count(pause) >= 5
           AND epoch(CAST(? AS TIMESTAMPTZ) - max(told_at)) / 3600 > greatest(48, 10 * median(pause))
        """,
        (until, until),
    )
    return {row["feed_id"]: (row["newest"], row["usual"]) for row in rows.to_pylist()}


def tries_of(warehouse: Warehouse, since: date) -> dict[str, list[Try]]:
    """List what sources said, by what they were asked for, newest first; `since` is the oldest day that matters."""
    rows = warehouse.frame(
        """
        WITH asked AS (
            SELECT source_id, unnest(string_split(chunk, ',')) AS part, run_id, requested_at, outcome, reason,
                coalesce(window_start_date, CAST(requested_at AS DATE)) AS start_date,
                coalesce(window_end_date, CAST(requested_at AS DATE)) AS end_date,
                list_position(['nothing_there', 'ok', 'unchanged', 'shape_changed', 'refused', 'rate_limited',
                    'unavailable'], outcome) AS badness
            FROM ops.fetches WHERE chunk <> ''
        )
        SELECT source_id, part, max(requested_at) AS asked_at, min(start_date) AS start_date, max(end_date) AS end_date,
            arg_max(outcome, badness) AS outcome, arg_max(coalesce(reason, ''), badness) AS reason
        FROM asked WHERE end_date >= ? GROUP BY source_id, part, run_id ORDER BY asked_at DESC
        """,
        (since,),
    )
    found: dict[str, list[Try]] = {}
    for row in rows.to_pylist():
        one = Try(
            row["source_id"], row["part"], row["asked_at"], row["start_date"], row["end_date"], row["outcome"],
            row["reason"],
        )  # fmt: skip
        found.setdefault(one.part, []).append(one)
    return found


def _expected(rows: pa.Table, kind: str, what: str, table: str) -> list[Expected]:
    return [
        Expected(
            kind,
            row["id"],
            row.get("what") or what,
            table,
            row["since"],
            tuple(row["due"] or ()),
            tuple(row["missing"] or ()),
            row["last_came"],
        )
        for row in rows.to_pylist()
    ]
