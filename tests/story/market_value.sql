-- What is the company worth by the shares of the November return, how far is that from the story, and from a trillion?
WITH issued AS (
    SELECT sum(share_count) AS shares FROM core.shares_outstanding
    WHERE company_id = 'xiaomi' AND as_of_date = DATE '2024-11-30' AND share_class IN ('A', 'B')
)
SELECT day.close_price * issued.shares / 1e9 AS market_value_bn, story.normalised / 1e9 AS story_bn,
    story.normalised / 1e9 - market_value_bn AS difference_bn, checked.verdict, 1000 - market_value_bn AS to_a_trillion_bn
FROM core.daily_quotes AS day
CROSS JOIN issued
JOIN core.claims AS story
    ON story.company_id = 'xiaomi' AND story.metric = 'market_cap' AND story.period_end_date = day.trade_date
JOIN core.claim_checks AS checked USING (article_id, part, start_offset, end_offset)
WHERE day.security_id = 'XHKG:01810' AND day.trade_date = DATE '2024-12-30' AND checked.verdict = 'contradicted'
