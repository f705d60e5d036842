WITH readings AS (
    SELECT *, CAST(timezone('Asia/Hong_Kong', observed_at) AS DATE) AS observed_date
    FROM core.follower_counts WHERE metric = 'followers'
    QUALIFY row_number() OVER (
        PARTITION BY account_id, observed_date ORDER BY qualifier <> 'exact', observed_at DESC, source_id
    ) = 1
)
SELECT owner_id, platform, qualifier, count(*) AS days, min(observed_date) AS first_date,
    max(observed_date) AS last_date, max(value_high - value_low) AS widest_interval
FROM readings LEFT JOIN core.accounts USING (account_id)
GROUP BY owner_id, platform, qualifier
ORDER BY owner_id, platform, qualifier
