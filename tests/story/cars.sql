-- What did the segment of cars turn over, what of it the cars themselves, which share of the group, at which margin?
SELECT part.segment, part.value / 1e9 AS revenue_bn, round(100 * part.value / whole.value, 1) AS share_pct,
    margin.value AS gross_margin_pct
FROM core.financial_facts AS part
JOIN core.financial_facts AS whole USING (company_id, metric, period_kind, period_end_date, currency)
LEFT JOIN core.financial_facts AS margin ON margin.company_id = part.company_id AND margin.metric = 'gross_margin'
    AND margin.segment = part.segment AND margin.period_end_date = part.period_end_date
WHERE part.company_id = 'xiaomi' AND part.metric = 'revenue' AND part.period_kind = 'quarter'
    AND part.period_end_date = DATE '2024-09-30' AND part.segment IN ('ev-and-new-initiatives', 'smart-ev')
    AND whole.segment = 'group'
ORDER BY revenue_bn DESC
