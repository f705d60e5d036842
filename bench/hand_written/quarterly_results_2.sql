WITH quarters AS (
    SELECT calendar_quarter, currency, max(period_end_date) AS end_date, CAST(any_value(value) FILTER (metric = 'revenue') AS DOUBLE) AS revenue,
        CAST(any_value(value) FILTER (metric = 'gross_profit') AS DOUBLE) AS gross_profit,
        CAST(any_value(value) FILTER (metric = 'operating_profit') AS DOUBLE) AS operating_profit,
        CAST(any_value(value) FILTER (metric = 'net_profit') AS DOUBLE) AS net_profit, bool_or(is_derived) AS is_derived
    FROM core.financial_facts
    WHERE company_id = 'tesla' AND period_kind = 'quarter' AND segment = 'group' AND currency <> ''
        AND accounting_basis <> 'adjusted' AND NOT is_convenience_translation
    GROUP BY calendar_quarter, currency, accounting_basis
)
SELECT calendar_quarter, currency, revenue,
    100 * (revenue / lag(revenue) OVER (PARTITION BY currency ORDER BY end_date) - 1) AS revenue_qoq_pct,
    100 * gross_profit / revenue AS gross_margin_pct, 100 * operating_profit / revenue AS operating_margin_pct,
    100 * net_profit / revenue AS net_margin_pct, is_derived
FROM quarters ORDER BY end_date
