"""What robots.txt of each source's hosts said when it was asked last."""

from typing import Any

from warehouse.database import Warehouse

_NEWEST = """
    WITH asked AS (
        SELECT source_id, regexp_extract(url, '^https?://([^/?#]+)', 1) AS host, requested_at, fetch_number,
            robots_rule,
            CASE WHEN starts_with(robots_rule, 'not asked') THEN 'not_asked'
                WHEN outcome = 'refused' AND starts_with(reason, 'robots') THEN 'denied' ELSE 'allowed' END AS decision
        FROM ops.fetches WHERE robots_rule IS NOT NULL AND method <> 'RESOURCE'
    ),
    newest AS (
        SELECT * FROM asked
        QUALIFY row_number() OVER (PARTITION BY source_id, host ORDER BY requested_at DESC, fetch_number DESC) = 1
    )
    SELECT source_id, max(requested_at) AS robots_asked_at,
        CASE WHEN count(DISTINCT decision) = 1 THEN any_value(decision) ELSE 'mixed' END AS robots_decision,
        list(host || ': ' || robots_rule ORDER BY decision DESC, host)[:10] AS robots_rules
    FROM newest GROUP BY source_id
"""


def robots_decisions(warehouse: Warehouse) -> dict[str, dict[str, Any]]:
    """Give for each source that asked for robots.txt the columns of `core.sources` that tell of it."""
    rows = warehouse.frame(_NEWEST).to_pylist()
    return {row.pop("source_id"): row for row in rows}
