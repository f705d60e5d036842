WITH splits AS (
    SELECT security_id, ex_date, ratio_numerator / ratio_denominator AS units FROM core.corporate_actions WHERE kind = 'split'
),
happened AS (
    SELECT event_id, event.company_id, event.happened_at, line.security_id
    FROM core.events AS event JOIN core.securities AS line ON line.company_id = event.company_id AND line.is_primary
    WHERE event.kind = 'results'
),
around AS (
    SELECT happened.*, before.trade_date AS day_before, before.close_price AS close_before,
        after.trade_date AS day_after, after.close_price AS close_after
    FROM happened
    ASOF JOIN core.daily_quotes AS before ON before.security_id = happened.security_id AND before.available_at <= happened.happened_at
    ASOF JOIN core.daily_quotes AS after ON after.security_id = happened.security_id AND after.available_at > happened.happened_at
),
adjusted AS (
    SELECT around.company_id, happened_at, day_before, day_after,
        CAST(close_before / coalesce(product(splits.units), 1) AS DECIMAL(18, 6)) AS close_before,
        CAST(close_after / coalesce(product(splits.units) FILTER (splits.ex_date > day_after), 1) AS DECIMAL(18, 6)) AS close_after
    FROM around LEFT JOIN splits ON splits.security_id = around.security_id AND splits.ex_date > day_before
    WHERE day_after - day_before <= 7
    GROUP BY around.company_id, event_id, happened_at, day_before, day_after, around.close_before, around.close_after
)
SELECT company_id, happened_at, day_before, day_after, 100 * (close_after / close_before - 1) AS return_pct
FROM adjusted ORDER BY happened_at
