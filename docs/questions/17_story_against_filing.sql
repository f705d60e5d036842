-- Where does a news story disagree with closes and shares in issue, which rank higher, about 30 December 2024?
SELECT DISTINCT article.outlet, claim.text_as_written AS said, round(verdict.stated_value / 1e9, 1) AS story_billion,
    round(verdict.warehouse_value / 1e9, 1) AS here_billion, claim.currency,
    round(100 * verdict.difference / verdict.warehouse_value, 2) AS off_pct
FROM core.claim_checks AS verdict
JOIN core.claims AS claim USING (article_id, part, start_offset, end_offset)
JOIN core.articles AS article USING (article_id)
WHERE verdict.verdict = 'contradicted' AND claim.metric = 'market_cap' AND claim.period_end_date = '2024-12-30'
ORDER BY ALL
