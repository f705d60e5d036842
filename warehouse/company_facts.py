"""The facts of one company as a table: accounts and operating figures, today or as they were known at a time."""

from datetime import datetime
from difflib import get_close_matches

import duckdb
import pyarrow as pa

from warehouse.home import Home
from warehouse.published import QueryError, open_published

_SQL = """
    WITH said AS (
        SELECT metric, segment AS part, period_kind, period_start_date, period_end_date, currency, value,
            NULL AS qualifier, accounting_basis, fiscal_year, fiscal_quarter, is_derived, is_convenience_translation,
            is_disputed, authority, evidence, available_at, source_id, filing_id AS document_id, snapshot_id
        FROM {facts} WHERE company_id = $company
        UNION ALL BY NAME
        SELECT metric, product_id AS part, period_kind, period_start_date, period_end_date, '' AS currency,
            coalesce(value, value_low) AS value, nullif(qualifier, 'exact') AS qualifier, '' AS accounting_basis,
            false AS is_derived, false AS is_convenience_translation,
            is_disputed, authority, evidence, available_at, source_id, document_id, snapshot_id
        FROM {kpis} WHERE company_id = $company
    )
    SELECT this.metric, this.part, this.period_kind, this.period_start_date, this.period_end_date, this.value,
        CASE WHEN this.currency = '' THEN defined.unit ELSE this.currency END AS unit, this.qualifier,
        CASE WHEN before.value > 0 AND defined.unit <> '%'
            THEN 100 * (CAST(this.value AS DOUBLE) / CAST(before.value AS DOUBLE) - 1)
        END AS change_since_year_before_pct,
        this.accounting_basis, this.fiscal_year, this.fiscal_quarter, this.is_derived, this.is_convenience_translation,
        this.is_disputed,
        list_extract(['filing', 'release', 'agency', 'media'], coalesce(this.authority, 1)) AS said_by, this.evidence,
         this.available_at, this.source_id, this.document_id, this.snapshot_id
    FROM said AS this
    LEFT JOIN core.metrics AS defined ON defined.metric = this.metric
    -- The same kind of period that ended some 52 weeks earlier.
    LEFT JOIN said AS before ON before.metric = this.metric AND before.part = this.part
        AND before.period_kind = this.period_kind AND before.currency = this.currency
        AND before.accounting_basis = this.accounting_basis
        AND this.period_end_date - before.period_end_date BETWEEN 357 AND 373
    WHERE ($metric IS NULL OR this.metric = $metric)
        AND (NOT this.is_convenience_translation OR $with_translations)
    QUALIFY row_number() OVER (
        PARTITION BY this.metric, this.part, this.period_kind, this.period_start_date, this.period_end_date,
            this.currency, this.accounting_basis ORDER BY before.period_end_date
    ) = 1
    ORDER BY this.metric, this.part, this.period_kind, this.period_end_date DESC, this.currency, this.accounting_basis
"""


def company_of(connection: duckdb.DuckDBPyConnection, text: str) -> str:
    """Find a company by its id or any of its names. Raises QueryError that lists those that there are."""
    rows = connection.execute(
        """
        SELECT company_id FROM core.companies
        WHERE lower($text) IN (lower(company_id), lower(name), lower(coalesce(name_zh, '')))
            OR list_contains(list_transform(coalesce(aliases, []), x -> lower(x)), lower($text))
        """,
        {"text": text},
    ).fetchall()
    if len(rows) == 1:
        return str(rows[0][0])
    known = connection.execute("SELECT string_agg(company_id, ', ' ORDER BY company_id) FROM core.companies").fetchone()
    raise QueryError(f"there is no company {text!r}; there are {known[0] if known else 'none'}")


def company_facts(
    home: Home,
    company: str,
    *,
    metric: str | None = None,
    as_of: datetime | None = None,
    with_translations: bool = False,
) -> pa.Table:
    """Give the facts of a company, the newest period of each metric first.

    `as_of` answers with what was public at an instant. Raises QueryError for an unknown company or metric.
    """
    facts, kpis = "core.financial_facts", "core.operating_kpis"
    if as_of is not None:
        facts, kpis = (f"as_of.{name}('{as_of.isoformat()}')" for name in ("financial_facts", "operating_kpis"))
    with open_published(home) as connection:
        company_id = company_of(connection, company)
        if metric is not None:
            _require_metric(connection, metric)
        values = {"company": company_id, "metric": metric, "with_translations": with_translations}
        return connection.execute(_SQL.format(facts=facts, kpis=kpis), values).to_arrow_table()


def _require_metric(connection: duckdb.DuckDBPyConnection, metric: str) -> None:
    known = [str(name) for (name,) in connection.execute("SELECT metric FROM core.metrics ORDER BY metric").fetchall()]
    if metric not in known:
        near = get_close_matches(metric, known, n=5) or known
        raise QueryError(f"there is no metric {metric!r}; near are {', '.join(near)}")


def expected_results(home: Home, company_id: str, now: datetime) -> datetime | None:
    """Give the hour at which the next results are expected, within two days of a time; None where nobody said so."""
    with open_published(home) as connection:
        found = connection.execute(
            """
            SELECT min(expected_at) FROM core.events
            WHERE company_id = ? AND kind IN ('results', 'deliveries', 'board_meeting') AND happened_at IS NULL
                AND abs(epoch(expected_at) - epoch(CAST(? AS TIMESTAMPTZ))) < 2 * 86400
            """,
            [company_id, now.isoformat()],
        ).fetchone()
    return found[0] if found else None
