WITH pairs AS (
    SELECT ads.company_id, ads.security_id AS us_id, ads.shares_per_unit, line.security_id AS hk_id
    FROM core.securities AS ads
    JOIN core.securities AS line ON line.company_id = ads.company_id AND line.exchange = 'XHKG' AND line.currency = 'HKD'
    WHERE ads.kind = 'ads'
),
days AS (
    SELECT pairs.company_id, us.trade_date, us.close_price / pairs.shares_per_unit AS ads_share_usd, hk.close_price
    FROM pairs JOIN core.daily_quotes AS us ON us.security_id = pairs.us_id
    JOIN core.daily_quotes AS hk ON hk.security_id = pairs.hk_id AND hk.trade_date = us.trade_date
)
SELECT days.company_id, days.trade_date, ads_share_usd * rate.rate AS ads_share_hkd, close_price,
    100 * (ads_share_usd * rate.rate / close_price - 1) AS premium_pct, rate.rate_date
FROM days ASOF JOIN (SELECT rate_date, rate FROM core.fx_rates WHERE base_currency = 'USD' AND quote_currency = 'HKD') AS rate
    ON rate.rate_date <= days.trade_date
WHERE days.trade_date - rate.rate_date <= 5 ORDER BY days.trade_date DESC, days.company_id LIMIT 9
