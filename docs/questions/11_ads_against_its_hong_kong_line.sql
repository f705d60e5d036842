-- How far is the price of an ADS, share for share and in Hong Kong dollars, from the Hong Kong line of the same day?
SELECT ads.company_id, us.trade_date, us.close_price / ads.shares_per_unit * rate.rate AS ads_share_hkd, hk.close_price,
    100 * (us.close_price / ads.shares_per_unit * rate.rate / hk.close_price - 1) AS premium_pct, rate.rate_date
FROM core.securities AS ads
JOIN core.securities AS line ON line.company_id = ads.company_id AND line.exchange = 'XHKG' AND line.currency = 'HKD'
JOIN core.daily_quotes AS us ON us.security_id = ads.security_id
JOIN core.daily_quotes AS hk ON hk.security_id = line.security_id AND hk.trade_date = us.trade_date
JOIN core.fx_daily AS rate ON rate.base_currency = 'USD' AND rate.quote_currency = 'HKD' AND rate.date = us.trade_date
WHERE ads.kind = 'ads' AND rate.age_days <= 5 ORDER BY us.trade_date DESC, ads.company_id LIMIT 9
