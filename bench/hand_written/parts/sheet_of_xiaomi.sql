newest_facts AS (
    SELECT *, metric || if(segment = 'group', '', ':' || segment) AS figure FROM facts
    QUALIFY row_number() OVER (
            PARTITION BY metric, segment, period_kind ORDER BY period_end_date DESC, is_derived, accounting_basis, currency, period_start_date
        ) = 1
        AND max(period_end_date) OVER () - period_end_date <= 500
),
results AS (
    SELECT metric, segment, '' AS words, period_kind, period_end_date, available_at, source_id, CAST(value AS DOUBLE) AS value,
        if(currency = '', NULL, currency) AS unit
    FROM newest_facts
    UNION ALL
    SELECT this.metric, this.segment, ', change on the year before', this.period_kind, this.period_end_date, this.available_at, NULL,
        100 * (CAST(this.value AS DOUBLE) / CAST(before.value AS DOUBLE) - 1), '%'
    FROM newest_facts AS this JOIN facts AS before USING (metric, segment, period_kind, currency, accounting_basis)
    WHERE this.period_end_date - before.period_end_date BETWEEN 358 AND 373 AND before.value > 0 AND this.value > 0 AND this.currency <> ''
    UNION ALL
    SELECT part.metric, part.segment, ', share of the group', part.period_kind, part.period_end_date, part.available_at, NULL,
        100 * CAST(part.value AS DOUBLE) / CAST(whole.value AS DOUBLE), '%'
    FROM newest_facts AS part JOIN newest_facts AS whole USING (metric, period_kind, period_end_date, currency)
    WHERE part.metric = 'revenue' AND part.segment <> 'group' AND whole.segment = 'group' AND whole.value > 0
),
newest_kpis AS (
    SELECT * FROM kpis
    QUALIFY row_number() OVER (PARTITION BY metric, product_id, period_kind ORDER BY period_end_date DESC, available_at DESC, period_start_date) = 1
        AND max(period_end_date) OVER () - period_end_date <= 500
),
-- The newest day of the line, its year, and the members of the index on that day.
newest AS (SELECT max(trade_date) AS day, max(available_at) AS closed_at FROM quotes JOIN line USING (security_id)),
years AS (
    SELECT security_id, any_value(close_price) FILTER (trade_date = day) AS close_price, any_value(currency) AS currency,
        any_value(available_at) FILTER (trade_date = day) AS closed_at,
        arg_max(close_price, trade_date) FILTER (year(trade_date) < year(day)) AS close_before,
        arg_min(open_price, trade_date) FILTER (year(trade_date) = year(day)) AS first_open
    FROM quotes CROSS JOIN newest WHERE trade_date BETWEEN make_date(year(day) - 1, 12, 20) AND day GROUP BY security_id
),
ranked AS (
    SELECT security_id, rank() OVER (ORDER BY close_price / close_before DESC) AS place, count(*) OVER () AS members_priced
    FROM years SEMI JOIN (SELECT security_id FROM members CROSS JOIN newest WHERE day >= valid_from_date AND (valid_to_date IS NULL OR valid_to_date > day))
        USING (security_id)
    WHERE close_price / close_before IS NOT NULL
),
dividends AS (
    SELECT coalesce(product(1 - amount_per_unit / CAST(before.close_price AS DOUBLE)), 1) AS kept
    FROM payments CROSS JOIN newest
    ASOF JOIN (SELECT trade_date, close_price FROM quotes JOIN line USING (security_id)) AS before ON before.trade_date < payments.ex_date
    WHERE year(ex_date) = year(day) AND ex_date <= day
),
market AS (
    SELECT own.*, day, shares_per_unit, place, members_priced, share_count, as_of_date, close_price / shares_per_unit * share_count AS value,
        value * coalesce(hkd, 1) AS hkd, value * coalesce(usd, 1) AS usd, value * coalesce(cny, 1) AS cny,
        close_price / CAST(close_before * (SELECT kept FROM dividends) AS DECIMAL(18, 6)) - 1 AS total_return
    FROM years AS own JOIN line USING (security_id) CROSS JOIN newest LEFT JOIN ranked USING (security_id)
    CROSS JOIN (SELECT arg_max(share_count, as_of_date) AS share_count, max(as_of_date) AS as_of_date FROM counts JOIN newest ON counts.available_at <= closed_at)
    LEFT JOIN (
        SELECT base_currency, arg_max(rate, rate_date) FILTER (quote_currency = 'HKD') AS hkd,
            arg_max(rate, rate_date) FILTER (quote_currency = 'USD') AS usd, arg_max(rate, rate_date) FILTER (quote_currency = 'CNY') AS cny
        FROM rates JOIN newest ON rate_date <= day GROUP BY base_currency
    ) ON base_currency = currency
),
-- Twelve months of each measure, of what was public when the session closed.
earned AS (
    SELECT metric, any_value(currency) AS currency, CAST(sum(value) AS DOUBLE) AS amount
    FROM (
        SELECT metric, currency, value, period_end_date FROM statements
        WHERE available_at <= (SELECT closed_at FROM market)
        QUALIFY row_number() OVER (PARTITION BY metric, period_end_date ORDER BY coalesce(authority, 1), available_at DESC) = 1
    )
    WHERE period_end_date > (SELECT max(period_end_date) FROM statements WHERE available_at <= (SELECT closed_at FROM market)) - 360
    GROUP BY metric HAVING count(*) = 4
),
multiples AS (
    SELECT metric, market.value * coalesce(rate, 1) / amount AS multiple
    FROM market CROSS JOIN earned
    LEFT JOIN rates ON base_currency = market.currency AND quote_currency = earned.currency AND rate_date = day
),
daily AS (
    SELECT account_id, owner_id, platform, observed_at, CAST(timezone('Asia/Hong_Kong', observed_at) AS DATE) AS observed_date, value, source_id
    FROM readings
    QUALIFY row_number() OVER (PARTITION BY account_id, observed_date ORDER BY qualifier <> 'exact', observed_at DESC) = 1
),
followers AS (
    SELECT sum(value) AS follower_count
    FROM (SELECT arg_max(value, observed_date) AS value FROM daily JOIN newest ON observed_date BETWEEN day - 1 AND day GROUP BY account_id)
),
told AS (
    SELECT any_value(0) + count(DISTINCT article_id) FILTER (is_ours) AS article_count, any_value(0) + count(DISTINCT story_id) FILTER (is_ours) AS story_count
    FROM tellings JOIN newest ON tellings.date = day
),
metrics AS (SELECT metric, title, unit FROM core.metrics),
sheet AS (
    SELECT 'market' AS section, unnest([
        {'title': 'Close', 'value': CAST(close_price AS DOUBLE), 'unit': currency},
        {'title': 'Change since the first open of the year', 'value': 100 * (close_price / first_open - 1), 'unit': '%'},
        {'title': 'Change since the last close of the year before', 'value': 100 * (close_price / close_before - 1), 'unit': '%'},
        {'title': 'The same with dividends', 'value': 100 * total_return, 'unit': '%'},
        {'title': 'Place among the members of the Hang Seng Tech index that have a close', 'value': CAST(place AS DOUBLE), 'unit': 'of ' || members_priced},
        {'title': 'Market value of all shares in issue', 'value': hkd, 'unit': 'HKD'},
        {'title': 'Market value of all shares in issue', 'value': usd, 'unit': 'USD'},
        {'title': 'Market value of all shares in issue', 'value': cny, 'unit': 'CNY'},
        {'title': 'What is missing to a trillion Hong Kong dollars', 'value': 1e12 - hkd, 'unit': 'HKD'},
        {'title': 'Shares in issue, as of ' || as_of_date, 'value': CAST(share_count AS DOUBLE), 'unit': 'shares'},
        {'title': 'Price over earnings, last four quarters',
            'value': (SELECT multiple FROM multiples WHERE metric = 'net_profit_attributable'), 'unit': ''},
        {'title': 'Price over sales', 'value': (SELECT multiple FROM multiples WHERE metric = 'revenue'), 'unit': ''},
        {'title': 'Followers of company, executives and products together',
            'value': (SELECT CAST(follower_count AS DOUBLE) FROM followers), 'unit': 'people'},
        {'title': 'Articles of the day', 'value': (SELECT CAST(article_count AS DOUBLE) FROM told), 'unit': 'articles'},
        {'title': 'Stories of the day', 'value': (SELECT CAST(story_count AS DOUBLE) FROM told), 'unit': 'stories'}
    ], recursive := true), day AS as_of_date, closed_at AS available_at, CAST(NULL AS VARCHAR) AS source_id,
        'mart.company_daily company_id=xiaomi,trade_date=' || day AS evidence
    FROM market
    UNION ALL
    SELECT 'results', coalesce(metrics.title, metric) || if(segment = 'group', '', ', ' || segment) || words, value,
        coalesce(results.unit, metrics.unit, ''), period_end_date, results.available_at, results.source_id,
        'core.financial_facts company_id=xiaomi,metric=' || metric || ',segment=' || segment || ',period_kind=' || period_kind
            || ',period_end_date=' || period_end_date
    FROM results LEFT JOIN metrics USING (metric)
    UNION ALL
    SELECT 'operations', coalesce(metrics.title, metric) || if(product_id = 'all', '', ', ' || product_id),
        CAST(coalesce(value, value_low) AS DOUBLE), coalesce(metrics.unit, ''), period_end_date, kpi.available_at, kpi.source_id,
        'core.operating_kpis company_id=xiaomi,product_id=' || product_id || ',metric=' || metric || ',period_kind=' || period_kind
            || ',period_end_date=' || period_end_date
    FROM newest_kpis AS kpi LEFT JOIN metrics USING (metric)
    UNION ALL
    SELECT 'targets', 'Target: ' || coalesce(metrics.title, metric), CAST(value_low AS DOUBLE), coalesce(metrics.unit, ''), period_end_date,
        aims.available_at, aims.source_id,
        'core.targets company_id=xiaomi,metric=' || metric || ',period_kind=' || period_kind || ',period_end_date=' || period_end_date
    FROM aims LEFT JOIN metrics USING (metric)
    WHERE (SELECT max(period_end_date) FROM aims) - period_end_date <= 366
    UNION ALL
    SELECT 'followers', coalesce(metrics.title, 'followers') || ' of ' || owner_id || ' on ' || platform, CAST(value AS DOUBLE), 'people',
        observed_date, observed_at, newest_reading.source_id,
        'core.follower_daily account_id=' || account_id || ',metric=followers,observed_date=' || observed_date
    FROM (SELECT * FROM daily QUALIFY observed_date = max(observed_date) OVER (PARTITION BY account_id)) AS newest_reading
    LEFT JOIN metrics ON metrics.metric = 'followers'
)
