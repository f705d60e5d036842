WITH market_days AS (
    SELECT *, 'mart.company_daily company_id=' || company_id || ',trade_date=' || trade_date AS evidence
    FROM mart.company_daily
    QUALIFY row_number() OVER (PARTITION BY company_id ORDER BY trade_date DESC) = 1
),
market AS (
    SELECT company_id, trade_date AS as_of_date, closed_at AS available_at, evidence, unnest([
        {'figure': 'close_price', 'title': 'Close', 'value': CAST(close_price AS DOUBLE), 'unit': currency},
        {'figure': 'change_since_first_open_of_year', 'title': 'Change since the first open of the year',
            'value': CAST(change_since_first_open_of_year_pct AS DOUBLE), 'unit': '%'},
        {'figure': 'change_since_last_close_of_year_before', 'title': 'Change since the last close of the year before',
            'value': CAST(change_since_last_close_of_year_before_pct AS DOUBLE), 'unit': '%'},
        {'figure': 'total_return_since_last_close_of_year_before', 'title': 'The same with dividends',
            'value': CAST(total_return_since_last_close_of_year_before_pct AS DOUBLE), 'unit': '%'},
        {'figure': 'rank_in_index', 'title': 'Place among the members of the Hang Seng Tech index that have a close',
            'value': CAST(rank_in_index AS DOUBLE), 'unit': 'of ' || members_priced},
        {'figure': 'market_value_hkd', 'title': 'Market value of all shares in issue',
            'value': market_value_hkd, 'unit': 'HKD'},
        {'figure': 'market_value_usd', 'title': 'Market value of all shares in issue',
            'value': market_value_usd, 'unit': 'USD'},
        {'figure': 'market_value_cny', 'title': 'Market value of all shares in issue',
            'value': market_value_cny, 'unit': 'CNY'},
        {'figure': 'distance_to_a_trillion_hkd', 'title': 'What is missing to a trillion Hong Kong dollars',
            'value': 1e12 - market_value_hkd, 'unit': 'HKD'},
        {'figure': 'share_count', 'title': 'Shares in issue, as of ' || shares_as_of_date,
            'value': CAST(share_count AS DOUBLE), 'unit': 'shares'},
        {'figure': 'pe', 'title': 'Price over earnings, ' || profit_basis, 'value': pe, 'unit': ''},
        {'figure': 'ps', 'title': 'Price over sales', 'value': ps, 'unit': ''},
        {'figure': 'follower_count', 'title': 'Followers of company, executives and products together',
            'value': CAST(follower_count AS DOUBLE), 'unit': 'people'},
        {'figure': 'article_count', 'title': 'Articles of the day',
            'value': CAST(article_count AS DOUBLE), 'unit': 'articles'},
        {'figure': 'story_count', 'title': 'Stories of the day', 'value': CAST(story_count AS DOUBLE), 'unit': 'stories'}
    ], recursive := true)
    FROM market_days
),

-- The newest statement of each figure; one that is over 500 days older than the company's newest is history.
facts AS (
    SELECT *, metric || CASE WHEN segment = 'group' THEN '' ELSE ':' || segment END AS figure
    FROM core.financial_facts
    WHERE NOT is_convenience_translation
),
newest_facts AS (
    SELECT *
    FROM facts
    QUALIFY row_number() OVER (
            PARTITION BY company_id, figure, period_kind ORDER BY period_end_date DESC, is_derived, accounting_basis, currency, period_start_date
        ) = 1
        AND max(period_end_date) OVER (PARTITION BY company_id) - period_end_date <= 500
),
year_before AS (
    SELECT this.*, before.value AS value_before
    FROM newest_facts AS this
    JOIN facts AS before USING (company_id, metric, segment, period_kind, currency, accounting_basis)
    WHERE this.period_end_date - before.period_end_date BETWEEN 358 AND 373 AND before.value > 0
),
group_revenue AS (
    SELECT company_id, period_kind, period_end_date, currency, value FROM newest_facts WHERE figure = 'revenue'
),
results AS (
    SELECT company_id, figure, metric, segment, period_kind, period_end_date, available_at, source_id,
        CAST(value AS DOUBLE) AS value, CAST(value_low AS DOUBLE) AS value_low, CAST(value_high AS DOUBLE) AS value_high,
        CASE WHEN currency <> '' THEN currency END AS unit, '' AS words, coalesce(authority, 1) AS authority
    FROM newest_facts
    UNION ALL
    SELECT company_id, figure || ':growth', metric, segment, period_kind, period_end_date, available_at, NULL,
        100 * (CAST(value AS DOUBLE) / CAST(value_before AS DOUBLE) - 1), NULL, NULL, '%', ', change on the year before', NULL
    FROM year_before
    WHERE value > 0 AND currency <> ''
    UNION ALL
    SELECT part.company_id, part.figure || ':share', part.metric, part.segment, part.period_kind, part.period_end_date,
        part.available_at, NULL, 100 * CAST(part.value AS DOUBLE) / CAST(whole.value AS DOUBLE), NULL, NULL, '%',
        ', share of the group', NULL
    FROM newest_facts AS part
    JOIN group_revenue AS whole USING (company_id, period_kind, period_end_date, currency)
    WHERE part.metric = 'revenue' AND part.segment <> 'group' AND whole.value > 0
),
kpis AS (
    SELECT *, metric || CASE WHEN product_id = 'all' THEN '' ELSE ':' || product_id END AS figure
    FROM core.operating_kpis
    QUALIFY row_number() OVER (
            PARTITION BY company_id, figure, period_kind
                ORDER BY period_end_date DESC, available_at DESC, period_start_date
        ) = 1
        AND max(period_end_date) OVER (PARTITION BY company_id) - period_end_date <= 500
),
newest_targets AS (
    SELECT *
    FROM core.targets
    QUALIFY max(period_end_date) OVER (PARTITION BY company_id) - period_end_date <= 366
),
accounts AS (
    SELECT account.*, coalesce(relation.object_id, product.company_id, account.owner_id) AS company_id
    FROM core.accounts AS account
    LEFT JOIN core.relations AS relation
        ON account.owner_kind = 'person' AND relation.subject_id = account.owner_id AND relation.relation = 'executive_of'
        AND relation.valid_to_date IS NULL
    LEFT JOIN core.products AS product ON account.owner_kind = 'product' AND product.product_id = account.owner_id
),
counts AS (
    SELECT account.company_id, account.owner_id, account.platform, day.*
    FROM accounts AS account JOIN core.follower_daily AS day USING (account_id)
    QUALIFY row_number() OVER (PARTITION BY day.account_id, day.metric ORDER BY day.observed_date DESC) = 1
),
metrics AS (SELECT metric, title, unit FROM core.metrics),
labels AS (
    SELECT company_id, segment, arg_max(label, valid_from_date) AS label
    FROM core.segments WHERE language = 'en' AND valid_to_date IS NULL
    GROUP BY ALL
),
sheet AS (
    SELECT company_id, 'market' AS section, figure, title, value, CAST(NULL AS DOUBLE) AS value_low,
        CAST(NULL AS DOUBLE) AS value_high, unit, 'day' AS period_kind, as_of_date, available_at,
        CAST(NULL AS VARCHAR) AS source_id, CAST(NULL AS BIGINT) AS authority, evidence
    FROM market WHERE value IS NOT NULL
    UNION ALL
    SELECT company_id, 'results', figure,
        coalesce(metrics.title, metric) || CASE WHEN segment = 'group' THEN '' ELSE ', ' || coalesce(label, segment) END
            || words,
        value, value_low, value_high, coalesce(results.unit, metrics.unit, ''), period_kind, period_end_date, available_at, source_id,
        results.authority,
        'core.financial_facts company_id=' || company_id || ',metric=' || metric || ',segment=' || segment
            || ',period_kind=' || period_kind || ',period_end_date=' || period_end_date
    FROM results LEFT JOIN metrics USING (metric) LEFT JOIN labels USING (company_id, segment)
    UNION ALL
    SELECT company_id, 'operations', figure,
        coalesce(metrics.title, metric) || CASE WHEN product_id = 'all' THEN '' ELSE ', ' || product_id END,
        CAST(coalesce(value, value_low) AS DOUBLE), CAST(value_low AS DOUBLE), CAST(value_high AS DOUBLE),
        coalesce(metrics.unit, ''), period_kind, period_end_date, available_at, source_id,
        coalesce(authority, 1),
        'core.operating_kpis company_id=' || company_id || ',product_id=' || product_id || ',metric=' || metric
            || ',period_kind=' || period_kind || ',period_end_date=' || period_end_date
    FROM kpis LEFT JOIN metrics USING (metric)
    UNION ALL
    SELECT company_id, 'targets', 'target:' || metric, 'Target: ' || coalesce(metrics.title, metric),
        CAST(value_low AS DOUBLE), CAST(value_low AS DOUBLE), CAST(value_high AS DOUBLE), coalesce(metrics.unit, ''),
        period_kind, period_end_date, newest_targets.available_at, newest_targets.source_id,
        coalesce(authority, 1),
        'core.targets company_id=' || company_id || ',metric=' || metric || ',period_kind=' || period_kind
            || ',period_end_date=' || period_end_date
    FROM newest_targets LEFT JOIN metrics USING (metric)
    UNION ALL
    SELECT company_id, 'followers', metric || ':' || account_id,
        coalesce(metrics.title, metric) || ' of ' || owner_id || ' on ' || platform,
        CAST(value AS DOUBLE), CAST(value_low AS DOUBLE), CAST(value_high AS DOUBLE), 'people', 'instant', observed_date,
        observed_at, source_id, NULL,
        'core.follower_daily account_id=' || account_id || ',metric=' || metric || ',observed_date=' || observed_date
    FROM counts LEFT JOIN metrics USING (metric)
),

-- Who says otherwise: readings of a lower rank, and articles whose number the evidence contradicts.
others AS (
    SELECT this.company_id, this.figure, this.period_kind, this.period_end_date, CAST(other.value AS DOUBLE) AS value,
        other.source_id, other.authority, other.available_at,
        'core.financial_facts_by_source company_id=' || this.company_id || ',metric=' || this.metric || ',segment='
            || this.segment || ',period_kind=' || this.period_kind || ',period_end_date=' || this.period_end_date
            || ',source_id=' || other.source_id || ',filing_id=' || other.filing_id AS evidence
    FROM newest_facts AS this
    JOIN core.financial_facts_by_source AS other
        USING (company_id, metric, segment, period_kind, period_start_date, period_end_date, currency, accounting_basis)
    WHERE other.authority > coalesce(this.authority, 1)
        AND (coalesce(other.value_low, other.value) > coalesce(this.value_high, this.value)
            OR coalesce(other.value_high, other.value) < coalesce(this.value_low, this.value))
    UNION ALL
    SELECT this.company_id, this.figure, this.period_kind, this.period_end_date,
        CAST(coalesce(other.value, other.value_low) AS DOUBLE), other.source_id, other.authority, other.available_at,
        'core.operating_kpis_by_source company_id=' || this.company_id || ',product_id=' || this.product_id || ',metric='
            || this.metric || ',period_kind=' || this.period_kind || ',period_end_date=' || this.period_end_date
            || ',source_id=' || other.source_id || ',document_id=' || other.document_id
    FROM kpis AS this
    JOIN core.operating_kpis_by_source AS other
        USING (company_id, product_id, metric, period_kind, period_start_date, period_end_date)
    WHERE other.authority > coalesce(this.authority, 1)
        AND (other.value_low > coalesce(this.value_high, this.value) OR other.value_high < this.value_low)
    UNION ALL
    SELECT claim.company_id,
        CASE claim.warehouse_metric WHEN 'market_cap' THEN 'market_value_' || lower(claim.currency)
            ELSE claim.warehouse_metric || CASE claim.scope WHEN 'group' THEN '' ELSE ':' || claim.scope END END,
        CASE claim.warehouse_metric WHEN 'market_cap' THEN 'day' ELSE claim.period_kind END, claim.period_end_date,
        CAST(verdict.stated_value AS DOUBLE) * CASE claim.unit WHEN 'percent' THEN 100 ELSE 1 END,
        claim.source_id, 4, claim.available_at,
        'core.claim_checks article_id=' || claim.article_id || ',part=' || claim.part || ',start_offset='
            || claim.start_offset || ',end_offset=' || claim.end_offset
    FROM core.claim_checks AS verdict
    JOIN core.claims AS claim USING (article_id, part, start_offset, end_offset)
    WHERE verdict.verdict = 'contradicted' AND claim.comparison IS NULL AND claim.subject_id = claim.company_id
),
otherwise AS (
    SELECT sheet.company_id, sheet.figure, sheet.period_kind, sheet.as_of_date, others.value AS other_value,
        others.source_id AS other_source_id, others.authority AS other_authority, others.evidence AS other_evidence
    FROM sheet
    JOIN others
        ON others.company_id = sheet.company_id AND others.figure = sheet.figure
        AND others.period_kind = sheet.period_kind
        -- A story of these days speaks of the newest close, or of the one before.
        AND abs(others.period_end_date - sheet.as_of_date) <= CASE WHEN sheet.section = 'market' THEN 3 ELSE 0 END
    QUALIFY row_number() OVER (
        PARTITION BY sheet.company_id, sheet.figure, sheet.period_kind, sheet.as_of_date
        ORDER BY others.authority, others.available_at DESC, others.evidence
    ) = 1
)
SELECT sheet.*, otherwise.* EXCLUDE (company_id, figure, period_kind, as_of_date)
FROM sheet LEFT JOIN otherwise USING (company_id, figure, period_kind, as_of_date)
