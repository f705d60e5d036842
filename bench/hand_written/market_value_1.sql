WITH until AS (SELECT DATE '9999-12-31' AS day),
$newest_values
SELECT company_id, trade_date, hkd AS market_value_hkd, usd AS market_value_usd, cny AS market_value_cny
FROM valued WHERE market_value IS NOT NULL ORDER BY usd DESC
