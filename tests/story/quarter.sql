-- What did the third quarter bring, how much more than a year before, and how much cash is there?
SELECT quarter.revenue / 1e9 AS revenue_bn, quarter.revenue_yoy_pct, quarter.adjusted_net_profit / 1e9 AS adjusted_bn,
    quarter.adjusted_net_profit_yoy_pct, cash.value / 1e9 AS cash_resources_bn, cash.period_end_date AS cash_on
FROM mart.quarterly_results AS quarter
JOIN core.financial_facts AS cash ON cash.company_id = quarter.company_id AND cash.metric = 'cash_resources'
    AND cash.period_end_date = quarter.period_end_date
WHERE quarter.company_id = 'xiaomi' AND quarter.calendar_quarter = '2024Q3'
