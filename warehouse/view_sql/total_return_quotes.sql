WITH payers AS (SELECT DISTINCT security_id FROM core.corporate_actions WHERE kind = 'dividend'),
splits AS (
    SELECT security_id, ex_date, ratio_numerator / ratio_denominator AS units_after_one
    FROM core.corporate_actions
    WHERE kind = 'split'
),
-- Every source's word on a dividend, in units of today. One as declared is for a unit before a split of the same day.
readings AS (
    SELECT action.security_id, action.ex_date, action.source_id, action.currency,
        CAST(any_value(action.amount_per_unit) AS DOUBLE)
        / coalesce(product(splits.units_after_one), 1) AS amount
    FROM core.corporate_actions_by_source AS action
    LEFT JOIN splits
        ON splits.security_id = action.security_id
        AND CASE WHEN action.is_split_adjusted THEN splits.ex_date > CAST(action.fetched_at AS DATE)
            ELSE splits.ex_date >= action.ex_date END
    WHERE action.kind = 'dividend'
    GROUP BY action.security_id, action.ex_date, action.source_id, action.currency
),
closes AS (
    SELECT security_id, trade_date, adjusted_close_price, currency FROM core.adjusted_daily_quotes
    SEMI JOIN payers USING (security_id)
),
-- The close that the dividend comes off, and the rate into its currency.
priced AS (
    SELECT reading.security_id, reading.ex_date, reading.source_id, before.trade_date AS close_date,
        CAST(before.adjusted_close_price AS DOUBLE) AS close_price,
        reading.amount * CASE WHEN reading.currency = before.currency THEN 1 ELSE CAST(fx.rate AS DOUBLE) END AS amount
    FROM readings AS reading
    ASOF JOIN closes AS before ON before.security_id = reading.security_id AND before.trade_date < reading.ex_date
    LEFT JOIN core.fx_daily AS fx
        ON fx.base_currency = reading.currency AND fx.quote_currency = before.currency
        AND fx.date = reading.ex_date AND fx.age_days <= 5
),
agreed AS (
    SELECT security_id, ex_date, min(amount) AS least, max(amount) AS greatest FROM priced GROUP BY ALL
),
chosen AS (
    SELECT priced.security_id, priced.ex_date, priced.amount / priced.close_price AS share, agreed.least, agreed.greatest,
        priced.source_id, lag(priced.ex_date) OVER line AS ex_date_before, lag(priced.source_id) OVER line AS source_before
    FROM core.corporate_actions AS action
    JOIN priced
        ON priced.security_id = action.security_id AND priced.ex_date = action.ex_date
        AND priced.source_id = action.source_id
    JOIN agreed ON agreed.security_id = priced.security_id AND agreed.ex_date = priced.ex_date
    WHERE action.kind = 'dividend'
    WINDOW line AS (PARTITION BY priced.security_id ORDER BY priced.ex_date)
),
dividends AS (
    SELECT security_id, ex_date, share,
        -- No amount, no rate, more than any dividend is, sources that differ by a factor, or one dividend on two days.
        share IS NULL OR share <= 0 OR share > 0.3 OR greatest > least * 1.1
        OR coalesce(source_before <> source_id AND ex_date - ex_date_before <= 5, false) AS is_doubtful
    FROM chosen
),
factors AS (
    SELECT closes.security_id, closes.trade_date,
        product(1 - dividend.share) AS kept, count(*) FILTER (dividend.is_doubtful) AS doubtful
    FROM closes
    JOIN dividends AS dividend ON dividend.security_id = closes.security_id AND dividend.ex_date > closes.trade_date
    GROUP BY ALL
)
SELECT quotes.security_id, quotes.trade_date, quotes.close_price, quotes.adjusted_close_price,
    CASE WHEN coalesce(factors.doubtful, 0) = 0
        THEN CAST(quotes.adjusted_close_price * coalesce(factors.kept, 1) AS DECIMAL(18, 6)) END AS total_return_close_price,
    CASE WHEN coalesce(factors.doubtful, 0) = 0 THEN coalesce(factors.kept, 1) END AS dividend_factor,
    coalesce(factors.doubtful, 0) AS doubtful_dividend_count,
    quotes.currency, quotes.available_at, quotes.source_id, quotes.snapshot_id
FROM core.adjusted_daily_quotes AS quotes LEFT JOIN factors USING (security_id, trade_date)
