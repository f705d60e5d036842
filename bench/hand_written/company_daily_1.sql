WITH members AS (
    SELECT DISTINCT security_id FROM core.index_members
    WHERE index_id = 'XHKG:HSTECH' AND valid_from_date <= DATE '2024-12-30'
        AND (valid_to_date IS NULL OR valid_to_date > DATE '2024-12-30')
),
line AS (SELECT security_id FROM core.securities WHERE company_id = 'xiaomi' AND is_primary),
year AS (
    SELECT security_id, any_value(close_price) FILTER (trade_date = DATE '2024-12-30') AS close_price,
        arg_min(open_price, trade_date) FILTER (trade_date >= DATE '2024-01-01') AS first_open,
        arg_max(close_price, trade_date) FILTER (trade_date < DATE '2024-01-01') AS close_before
    FROM core.daily_quotes
    WHERE trade_date BETWEEN DATE '2023-12-20' AND DATE '2024-12-30'
        AND security_id IN (FROM members UNION FROM line UNION SELECT 'XHKG:HSTECH')
    GROUP BY security_id
),
ranked AS (
    SELECT security_id, rank() OVER (ORDER BY close_price / close_before DESC) AS place, count(*) OVER () AS members_priced
    FROM year SEMI JOIN members USING (security_id) WHERE close_price / close_before IS NOT NULL
)
SELECT own.close_price, 100 * (own.close_price / own.first_open - 1), 100 * (own.close_price / own.close_before - 1),
    100 * (own.close_price / own.close_before - 1) - 100 * (hstech.close_price / hstech.close_before - 1),
    ranked.place, ranked.members_priced
FROM year AS own SEMI JOIN line USING (security_id)
LEFT JOIN ranked USING (security_id)
LEFT JOIN year AS hstech ON hstech.security_id = 'XHKG:HSTECH'
