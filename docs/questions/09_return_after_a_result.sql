-- How did the price move from the last close before a result was out to the first one after it?
WITH closes AS (
    SELECT event_id, event.company_id, happened_at, event.day, adjusted_close_price AS price,
        quote.available_at > happened_at AS is_after
    FROM (SELECT *, CAST(happened_at AS DATE) + CAST(unnest(range(-8, 9)) AS INTEGER) AS day FROM core.events) AS event
    JOIN core.securities AS line ON line.company_id = event.company_id AND line.is_primary
    JOIN core.adjusted_daily_quotes AS quote ON quote.security_id = line.security_id AND quote.trade_date = event.day
    WHERE event.kind = 'results')
SELECT company_id, happened_at, max(day) FILTER (NOT is_after) AS day_before, min(day) FILTER (is_after) AS day_after,
    100 * (arg_min(price, day) FILTER (is_after) / arg_max(price, day) FILTER (NOT is_after) - 1) AS return_pct
FROM closes GROUP BY event_id, company_id, happened_at HAVING day_after - day_before <= 7 ORDER BY happened_at
