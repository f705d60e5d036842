WITH facts AS (
    SELECT company_id, currency, accounting_basis, metric, calendar_quarter, period_end_date, available_at, CAST(value AS DOUBLE) AS value
    FROM core.financial_facts
    WHERE period_kind = 'quarter' AND segment = 'group' AND currency <> '' AND NOT is_convenience_translation
        AND calendar_quarter IN ('2024Q3', '2023Q3')
),
quarters AS (
    SELECT company_id, currency, accounting_basis, max(period_end_date) FILTER (calendar_quarter = '2024Q3') AS end_date,
        any_value(value) FILTER (metric = 'revenue' AND calendar_quarter = '2024Q3') AS revenue,
        any_value(value) FILTER (metric = 'revenue' AND calendar_quarter = '2023Q3') AS before,
        any_value(value) FILTER (metric = 'gross_profit' AND calendar_quarter = '2024Q3') AS gross_profit,
        any_value(value) FILTER (metric = 'net_profit' AND calendar_quarter = '2024Q3') AS net_profit,
        max(available_at) FILTER (calendar_quarter = '2024Q3') AS available_at
    FROM facts WHERE accounting_basis <> 'adjusted' GROUP BY ALL
),
adjusted AS (
    SELECT company_id, currency, any_value(value) FILTER (metric = 'adjusted_net_profit') AS profit, max(available_at) AS available_at
    FROM facts WHERE accounting_basis = 'adjusted' AND calendar_quarter = '2024Q3' GROUP BY ALL
)
SELECT company_id, accounting_basis, revenue * coalesce(rate, 1) AS revenue_usd, 100 * (revenue / before - 1) AS revenue_yoy_pct,
    100 * gross_profit / revenue AS gross_margin_pct, 100 * net_profit / revenue AS net_margin_pct,
    100 * adjusted.profit / revenue AS adjusted_net_margin_pct, greatest(quarters.available_at, adjusted.available_at) AS available_at
FROM quarters LEFT JOIN adjusted USING (company_id, currency)
LEFT JOIN core.fx_rates AS fx ON fx.base_currency = currency AND quote_currency = 'USD' AND rate_date = end_date
WHERE end_date IS NOT NULL ORDER BY revenue_usd DESC NULLS LAST, company_id
