-- The story says 14 to 30 over the years: what is known here, and since when?
SELECT story.normalised AS story_low, story.normalised_max AS story_high, checked.verdict, checked.reason,
    min(day.trade_date) FILTER (day.pe IS NOT NULL) AS known_since, round(arg_max(day.pe, day.trade_date), 1) AS pe,
    arg_max(day.profit_basis, day.trade_date) AS profit_of,
    round(arg_max(day.pe_adjusted, day.trade_date), 1) AS pe_adjusted
FROM core.claims AS story
JOIN core.claim_checks AS checked USING (article_id, part, start_offset, end_offset)
JOIN mart.valuation AS day ON day.company_id = story.company_id AND day.trade_date <= DATE '2024-12-30'
WHERE story.metric = 'pe_ratio' AND story.company_id = 'xiaomi'
GROUP BY ALL
