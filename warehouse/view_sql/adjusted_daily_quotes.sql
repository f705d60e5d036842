WITH splits AS (
    SELECT security_id, ex_date, ratio_numerator / ratio_denominator AS units_after_one
    FROM core.corporate_actions
    WHERE kind = 'split'
),
factors AS (
    SELECT quotes.security_id, quotes.trade_date,
        product(splits.units_after_one) FILTER (splits.ex_date > quotes.adjusted_until) AS to_come,
        product(splits.units_after_one) FILTER (splits.ex_date <= quotes.adjusted_until) AS taken_in
    FROM (
        SELECT security_id, trade_date,
            -- Up to this day splits are in the price already.
            CASE price_basis
                WHEN 'as_traded' THEN trade_date
                ELSE coalesce(greatest(basis_date, trade_date), DATE '9999-12-31')
            END AS adjusted_until
        FROM core.daily_quotes
    ) AS quotes
    JOIN splits ON splits.security_id = quotes.security_id AND splits.ex_date > quotes.trade_date
    GROUP BY ALL
)
SELECT quotes.security_id, quotes.trade_date,
    CAST(quotes.close_price * coalesce(factors.taken_in, 1) AS DECIMAL(18, 6)) AS close_price,
    CAST(quotes.open_price / coalesce(factors.to_come, 1) AS DECIMAL(18, 6)) AS adjusted_open_price,
    CAST(quotes.high_price / coalesce(factors.to_come, 1) AS DECIMAL(18, 6)) AS adjusted_high_price,
    CAST(quotes.low_price / coalesce(factors.to_come, 1) AS DECIMAL(18, 6)) AS adjusted_low_price,
    CAST(quotes.close_price / coalesce(factors.to_come, 1) AS DECIMAL(18, 6)) AS adjusted_close_price,
    coalesce(factors.to_come, 1) * coalesce(factors.taken_in, 1) AS split_factor,
    quotes.currency, quotes.price_basis, quotes.is_disputed, quotes.available_at, quotes.source_id, quotes.snapshot_id
FROM core.daily_quotes AS quotes LEFT JOIN factors USING (security_id, trade_date)
