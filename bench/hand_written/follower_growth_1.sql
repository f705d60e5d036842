WITH readings AS (
    SELECT account_id, CAST(timezone('Asia/Hong_Kong', observed_at) AS DATE) AS observed_date, value_low, value_high, qualifier
    FROM core.follower_counts WHERE metric = 'followers' AND observed_at >= (SELECT max(observed_at) FROM core.follower_counts) - INTERVAL 500 DAY
    QUALIFY row_number() OVER (
        PARTITION BY account_id, observed_date ORDER BY qualifier <> 'exact', observed_at DESC, source_id
    ) = 1
),
newest AS (
    SELECT account_id, arg_max({'at': observed_date, 'low': value_low, 'high': value_high, 'qualifier': qualifier}, observed_date) AS last
    FROM readings GROUP BY account_id
),
wanted AS (SELECT *, last.at - 7 AS week_at, CAST(last.at - INTERVAL 1 YEAR AS DATE) AS year_at FROM newest)
SELECT owner_id, platform, last.at AS observed_date, last.low AS value_low, last.high AS value_high, last.qualifier AS qualifier,
    if(week_at - week.observed_date <= 1, last.low - week.value_high, NULL) AS change_week_low,
    if(week_at - week.observed_date <= 1, last.high - week.value_low, NULL) AS change_week_high,
    if(year_at - year.observed_date <= 15, year.observed_date, NULL) AS year_before_date,
    if(year_at - year.observed_date <= 15, last.low - year.value_high, NULL) AS change_year_low,
    if(year_at - year.observed_date <= 15, last.high - year.value_low, NULL) AS change_year_high
FROM wanted
ASOF LEFT JOIN readings AS week ON week.account_id = wanted.account_id AND week.observed_date <= wanted.week_at
ASOF LEFT JOIN readings AS year ON year.account_id = wanted.account_id AND year.observed_date <= wanted.year_at
LEFT JOIN core.accounts AS account ON account.account_id = wanted.account_id
ORDER BY value_low DESC
