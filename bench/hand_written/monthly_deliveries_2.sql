WITH months AS (
    SELECT company_id, CAST(date_trunc('month', period_end_date) AS DATE) AS month_date, coalesce(value, value_low) AS delivery_count,
        available_at, sum(delivery_count) OVER in_year AS so_far, count(*) OVER in_year AS months_known
    FROM core.operating_kpis WHERE metric = 'deliveries' AND period_kind = 'month' AND product_id = 'all'
    WINDOW in_year AS (PARTITION BY company_id, year(period_end_date) ORDER BY period_end_date)
    QUALIFY row_number() OVER (PARTITION BY company_id, year(period_end_date) ORDER BY period_end_date DESC) = 1
),
stated AS (
    SELECT company_id, period_end_date, value FROM core.operating_kpis
    WHERE product_id = 'all' AND metric = 'deliveries' AND period_start_date = date_trunc('year', period_end_date)
        AND period_kind IN ('year_to_date', 'quarter', 'half', 'nine_months', 'year')
),
targets AS (
    SELECT company_id, year(period_end_date) AS year, value_low, available_at FROM core.targets
    WHERE product_id = 'all' AND metric = 'deliveries' AND period_kind = 'year'
)
SELECT month.company_id, month_date, delivery_count, coalesce(stated.value, if(months_known = month(month_date), so_far, NULL)) AS year_to_date_count,
    targets.value_low AS year_target_count, targets.available_at AS year_target_available_at,
    100 * year_to_date_count / year_target_count AS share_of_year_target_pct
FROM (SELECT *, year(month_date) AS year FROM months) AS month
ASOF LEFT JOIN targets ON targets.company_id = month.company_id AND targets.year = month.year AND targets.available_at <= month.available_at
LEFT JOIN stated ON stated.company_id = month.company_id AND stated.period_end_date = last_day(month_date)
ORDER BY month.company_id, month_date
