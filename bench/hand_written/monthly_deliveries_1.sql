PIVOT (
    SELECT company_id, CAST(date_trunc('month', period_end_date) AS DATE) AS month_date, coalesce(value, value_low) AS delivery_count
    FROM core.operating_kpis WHERE metric = 'deliveries' AND period_kind = 'month' AND product_id = 'all'
)
ON company_id
USING any_value(delivery_count)
GROUP BY month_date
ORDER BY month_date
