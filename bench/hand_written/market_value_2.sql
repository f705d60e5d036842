WITH days AS (
    SELECT trade_date, close_price, quote.currency, shares_per_unit, quote.available_at AS closed_at
    FROM core.daily_quotes AS quote JOIN core.securities AS line USING (security_id)
    WHERE line.company_id = 'xiaomi' AND line.is_primary ORDER BY trade_date DESC LIMIT 10
)
SELECT trade_date, close_price, share_count, as_of_date AS shares_as_of_date,
    close_price / shares_per_unit * share_count * coalesce(rate, 1) AS market_value_hkd, 1e12 - market_value_hkd AS missing_hkd
FROM days
ASOF JOIN (SELECT as_of_date, share_count, available_at FROM core.shares_outstanding WHERE company_id = 'xiaomi' AND share_class = 'all') AS counts
    ON counts.available_at <= days.closed_at
ASOF LEFT JOIN (SELECT base_currency, rate_date, rate FROM core.fx_rates WHERE quote_currency = 'HKD') AS fx
    ON fx.base_currency = days.currency AND fx.rate_date <= days.trade_date
ORDER BY trade_date DESC
