-- What was missing to a market value of a trillion Hong Kong dollars, and how far would the price have to rise?
SELECT company_id, trade_date, round(market_value_hkd / 1e9, 1) AS billion_hkd, shares_as_of_date AS shares_of,
    round(distance_to_target_hkd / 1e9, 1) AS missing_billion, distance_to_target_pct AS rise_pct
FROM mart.valuation
WHERE market_value_hkd IS NOT NULL AND trade_date <= '2024-12-30'
QUALIFY row_number() OVER (PARTITION BY company_id ORDER BY trade_date DESC) = 1
ORDER BY missing_billion
