WITH ranks AS (
    SELECT source_id, source_rank FROM core.source_ranks WHERE table_name = 'core.financial_facts_by_source'
),
facts AS (
    SELECT fact.company_id, fact.period_kind, fact.period_start_date, fact.period_end_date, fact.currency,
        fact.accounting_basis, fact.value, fact.available_at, fact.is_derived, fact.filing_id,
        CASE fact.metric WHEN 'net_profit_attributable' THEN 'profit' WHEN 'net_profit' THEN 'whole_profit'
            WHEN 'adjusted_net_profit' THEN 'adjusted_profit' ELSE 'revenue' END AS measure,
        coalesce(fact.authority, 1) AS authority,
        coalesce(fact.value_high - fact.value_low > abs(fact.value) * 0.001, false) AS is_rounded,
        CASE WHEN fact.source_id = 'manual' THEN 0 ELSE coalesce(ranks.source_rank, 1000) END AS source_rank
    FROM core.financial_facts_by_source AS fact LEFT JOIN ranks USING (source_id)
    WHERE fact.metric IN ('net_profit_attributable', 'net_profit', 'adjusted_net_profit', 'revenue')
        AND fact.segment = 'group' AND fact.period_kind IN ('quarter', 'half', 'nine_months', 'year', 'trailing')
        AND NOT fact.is_convenience_translation AND coalesce(fact.authority, 1) <= 2
),
-- From each statement of a period until the next: the one that counts of those that are out.
in_force AS (
    SELECT told.company_id, told.known_from, told.known_to, told.measure, told.period_kind, told.period_start_date, told.period_end_date, told.currency,
        told.accounting_basis, fact.value
    FROM (
        SELECT *, lead(known_from) OVER (
            PARTITION BY company_id, measure, period_kind, period_start_date, period_end_date, currency,
                accounting_basis
            ORDER BY known_from
        ) AS known_to
        FROM (
            SELECT DISTINCT company_id, measure, period_kind, period_start_date, period_end_date, currency,
                accounting_basis, available_at AS known_from
            FROM facts
        )
    ) AS told
    JOIN facts AS fact USING (
        company_id, measure, period_kind, period_start_date, period_end_date, currency, accounting_basis
    )
    WHERE fact.available_at <= told.known_from
    QUALIFY row_number() OVER (
        PARTITION BY told.company_id, told.measure, told.period_kind, told.period_start_date, told.period_end_date,
            told.currency, told.accounting_basis, told.known_from
        ORDER BY fact.source_rank > 0, fact.authority, fact.is_derived, fact.is_rounded, fact.available_at DESC,
            fact.source_rank, fact.filing_id
    ) = 1
),
-- What was known each time that a statement came out. Twelve months that ended 500 days before no longer count, and
-- rest on figures of the two years up to their end.
known AS (
    SELECT moment.known_at, fact.* EXCLUDE (known_from, known_to)
    FROM (SELECT DISTINCT company_id, available_at AS known_at FROM facts) AS moment
    JOIN in_force AS fact
        ON fact.company_id = moment.company_id AND fact.known_from <= moment.known_at
        AND (fact.known_to IS NULL OR moment.known_at < fact.known_to)
        AND fact.period_end_date >= CAST(moment.known_at AS DATE) - 1300
),
-- The last year, and the first months after it.
rolled AS MATERIALIZED (
    SELECT whole.company_id, whole.known_at, whole.measure, whole.currency, whole.accounting_basis,
        whole.period_start_date, whole.value, part.period_kind AS part_kind, part.period_end_date, part.value AS part_value
    FROM known AS whole
    JOIN known AS part
        ON part.company_id = whole.company_id AND part.known_at = whole.known_at AND part.measure = whole.measure
        AND part.currency = whole.currency AND part.accounting_basis = whole.accounting_basis
        AND part.period_start_date - whole.period_end_date BETWEEN -8 AND 8
    WHERE whole.period_kind = 'year' AND part.period_kind IN ('quarter', 'half', 'nine_months')
),
years AS (
    SELECT company_id, known_at, measure, currency, accounting_basis, period_end_date, value, 4 AS preference,
        'last fiscal year' AS basis
    FROM known WHERE period_kind = 'year'
    UNION ALL
    SELECT company_id, known_at, measure, currency, accounting_basis, period_end_date, value, 1,
        'twelve months as stated'
    FROM known WHERE period_kind = 'trailing'
    UNION ALL
    SELECT company_id, known_at, measure, currency, accounting_basis, period_end_date, sum(value) OVER four, 2,
        'last four quarters'
    FROM known WHERE period_kind = 'quarter'
    WINDOW four AS (
        PARTITION BY company_id, known_at, measure, currency, accounting_basis
        ORDER BY period_end_date ROWS BETWEEN 3 PRECEDING AND CURRENT ROW
    )
    QUALIFY count(*) OVER four = 4 AND period_end_date - min(period_start_date) OVER four BETWEEN 355 AND 380
    UNION ALL
    -- The last year, less its first months, plus the same months of this whole.
    SELECT rolled.company_id, rolled.known_at, rolled.measure, rolled.currency, rolled.accounting_basis,
        rolled.period_end_date, rolled.value - before.value + rolled.part_value, 3,
        'last fiscal year, rolled on by ' || rolled.part_kind
    FROM rolled
    JOIN known AS before
        ON before.company_id = rolled.company_id AND before.known_at = rolled.known_at
        AND before.measure = rolled.measure AND before.currency = rolled.currency
        AND before.accounting_basis = rolled.accounting_basis AND before.period_kind = rolled.part_kind
        AND before.period_start_date - rolled.period_start_date BETWEEN -8 AND 8
),
newest AS (
    SELECT * FROM years
    QUALIFY row_number() OVER (
        PARTITION BY company_id, known_at, measure
        ORDER BY period_end_date DESC, preference, accounting_basis, currency
    ) = 1
),
known_years AS (
    SELECT company_id, known_at,
        coalesce(any_value(currency) FILTER (measure = 'profit'), any_value(currency) FILTER (measure = 'whole_profit'))
            AS profit_currency,
        coalesce(any_value(value) FILTER (measure = 'profit'), any_value(value) FILTER (measure = 'whole_profit'))
            AS profit_amount,
        coalesce(any_value(basis) FILTER (measure = 'profit'), any_value(basis) FILTER (measure = 'whole_profit'))
            AS profit_basis,
        coalesce(any_value(period_end_date) FILTER (measure = 'profit'),
            any_value(period_end_date) FILTER (measure = 'whole_profit')) AS profit_period_end_date,
        any_value(currency) FILTER (measure = 'adjusted_profit') AS adjusted_profit_currency,
        any_value(value) FILTER (measure = 'adjusted_profit') AS adjusted_profit_amount,
        any_value(basis) FILTER (measure = 'adjusted_profit') AS adjusted_profit_basis,
        any_value(period_end_date) FILTER (measure = 'adjusted_profit') AS adjusted_profit_period_end_date,
        any_value(currency) FILTER (measure = 'revenue') AS revenue_currency,
        any_value(value) FILTER (measure = 'revenue') AS revenue_amount,
        any_value(basis) FILTER (measure = 'revenue') AS revenue_basis,
        any_value(period_end_date) FILTER (measure = 'revenue') AS revenue_period_end_date
    FROM newest
    GROUP BY ALL
),
days AS (
    SELECT company_id, trade_date, closed_at, close_price, currency, shares_per_unit, share_count, shares_as_of_date,
        shares_available_at, market_value, market_value_hkd, market_value_usd,
        CASE WHEN shares_available_at <= closed_at THEN market_value END AS known_market_value
    FROM mart.market_value
),
-- A figure that is older than 500 days is no longer what the company earns.
dated AS (
    SELECT day.*, whole.known_at AS results_available_at,
        CASE WHEN day.trade_date - whole.profit_period_end_date <= 500 THEN whole.profit_amount END AS profit_amount,
        whole.profit_currency, whole.profit_basis, whole.profit_period_end_date,
        CASE WHEN day.trade_date - whole.adjusted_profit_period_end_date <= 500 THEN whole.adjusted_profit_amount END
            AS adjusted_profit_amount,
        whole.adjusted_profit_currency, whole.adjusted_profit_basis, whole.adjusted_profit_period_end_date,
        CASE WHEN day.trade_date - whole.revenue_period_end_date <= 500 THEN whole.revenue_amount END AS revenue_amount,
        whole.revenue_currency, whole.revenue_basis, whole.revenue_period_end_date
    FROM days AS day
    ASOF LEFT JOIN known_years AS whole ON whole.company_id = day.company_id AND whole.known_at <= day.closed_at
),
rates AS (SELECT base_currency, quote_currency, date, rate FROM core.fx_daily WHERE age_days <= 5),
targets AS (SELECT CAST(1e12 AS DOUBLE) AS target_market_value_hkd)
SELECT day.company_id, day.trade_date, day.closed_at, day.close_price, day.currency,
    day.market_value, day.market_value_hkd, day.market_value_usd, day.share_count, day.shares_as_of_date,
    day.shares_available_at, day.results_available_at,
    day.profit_amount, day.profit_currency, day.profit_basis, day.profit_period_end_date,
    CASE WHEN day.profit_amount > 0
        THEN day.known_market_value * CAST(profit_rate.rate AS DOUBLE) / CAST(day.profit_amount AS DOUBLE) END AS pe,
    day.adjusted_profit_amount, day.adjusted_profit_currency, day.adjusted_profit_basis,
    day.adjusted_profit_period_end_date,
    CASE WHEN day.adjusted_profit_amount > 0
        THEN day.known_market_value * CAST(adjusted_rate.rate AS DOUBLE) / CAST(day.adjusted_profit_amount AS DOUBLE)
    END AS pe_adjusted,
    day.revenue_amount, day.revenue_currency, day.revenue_basis, day.revenue_period_end_date,
    CASE WHEN day.revenue_amount > 0
        THEN day.known_market_value * CAST(revenue_rate.rate AS DOUBLE) / CAST(day.revenue_amount AS DOUBLE) END AS ps,
    targets.target_market_value_hkd,
    targets.target_market_value_hkd - day.market_value_hkd AS distance_to_target_hkd,
    100 * (targets.target_market_value_hkd / day.market_value_hkd - 1) AS distance_to_target_pct
FROM dated AS day
CROSS JOIN targets
LEFT JOIN rates AS profit_rate
    ON profit_rate.base_currency = day.currency AND profit_rate.quote_currency = day.profit_currency
    AND profit_rate.date = day.trade_date
LEFT JOIN rates AS adjusted_rate
    ON adjusted_rate.base_currency = day.currency AND adjusted_rate.quote_currency = day.adjusted_profit_currency
    AND adjusted_rate.date = day.trade_date
LEFT JOIN rates AS revenue_rate
    ON revenue_rate.base_currency = day.currency AND revenue_rate.quote_currency = day.revenue_currency
    AND revenue_rate.date = day.trade_date
