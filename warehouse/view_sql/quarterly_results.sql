WITH facts AS (
    SELECT *
    FROM core.financial_facts
    WHERE period_kind = 'quarter' AND segment = 'group' AND currency <> ''
        AND NOT is_convenience_translation AND accounting_basis <> 'adjusted'
),
quarters AS (
    SELECT company_id, calendar_quarter, currency, accounting_basis,
        max(period_end_date) AS period_end_date, max(fiscal_year) AS fiscal_year,
        arg_max(fiscal_quarter, period_end_date) AS fiscal_quarter,
        arg_max(value, period_end_date) FILTER (metric = 'revenue') AS revenue,
        arg_max(value, period_end_date) FILTER (metric = 'gross_profit') AS gross_profit,
        arg_max(value, period_end_date) FILTER (metric = 'operating_profit') AS operating_profit,
        arg_max(value, period_end_date) FILTER (metric = 'net_profit') AS net_profit,
        arg_max(value, period_end_date) FILTER (metric = 'net_profit_attributable') AS net_profit_attributable,
        arg_max(value, period_end_date) FILTER (metric = 'research_and_development') AS research_and_development,
        bool_or(is_derived) AS is_derived, bool_or(is_disputed) AS is_disputed, max(available_at) AS available_at
    FROM facts
    GROUP BY ALL
)
SELECT this.company_id, this.calendar_quarter, this.currency, this.accounting_basis,
    this.period_end_date, this.fiscal_year, this.fiscal_quarter,
    this.revenue, this.gross_profit, this.operating_profit, this.net_profit, this.net_profit_attributable,
    this.research_and_development,
    100 * this.gross_profit / this.revenue AS gross_margin_pct,
    100 * this.net_profit / this.revenue AS net_margin_pct,
    CASE WHEN before.revenue > 0 THEN 100 * (this.revenue / before.revenue - 1) END AS revenue_yoy_pct,
    CASE WHEN before.net_profit > 0 THEN 100 * (this.net_profit / before.net_profit - 1) END AS net_profit_yoy_pct,
    this.is_derived, this.is_disputed, this.available_at
FROM quarters AS this
LEFT JOIN quarters AS before
    ON before.company_id = this.company_id AND before.currency = this.currency
    AND before.accounting_basis = this.accounting_basis
    AND before.calendar_quarter = CAST(CAST(this.calendar_quarter[1:4] AS INTEGER) - 1 AS VARCHAR) || this.calendar_quarter[5:]
