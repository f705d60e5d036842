-- How many people follow Lei Jun on Douyin, in the year, as it was shown?
SELECT CAST(timezone('Asia/Hong_Kong', reading.observed_at) AS DATE) AS day, reading.text_as_shown, reading.value_low,
    reading.value_high, reading.qualifier
FROM core.follower_counts AS reading JOIN core.accounts AS account USING (account_id)
WHERE account.owner_id = 'lei-jun' AND account.platform = 'douyin' AND reading.metric = 'followers'
ORDER BY day
