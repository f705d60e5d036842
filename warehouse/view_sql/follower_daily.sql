WITH readings AS (
    SELECT counts.*,
        CAST(timezone('Asia/Hong_Kong', counts.observed_at) AS DATE) AS observed_date,
        coalesce(ranks.source_rank, 1000) AS source_rank
    FROM core.follower_counts AS counts
    LEFT JOIN core.source_ranks AS ranks
        ON ranks.table_name = 'core.follower_counts' AND ranks.source_id = counts.source_id
)
SELECT account_id, metric, observed_date, value, value_low, value_high, qualifier, method, observed_at,
    epoch(timezone('Asia/Hong_Kong', CAST(observed_date + 1 AS TIMESTAMP)) - observed_at) / 3600 AS age_hours,
    source_id, snapshot_id
FROM readings
QUALIFY row_number() OVER (
    PARTITION BY account_id, metric, observed_date ORDER BY qualifier <> 'exact', observed_at DESC, source_rank, source_id
) = 1
