WITH span AS (
    SELECT
        least((SELECT min(rate_date) FROM core.fx_rates), (SELECT min(trade_date) FROM core.daily_quotes)) AS first_date,
        greatest((SELECT max(rate_date) FROM core.fx_rates), (SELECT max(trade_date) FROM core.daily_quotes)) AS last_date
),
pairs AS (
    SELECT base_currency, quote_currency, min(rate_date) AS first_date
    FROM core.fx_rates
    GROUP BY ALL
),
pair_days AS (
    SELECT base_currency, quote_currency,
        CAST(unnest(generate_series(pairs.first_date, span.last_date, INTERVAL 1 DAY)) AS DATE) AS date
    FROM pairs CROSS JOIN span
),
currencies AS (
    SELECT base_currency AS currency FROM core.fx_rates
    UNION SELECT quote_currency FROM core.fx_rates
    UNION SELECT currency FROM core.securities
    UNION SELECT reporting_currency FROM core.companies
),
identity_days AS (
    SELECT currency, CAST(unnest(generate_series(span.first_date, span.last_date, INTERVAL 1 DAY)) AS DATE) AS date
    FROM currencies CROSS JOIN span
)
SELECT pair_days.base_currency, pair_days.quote_currency, pair_days.date,
    rates.rate, rates.rate_date, pair_days.date - rates.rate_date AS age_days,
    rates.is_derived, rates.is_disputed, rates.source_id, rates.snapshot_id
FROM pair_days
ASOF JOIN core.fx_rates AS rates
    ON rates.base_currency = pair_days.base_currency
    AND rates.quote_currency = pair_days.quote_currency
    AND rates.rate_date <= pair_days.date
WHERE pair_days.base_currency <> pair_days.quote_currency
UNION ALL
SELECT currency, currency, date, 1, date, 0, true, false, NULL, NULL
FROM identity_days
