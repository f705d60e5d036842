"""The rows that verdicts ask for: what was known of whom the claims are about, over the years that they speak of."""

from collections.abc import Mapping, Sequence

import duckdb
import pyarrow as pa

from warehouse.known import PUBLIC, states
from warehouse.sql import listed

Connection = duckdb.DuckDBPyConnection
_CLAIMS = """
    SELECT claim.*, article.published_at FROM core.claims AS claim
    JOIN core.articles AS article USING (article_id) ORDER BY article_id, part, start_offset, end_offset
"""
_OF = {
    "core.daily_quotes": "security_id IN (SELECT unnest(?))",
    "core.corporate_actions": "security_id IN (SELECT unnest(?))",
    "core.shares_outstanding": "company_id IN (SELECT unnest(?))",
    "core.financial_facts": "company_id IN (SELECT unnest(?))",
    "core.operating_kpis": "company_id IN (SELECT unnest(?))",
    "core.targets": "company_id IN (SELECT unnest(?))",
    "core.follower_counts": "account_id IN (SELECT unnest(?))",
    "core.fx_rates": "base_currency IN (SELECT unnest(?))",
    "core.index_members": "index_id IN (SELECT unnest(?))",
}
"""How the rows of a table are found by codes."""


def claims(connection: Connection) -> pa.Table:
    """Read all claims with the time of their article."""
    return connection.execute(_CLAIMS).to_arrow_table()


def checks(connection: Connection) -> pa.Table:
    """Read the verdicts of before."""
    return connection.execute("SELECT * FROM core.claim_checks").to_arrow_table()


def members(connection: Connection, indexes: Sequence[str]) -> list[str]:
    """List the lines that ever were members of indexes."""
    found = connection.execute(
        "SELECT DISTINCT security_id FROM core.index_members WHERE index_id IN (SELECT unnest($codes)) ORDER BY 1",
        {"codes": list(indexes)},
    )
    return [name for (name,) in found.fetchall()]


_SEVERAL = """
    SELECT article_id FROM core.articles WHERE reading_count > 1 UNION SELECT article_id FROM history.articles_by_source
"""
"""Articles of which there was ever more than one version."""


def article_versions(connection: Connection, axis: str) -> pa.Table:
    """Read the versions of every article that ever had several, with the spans in which each was the chosen one."""
    several = [name for (name,) in connection.execute(f"{_SEVERAL} ORDER BY 1").fetchall()]
    return states(connection, "core.articles", "article_id IN (SELECT unnest(?))", several, axis=axis)


def settled_articles(connection: Connection, axis: str, columns: Sequence[str]) -> pa.Table:
    """Read the articles that ever had one version only, with the span since they were there."""
    begins = "available_at" if axis == PUBLIC else "first_seen_at"
    return connection.execute(
        f"SELECT {listed(columns)}, {begins} AS {axis}_from, CAST(NULL AS TIMESTAMPTZ) AS {axis}_to "
        f"FROM core.articles ANTI JOIN ({_SEVERAL}) USING (article_id) ORDER BY article_id"
    ).to_arrow_table()


def known_rows(connection: Connection, codes: Mapping[str, Sequence[str]]) -> dict[str, pa.Table]:
    """Read the rows of all times, by table and the codes that they are asked for."""
    return {name: states(connection, name, _OF[name], listed) for name, listed in codes.items()}
