-- How did the company and all its rivals do in the fourth quarter of 2024?
SELECT company_id, currency, revenue, revenue_yoy_pct, net_profit, net_margin_pct, available_at
FROM mart.quarterly_results
WHERE calendar_quarter = '2024Q4'
  AND company_id IN (SELECT 'xiaomi' UNION SELECT rival_id FROM mart.rival_daily WHERE company_id = 'xiaomi')
ORDER BY revenue DESC
