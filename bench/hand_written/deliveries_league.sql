WITH months AS (
    SELECT company_id, date_trunc('month', period_end_date) AS month_date, coalesce(value, value_low) AS delivery_count, qualifier
    FROM core.operating_kpis WHERE metric = 'deliveries' AND period_kind = 'month' AND product_id = 'all'
),
newest AS (SELECT max(month_date) AS month_date FROM months)
SELECT rank() OVER (ORDER BY this.delivery_count DESC) AS place, this.company_id, CAST(this.month_date AS DATE) AS month_date, this.delivery_count, this.qualifier,
    100 * CAST(this.delivery_count AS DOUBLE) / CAST(last.delivery_count AS DOUBLE) - 100 AS month_pct,
    100 * CAST(this.delivery_count AS DOUBLE) / CAST(before.delivery_count AS DOUBLE) - 100 AS year_pct
FROM months AS this JOIN newest USING (month_date)
LEFT JOIN months AS last ON last.company_id = this.company_id AND last.month_date = this.month_date - INTERVAL 1 MONTH
LEFT JOIN months AS before ON before.company_id = this.company_id AND before.month_date = this.month_date - INTERVAL 1 YEAR
ORDER BY place, this.company_id
