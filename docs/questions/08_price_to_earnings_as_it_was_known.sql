-- What did each company cost per year of its profit at the last close of each quarter, on what was known by then?
SELECT company_id, trade_date, round(pe, 1) AS pe, round(pe_adjusted, 1) AS pe_adjusted, profit_basis,
    profit_period_end_date AS profit_until
FROM mart.valuation
WHERE pe IS NOT NULL
QUALIFY trade_date = max(trade_date) OVER (PARTITION BY company_id, date_trunc('quarter', trade_date))
ORDER BY company_id, trade_date
