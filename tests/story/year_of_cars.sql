-- How many were that at least, by its months and quarters, and what did the company say of the year?
SELECT sum(value_low) FILTER (period_kind = 'month') AS months_at_least,
    sum(value_low) FILTER (period_kind = 'quarter' OR (period_kind = 'month' AND period_start_date >= DATE '2024-10-01'))
        AS quarters_and_months_at_least,
    any_value(value_low) FILTER (period_kind = 'year') AS year_at_least,
    any_value(qualifier) FILTER (period_kind = 'year') AS year_qualifier
FROM core.operating_kpis
WHERE company_id = 'xiaomi' AND product_id = 'all' AND metric = 'deliveries'
    AND period_start_date >= DATE '2024-01-01' AND period_end_date <= DATE '2024-12-31'
