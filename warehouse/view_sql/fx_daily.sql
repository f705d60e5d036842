WITH days AS (
    SELECT min(day) AS first_date, max(day) AS last_date
    FROM (
        SELECT min(rate_date) AS day FROM core.fx_rates UNION ALL SELECT max(rate_date) FROM core.fx_rates
        UNION ALL SELECT min(trade_date) FROM core.daily_quotes UNION ALL SELECT max(trade_date) FROM core.daily_quotes
    )
),
-- A rate holds until the day before the next one of its pair.
spans AS (
    SELECT rates.*, coalesce(
        lead(rate_date) OVER (PARTITION BY base_currency, quote_currency ORDER BY rate_date) - 1, days.last_date
    ) AS until_date
    FROM core.fx_rates AS rates CROSS JOIN days
    WHERE base_currency <> quote_currency
),
pair_days AS (
    SELECT *, CAST(unnest(generate_series(rate_date, until_date, INTERVAL 1 DAY)) AS DATE) AS date
    FROM spans
),
currencies AS (
    SELECT base_currency AS currency FROM core.fx_rates
    UNION SELECT quote_currency FROM core.fx_rates
    UNION SELECT currency FROM core.securities
    UNION SELECT reporting_currency FROM core.companies
),
identity_days AS (
    SELECT currency, CAST(unnest(generate_series(first_date, last_date, INTERVAL 1 DAY)) AS DATE) AS date
    FROM currencies CROSS JOIN days
)
SELECT base_currency, quote_currency, date, rate, rate_date, date - rate_date AS age_days,
    is_derived, is_disputed, source_id, snapshot_id
FROM pair_days
UNION ALL
SELECT currency, currency, date, 1, date, 0, true, false, NULL, NULL
FROM identity_days
