WITH months AS (
    SELECT CAST(date_trunc('month', period_end_date) AS DATE) AS month_date, qualifier, coalesce(value, value_low) AS cars, available_at,
        sum(cars) OVER (ORDER BY period_end_date) AS so_far
    FROM core.operating_kpis
    WHERE company_id = 'xiaomi' AND product_id = 'all' AND metric = 'deliveries' AND period_kind = 'month' AND year(period_end_date) = 2024
),
stated AS (
    SELECT period_end_date, value FROM core.operating_kpis
    WHERE company_id = 'xiaomi' AND product_id = 'all' AND metric = 'deliveries'
        AND period_kind IN ('year_to_date', 'quarter', 'half', 'nine_months', 'year') AND period_start_date = '2024-01-01'
),
targets AS (
    SELECT value_low AS target, available_at FROM core.targets
    WHERE company_id = 'xiaomi' AND product_id = 'all' AND metric = 'deliveries' AND period_kind = 'year' AND year(period_end_date) = 2024
)
SELECT month_date, qualifier, cars, so_far, coalesce(stated.value, so_far) AS stated, target,
    round(100 * coalesce(stated.value, so_far) / target) AS target_pct
FROM months ASOF LEFT JOIN targets ON targets.available_at <= months.available_at
LEFT JOIN stated ON stated.period_end_date = last_day(month_date) ORDER BY month_date
