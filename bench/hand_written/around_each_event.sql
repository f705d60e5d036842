WITH splits AS (
    SELECT security_id, ex_date, ratio_numerator / ratio_denominator AS units FROM core.corporate_actions WHERE kind = 'split'
),
sessions AS (
    SELECT exchange, session_date, closes_at, row_number() OVER (PARTITION BY exchange ORDER BY session_date) AS number
    FROM core.trading_sessions WHERE is_open
),
happened AS (
    SELECT event.kind, event.happened_at, line.security_id, line.exchange
    FROM core.events AS event JOIN core.securities AS line ON line.company_id = event.company_id AND line.is_primary
    WHERE event.kind IN ('results', 'deliveries')
),
around AS (
    SELECT opened.*, day.session_date, away AS session
    FROM (
        SELECT happened.kind, happened.security_id, happened.exchange, before.session_date AS before_date,
            away, before.number + away AS wanted
        FROM happened
        ASOF JOIN sessions AS before ON before.exchange = happened.exchange AND before.closes_at <= happened.happened_at
        CROSS JOIN (SELECT unnest(range(-2, 4)) AS away)
    ) AS opened
    JOIN sessions AS day ON day.exchange = opened.exchange AND day.number = opened.wanted
),
priced AS (
    SELECT around.*, quote.close_price, before.close_price AS close_before
    FROM around
    JOIN core.daily_quotes AS quote ON quote.security_id = around.security_id AND quote.trade_date = around.session_date
    JOIN core.daily_quotes AS before ON before.security_id = around.security_id AND before.trade_date = around.before_date
),
adjusted AS (
    SELECT kind, session, CAST(close_price AS DOUBLE) AS price, CAST(close_before AS DOUBLE) AS price_before
    FROM priced ANTI JOIN splits USING (security_id)
    UNION ALL
    SELECT kind, session,
        CAST(close_price / coalesce(product(split.units) FILTER (split.ex_date > session_date), 1) AS DECIMAL(18, 6)),
        CAST(close_before / coalesce(product(split.units) FILTER (split.ex_date > before_date), 1) AS DECIMAL(18, 6))
    FROM priced JOIN splits AS split USING (security_id)
    GROUP BY kind, session, security_id, before_date, session_date, close_price, close_before
)
SELECT kind, session, count(*) AS events, 100 * avg(price / price_before - 1) AS pct
FROM adjusted GROUP BY kind, session ORDER BY kind, session
