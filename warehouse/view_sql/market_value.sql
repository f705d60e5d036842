WITH sessions AS (
    SELECT line.company_id, quote.trade_date, quote.security_id, line.exchange, line.kind, line.shares_per_unit,
        quote.close_price, quote.currency, quote.price_basis, quote.is_disputed, quote.available_at AS closed_at
    FROM core.adjusted_daily_quotes AS quote
    JOIN core.securities AS line
        ON line.security_id = quote.security_id AND line.is_primary
        AND quote.trade_date >= line.valid_from_date
        AND (line.valid_to_date IS NULL OR quote.trade_date < line.valid_to_date)
    WHERE line.company_id IS NOT NULL
    QUALIFY row_number() OVER (PARTITION BY line.company_id, quote.trade_date ORDER BY quote.security_id) = 1
),

-- Shares in issue: the newest count of each class, restated for splits since.
classes AS (SELECT DISTINCT company_id, share_class FROM core.shares_outstanding),
class_days AS (
    SELECT sessions.company_id, sessions.trade_date, sessions.closed_at, sessions.security_id, sessions.kind,
        classes.share_class
    FROM sessions JOIN classes USING (company_id)
),
-- A count holds from when it was public until a newer one was. Before the first was, each holds from its own day: what we
-- know of that day by now. An ASOF JOIN says the same, but is run as a loop over all counts where few sessions are
-- expected, and of the past few always are.
told_counts AS (
    SELECT company_id, share_class, as_of_date, share_count, available_at, as_of_at,
        greatest(available_at, as_of_at) AS public_at,
        lead(as_of_at) OVER line AS next_as_of_at
    FROM (SELECT *, timezone('UTC', CAST(as_of_date AS TIMESTAMP)) AS as_of_at FROM core.shares_outstanding)
    WINDOW line AS (PARTITION BY company_id, share_class ORDER BY as_of_date)
),
public_counts AS (
    SELECT *, min(public_at) OVER (PARTITION BY company_id, share_class) AS first_public_at,
        min(public_at) OVER (
            PARTITION BY company_id, share_class ORDER BY as_of_date ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING
        ) AS newer_public_at
    FROM told_counts
),
counts AS (
    SELECT company_id, share_class, as_of_date, share_count, available_at, public_at AS from_at,
        coalesce(newer_public_at, TIMESTAMPTZ '9999-12-31 00:00:00+00') AS until_at
    FROM public_counts
    UNION ALL
    SELECT company_id, share_class, as_of_date, share_count, available_at, as_of_at,
        coalesce(least(next_as_of_at, first_public_at), first_public_at)
    FROM public_counts
),
class_counts AS (
    SELECT day.*, counted.as_of_date, counted.share_count, counted.available_at
    FROM class_days AS day
    JOIN counts AS counted
        ON counted.company_id = day.company_id AND counted.share_class = day.share_class
        AND counted.from_at <= day.closed_at AND counted.until_at > day.closed_at
),
splits AS (
    SELECT security_id, ex_date, ratio_numerator, ratio_denominator FROM core.corporate_actions WHERE kind = 'split'
),
restated_counts AS (
    SELECT counted.company_id, counted.trade_date, counted.share_class, counted.as_of_date, counted.available_at,
        counted.share_count
            * coalesce(product(split.ratio_numerator / split.ratio_denominator) FILTER (counted.kind = 'share'), 1)
            AS share_count
    FROM class_counts AS counted
    LEFT JOIN splits AS split
        ON split.security_id = counted.security_id
        AND split.ex_date > counted.as_of_date AND split.ex_date <= counted.trade_date
    GROUP BY counted.company_id, counted.trade_date, counted.share_class, counted.as_of_date, counted.available_at,
        counted.share_count
),
summed_counts AS (
    SELECT company_id, trade_date,
        any_value(share_count) FILTER (share_class = 'all') AS all_count,
        any_value(as_of_date) FILTER (share_class = 'all') AS all_date,
        any_value(available_at) FILTER (share_class = 'all') AS all_available_at,
        sum(share_count) FILTER (share_class <> 'all') AS class_sum,
        min(as_of_date) FILTER (share_class <> 'all') AS class_date,
        max(available_at) FILTER (share_class <> 'all') AS class_available_at,
        list(share_class) FILTER (share_class <> 'all') AS class_names,
        count(*) FILTER (share_class <> 'all') AS class_number
    FROM restated_counts
    GROUP BY ALL
),
shares AS (
    SELECT company_id, trade_date,
        CAST(round(CASE WHEN takes_all THEN all_count ELSE class_sum END) AS BIGINT) AS share_count,
        CASE WHEN takes_all THEN all_date ELSE class_date END AS shares_as_of_date,
        CASE WHEN takes_all THEN all_available_at ELSE class_available_at END AS shares_available_at,
        CASE WHEN takes_all THEN 'all' ELSE 'sum of ' || array_to_string(list_sort(class_names), ' + ') END AS shares_basis
    FROM (
        SELECT *,
            all_count IS NOT NULL
            -- One class beside a count of all is a part of it.
            AND (class_sum IS NULL OR class_number = 1 OR all_date >= class_date) AS takes_all
        FROM summed_counts
    )
),

-- Rates of the day, or the last before it within five days.
rates AS (
    SELECT base_currency AS currency, date AS trade_date, min(rate_date) AS rate_date,
        any_value(CAST(rate AS DOUBLE)) FILTER (quote_currency = 'HKD') AS hkd,
        any_value(CAST(rate AS DOUBLE)) FILTER (quote_currency = 'USD') AS usd,
        any_value(CAST(rate AS DOUBLE)) FILTER (quote_currency = 'CNY') AS cny
    FROM core.fx_daily
    WHERE quote_currency IN ('HKD', 'USD', 'CNY') AND age_days <= 5
    GROUP BY ALL
)
SELECT day.company_id, day.trade_date, day.security_id, day.exchange,
    day.close_price, day.currency, day.price_basis, day.is_disputed, day.closed_at,
    CAST(CAST(day.close_price AS DOUBLE) * rates.hkd AS DECIMAL(18, 6)) AS close_price_hkd,
    CAST(CAST(day.close_price AS DOUBLE) * rates.usd AS DECIMAL(18, 6)) AS close_price_usd,
    CAST(CAST(day.close_price AS DOUBLE) * rates.cny AS DECIMAL(18, 6)) AS close_price_cny,
    rates.rate_date, day.trade_date - rates.rate_date AS rate_age_days,
    day.shares_per_unit, shares.share_count, shares.shares_as_of_date, shares.shares_available_at, shares.shares_basis,
    day.close_price / day.shares_per_unit * shares.share_count AS market_value,
    day.close_price / day.shares_per_unit * shares.share_count * rates.hkd AS market_value_hkd,
    day.close_price / day.shares_per_unit * shares.share_count * rates.usd AS market_value_usd,
    day.close_price / day.shares_per_unit * shares.share_count * rates.cny AS market_value_cny
FROM sessions AS day
LEFT JOIN rates USING (currency, trade_date)
LEFT JOIN shares USING (company_id, trade_date)
