WITH members AS (
    SELECT DISTINCT member.security_id, line.company_id
    FROM core.index_members AS member JOIN core.securities AS line USING (security_id)
    WHERE member.index_id = 'XHKG:HSTECH' AND member.valid_from_date <= DATE '2024-12-30'
        AND (member.valid_to_date IS NULL OR member.valid_to_date > DATE '2024-12-30')
),
quotes AS (
    SELECT security_id, trade_date, close_price FROM core.daily_quotes SEMI JOIN members USING (security_id)
    WHERE trade_date BETWEEN DATE '2023-12-20' AND DATE '2024-12-30'
),
newest AS (SELECT DATE '2024-12-30' AS trade_date),
closes AS (
    SELECT security_id, newest.trade_date,
        arg_max(close_price, quotes.trade_date) FILTER (year(quotes.trade_date) < year(newest.trade_date)) AS before,
        any_value(close_price) FILTER (quotes.trade_date = newest.trade_date) AS close_price
    FROM quotes CROSS JOIN newest GROUP BY ALL
),
ranked AS (
    SELECT security_id, trade_date, 100 * (close_price / before - 1) AS change, rank() OVER (ORDER BY change DESC) AS rank_in_index,
        count(*) OVER () AS members_priced
    FROM closes WHERE close_price IS NOT NULL
)
SELECT company_id, trade_date, rank_in_index, members_priced, (SELECT count(*) FROM members) AS members_total,
    change AS change_since_last_close_of_year_before_pct
FROM ranked JOIN members USING (security_id) ORDER BY rank_in_index
