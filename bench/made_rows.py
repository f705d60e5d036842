# ruff: noqa: E501
"""The rows of the made warehouse, a query for each table; names without a layer are steps that go again.

Lines are numbered. The first companies have the names that the documentation asks for; one in eight has an ADS beside
its primary line. `pick(a, b, n)` draws a whole number below n that always comes out the same.
"""

COMPANIES = ("xiaomi", "tesla", "byd", "geely", "nio", "xpeng", "li-auto", "leapmotor")
_CODES = ("XHKG:01810", "XNAS:TSLA", "XSHE:002594", "XHKG:00175", "XNYS:NIO", "XNYS:XPEV", "XHKG:02015", "XHKG:09863")

KEPT = """'watchlist' AS source_id, 'made:watchlist' AS snapshot_id, TIMESTAMPTZ '2015-01-01 00:00:00+00' AS available_at,
    TIMESTAMPTZ '2024-01-06 06:00:00+00' AS fetched_at, TIMESTAMPTZ '2024-01-06 06:00:00+00' AS first_seen_at"""

"""What a row has that was on the watch list before the first day."""


def read_at(source: str, what: str, at: str) -> str:
    """Write the provenance of a row that was public at a time: read at once in the backfill, or soon after."""
    then = f"greatest({at} + INTERVAL 30 MINUTE, getvariable('backfilled_at'))"
    return f"""'{source}' AS source_id, 'made:{source}:' || {what} AS snapshot_id, {at} AS available_at,
    {then} AS fetched_at, {then} + INTERVAL 1 SECOND AS first_seen_at"""


STEPS = {
    "made_companies": f"""
        SELECT number, coalesce({list(COMPANIES)}[number], 'company-' || format('{{:05d}}', number)) AS company_id,
            CASE WHEN number = 2 THEN 'XNAS' WHEN number = 3 THEN 'XSHE' WHEN number IN (5, 6) THEN 'XNYS'
                WHEN number <= 8 THEN 'XHKG' ELSE ['XHKG', 'XNAS', 'XSHE'][1 + number % 3] END AS exchange,
            coalesce({list(_CODES)}[number], exchange || ':' || format('{{:05d}}', 20000 + number)) AS security_id,
            CASE exchange WHEN 'XHKG' THEN 'HKD' WHEN 'XSHE' THEN 'CNY' ELSE 'USD' END AS currency,
            CASE WHEN number IN (2) OR number > 8 AND number % 3 = 1 THEN 'USD' ELSE 'CNY' END AS reporting_currency
        FROM (SELECT unnest(range(1, 1 + greatest(8, getvariable('securities') * 24 // 25))) AS number)""",
    "made_lines": """
        SELECT number, company_id, security_id, exchange, currency, 'share' AS kind, true AS is_primary, 1 AS units
        FROM made_companies WHERE exchange <> 'XNYS'
        UNION ALL
        SELECT number, company_id, security_id, exchange, currency, 'ads', true, 1 FROM made_companies
        WHERE exchange = 'XNYS'
        UNION ALL
        SELECT number + 1000000, company_id, if(number = 7, 'XNAS:LI', 'XNYS:A' || format('{:05d}', number)),
            if(number = 7, 'XNAS', 'XNYS'), 'USD', 'ads', false, 2
        FROM made_companies WHERE number % 8 = 7 AND exchange = 'XHKG'
        UNION ALL SELECT 0, NULL, 'XHKG:HSTECH', 'XHKG', 'HKD', 'index', false, 1""",
    "made_days": """
        SELECT CAST(day AS DATE) AS trade_date, day_number
        FROM (SELECT unnest(generate_series(DATE '2015-01-12', DATE '2025-01-10', INTERVAL 1 DAY)) AS day,
            generate_subscripts(generate_series(DATE '2015-01-12', DATE '2025-01-10', INTERVAL 1 DAY), 1) AS day_number)
        WHERE isodow(day) < 6""",
    "made_quarters": """
        SELECT CAST(first_day AS DATE) AS start_date, CAST(first_day + INTERVAL 3 MONTH - INTERVAL 1 DAY AS DATE) AS end_date,
            year(first_day) AS year, quarter(first_day) AS quarter
        FROM (SELECT unnest(generate_series(DATE '2015-01-01', DATE '2024-10-01', INTERVAL 3 MONTH)) AS first_day)""",
}

OURS = {
    "core.source_ranks": """
        SELECT * FROM (VALUES ('core.daily_quotes_by_source', 'made_daily', 1), ('core.daily_quotes_by_source', 'made_second', 2),
            ('core.financial_facts_by_source', 'made_filings', 1), ('core.fx_rates_by_source', 'made_rates', 1),
            ('core.follower_counts', 'made_counts', 1)) AS ranks (table_name, source_id, source_rank)""",
    "core.companies": f"""
        SELECT company_id, company_id AS name, 'CN' AS country, reporting_currency, '12-31' AS fiscal_year_end,
            DATE '2015-01-01' AS followed_since_date, number = 1 AS is_main,
            if(number % 10 = 1 OR number <= 8, 'month', NULL) AS deliveries_every, {KEPT} FROM made_companies""",
    "core.people": f"""
        SELECT if(number = 1, 'lei-jun', 'person-' || number) AS person_id, person_id AS name, {KEPT}
        FROM made_companies WHERE number % 5 = 1""",
    "core.products": f"""
        SELECT company_id || '-product' AS product_id, company_id, product_id AS name, 'car' AS kind, {KEPT}
        FROM made_companies WHERE number % 3 = 1""",
    "core.securities": f"""
        SELECT security_id, DATE '1900-01-01' AS valid_from_date, company_id, kind, exchange,
            split_part(security_id, ':', 2) AS exchange_code, currency, is_primary, units AS shares_per_unit, {KEPT}
        FROM made_lines""",
    "core.accounts": f"""
        SELECT platform || ':' || owner_id AS account_id, platform, owner_kind, owner_id, owner_id AS handle, {KEPT}
        FROM (SELECT 'company' AS owner_kind, company_id AS owner_id FROM core.companies WHERE hash(company_id) % 4 = 0 OR is_main
            UNION ALL SELECT 'person', person_id FROM core.people)
        CROSS JOIN (SELECT unnest(['weibo', 'douyin']) AS platform)""",
    "core.relations": f"""
        SELECT *, {KEPT} FROM (
            SELECT one.company_id AS subject_id, 'competes_with' AS relation, other.company_id AS object_id,
                DATE '1900-01-01' AS valid_from_date
            FROM made_companies AS one JOIN made_companies AS other
                ON other.number BETWEEN one.number + 1 AND one.number + 3 AND other.number <= 8
            UNION ALL SELECT 'xiaomi', 'competes_with', company_id, DATE '1900-01-01' FROM made_companies WHERE number BETWEEN 5 AND 8
            UNION ALL
            SELECT one.company_id, 'competes_with', other.company_id, DATE '1900-01-01'
            FROM made_companies AS one JOIN made_companies AS other
                ON one.number % 10 = 0 AND other.number BETWEEN one.number + 1 AND one.number + 5
            UNION ALL
            SELECT if(number = 1, 'lei-jun', 'person-' || number), 'executive_of', company_id, DATE '2015-01-01'
            FROM made_companies WHERE number % 5 = 1
            UNION ALL
            SELECT company_id || '-product', 'product_of', company_id, DATE '1900-01-01' FROM made_companies WHERE number % 3 = 1
        )""",
    "core.metrics": f"""
        SELECT unnest(['revenue', 'net_profit', 'net_profit_attributable', 'adjusted_net_profit', 'gross_profit',
            'operating_profit', 'research_and_development', 'deliveries', 'followers']) AS metric, metric AS title,
            'flow' AS kind, 'currency' AS unit, {KEPT}""",
    "core.index_members": f"""
        SELECT 'XHKG:HSTECH' AS index_id, security_id, start AS valid_from_date, finish AS valid_to_date, security_id AS name, {KEPT}
        FROM (SELECT security_id, number FROM made_lines WHERE exchange = 'XHKG' AND kind = 'share' AND is_primary
            ORDER BY number LIMIT 40) AS line
        CROSS JOIN (VALUES (DATE '2016-03-07', DATE '2020-09-07', 0), (DATE '2020-09-07', NULL, 1)) AS spans (start, finish, half)
        WHERE (line.number + half * 3) % 4 > 0 OR number = 1""",
    "core.trading_sessions": f"""
        SELECT exchange, trade_date AS session_date, hash(exchange, trade_date) % 26 > 0 AS is_open,
            CAST(trade_date AS TIMESTAMPTZ) + INTERVAL (if(exchange IN ('XNAS', 'XNYS'), 21, 8)) HOUR AS closes_at, closes_at - INTERVAL 6 HOUR AS opens_at,
            false AS is_half_day, {KEPT}
        FROM made_days CROSS JOIN (SELECT unnest(['XHKG', 'XNAS', 'XNYS', 'XSHE']) AS exchange)""",
    "core.fiscal_periods": f"""
        SELECT company_id, 'quarter' AS period_kind, year AS fiscal_year, quarter AS fiscal_quarter, start_date AS period_start_date,
            end_date AS period_end_date, year || 'Q' || quarter AS calendar_quarter, {KEPT}
        FROM made_companies CROSS JOIN made_quarters""",
}

# A line's own slow wave about its own growth, and a little noise: what a bar is follows from its place alone.
_BAR = """
    SELECT line.security_id, day.trade_date, 'as_traded' AS price_basis,
        round(close * (1 + (pick(line.number, day.day_number, 11) - 5) / 1000.0), 2) AS open_price,
        round(close * 1.02, 2) AS high_price, round(close * 0.98, 2) AS low_price, round(close, 2) AS close_price,
        100000 + pick(day.day_number, line.number, 9000000) AS volume, line.currency, true AS is_final,
        line.number, CAST(trade_date AS TIMESTAMPTZ) + INTERVAL (if(line.currency = 'USD', 21, 8)) HOUR AS closed_at,
        if(closed_at < getvariable('backfilled_at'), line.security_id, line.security_id || ':' || day.trade_date) AS read_with
    FROM made_lines AS line JOIN made_days AS day ON hash(line.exchange, day.trade_date) % 26 > 0,
        LATERAL (SELECT (8 + pick(line.number, 1, 200)) * exp(day.day_number * (pick(line.number, 2, 9) - 3) / 20000.0
            + 0.3 * sin(day.day_number / (60.0 + pick(line.number, 3, 90))))
            * (1 + (pick(line.number, day.day_number, 41) - 20) / 1000.0)) AS price (close)"""
_QUOTE = (
    f"SELECT * EXCLUDE (number, closed_at, read_with), {read_at('made_daily', 'read_with', 'closed_at')} FROM ({_BAR})"
)

SERIES = {
    "core.daily_quotes_by_source": f"{_QUOTE} WHERE closed_at < getvariable('backfilled_at') ORDER BY number, trade_date",
    "core.corporate_actions_by_source": f"""
        SELECT security_id, CAST(make_date(year, 5 + number % 3, 10) AS DATE) AS ex_date, 'dividend' AS kind,
            0.1 + pick(number, year, 30) / 100.0 AS amount_per_unit, currency, NULL AS ratio_numerator, NULL AS ratio_denominator,
            false AS is_split_adjusted, {read_at("made_daily", "security_id", "CAST(make_date(year, 5, 1) AS TIMESTAMPTZ)")}
        FROM made_lines CROSS JOIN (SELECT unnest(range(2015, 2025)) AS year) WHERE number % 2 = 1 AND kind <> 'index'
        UNION ALL
        SELECT security_id, make_date(2016 + number % 8, 3, 7), 'split', NULL, NULL, 2 + number % 4, 1, false,
            {read_at("made_daily", "security_id", "CAST(make_date(2016 + number % 8, 2, 1) AS TIMESTAMPTZ)")}
        FROM made_lines WHERE number % 10 = 3""",
    "core.shares_outstanding_by_source": f"""
        SELECT company_id, share_class, end_date AS as_of_date, CAST((1 + pick(number, 5, 50)) * 1e8 * share * (1 + year % 7 / 100.0) AS BIGINT)
            AS share_count, {read_at("made_filings", "company_id || ':' || end_date", "CAST(end_date + 30 AS TIMESTAMPTZ)")}
        FROM made_companies CROSS JOIN made_quarters
        JOIN (VALUES ('all', 1.0, -1), ('A', 0.7, 4), ('B', 0.3, 4)) AS classes (share_class, share, remainder)
            ON remainder = -1 AND number % 5 <> 4 OR remainder = 4 AND number % 5 = 4
        WHERE end_date + 30 < getvariable('ends_at') ORDER BY number, end_date""",
    "core.fx_rates_by_source": f"""
        SELECT base AS base_currency, quote AS quote_currency, trade_date AS rate_date,
            CAST(worth / quote_worth * (1 + if(base < quote, 1, -1) * (sin(day_number / 90.0) / if('CNY' IN (base, quote), 30, 3000))) AS DECIMAL(24, 12)) AS rate,
            base <> 'EUR' AS is_derived, {read_at("made_rates", "trade_date", "CAST(trade_date AS TIMESTAMPTZ) + INTERVAL 15 HOUR")}
        FROM (VALUES ('USD', 1.0), ('HKD', 0.1282), ('CNY', 0.14), ('EUR', 1.1), ('JPY', 0.007)) AS one (base, worth)
        JOIN (VALUES ('USD', 1.0), ('HKD', 0.1282), ('CNY', 0.14), ('EUR', 1.1), ('JPY', 0.007)) AS other (quote, quote_worth)
            ON base <> quote
        CROSS JOIN made_days ORDER BY trade_date""",
}

# Ten years of quarters and years, for as many metrics as make the number that was asked for.
_METRICS = """['revenue', 'net_profit_attributable', 'net_profit', 'gross_profit', 'operating_profit', 'adjusted_net_profit',
    'research_and_development', 'selling_expenses', 'administrative_expenses', 'cost_of_revenue', 'finance_cost',
    'income_tax', 'other_income', 'cash_from_operations', 'capital_expenditure', 'basic_earnings', 'diluted_earnings']"""
FACTS = {
    "made_facts": f"""
        SELECT company.number, company.company_id, metric, period_kind, start_date, end_date, reporting_currency AS currency, year, quarter,
            (1 + pick(company.number, 7, 900)) * 1e7 * if(period_kind = 'year', 4, 1) * [10, 1, 1.1, 3, 1.5, 1.2, 0.8][least(7, place)]
                * pow(1.04, year - 2015) * (1 + quarter / 40.0) * (1 + (pick(company.number, year * 4 + quarter, 21) - 10) / 100.0) AS value,
            CAST(end_date + 35 + pick(company.number, 8, 20) AS TIMESTAMPTZ) + INTERVAL 9 HOUR AS public_at
        FROM made_companies AS company
        CROSS JOIN (SELECT unnest({_METRICS}) AS metric, generate_subscripts({_METRICS}, 1) AS place)
        CROSS JOIN (
            SELECT 'quarter' AS period_kind, start_date, end_date, year, quarter FROM made_quarters
            UNION ALL SELECT 'year', make_date(year, 1, 1), end_date, year, 4 FROM made_quarters WHERE quarter = 4
        )
        WHERE place <= greatest(3, ceil(getvariable('facts') / (50.0 * (SELECT count(*) FROM made_companies))))
            AND public_at < getvariable('ends_at')""",
    "core.financial_facts_by_source": f"""
        SELECT company_id, metric, 'group' AS segment, period_kind, start_date AS period_start_date, end_date AS period_end_date,
            currency, if(metric LIKE 'adjusted%', 'adjusted', 'ifrs') AS accounting_basis, 'made:' || company_id || ':' || end_date AS filing_id,
            CAST(value AS DECIMAL(38, 6)) AS value, year AS fiscal_year, quarter AS fiscal_quarter, year || 'Q' || quarter AS calendar_quarter,
            false AS is_derived, false AS is_convenience_translation, 1 AS authority,
            ['made:' || metric] AS evidence, {read_at("made_filings", "company_id || ':' || end_date", "public_at")}
        FROM made_facts ORDER BY public_at, number""",
    "core.operating_kpis_by_source": f"""
        SELECT company_id, product_id, 'deliveries' AS metric, 'month' AS period_kind, start_date AS period_start_date,
            last_day(start_date) AS period_end_date, 'made:' || company_id || ':' || start_date AS document_id,
            CAST(1000 + pick(number, 9, 30000) + months * 40 + pick(number, months, 900) AS DECIMAL(38, 6)) AS value,
            value AS value_low, value AS value_high, 'exact' AS qualifier, 1 AS authority,
            {read_at("made_filings", "company_id || ':' || start_date", "CAST(last_day(start_date) + 1 AS TIMESTAMPTZ) + INTERVAL 4 HOUR")}
        FROM made_companies
        CROSS JOIN (SELECT CAST(unnest(generate_series(DATE '2015-01-01', DATE '2024-12-01', INTERVAL 1 MONTH)) AS DATE) AS start_date)
        CROSS JOIN LATERAL (SELECT datediff('month', DATE '2015-01-01', start_date) AS months)
        CROSS JOIN LATERAL (SELECT unnest(['all', company_id || '-product']) AS product_id)
        WHERE number % 10 = 1 OR number <= 8 ORDER BY start_date, number""",
    "core.targets": f"""
        SELECT company_id, 'all' AS product_id, 'group' AS segment, 'deliveries' AS metric, 'year' AS period_kind,
            make_date(year, 1, 1) AS period_start_date, make_date(year, 12, 31) AS period_end_date, '' AS currency,
            'made:' || company_id || ':' || year AS document_id, '1:0-10' AS place, company_id AS said_by, 'target' AS kind,
            CAST(100000 + pick(number, year, 300000) AS DECIMAL(38, 6)) AS value, value AS value_low, value AS value_high,
            'exact' AS qualifier, 'vehicles' AS unit, 1 AS authority,
            {read_at("made_filings", "company_id || ':target:' || year", "CAST(make_date(year, 1, 20) AS TIMESTAMPTZ)")}
        FROM made_companies CROSS JOIN (SELECT unnest(range(2015, 2025)) AS year) WHERE number % 10 = 1 OR number <= 8""",
    "core.events": f"""
        SELECT 'results:' || company_id || ':' || end_date AS event_id, company_id, 'results' AS kind, public_at AS happened_at,
            end_date AS period_end_date, {read_at("made_filings", "company_id || ':' || end_date", "public_at")}
        FROM (SELECT DISTINCT number, company_id, end_date, public_at FROM made_facts WHERE period_kind = 'quarter')
        ORDER BY public_at, number""",
    "core.follower_counts": f"""
        SELECT account_id, 'followers' AS metric, observed_at, if(is_exact, shown, shown // 10000 * 10000) AS value,
            if(is_exact, value, value - 5000) AS value_low, if(is_exact, value, value + 4999) AS value_high,
            if(is_exact, 'exact', 'rounded') AS qualifier, 'page' AS method, {read_at("made_counts", "account_id || ':' || observed_date", "observed_at")}
        FROM (
            SELECT account_id, hash(account_id) % 3 > 0 AS is_exact, trade_date AS observed_date,
                CAST(trade_date AS TIMESTAMPTZ) + INTERVAL 4 HOUR AS observed_at,
                100000 + pick(hash(account_id), 1, 5000000) + day_number * pick(hash(account_id), 2, 900) AS shown
            FROM core.accounts JOIN made_days ON trade_date >= DATE '2022-06-01' AND hash(account_id, trade_date) % 9 > 0
        ) ORDER BY observed_at, account_id""",
}

# Most articles are about few companies, as in life: the cube of a draw.
ARTICLES = {
    "made_articles": """
        SELECT article_number, md5('article' || article_number) AS article_id,
            TIMESTAMPTZ '2015-01-12 00:00:00+00' + to_seconds(CAST((article_number - 5) * (315500000.0 / getvariable('articles')) AS BIGINT)) AS told_at,
            'outlet-' || pick(article_number, 1, 200) AS outlet,
            if(pick(article_number, 2, 4) = 0, article_number - pick(article_number, 3, 5), article_number) AS told_by
        FROM (SELECT unnest(range(5, 5 + getvariable('articles'))) AS article_number)""",
    "core.articles_by_source": f"""
        SELECT article_id, 'https://' || outlet || '.example/' || article_number AS canonical_url, canonical_url AS url, outlet,
            'Headline number ' || article_number || ' of ' || outlet AS title, ['Author ' || pick(article_number, 4, 900)] AS authors,
            'en' AS language, told_at AS published_at, 'second' AS published_precision, 800 + pick(article_number, 5, 9000) AS body_length,
            md5('body' || article_number) AS body_hash, false AS is_partial, {read_at("made_news", "article_number", "told_at")}
        FROM made_articles ORDER BY article_number""",
    "core.stories": f"""
        SELECT md5('article' || told_by) AS story_id, 'Story ' || told_by AS title, story_id AS earliest_article_id, story_id AS original_article_id,
            count(*) AS article_count, count(DISTINCT outlet) AS outlet_count, min(told_at) AS first_published_at, max(told_at) AS last_published_at,
            {read_at("made_news", "told_by", "min(told_at)")} FROM made_articles GROUP BY told_by ORDER BY told_by""",
    "core.story_articles": f"""
        SELECT md5('article' || told_by) AS story_id, article_id, told_by = article_number AS is_earliest, is_earliest AS is_original,
            0.0 AS shared_pct, {read_at("made_news", "article_number", "told_at")} FROM made_articles ORDER BY article_number""",
    "core.article_companies": f"""
        SELECT article_id, company_id, via, CASE via WHEN 'itself' THEN company_id WHEN 'person' THEN if(number = 1, 'lei-jun', 'person-' || number)
            ELSE company_id || '-product' END AS entity_id, 1 + pick(article_number, 6, 9) AS mention_count, nth = 1 AS is_main,
            {read_at("made_news", "article_number", "told_at")}
        FROM made_articles
        CROSS JOIN LATERAL (SELECT unnest(range(1, 2 + pick(article_number, 7, 10) // 7)) AS nth)
        JOIN made_companies ON number = 1 + CAST(floor(pow(pick(article_number, 10 + nth, 1000000) / 1000000.0, 3)
            * (SELECT count(*) FROM made_companies)) AS BIGINT)
        CROSS JOIN LATERAL (SELECT CASE WHEN number % 5 = 1 AND pick(article_number, 8, 4) = 0 THEN 'person'
            WHEN number % 3 = 1 AND pick(article_number, 9, 4) = 0 THEN 'product' ELSE 'itself' END AS via)
        QUALIFY row_number() OVER (PARTITION BY article_id, company_id ORDER BY nth) = 1
        ORDER BY article_number""",
}

LEDGER = {
    "raw.snapshots": """
        SELECT snapshot_id, source_id, 'https://' || source_id || '.example/' || snapshot_id AS url, 'GET' AS method, 200 AS status,
            fetched_at, first_seen_at, 'application/json' AS media_type, sha256(snapshot_id) AS sha256, 5000 AS body_length,
            'made.warc.gz' AS archive_file, 0 AS archive_offset, 900 AS archive_length, 'ok' AS outcome
        FROM (
            SELECT snapshot_id, any_value(source_id) AS source_id, min(fetched_at) AS fetched_at, min(first_seen_at) AS first_seen_at
            FROM (
                SELECT snapshot_id, source_id, fetched_at, first_seen_at FROM core.daily_quotes_by_source
                UNION ALL SELECT snapshot_id, source_id, fetched_at, first_seen_at FROM core.financial_facts_by_source
                UNION ALL SELECT snapshot_id, source_id, fetched_at, first_seen_at FROM core.articles_by_source
            ) GROUP BY snapshot_id
        ) ORDER BY fetched_at, snapshot_id""",
    "ops.runs": """
        SELECT 'run-' || format('{:04d}', number) AS run_id, 'daily' AS flow, 'live' AS mode, start AS started_at, start + INTERVAL 10 MINUTE AS ended_at,
            'completed' AS state, '1.0.0' AS code_version
        FROM (SELECT unnest(range(0, 371)) AS number, TIMESTAMPTZ '2024-01-06 05:59:00+00' + to_days(CAST(number AS INTEGER)) AS start)""",
    "ops.fetches": """
        SELECT run_id, row_number() OVER () AS fetch_number, source_id, snapshot_id AS chunk, 'GET' AS method, url, fetched_at AS requested_at,
            1 AS attempts, outcome, snapshot_id, true AS moves_cursor
        FROM raw.snapshots ASOF JOIN ops.runs AS run ON snapshots.fetched_at >= run.started_at""",
}

DAILY = {
    "core.daily_quotes_by_source": f"{_QUOTE} WHERE closed_at >= getvariable('backfilled_at') ORDER BY trade_date, number",
}
SECOND_SOURCES = {
    "core.daily_quotes_by_source": f"""
        SELECT * EXCLUDE (number, closed_at, read_with, close_price),
            if(pick(number, volume, 300) = 0, round(close_price * 1.003, 2), close_price) AS close_price,
            {read_at("made_second", "read_with", "closed_at")} FROM ({_BAR}) WHERE number % 20 = 1 ORDER BY trade_date, number""",
}
