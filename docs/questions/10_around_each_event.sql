-- How do prices move around results and delivery days, session by session, against the last close before the news?
WITH away AS (SELECT *, lead(session_date, session) OVER (PARTITION BY exchange, session ORDER BY session_date) AS date
    FROM core.trading_sessions CROSS JOIN (SELECT unnest(range(-2, 4)) AS session) WHERE is_open)
SELECT event.kind, event.session, count(*) AS events,
    100 * avg(day.adjusted_close_price / last.adjusted_close_price - 1) AS pct
FROM (SELECT *, unnest(range(-2, 4)) AS session FROM core.events WHERE kind IN ('results', 'deliveries')) AS event
JOIN core.securities AS line ON line.company_id = event.company_id AND line.is_primary
ASOF JOIN away ON away.exchange = line.exchange AND away.session = event.session AND closes_at <= happened_at
JOIN core.adjusted_daily_quotes AS last ON last.security_id = line.security_id AND last.trade_date = session_date
JOIN core.adjusted_daily_quotes AS day ON day.security_id = line.security_id AND day.trade_date = date
GROUP BY ALL ORDER BY ALL
