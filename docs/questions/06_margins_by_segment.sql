-- What did each segment of Xiaomi bring in the third quarter of 2024: revenue, share of the group, gross margin?
SELECT part.segment, round(part.value / 1e9, 2) AS revenue_billion, part.currency,
    round(100 * part.value / whole.value, 1) AS share_pct, margin.value AS gross_margin_pct
FROM core.financial_facts AS part
JOIN core.financial_facts AS whole USING (company_id, metric, period_kind, period_end_date, currency)
LEFT JOIN core.financial_facts AS margin ON margin.company_id = part.company_id AND margin.segment = part.segment
    AND margin.period_end_date = part.period_end_date AND margin.metric = 'gross_margin' AND margin.period_kind = 'quarter'
WHERE part.company_id = 'xiaomi' AND part.metric = 'revenue' AND part.period_kind = 'quarter'
    AND part.period_end_date = '2024-09-30' AND whole.segment = 'group' ORDER BY revenue_billion DESC
