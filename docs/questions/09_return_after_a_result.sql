-- How did the price move from the last close before a result was out to the first one after it?
SELECT event.company_id, event.happened_at, before.trade_date AS day_before, after.trade_date AS day_after,
    100 * (after.adjusted_close_price / before.adjusted_close_price - 1) AS return_pct
FROM core.events AS event
JOIN core.securities AS line ON line.company_id = event.company_id AND line.is_primary
ASOF JOIN core.adjusted_daily_quotes AS before
    ON before.security_id = line.security_id AND before.available_at <= event.happened_at
ASOF JOIN core.adjusted_daily_quotes AS after
    ON after.security_id = line.security_id AND after.available_at > event.happened_at
WHERE event.kind = 'results' AND after.trade_date - before.trade_date <= 7 ORDER BY event.happened_at
