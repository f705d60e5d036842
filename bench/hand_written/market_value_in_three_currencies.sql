WITH until AS (SELECT DATE '9999-12-31' AS day),
$newest_values
SELECT company_id, trade_date, round(hkd / 1e9, 1) AS billion_hkd, round(usd / 1e9, 1) AS billion_usd,
    round(cny / 1e9, 1) AS billion_cny, rate_date
FROM valued WHERE market_value IS NOT NULL ORDER BY usd DESC
