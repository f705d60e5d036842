WITH months AS (
    SELECT company_id, product_id, date_trunc('month', period_end_date) AS month_date, value, value_low, value_high,
        qualifier, is_disputed, available_at, source_id, snapshot_id
    FROM core.operating_kpis
    WHERE metric = 'deliveries' AND period_kind = 'month'
    QUALIFY row_number() OVER (
        PARTITION BY company_id, product_id, month_date ORDER BY available_at DESC, period_start_date
    ) = 1
)
SELECT this.company_id, this.product_id, CAST(this.month_date AS DATE) AS month_date,
    coalesce(this.value, this.value_low) AS delivery_count, this.value_low, this.value_high, this.qualifier,
    100 * (delivery_count / coalesce(month_before.value, month_before.value_low) - 1) AS change_since_month_before_pct,
    100 * (delivery_count / coalesce(year_before.value, year_before.value_low) - 1) AS change_since_year_before_pct,
    this.is_disputed, this.available_at, this.source_id, this.snapshot_id
FROM months AS this
LEFT JOIN months AS month_before
    ON month_before.company_id = this.company_id AND month_before.product_id = this.product_id
    AND month_before.month_date = this.month_date - INTERVAL 1 MONTH
LEFT JOIN months AS year_before
    ON year_before.company_id = this.company_id AND year_before.product_id = this.product_id
    AND year_before.month_date = this.month_date - INTERVAL 1 YEAR
