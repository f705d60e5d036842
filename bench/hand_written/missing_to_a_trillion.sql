WITH until AS (SELECT DATE '2024-12-30' AS day),
$newest_values
SELECT company_id, trade_date, round(hkd / 1e9, 1) AS billion_hkd, shares_as_of_date AS shares_of,
    round((1e12 - hkd) / 1e9, 1) AS missing_billion, 100 * (1e12 / hkd - 1) AS rise_pct
FROM valued WHERE hkd IS NOT NULL ORDER BY missing_billion
