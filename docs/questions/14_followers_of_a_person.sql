-- How have Lei Jun's followers grown, platform by platform, between the least and the most that each reading allows?
SELECT observed_date AS day, platform, value_low AS least, value_high AS most, qualifier,
    value_low - lag(value_high) OVER account AS grown_low, value_high - lag(value_low) OVER account AS grown_high
FROM mart.follower_growth
WHERE owner_id = 'lei-jun' AND metric = 'followers'
WINDOW account AS (PARTITION BY account_id ORDER BY observed_date)
ORDER BY day, platform
