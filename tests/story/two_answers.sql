-- Where a word and a filing differ: what did each say of the cars of May, and which one ranks higher?
SELECT CAST(reading.value AS BIGINT) AS cars, CAST(timezone('Asia/Hong_Kong', reading.available_at) AS DATE) AS said_on,
    reading.authority, reading.value = chosen.value AS is_chosen, chosen.is_disputed
FROM core.operating_kpis_by_source AS reading
JOIN core.operating_kpis AS chosen USING (company_id, product_id, metric, period_kind, period_start_date, period_end_date)
WHERE reading.company_id = 'xiaomi' AND reading.metric = 'deliveries' AND reading.period_end_date = DATE '2024-05-31'
    AND reading.period_kind = 'month'
ORDER BY reading.authority
