WITH readings AS (
    SELECT CAST(timezone('Asia/Hong_Kong', observed_at) AS DATE) AS day, platform, account_id, value_low, value_high, qualifier
    FROM core.follower_counts JOIN core.accounts USING (account_id)
    WHERE owner_id = 'lei-jun' AND metric = 'followers'
    QUALIFY row_number() OVER (PARTITION BY account_id, day ORDER BY qualifier <> 'exact', observed_at DESC) = 1
)
SELECT day, platform, value_low AS least, value_high AS most, qualifier,
    value_low - lag(value_high) OVER account AS grown_low, value_high - lag(value_low) OVER account AS grown_high
FROM readings WINDOW account AS (PARTITION BY account_id ORDER BY day) ORDER BY day, platform
