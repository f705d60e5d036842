-- How do prices move around results and delivery days, on average, against the last close before the news?
SELECT kind, session, count(*) AS events, round(avg(change_pct), 2) AS change_pct
FROM (
    SELECT event.kind, row_number() OVER path - count(*) FILTER (quote.available_at <= happened_at) OVER news AS session,
        100 * adjusted_close_price / max_by(adjusted_close_price, trade_date)
            FILTER (quote.available_at <= happened_at) OVER news - 100 AS change_pct
    FROM core.events AS event JOIN core.securities AS line USING (company_id) JOIN core.adjusted_daily_quotes AS quote
        ON quote.security_id = line.security_id AND is_primary AND abs(trade_date - CAST(happened_at AS DATE)) <= 10
    WINDOW news AS (PARTITION BY event_id), path AS (PARTITION BY event_id ORDER BY trade_date)
) WHERE change_pct IS NOT NULL AND kind IN ('results', 'deliveries') AND session BETWEEN -2 AND 3
GROUP BY kind, session ORDER BY kind, session
