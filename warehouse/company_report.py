"""What a report about one company shows: its year as it was public at one time, with the way back to the bytes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import duckdb

from warehouse.beneath import column_of_figure
from warehouse.company_facts import company_of
from warehouse.home import Home
from warehouse.published import open_published, open_published_ops
from warehouse.sight import Sight
from warehouse.why import Chain, explain_in

Row = dict[str, Any]
HONG_KONG = ZoneInfo("Asia/Hong_Kong")


@dataclass(frozen=True, slots=True)
class Cited:
    """A cell that something on the page rests on."""

    table: str
    key: str
    """As `why` takes it."""
    column: str = ""
    """Empty where the whole row counts."""


@dataclass(frozen=True, slots=True)
class CompanyReport:
    """Everything that a report shows; each list is what one SQL question answers, in the order of the page."""

    company_id: str
    name: str
    at: datetime
    """Only what was public at this time."""
    day: date
    """The day of Hong Kong that it lies in."""
    generation_note: str
    sheet: list[Row]
    """Rows of `mart.story_sheet` of the company."""
    prices: list[Row]
    """One company, or the index, and session of the year: change since the last close of the year before, in %."""
    market_values: list[Row]
    """One session of the year: value of all shares in HKD, USD and CNY."""
    quarters: list[Row]
    segments: list[Row]
    deliveries: list[Row]
    """One company and month: vehicles handed over."""
    followers: list[Row]
    """One account and day of a reading: count with its bounds."""
    news: list[Row]
    """One day of Hong Kong: articles and stories."""
    stories: list[Row]
    """The stories that most outlets told."""
    claims: list[Row]
    """Claims of the last seven days' articles, with their verdicts."""
    evidence: dict[Cited, list[Chain]]
    """For each cell that the sheet and the claims rest on: where its bytes lie."""


_COMPARED = """
    SELECT $company AS company_id UNION
    SELECT object_id FROM core.relations WHERE relation = 'competes_with' AND subject_id = $company UNION
    SELECT subject_id FROM core.relations WHERE relation = 'competes_with' AND object_id = $company"""
_DAYS = """
    CREATE OR REPLACE TEMP TABLE report_days AS
    SELECT * FROM mart_as_of.company_daily($at, companies := $compared)
    WHERE trade_date >= make_date(year(timezone('Asia/Hong_Kong', CAST($at AS TIMESTAMPTZ))), 1, 1)"""
_QUESTIONS = {
    "sheet": """
        SELECT * FROM mart_as_of.story_sheet($at, companies := [$company])
        ORDER BY list_position(['market', 'results', 'operations', 'targets', 'followers'], section),
            list_position(['close_price', 'change_since_first_open_of_year', 'change_since_last_close_of_year_before',
                'total_return_since_last_close_of_year_before', 'rank_in_index', 'market_value_hkd',
                'distance_to_a_trillion_hkd'], figure) NULLS LAST, as_of_date DESC, figure, period_kind,
            available_at DESC""",
    "prices": """
        SELECT name, trade_date, change_since_last_close_of_year_before_pct AS change_pct, close_price, currency,
            company_id = $company AS is_main, false AS is_index
        FROM report_days JOIN core.companies USING (company_id)
        UNION ALL
        SELECT DISTINCT 'Hang Seng Tech index', trade_date, index_change_since_last_close_of_year_before_pct, NULL,
            NULL, false, true
        FROM report_days WHERE index_change_since_last_close_of_year_before_pct IS NOT NULL
        ORDER BY is_main DESC, name, trade_date""",
    "market_values": """
        SELECT trade_date, market_value_hkd AS hkd, market_value_usd AS usd, market_value_cny AS cny, share_count,
            shares_as_of_date
        FROM report_days WHERE company_id = $company AND market_value IS NOT NULL ORDER BY trade_date""",
    "quarters": """
        SELECT calendar_quarter, currency, period_end_date, CAST(revenue AS DOUBLE) AS revenue,
            CAST(coalesce(adjusted_net_profit, net_profit) AS DOUBLE) AS profit,
            adjusted_net_profit IS NOT NULL AS is_adjusted, gross_margin_pct, net_margin_pct, adjusted_net_margin_pct,
            revenue_yoy_pct, is_derived, available_at
        FROM mart_as_of.quarterly_results($at, companies := [$company]) WHERE revenue IS NOT NULL
        ORDER BY period_end_date""",
    "segments": """
        SELECT fact.calendar_quarter, fact.segment, coalesce(any_value(label.label), any_value(fact.segment)) AS label,
            any_value(CAST(fact.value AS DOUBLE)) FILTER (metric = 'revenue') AS revenue,
            any_value(CAST(fact.value AS DOUBLE)) FILTER (metric = 'gross_margin') AS gross_margin_pct,
            max(fact.period_end_date) AS period_end_date,
            any_value(fact.currency) FILTER (metric = 'revenue') AS currency
        FROM as_of.financial_facts($at) AS fact
        LEFT JOIN core.segments AS label
            ON label.company_id = fact.company_id AND label.segment = fact.segment AND label.language = 'en'
            AND label.valid_to_date IS NULL
        WHERE fact.company_id = $company AND fact.segment <> 'group' AND fact.period_kind = 'quarter'
            AND fact.metric IN ('revenue', 'gross_margin') AND NOT fact.is_convenience_translation
        GROUP BY ALL ORDER BY period_end_date, fact.segment""",
    "deliveries": """
        SELECT name, month_date, CAST(delivery_count AS DOUBLE) AS delivery_count, qualifier,
            CAST(year_target_count AS DOUBLE) AS year_target_count, company_id = $company AS is_main
        FROM mart_as_of.monthly_deliveries($at, companies := $compared) JOIN core.companies USING (company_id)
        WHERE product_id = 'all'
            AND month_date >= CAST(CAST($at AS TIMESTAMPTZ) - INTERVAL 13 MONTH AS DATE)
        ORDER BY is_main DESC, name, month_date""",
    "followers": """
        SELECT coalesce(person.name, company.name, product.name, owner_id) || ', ' || growth.platform AS account,
            growth.metric, observed_date, value, value_low, value_high, growth.qualifier
        FROM mart_as_of.follower_growth($at, companies := [$company]) AS growth
        LEFT JOIN core.people AS person ON person.person_id = owner_id
        LEFT JOIN core.companies AS company ON company.company_id = owner_id
        LEFT JOIN core.products AS product ON product.product_id = owner_id
        WHERE owner_id = $company OR product.company_id = $company
            OR owner_id IN (
                SELECT subject_id FROM core.relations WHERE relation = 'executive_of' AND object_id = $company)
        ORDER BY account, growth.metric, observed_date""",
    "news": """
        SELECT date, article_count, story_count, biggest_story_id
        FROM mart_as_of.news_volume($at, companies := [$company])
        WHERE entity_kind = 'company'
            AND date >= CAST(CAST($at AS TIMESTAMPTZ) - INTERVAL 60 DAY AS DATE)
        ORDER BY date""",
    "stories": """
        SELECT story.story_id, any_value(article.title) AS title, any_value(article.canonical_url) AS url,
            min(telling.available_at) AS first_at, count(DISTINCT telling.article_id) AS article_count
        FROM as_of.story_articles($at) AS telling
        JOIN as_of.article_companies($at) AS about
            ON about.article_id = telling.article_id AND about.company_id = $company
        JOIN (SELECT DISTINCT story_id FROM as_of.story_articles($at)) AS story ON story.story_id = telling.story_id
        JOIN as_of.articles($at) AS article ON article.article_id = story.story_id
        WHERE telling.available_at >= CAST($at AS TIMESTAMPTZ) - INTERVAL 60 DAY
        GROUP BY ALL ORDER BY article_count DESC, first_at DESC LIMIT 6""",
    "claims": """
        SELECT article.outlet, article.title, article.canonical_url AS url, claim.text_as_written, claim.subject,
            claim.metric, claim.period, claim.unit,
            checked.verdict, checked.reason, checked.stated_value, checked.warehouse_value,
            checked.derivation, checked.evidence_rows, claim.available_at
        FROM as_of.claims($at) AS claim
        JOIN as_of.claim_checks($at) AS checked USING (article_id, part, start_offset, end_offset)
        JOIN as_of.articles($at) AS article ON article.article_id = claim.article_id
        WHERE claim.company_id = $company AND claim.available_at >= CAST($at AS TIMESTAMPTZ) - INTERVAL 7 DAY
        ORDER BY claim.available_at DESC, claim.article_id, claim.part DESC, claim.start_offset LIMIT 60""",
}


def company_report(home: Home, company: str, at: datetime, *, against: str = "rivals") -> CompanyReport:
    """Gather what was public about a company at a time, its price against `rivals` and index, or `index` alone.

    Raises QueryError for a company that is not followed.
    """
    with open_published(home) as warehouse, open_published_ops(home) as ops:
        company_id = company_of(warehouse, company)
        compared = [name for (name,) in warehouse.execute(_COMPARED, {"company": company_id}).fetchall()]
        values = {"company": company_id, "compared": compared, "at": at}
        warehouse.execute(_DAYS, {"compared": compared, "at": at})
        parts = {name: _rows(warehouse, sql, values) for name, sql in _QUESTIONS.items()}
        if against == "index":
            parts["prices"] = [row for row in parts["prices"] if row["is_main"] or row["is_index"]]
        cited = dict.fromkeys(
            [cited_by_figure(row) for row in parts["sheet"]]
            + [one for row in parts["claims"] for one in cited_by_claim(row)]
        )
        return CompanyReport(
            company_id=company_id,
            name=_name(warehouse, company_id),
            at=at,
            day=at.astimezone(HONG_KONG).date(),
            generation_note=_generation(ops),
            evidence=dict(_evidence(warehouse, ops, cited)),
            **parts,
        )


def cited_by_figure(row: Row) -> Cited:
    """Name the cell that a figure of the sheet was taken from."""
    table, _, key = row["evidence"].partition(" ")
    return Cited(table, key, column_of_figure(row["figure"], table))


def cited_by_claim(row: Row) -> list[Cited]:
    """Name the rows that a claim was held against."""
    parted = (one.partition(" ") for one in row["evidence_rows"] or ())
    return [Cited(table, key) for table, _, key in parted]


def _rows(connection: duckdb.DuckDBPyConnection, sql: str, values: dict[str, Any]) -> list[Row]:
    named = {name: value for name, value in values.items() if f"${name}" in sql}
    rows: list[Row] = connection.execute(sql, named).to_arrow_table().to_pylist()
    return rows


def _name(warehouse: duckdb.DuckDBPyConnection, company_id: str) -> str:
    found = warehouse.execute("SELECT name FROM core.companies WHERE company_id = ?", [company_id]).fetchone()
    return str(found[0]) if found else company_id


def _generation(ops: duckdb.DuckDBPyConnection) -> str:
    found = ops.execute("SELECT max(generation), max(published_at) FROM publications").fetchone()
    return f"generation {found[0]}, published {found[1]:%Y-%m-%d %H:%M} UTC" if found and found[1] else ""


def _evidence(
    warehouse: duckdb.DuckDBPyConnection, ops: duckdb.DuckDBPyConnection, cited: Iterable[Cited]
) -> Iterator[tuple[Cited, list[Chain]]]:
    sight = Sight(warehouse, ops)
    for one in cited:
        yield one, explain_in(sight, one.table, one.key, one.column).chains
