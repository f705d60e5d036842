-- What is each company worth, in Hong Kong dollars, US dollars and renminbi, at its newest close?
SELECT company_id, trade_date, market_value_hkd, market_value_usd, market_value_cny, rate_date
FROM mart.company_daily
QUALIFY row_number() OVER (PARTITION BY company_id ORDER BY trade_date DESC) = 1
ORDER BY market_value_usd DESC
