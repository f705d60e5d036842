WITH splits AS (
    SELECT security_id, ex_date, ratio_numerator / ratio_denominator AS units FROM core.corporate_actions WHERE kind = 'split'
),
happened AS (
    SELECT event_id, event.company_id, event.happened_at, line.security_id,
        CAST(event.happened_at AS DATE) + CAST(unnest(range(-8, 9)) AS INTEGER) AS day
    FROM core.events AS event JOIN core.securities AS line ON line.company_id = event.company_id AND line.is_primary
    WHERE event.kind = 'results'
),
around AS (
    SELECT event_id, happened.company_id, happened.happened_at, happened.security_id,
        max(day) FILTER (quote.available_at <= happened_at) AS day_before, min(day) FILTER (quote.available_at > happened_at) AS day_after,
        arg_max(close_price, day) FILTER (quote.available_at <= happened_at) AS close_before,
        arg_min(close_price, day) FILTER (quote.available_at > happened_at) AS close_after
    FROM happened JOIN core.daily_quotes AS quote ON quote.security_id = happened.security_id AND quote.trade_date = happened.day
    GROUP BY ALL HAVING day_after - day_before <= 7
),
adjusted AS (
    SELECT around.company_id, happened_at, day_before, day_after,
        CAST(close_before / coalesce(product(splits.units), 1) AS DECIMAL(18, 6)) AS close_before,
        CAST(close_after / coalesce(product(splits.units) FILTER (splits.ex_date > day_after), 1) AS DECIMAL(18, 6)) AS close_after
    FROM around LEFT JOIN splits ON splits.security_id = around.security_id AND splits.ex_date > day_before
    GROUP BY around.company_id, event_id, happened_at, day_before, day_after, around.close_before, around.close_after
)
SELECT company_id, happened_at, day_before, day_after, 100 * (close_after / close_before - 1) AS return_pct
FROM adjusted ORDER BY happened_at
