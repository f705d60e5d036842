"""Count what happened so that no number ever falls, not even when the ledger starts anew.

A monitor computes rates from numbers that only grow. A rebuilt warehouse has a ledger of its own, which counts less
than readers were shown: what is lacking is carried over, and written down beside what the ledger counts.
"""

import duckdb
import pyarrow as pa

from warehouse.database import Warehouse, WarehouseError
from warehouse.home import Home
from warehouse.published import NothingPublished, open_published_ops
from warehouse.tables.counts import COUNTS

HOST_LIMIT = 200
"""So many hosts have a name of their own, the earliest first; all others count as `other`."""
RUN_SECONDS = (5, 15, 30, 60, 120, 300, 600, 1200, 3600, 7200, 14400)
"""Upper ends of the classes of how long runs take."""
_RESULTS = ("inserted", "updated", "unchanged", "rejected", "late", "deleted")

_ENDED = "(SELECT *, epoch(ended_at) - epoch(started_at) AS seconds FROM ops.runs WHERE ended_at IS NOT NULL)"
_COUNTED_BEFORE = "(SELECT run_id FROM ops.runs WHERE flow = 'rebuild')"
"""Runs that read again what was counted when it came."""
_LEDGER = f"""
WITH named AS (
    SELECT *, lower(regexp_extract(url, '^https?://(?:[^/@]*@)?([^/:?#]+)', 1)) AS host
    FROM ops.fetches WHERE run_id NOT IN {_COUNTED_BEFORE}
), known AS (
    SELECT host FROM named WHERE source_id <> 'unmatched' AND host <> ''
    GROUP BY host ORDER BY min(requested_at), host LIMIT {HOST_LIMIT}
), asked AS (
    SELECT source_id, CASE WHEN host = '' THEN 'none' WHEN known.host IS NULL THEN 'other' ELSE host END AS host,
        outcome, attempts
    FROM named LEFT JOIN known USING (host)
), counted(metric, labels, counted) AS (
    SELECT 'rows', [table_name, result], sum(number)
    FROM (UNPIVOT ops.loads ON {", ".join(_RESULTS)} INTO NAME result VALUE number)
    WHERE run_id NOT IN {_COUNTED_BEFORE} GROUP BY ALL
    UNION ALL SELECT 'fetches', [source_id, host, outcome], count(*) FROM asked GROUP BY ALL
    UNION ALL SELECT 'attempts', [source_id], sum(attempts) FROM asked GROUP BY ALL
    UNION ALL SELECT 'runs', [flow, mode, state], count(*) FROM {_ENDED} GROUP BY ALL
    UNION ALL SELECT 'run_seconds', [flow], sum(seconds) FROM {_ENDED} WHERE state <> 'died' GROUP BY ALL
    UNION ALL SELECT 'run_seconds_up_to', [flow, up_to], count(*) FILTER (seconds <= CAST(up_to AS DOUBLE))
    FROM {_ENDED}, unnest({[*map(str, RUN_SECONDS), "inf"]}) AS classes(up_to) WHERE state <> 'died' GROUP BY ALL
)
SELECT metric, CAST(to_json(labels) AS VARCHAR) AS labels_json, CAST(counted AS DOUBLE) AS counted FROM counted
"""
_GROWN = f"""
SELECT metric, labels_json, coalesce(counted, 0) + carry AS value, carry AS carried FROM (
    SELECT metric, labels_json, counted, greatest(
        coalesce(here.carried, 0),
        greatest(coalesce(here.value, 0), coalesce(shown.value, 0)) - coalesce(counted, 0)
    ) AS carry
    FROM ({_LEDGER}) FULL JOIN ops.counts AS here USING (metric, labels_json)
    FULL JOIN shown USING (metric, labels_json)
)
"""


def bring_counts_up_to_date(home: Home, warehouse: Warehouse) -> None:
    """Write `ops.counts` anew from the ledger, from what it said before, and from what readers are shown now.

    Raises WarehouseError where the disk does not suffice.
    """
    shown = _shown(home)
    warehouse.connection.register("shown", shown)
    try:
        grown = warehouse.frame(_GROWN)
    finally:
        warehouse.connection.unregister("shown")
    warehouse.append({COUNTS.name: grown})


def _shown(home: Home) -> pa.Table:
    """Read the counts that readers see; none before the first run, or where the file is damaged or older than them."""
    nothing = COUNTS.arrow([])
    try:
        with open_published_ops(home) as connection:
            return connection.execute("SELECT * FROM counts").to_arrow_table()
    except (NothingPublished, WarehouseError, duckdb.Error):
        return nothing
