-- How many follow Lei Jun, platform by platform and day by day? A day without a reading has no row.
SELECT reading.observed_date, account.platform, reading.value AS follower_count, reading.qualifier, reading.age_hours
FROM core.follower_daily AS reading
JOIN core.accounts AS account USING (account_id)
WHERE account.owner_id = 'lei-jun' AND reading.metric = 'followers'
ORDER BY reading.observed_date, account.platform
