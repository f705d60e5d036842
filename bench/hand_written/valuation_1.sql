WITH wanted AS (SELECT unnest(['net_profit_attributable', 'revenue']) AS metric),
days AS (
    SELECT company_id, security_id, any_value(line.kind) AS kind, any_value(shares_per_unit) AS shares_per_unit, max(trade_date) AS trade_date,
        arg_max(close_price, trade_date) AS close_price, arg_max(quote.currency, trade_date) AS currency,
        arg_max(quote.available_at, trade_date) AS closed_at
    FROM core.daily_quotes AS quote JOIN core.securities AS line USING (security_id)
    WHERE line.is_primary GROUP BY company_id, security_id, date_trunc('month', trade_date)
),
$earnings_of_days
SELECT company_id, trade_date, any_value(multiple) FILTER (metric = 'net_profit_attributable') AS pe,
    any_value(multiple) FILTER (metric = 'revenue') AS ps, 'last four quarters' AS profit_basis,
    any_value(period_end_date) FILTER (metric = 'net_profit_attributable') AS profit_period_end_date
FROM multiples GROUP BY company_id, trade_date HAVING ps IS NOT NULL ORDER BY company_id, trade_date
