WITH rules(publisher, report, period_kind, months, days, forms, rule) AS (
    VALUES
    ('sec_us', 'annual_report', 'year', 0, 60, ['10-K', '10-K405', '10-KT'], 'Form 10-K, General Instruction A: 60 days for a large accelerated filer'),
    ('sec_us', 'quarterly_report', 'quarter', 0, 40, ['10-Q', '10-QT'], 'Form 10-Q, General Instruction A: 40 days for an accelerated filer'),
    ('sec_foreign', 'annual_report', 'year', 4, 0, ['20-F', '40-F'], 'Form 20-F, General Instruction A: 4 months'),
    ('hkex', 'annual_results', 'year', 3, 0, ['results'], 'Main Board Listing Rule 13.49(1): 3 months'),
    ('hkex', 'interim_results', 'half', 2, 0, ['results'], 'Main Board Listing Rule 13.49(6): 2 months')
),
obliged AS (
    SELECT company_id, followed_since_date, if(country = 'US', 'sec_us', 'sec_foreign') AS publisher
    FROM core.companies WHERE sec_cik IS NOT NULL
    UNION ALL
    SELECT company_id, followed_since_date, 'hkex' FROM core.companies
    SEMI JOIN (SELECT company_id FROM core.securities WHERE is_primary AND exchange = 'XHKG' AND kind = 'share') USING (company_id)
),
periods AS (
    SELECT company_id, period_kind, fiscal_year, fiscal_quarter, period_start_date, period_end_date
    FROM core.fiscal_periods WHERE period_kind = 'year' OR fiscal_quarter < 4
    UNION ALL
    SELECT company_id, 'half', fiscal_year, fiscal_quarter,
        CAST(period_start_date - INTERVAL 3 MONTH AS DATE), period_end_date
    FROM core.fiscal_periods WHERE period_kind = 'quarter' AND fiscal_quarter = 2
),
owed AS (
    SELECT company_id, if(starts_with(publisher, 'sec'), 'sec', publisher) AS publisher, report, period_kind, fiscal_year, fiscal_quarter,
        period_start_date, period_end_date, forms, rule,
        -- Months are counted from the end of the month, so that two months after 30 June is 31 August.
        CAST(CASE WHEN months > 0 THEN last_day(period_end_date + to_months(months)) ELSE period_end_date + to_days(days) END AS DATE) AS due_date
    FROM obliged JOIN rules USING (publisher) JOIN periods USING (company_id, period_kind)
    WHERE period_end_date >= followed_since_date
),
shown AS (
    SELECT company_id, publisher, form AS sign, period_end_date, filed_date, available_at, filing_id FROM core.filings
    UNION ALL
    SELECT event.company_id, 'hkex', event.kind, event.period_end_date, CAST(event.happened_at AS DATE), event.happened_at, event.filing_id
    FROM core.events AS event WHERE event.kind = 'results' AND event.happened_at IS NOT NULL AND starts_with(event.filing_id, 'hkex')
),
met AS (
    SELECT owed.company_id, owed.publisher, owed.report, owed.period_end_date,
        min(shown.available_at) AS happened_at, arg_min(shown.filing_id, (shown.available_at, shown.filing_id)) AS filing_id
    FROM owed JOIN shown ON shown.company_id = owed.company_id AND shown.publisher = owed.publisher AND list_contains(owed.forms, shown.sign)
        -- A year of 52 weeks ends some days beside the month. An announcement that names no period is of the one before it.
        AND CASE WHEN shown.period_end_date IS NOT NULL THEN abs(shown.period_end_date - owed.period_end_date) <= 10
            ELSE shown.filed_date > owed.period_end_date AND shown.filed_date <= owed.period_end_date + 150
                AND NOT (owed.publisher = 'hkex' AND shown.filed_date > owed.due_date + 30) END
    GROUP BY ALL
),
deliveries AS (
    SELECT company_id, month.period_start_date, last_day(month.period_start_date) AS period_end_date
    FROM core.companies, LATERAL (
        SELECT CAST(unnest(generate_series(date_trunc('month', followed_since_date), (SELECT max(period_end_date) FROM core.fiscal_periods), INTERVAL 1 MONTH)) AS DATE) AS period_start_date
    ) AS month
    WHERE deliveries_every = 'month'
    UNION ALL
    SELECT company_id, period_start_date, period_end_date FROM core.fiscal_periods
    JOIN core.companies USING (company_id) WHERE deliveries_every = 'quarter' AND period_kind = 'quarter'
),
counted AS (
    SELECT company_id, period_start_date, period_end_date, min(available_at) AS happened_at, arg_min(document_id, (available_at, document_id)) AS document_id
    FROM core.operating_kpis WHERE metric IN ('deliveries', 'sales_volume') AND period_kind IN ('month', 'quarter') GROUP BY ALL
    UNION ALL
    SELECT event.company_id, NULL, CAST(date_trunc('quarter', event.happened_at) - INTERVAL 1 DAY AS DATE), event.happened_at, event.filing_id
    FROM core.events AS event WHERE event.kind = 'deliveries' AND event.happened_at IS NOT NULL
)
SELECT company_id, report, publisher, period_kind, fiscal_year, fiscal_quarter, period_start_date, period_end_date, due_date,
    happened_at, filing_id, rule
FROM owed LEFT JOIN met USING (company_id, publisher, report, period_end_date)
UNION ALL
SELECT company_id, 'deliveries', 'issuer', if(deliveries_every = 'month', 'month', 'quarter'), NULL, NULL,
    deliveries.period_start_date, deliveries.period_end_date, deliveries.period_end_date + 5, min(happened_at), arg_min(document_id, (happened_at, document_id)),
    'The company''s habit: on the first days after the period'
FROM deliveries JOIN core.companies USING (company_id)
LEFT JOIN counted ON counted.company_id = deliveries.company_id AND counted.period_end_date = deliveries.period_end_date
    AND (counted.period_start_date IS NULL OR counted.period_start_date = deliveries.period_start_date)
WHERE deliveries.period_end_date >= followed_since_date
GROUP BY ALL
ORDER BY company_id, due_date, report, period_end_date
