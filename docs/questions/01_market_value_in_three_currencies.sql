-- What is each company worth at its newest close, in billions of Hong Kong dollars, US dollars and renminbi?
SELECT company_id, trade_date, round(market_value_hkd / 1e9, 1) AS billion_hkd,
    round(market_value_usd / 1e9, 1) AS billion_usd, round(market_value_cny / 1e9, 1) AS billion_cny, rate_date
FROM mart.company_daily
WHERE market_value IS NOT NULL
QUALIFY row_number() OVER (PARTITION BY company_id ORDER BY trade_date DESC) = 1
ORDER BY market_value_usd DESC
