WITH months AS (
    SELECT company_id, product_id, date_trunc('month', period_end_date) AS month_date, value, value_low, value_high,
        qualifier, is_disputed, available_at, source_id, snapshot_id
    FROM core.operating_kpis
    WHERE metric = 'deliveries' AND period_kind = 'month'
    QUALIFY row_number() OVER (
        PARTITION BY company_id, product_id, month_date ORDER BY available_at DESC, period_start_date
    ) = 1
),
-- Months of one year that are all known, from January on.
to_date AS (
    SELECT company_id, product_id, month_date,
        CASE WHEN count(*) OVER in_year = month(month_date) THEN sum(coalesce(value, value_low)) OVER in_year END AS counted
    FROM months
    WINDOW in_year AS (
        PARTITION BY company_id, product_id, date_trunc('year', month_date) ORDER BY month_date
    )
),
stated AS (
    SELECT company_id, product_id, period_end_date, 
        arg_min(coalesce(value, value_low), (qualifier <> 'exact', period_start_date))
            FILTER (period_kind = 'cumulative') AS cumulative_count,
        arg_min(coalesce(value, value_low), (qualifier <> 'exact', period_kind)) FILTER (
            period_kind IN ('year_to_date', 'quarter', 'half', 'nine_months', 'year')
            AND period_start_date = date_trunc('year', period_end_date)
        ) AS year_to_date_count
    FROM core.operating_kpis
    WHERE metric = 'deliveries'
    GROUP BY ALL
),
-- What the company had last said before the month's figure came out; where it had not, what others said for it.
targets AS (
    SELECT month.company_id, month.product_id, month.month_date,
        arg_max(target.value_low, (coalesce(target.authority, 1) <= 2, target.available_at)) AS year_target_count,
        arg_max(target.available_at, (coalesce(target.authority, 1) <= 2, target.available_at))
            AS year_target_available_at
    FROM months AS month
    JOIN core.targets AS target
        ON target.company_id = month.company_id AND target.product_id = month.product_id
        AND target.metric = 'deliveries' AND target.period_kind = 'year'
        AND year(target.period_end_date) = year(month.month_date) AND target.available_at <= month.available_at
    GROUP BY ALL
)
SELECT this.company_id, this.product_id, CAST(this.month_date AS DATE) AS month_date,
    coalesce(this.value, this.value_low) AS delivery_count, this.value_low, this.value_high, this.qualifier,
    100 * CAST(delivery_count AS DOUBLE) / CAST(nullif(coalesce(month_before.value, month_before.value_low), 0) AS DOUBLE)
        - 100 AS change_since_month_before_pct,
    100 * CAST(delivery_count AS DOUBLE) / CAST(nullif(coalesce(year_before.value, year_before.value_low), 0) AS DOUBLE)
        - 100 AS change_since_year_before_pct,
    coalesce(stated.year_to_date_count, CAST(to_date.counted AS DECIMAL(38, 6))) AS year_to_date_count,
    stated.cumulative_count,
    targets.year_target_count, targets.year_target_available_at,
    100 * CAST(coalesce(stated.year_to_date_count, to_date.counted) AS DOUBLE)
        / CAST(nullif(targets.year_target_count, 0) AS DOUBLE) AS share_of_year_target_pct,
    this.is_disputed, this.available_at, this.source_id, this.snapshot_id
FROM months AS this
LEFT JOIN months AS month_before
    ON month_before.company_id = this.company_id AND month_before.product_id = this.product_id
    AND month_before.month_date = this.month_date - INTERVAL 1 MONTH
LEFT JOIN months AS year_before
    ON year_before.company_id = this.company_id AND year_before.product_id = this.product_id
    AND year_before.month_date = this.month_date - INTERVAL 1 YEAR
LEFT JOIN to_date
    ON to_date.company_id = this.company_id AND to_date.product_id = this.product_id
    AND to_date.month_date = this.month_date
LEFT JOIN stated
    ON stated.company_id = this.company_id AND stated.product_id = this.product_id
    AND stated.period_end_date = last_day(this.month_date)
LEFT JOIN targets
    ON targets.company_id = this.company_id AND targets.product_id = this.product_id
    AND targets.month_date = this.month_date
