WITH quotes AS (
    SELECT trade_date, open_price, close_price, quote.currency
    FROM core.daily_quotes AS quote JOIN core.securities AS line USING (security_id)
    WHERE line.company_id = 'xiaomi' AND line.is_primary AND trade_date BETWEEN '2023-12-20' AND '2024-12-31'
),
year AS (
    SELECT arg_min(open_price, trade_date) FILTER (trade_date >= '2024-01-01') AS first_open,
        arg_max(close_price, trade_date) FILTER (trade_date < '2024-01-01') AS close_before
    FROM quotes
)
SELECT trade_date, close_price, currency, 100 * (close_price / first_open - 1) AS since_first_open_pct,
    100 * (close_price / close_before - 1) AS since_last_close_pct
FROM quotes CROSS JOIN year WHERE trade_date >= '2024-12-27' ORDER BY trade_date
