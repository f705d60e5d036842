-- The same of the rivals, where it was published: the year of the share, revenue of the quarter, cars of December and year
WITH cars AS (
    SELECT company_id, period_kind, any_value(value_low) AS cars FROM core.operating_kpis
    WHERE product_id = 'all' AND metric IN ('deliveries', 'sales_volume') AND period_end_date = DATE '2024-12-31'
        AND period_kind IN ('month', 'quarter', 'year')
    GROUP BY ALL
)
SELECT company.company_id, round(day.change_since_first_open_of_year_pct, 1) AS year_pct,
    round(day.market_value_hkd / 1e9, 1) AS market_value_bn_hkd, round(quarter.revenue / 1e9, 2) AS revenue_bn,
    quarter.currency, month.cars AS december, last.cars AS fourth_quarter, year.cars AS year
FROM core.companies AS company
LEFT JOIN mart.company_daily AS day ON day.company_id = company.company_id AND day.trade_date = DATE '2024-12-30'
LEFT JOIN mart.quarterly_results AS quarter
    ON quarter.company_id = company.company_id AND quarter.calendar_quarter = '2024Q3'
LEFT JOIN cars AS month ON month.company_id = company.company_id AND month.period_kind = 'month'
LEFT JOIN cars AS last ON last.company_id = company.company_id AND last.period_kind = 'quarter'
LEFT JOIN cars AS year ON year.company_id = company.company_id AND year.period_kind = 'year'
WHERE company.company_id IN ('tesla', 'byd', 'li-auto', 'nio', 'xpeng')
ORDER BY company.company_id
