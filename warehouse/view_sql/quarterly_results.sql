WITH facts AS (
    SELECT *, accounting_basis = 'adjusted' AS is_adjusted
    FROM core.financial_facts
    WHERE period_kind = 'quarter' AND segment = 'group' AND currency <> '' AND NOT is_convenience_translation
),
adjusted AS (
    SELECT company_id, calendar_quarter, currency,
        arg_max(value, period_end_date) FILTER (metric = 'adjusted_net_profit') AS adjusted_net_profit,
        max(available_at) AS available_at
    FROM facts WHERE is_adjusted
    GROUP BY ALL
),
quarters AS (
    SELECT company_id, calendar_quarter, currency, accounting_basis,
        max(period_start_date) AS period_start_date, max(period_end_date) AS period_end_date,
        max(fiscal_year) AS fiscal_year, arg_max(fiscal_quarter, period_end_date) AS fiscal_quarter,
        arg_max(value, period_end_date) FILTER (metric = 'revenue') AS revenue,
        arg_max(value, period_end_date) FILTER (metric = 'gross_profit') AS gross_profit,
        arg_max(value, period_end_date) FILTER (metric = 'operating_profit') AS operating_profit,
        arg_max(value, period_end_date) FILTER (metric = 'net_profit') AS net_profit,
        arg_max(value, period_end_date) FILTER (metric = 'net_profit_attributable') AS net_profit_attributable,
        arg_max(value, period_end_date) FILTER (metric = 'research_and_development') AS research_and_development,
        bool_or(is_derived) AS is_derived, bool_or(is_disputed) AS is_disputed, max(available_at) AS available_at
    FROM facts WHERE NOT is_adjusted
    GROUP BY ALL
),
whole AS (
    SELECT quarters.* EXCLUDE (available_at), adjusted.adjusted_net_profit,
        greatest(quarters.available_at, adjusted.available_at) AS available_at,
        CAST(calendar_quarter[1:4] AS INTEGER) * 4 + CAST(calendar_quarter[6:] AS INTEGER) AS quarter_number
    FROM quarters LEFT JOIN adjusted USING (company_id, calendar_quarter, currency)
),
-- Twelve months are four quarters one after the other; a quarter that is missing leaves a gap.
twelve AS (
    SELECT company_id, currency, accounting_basis, calendar_quarter,
        CASE WHEN count(revenue) OVER four = 4 THEN sum(revenue) OVER four END AS revenue_trailing,
        CASE WHEN count(net_profit) OVER four = 4 THEN sum(net_profit) OVER four END AS net_profit_trailing,
        CASE WHEN count(net_profit_attributable) OVER four = 4 THEN sum(net_profit_attributable) OVER four END
            AS net_profit_attributable_trailing,
        CASE WHEN count(adjusted_net_profit) OVER four = 4 THEN sum(adjusted_net_profit) OVER four END
            AS adjusted_net_profit_trailing
    FROM whole
    WINDOW four AS (
        PARTITION BY company_id, currency, accounting_basis
        ORDER BY quarter_number RANGE BETWEEN 3 PRECEDING AND CURRENT ROW
    )
)
SELECT this.company_id, this.calendar_quarter, this.currency, this.accounting_basis,
    this.period_end_date, this.fiscal_year, this.fiscal_quarter,
    this.revenue, this.gross_profit, this.operating_profit, this.net_profit, this.net_profit_attributable,
    this.adjusted_net_profit, this.research_and_development,
    100 * CAST(this.gross_profit AS DOUBLE) / CAST(nullif(this.revenue, 0) AS DOUBLE) AS gross_margin_pct,
    100 * CAST(this.operating_profit AS DOUBLE) / CAST(nullif(this.revenue, 0) AS DOUBLE) AS operating_margin_pct,
    100 * CAST(this.net_profit AS DOUBLE) / CAST(nullif(this.revenue, 0) AS DOUBLE) AS net_margin_pct,
    100 * CAST(this.adjusted_net_profit AS DOUBLE) / CAST(nullif(this.revenue, 0) AS DOUBLE) AS adjusted_net_margin_pct,
    CASE WHEN prior.revenue > 0 THEN 100 * (CAST(this.revenue AS DOUBLE) / CAST(prior.revenue AS DOUBLE) - 1) END
        AS revenue_yoy_pct,
    CASE WHEN earlier.revenue > 0 THEN 100 * (CAST(this.revenue AS DOUBLE) / CAST(earlier.revenue AS DOUBLE) - 1) END
        AS revenue_qoq_pct,
    CASE WHEN prior.net_profit > 0 THEN 100 * (CAST(this.net_profit AS DOUBLE) / CAST(prior.net_profit AS DOUBLE) - 1) END
        AS net_profit_yoy_pct,
    CASE WHEN earlier.net_profit > 0 THEN 100 * (CAST(this.net_profit AS DOUBLE) / CAST(earlier.net_profit AS DOUBLE) - 1) END
        AS net_profit_qoq_pct,
    CASE WHEN prior.adjusted_net_profit > 0
        THEN 100 * (CAST(this.adjusted_net_profit AS DOUBLE) / CAST(prior.adjusted_net_profit AS DOUBLE) - 1) END
        AS adjusted_net_profit_yoy_pct,
    twelve.revenue_trailing, twelve.net_profit_trailing, twelve.net_profit_attributable_trailing,
    twelve.adjusted_net_profit_trailing,
    CAST(this.revenue AS DOUBLE) * CAST(rate.rate AS DOUBLE) AS revenue_usd,
    CAST(this.net_profit AS DOUBLE) * CAST(rate.rate AS DOUBLE) AS net_profit_usd,
    CAST(this.adjusted_net_profit AS DOUBLE) * CAST(rate.rate AS DOUBLE) AS adjusted_net_profit_usd,
    this.is_derived, this.is_disputed, this.available_at
FROM whole AS this
JOIN twelve USING (company_id, currency, accounting_basis, calendar_quarter)
LEFT JOIN whole AS prior
    ON prior.company_id = this.company_id AND prior.currency = this.currency
    AND prior.accounting_basis = this.accounting_basis AND prior.quarter_number = this.quarter_number - 4
LEFT JOIN whole AS earlier
    ON earlier.company_id = this.company_id AND earlier.currency = this.currency
    AND earlier.accounting_basis = this.accounting_basis AND earlier.quarter_number = this.quarter_number - 1
LEFT JOIN core.fx_daily AS rate
    ON rate.base_currency = this.currency AND rate.quote_currency = 'USD' AND rate.date = this.period_end_date
    AND rate.age_days <= 5
