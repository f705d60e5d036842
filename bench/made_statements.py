# ruff: noqa: E501
"""What companies and others say again, otherwise or in parts: segments, restatements, rival readings, claims, holes.

Without these some questions would be answered with no row, and how fast nothing is found says little.
"""

from bench.made_rows import KEPT, read_at

_FOLLOWED = "(number % 10 = 1 OR number <= 8)"

STATEMENTS = {
    "core.segments": f"""
        SELECT company_id, segment, segment AS label, 'en' AS language, DATE '1900-01-01' AS valid_from_date, {KEPT}
        FROM made_companies CROSS JOIN (SELECT unnest(['cars', 'phones', 'services']) AS segment) WHERE {_FOLLOWED}""",
    "core.financial_facts_by_source": f"""
        SELECT company_id, measure AS metric, segment, period_kind, start_date AS period_start_date, end_date AS period_end_date,
            if(measure = 'gross_margin', '', currency) AS currency, 'ifrs' AS accounting_basis, 'made:' || company_id || ':' || end_date AS filing_id,
            CAST(if(measure = 'gross_margin', 10 + pick(number, year * 4 + quarter + place, 200) / 10.0, value * place / 6) AS DECIMAL(38, 6)) AS value,
            year AS fiscal_year, quarter AS fiscal_quarter, year || 'Q' || quarter AS calendar_quarter, false AS is_derived,
            false AS is_convenience_translation, 1 AS authority, ['made:' || measure] AS evidence,
            {read_at("made_filings", "company_id || ':' || end_date", "public_at")}
        FROM made_facts CROSS JOIN (VALUES ('cars', 1), ('services', 2), ('phones', 3)) AS parts (segment, place)
        CROSS JOIN (SELECT unnest(['revenue', 'gross_margin']) AS measure)
        WHERE metric = 'revenue' AND {_FOLLOWED}
        UNION ALL
        -- Restated half a year later, or with the same results of the next year.
        SELECT company_id, metric, 'group', period_kind, start_date, end_date, currency, if(metric LIKE 'adjusted%', 'adjusted', 'ifrs'),
            'made:restated:' || company_id || ':' || end_date, CAST(value * (1.005 + pick(number, year, 40) / 1000.0) AS DECIMAL(38, 6)), year, quarter,
            year || 'Q' || quarter, false, false, 1, ['made:' || metric],
            {read_at("made_filings", "'restated:' || company_id || ':' || end_date", "restated_at")}
        FROM made_facts, LATERAL (SELECT public_at + to_months(6 * (1 + quarter % 2)) AS restated_at)
        WHERE hash(company_id, metric, end_date) % 40 = 0 AND restated_at < getvariable('ends_at')
        UNION ALL
        -- What a paper makes of it: of lower rank, and a little off.
        SELECT company_id, metric, 'group', period_kind, start_date, end_date, currency, if(metric LIKE 'adjusted%', 'adjusted', 'ifrs'),
            'made:paper:' || company_id || ':' || end_date, CAST(value * 1.03 AS DECIMAL(38, 6)), year, quarter, year || 'Q' || quarter, false, false, 3,
            ['made:' || metric], {read_at("made_paper", "company_id || ':' || end_date", "public_at")}
        FROM made_facts WHERE number <= 8 AND metric IN ('revenue', 'net_profit')""",
    "core.operating_kpis_by_source": f"""
        SELECT company_id, product_id, metric, 'quarter' AS period_kind, start_date AS period_start_date, last_day(max(period_end_date)) AS period_end_date,
            'made:' || company_id || ':quarter:' || start_date AS document_id, sum(value) AS value, sum(value) AS value_low,
            sum(value) AS value_high, 'exact' AS qualifier, 1 AS authority,
            {read_at("made_filings", "company_id || ':quarter:' || start_date", "max(available_at)")}
        FROM core.operating_kpis_by_source, LATERAL (SELECT CAST(date_trunc('quarter', period_start_date) AS DATE) AS start_date)
        WHERE product_id = 'all' GROUP BY company_id, product_id, metric, start_date
        UNION ALL
        SELECT company_id, product_id, metric, period_kind, period_start_date, period_end_date, 'made:paper:' || document_id,
            round(value * 1.02), round(value * 1.02), round(value * 1.02), 'exact', 3,
            {read_at("made_paper", "company_id || ':' || period_start_date", "available_at")}
        FROM core.operating_kpis_by_source JOIN made_companies USING (company_id) WHERE number <= 8 AND product_id = 'all'""",
}

# One article in eight states numbers, and each of the last days of a year, when all look back.
CLAIMS = {
    "made_claims": """
        SELECT article_id, article_number, told_at, company_id, entity_id, number, reporting_currency, place,
            ['market_cap', 'revenue', 'deliveries'][place] AS metric, CAST(told_at AS DATE) AS told_date,
            CAST(CASE WHEN place = 3 THEN last_day(told_date - INTERVAL 1 MONTH) WHEN place = 2 THEN date_trunc('quarter', told_date) - INTERVAL 1 DAY
                WHEN told_date >= DATE '2024-12-30' THEN DATE '2024-12-30' ELSE told_date - 1 END AS DATE) AS period_end_date,
            CAST((1 + pick(article_number, place, 9000)) * [1e8, 1e7, 10][place] AS DECIMAL(38, 6)) AS stated,
            ['contradicted', 'supported', 'supported', 'imprecise', 'unverifiable'][1 + (article_number + place) % 5] AS verdict
        FROM core.article_companies JOIN made_articles USING (article_id) JOIN made_companies USING (company_id)
        CROSS JOIN (SELECT unnest([1, 2, 3]) AS place)
        WHERE pick(article_number, 31, 8) = 0 OR told_at >= TIMESTAMPTZ '2024-12-30 00:00:00+00'
        QUALIFY row_number() OVER (PARTITION BY article_id, place ORDER BY company_id, entity_id) = 1
        ORDER BY article_number, place""",
    "core.claims": f"""
        SELECT article_id, 'title' AS part, 100 * place AS start_offset, 100 * place + 9 AS end_offset, 'over ' || stated AS text_as_written,
            company_id AS subject, entity_id AS subject_id, company_id, 'named' AS subject_via, metric, 'group' AS scope,
            metric AS warehouse_metric, stated AS value, 0 AS value_decimals, if(place = 3, 'vehicles', 'money') AS unit,
            [ 'HKD', reporting_currency, NULL][place] AS currency, stated AS normalised, ['day', 'quarter', 'month'][place] AS period_kind,
            period_end_date, place = 2 AS is_period_assumed, 'over' AS qualifier, {read_at("made_news", "article_number", "told_at")}
        FROM made_claims""",
    "core.claim_checks": f"""
        SELECT article_id, 'title' AS part, 100 * place AS start_offset, 100 * place + 9 AS end_offset, verdict,
            if(verdict = 'unverifiable', 'no_data_for_period', NULL) AS reason, stated AS stated_value,
            CASE verdict WHEN 'contradicted' THEN stated * 0.97 WHEN 'unverifiable' THEN NULL ELSE stated END AS warehouse_value,
            stated_value - warehouse_value AS difference, told_at AS asked_at, true AS is_known_then,
            {read_at("made_news", "article_number", "told_at")}
        FROM made_claims""",
}

HOLES = {
    "ops.completeness": """
        SELECT run_id, 'security' AS subject_kind, security_id AS subject_id, 'daily_closes' AS what, 'core.daily_quotes' AS table_name,
            DATE '2015-01-12' AS expected_from_date, CAST(started_at AS DATE) AS expected_until_date, 2600 AS expected_count,
            greatest(0, pick(number, hash(run_id), 60) - 50) AS missing_count, expected_count - missing_count AS came_count,
            if(missing_count > 0, 'missing', 'complete') AS state, if(missing_count > 0, 'theirs', NULL) AS whose,
            if(missing_count > 0, 'the source has not given it', NULL) AS reason, ended_at AS measured_until
        FROM ops.runs CROSS JOIN made_lines WHERE kind <> 'index' ORDER BY run_id, number""",
}
