-- How do prices move around results and delivery days, session by session, against the last close before the news?
WITH days AS (
    SELECT company_id, closes_at, adjusted_close_price AS price, row_number() OVER (line ORDER BY session_date) AS number
    FROM core.securities AS line JOIN core.trading_sessions USING (exchange) LEFT JOIN core.adjusted_daily_quotes AS quote
        ON quote.security_id = line.security_id AND trade_date = session_date
    WHERE is_primary AND is_open WINDOW line AS (PARTITION BY company_id))
SELECT kind, day.number - before.number AS session, count(day.price) AS events,
    100 * avg(day.price / before.price - 1) AS pct
FROM core.events AS event ASOF JOIN days AS before ON before.company_id = event.company_id AND closes_at <= happened_at
JOIN days AS day ON day.company_id = event.company_id AND day.number BETWEEN before.number - 2 AND before.number + 3
WHERE kind IN ('results', 'deliveries') AND day.price / before.price > 0 GROUP BY kind, session ORDER BY kind, session
