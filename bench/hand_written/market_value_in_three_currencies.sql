WITH line AS (
    SELECT security_id, company_id, kind, shares_per_unit FROM core.securities
    WHERE is_primary AND company_id IS NOT NULL AND valid_to_date IS NULL
),
newest AS (
    SELECT security_id, max(trade_date) AS trade_date, arg_max(close_price, trade_date) AS close_price,
        arg_max(currency, trade_date) AS currency
    FROM core.daily_quotes SEMI JOIN line USING (security_id) GROUP BY security_id
),
counts AS (
    SELECT company_id, share_class, max(as_of_date) AS as_of_date, arg_max(share_count, as_of_date) AS share_count
    FROM core.shares_outstanding GROUP BY ALL
),
shares AS (
    SELECT company_id, security_id, coalesce(sum(share_count) FILTER (share_class = 'all'), sum(share_count)) AS share_count
    FROM (
        SELECT line.company_id, line.security_id, share_class,
            counts.share_count * coalesce(product(split.ratio_numerator / split.ratio_denominator), 1) AS share_count
        FROM line JOIN counts USING (company_id) JOIN newest USING (security_id)
        LEFT JOIN core.corporate_actions AS split
            ON split.security_id = line.security_id AND split.kind = 'split' AND line.kind = 'share'
            AND split.ex_date > counts.as_of_date AND split.ex_date <= newest.trade_date
        GROUP BY line.company_id, line.security_id, share_class, counts.share_count
    ) GROUP BY ALL
),
rates AS (
    SELECT base_currency AS currency, quote_currency, max(rate_date) AS rate_date, arg_max(rate, rate_date) AS rate
    FROM core.fx_rates WHERE quote_currency IN ('HKD', 'USD', 'CNY') AND rate_date <= (SELECT max(trade_date) FROM newest)
    GROUP BY ALL
)
SELECT line.company_id, newest.trade_date,
    round(newest.close_price / line.shares_per_unit * shares.share_count * coalesce(hkd.rate, 1) / 1e9, 1) AS billion_hkd,
    round(newest.close_price / line.shares_per_unit * shares.share_count * coalesce(usd.rate, 1) / 1e9, 1) AS billion_usd,
    round(newest.close_price / line.shares_per_unit * shares.share_count * coalesce(cny.rate, 1) / 1e9, 1) AS billion_cny,
    least(hkd.rate_date, usd.rate_date, cny.rate_date) AS rate_date
FROM line JOIN newest USING (security_id) LEFT JOIN shares USING (security_id)
LEFT JOIN rates AS hkd ON hkd.currency = newest.currency AND hkd.quote_currency = 'HKD'
LEFT JOIN rates AS usd ON usd.currency = newest.currency AND usd.quote_currency = 'USD'
LEFT JOIN rates AS cny ON cny.currency = newest.currency AND cny.quote_currency = 'CNY'
