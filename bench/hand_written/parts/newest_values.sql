line AS (
    SELECT security_id, company_id, kind, shares_per_unit FROM core.securities
    WHERE is_primary AND company_id IS NOT NULL AND valid_to_date IS NULL
),
newest AS (
    SELECT security_id, max(trade_date) AS trade_date, arg_max(close_price, trade_date) AS close_price,
        arg_max(currency, trade_date) AS currency, arg_max(available_at, trade_date) AS closed_at
    FROM core.daily_quotes SEMI JOIN line USING (security_id) WHERE trade_date <= (SELECT day FROM until) GROUP BY security_id
),
counts AS (
    SELECT security_id, share_class, max(as_of_date) AS as_of_date, arg_max(share_count, as_of_date) AS share_count
    FROM newest JOIN line USING (security_id) JOIN core.shares_outstanding AS told USING (company_id)
    WHERE told.available_at <= newest.closed_at GROUP BY ALL
),
shares AS (
    SELECT security_id, sum(share_count) AS share_count, min(as_of_date) AS as_of_date
    FROM (
        SELECT line.security_id, share_class, counts.as_of_date,
            counts.share_count * coalesce(product(split.ratio_numerator / split.ratio_denominator), 1) AS share_count
        FROM line JOIN counts USING (security_id) JOIN newest USING (security_id)
        LEFT JOIN core.corporate_actions AS split
            ON split.security_id = line.security_id AND split.kind = 'split' AND line.kind = 'share'
            AND split.ex_date > counts.as_of_date AND split.ex_date <= newest.trade_date
        GROUP BY line.security_id, share_class, counts.share_count, counts.as_of_date
    ) GROUP BY security_id
),
rates AS (
    SELECT wanted.currency, wanted.trade_date, min(rate_date) AS rate_date, any_value(rate) FILTER (fx.quote_currency = 'HKD') AS hkd,
        any_value(rate) FILTER (fx.quote_currency = 'USD') AS usd, any_value(rate) FILTER (fx.quote_currency = 'CNY') AS cny
    FROM (
        SELECT DISTINCT currency, trade_date, quote_currency
        FROM newest CROSS JOIN (VALUES ('HKD'), ('USD'), ('CNY')) AS quote (quote_currency)
    ) AS wanted
    ASOF JOIN core.fx_rates AS fx
        ON fx.base_currency = wanted.currency AND fx.quote_currency = wanted.quote_currency AND fx.rate_date <= wanted.trade_date
    GROUP BY ALL
),
valued AS (
    SELECT line.company_id, line.security_id, newest.trade_date, newest.closed_at, newest.currency, newest.close_price,
        shares.as_of_date AS shares_as_of_date, rates.rate_date, close_price / shares_per_unit * shares.share_count AS market_value,
        market_value * coalesce(hkd, 1) AS hkd, market_value * coalesce(usd, 1) AS usd, market_value * coalesce(cny, 1) AS cny
    FROM line JOIN newest USING (security_id) LEFT JOIN shares USING (security_id) LEFT JOIN rates USING (currency, trade_date)
)
