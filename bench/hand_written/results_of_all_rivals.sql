WITH newest AS (
    SELECT max(period_end_date) AS end_date FROM core.financial_facts
    WHERE company_id = 'xiaomi' AND period_kind = 'quarter' AND segment = 'group' AND currency <> '' AND accounting_basis <> 'adjusted'
),
facts AS (
    SELECT company_id, currency, accounting_basis, metric, period_end_date, CAST(value AS DOUBLE) AS value FROM core.financial_facts
    WHERE period_kind = 'quarter' AND segment = 'group' AND currency <> '' AND NOT is_convenience_translation
        AND accounting_basis <> 'adjusted' AND metric IN ('revenue', 'gross_profit', 'net_profit')
        AND period_end_date IN (SELECT unnest([end_date, CAST(end_date - INTERVAL 1 YEAR AS DATE)]) FROM newest)
),
quarters AS (
    SELECT company_id, currency, accounting_basis, newest.end_date,
        any_value(value) FILTER (metric = 'revenue' AND period_end_date = end_date) AS revenue,
        any_value(value) FILTER (metric = 'revenue' AND period_end_date < end_date) AS before,
        any_value(value) FILTER (metric = 'gross_profit' AND period_end_date = end_date) AS gross_profit,
        any_value(value) FILTER (metric = 'net_profit' AND period_end_date = end_date) AS net_profit
    FROM facts CROSS JOIN newest GROUP BY ALL
),
rates AS (
    SELECT base_currency, arg_max(rate, rate_date) AS rate FROM core.fx_rates
    WHERE quote_currency = 'USD' AND rate_date <= (SELECT end_date FROM newest) GROUP BY base_currency
)
PIVOT (
    UNPIVOT (
        SELECT company_id, revenue * coalesce(rate, 1) / 1e9 AS revenue_billion_usd, 100 * (revenue / before - 1) AS revenue_yoy_pct,
            100 * gross_profit / revenue AS gross_margin_pct, 100 * net_profit / revenue AS net_margin_pct
        FROM quarters LEFT JOIN rates ON base_currency = currency
    ) ON COLUMNS(* EXCLUDE company_id) INTO NAME figure VALUE value
)
ON company_id USING round(any_value(value), 2) GROUP BY figure ORDER BY figure
