lines AS (
    SELECT security_id, company_id FROM core.securities
    WHERE is_primary AND company_id IN (
        SELECT 'xiaomi'
        UNION SELECT object_id FROM core.relations WHERE relation = 'competes_with' AND subject_id = 'xiaomi' AND valid_to_date IS NULL
        UNION SELECT subject_id FROM core.relations WHERE relation = 'competes_with' AND object_id = 'xiaomi' AND valid_to_date IS NULL
    )
),
splits AS (
    SELECT security_id, ex_date, ratio_numerator / ratio_denominator AS units FROM core.corporate_actions WHERE kind = 'split'
),
closes AS (
    SELECT company_id, trade_date, year(trade_date) AS year,
        CAST(close_price / coalesce(product(units) FILTER (ex_date > trade_date), 1) AS DECIMAL(18, 6)) AS price
    FROM core.daily_quotes AS quote JOIN lines USING (security_id) LEFT JOIN splits USING (security_id)
    GROUP BY company_id, trade_date, close_price
),
years AS (
    SELECT company_id, year, arg_max(price, trade_date) AS last_price FROM closes GROUP BY ALL HAVING max(trade_date) >= make_date(year, 12, 20)
),
changes AS (
    SELECT closes.company_id, trade_date, 100 * (price / last_price - 1) AS change
    FROM closes LEFT JOIN years ON years.company_id = closes.company_id AND years.year = closes.year - 1
)
