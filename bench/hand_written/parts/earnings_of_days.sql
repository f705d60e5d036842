statements AS (
    SELECT company_id, metric, period_start_date, period_end_date, currency, value, available_at AS known_from,
        lead(available_at) OVER (PARTITION BY company_id, metric, period_end_date ORDER BY available_at) AS known_to
    FROM core.financial_facts_by_source
    WHERE metric IN ('net_profit_attributable', 'adjusted_net_profit', 'revenue') AND segment = 'group'
        AND period_kind = 'quarter' AND coalesce(authority, 1) <= 2 AND NOT is_convenience_translation
),
-- At each statement the last four quarters, of that which was known then.
known AS (
    SELECT company_id, metric, currency, known_at, period_end_date, value, period_start_date,
        row_number() OVER (PARTITION BY company_id, metric, known_at ORDER BY period_end_date DESC) AS place
    FROM (SELECT DISTINCT company_id, metric, known_from AS known_at FROM statements) AS moment
    JOIN statements USING (company_id, metric)
    WHERE known_from <= known_at AND (known_to IS NULL OR known_to > known_at)
        AND period_end_date >= CAST(known_at AS DATE) - 800
),
earned AS (
    SELECT company_id, metric, currency, known_at, max(period_end_date) AS period_end_date, CAST(sum(value) AS DOUBLE) AS amount
    FROM known WHERE place <= 4 GROUP BY ALL
    HAVING count(*) = 4 AND max(period_end_date) - min(period_start_date) BETWEEN 355 AND 380
),
count_spans AS (
    SELECT company_id, share_class, as_of_date, share_count, available_at AS from_at,
        lead(available_at, 1, TIMESTAMPTZ '9999-12-31') OVER (PARTITION BY company_id, share_class ORDER BY as_of_date) AS until_at
    FROM core.shares_outstanding
),
splits AS (
    SELECT security_id, ex_date, ratio_numerator / ratio_denominator AS units FROM core.corporate_actions WHERE kind = 'split'
),
shares_of_days AS (
    SELECT company_id, trade_date, sum(share_count) AS share_count
    FROM (
        SELECT day.company_id, day.trade_date, share_class, counts.share_count * coalesce(product(splits.units), 1) AS share_count
        FROM days AS day
        JOIN count_spans AS counts ON counts.company_id = day.company_id AND counts.from_at <= day.closed_at AND counts.until_at > day.closed_at
        LEFT JOIN splits
            ON splits.security_id = day.security_id AND day.kind = 'share'
            AND splits.ex_date > counts.as_of_date AND splits.ex_date <= day.trade_date
        GROUP BY day.company_id, day.trade_date, share_class, counts.share_count
    ) GROUP BY ALL
),
worth AS (
    SELECT day.company_id, day.trade_date, day.closed_at, day.currency, close_price / shares_per_unit * share_count AS market_value
    FROM days AS day JOIN shares_of_days USING (company_id, trade_date)
),
rates_of_days AS (
    SELECT day.currency, day.trade_date, fx.quote_currency, fx.rate
    FROM (
        SELECT DISTINCT worth.currency, worth.trade_date, earned.currency AS quote_currency
        FROM worth CROSS JOIN (SELECT DISTINCT currency FROM earned) AS earned
    ) AS day
    ASOF JOIN core.fx_rates AS fx
        ON fx.base_currency = day.currency AND fx.quote_currency = day.quote_currency AND fx.rate_date <= day.trade_date
),
multiples AS (
    SELECT worth.company_id, worth.trade_date, earned.metric, earned.period_end_date,
        market_value * coalesce(rates_of_days.rate, 1) / earned.amount AS multiple
    FROM worth CROSS JOIN wanted
    ASOF JOIN earned ON earned.company_id = worth.company_id AND earned.metric = wanted.metric AND earned.known_at <= worth.closed_at
    LEFT JOIN rates_of_days
        ON rates_of_days.currency = worth.currency AND rates_of_days.quote_currency = earned.currency
        AND rates_of_days.trade_date = worth.trade_date
    WHERE earned.amount > 0 AND worth.trade_date - earned.period_end_date <= 500
)
