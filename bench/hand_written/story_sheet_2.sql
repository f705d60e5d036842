WITH $accounts_of_xiaomi,
members AS (
    SELECT security_id, valid_from_date, valid_to_date FROM (FROM core.index_members UNION ALL BY NAME FROM history.index_members)
    WHERE index_id = 'XHKG:HSTECH' AND public_from <= $then AND coalesce(public_to > $then, true)
),
stated AS (
    SELECT company_id, metric, segment, period_kind, period_start_date, period_end_date, currency, accounting_basis, value,
        is_derived, authority, available_at, fetched_at, source_id
    FROM (FROM core.financial_facts_by_source UNION ALL BY NAME FROM history.financial_facts_by_source)
    WHERE company_id = 'xiaomi' AND NOT is_convenience_translation
        AND public_from <= $then AND coalesce(public_to > $then, true)
),
facts AS (
    SELECT * FROM stated
    QUALIFY row_number() OVER (
        PARTITION BY metric, segment, period_kind, period_start_date, period_end_date, currency, accounting_basis
        ORDER BY coalesce(authority, 1), is_derived, available_at DESC, fetched_at DESC
    ) = 1
),
statements AS (
    SELECT metric, currency, value, period_end_date, available_at, authority FROM stated
    WHERE metric IN ('net_profit_attributable', 'revenue') AND segment = 'group' AND period_kind = 'quarter' AND coalesce(authority, 1) <= 2
),
kpis AS (
    SELECT metric, product_id, period_kind, period_start_date, period_end_date, value, value_low, qualifier, authority, available_at, source_id
    FROM (FROM core.operating_kpis_by_source UNION ALL BY NAME FROM history.operating_kpis_by_source)
    WHERE company_id = 'xiaomi' AND public_from <= $then AND coalesce(public_to > $then, true)
    QUALIFY row_number() OVER (
        PARTITION BY metric, product_id, period_kind, period_start_date, period_end_date
        ORDER BY coalesce(authority, 1), qualifier <> 'exact', available_at DESC
    ) = 1
),
aims AS (
    SELECT metric, period_kind, period_end_date, value_low, available_at, source_id
    FROM (FROM core.targets UNION ALL BY NAME FROM history.targets)
    WHERE company_id = 'xiaomi' AND public_from <= $then AND coalesce(public_to > $then, true)
),
quotes AS (
    SELECT security_id, trade_date, open_price, close_price, currency, available_at, is_final, source_id
    FROM (FROM core.daily_quotes_by_source UNION ALL BY NAME FROM history.daily_quotes_by_source)
    WHERE trade_date >= DATE '2023-12-20' AND (security_id IN (SELECT security_id FROM line) OR security_id IN (SELECT security_id FROM members))
        AND public_from <= $then AND coalesce(public_to > $then, true)
    QUALIFY row_number() OVER (PARTITION BY security_id, trade_date ORDER BY is_final DESC, source_id) = 1
),
counts AS (
    SELECT as_of_date, share_count, available_at FROM (FROM core.shares_outstanding_by_source UNION ALL BY NAME FROM history.shares_outstanding_by_source)
    WHERE company_id = 'xiaomi' AND share_class = 'all' AND public_from <= $then AND coalesce(public_to > $then, true)
),
payments AS (
    SELECT ex_date, amount_per_unit FROM (FROM core.corporate_actions_by_source UNION ALL BY NAME FROM history.corporate_actions_by_source)
    WHERE kind = 'dividend' AND security_id IN (SELECT security_id FROM line)
        AND public_from <= $then AND coalesce(public_to > $then, true)
),
rates AS (
    SELECT base_currency, quote_currency, rate_date, rate FROM (FROM core.fx_rates_by_source UNION ALL BY NAME FROM history.fx_rates_by_source)
    WHERE rate_date >= DATE '2024-12-20' AND public_from <= $then AND coalesce(public_to > $then, true)
),
readings AS (
    SELECT account_id, owner_id, platform, observed_at, value, qualifier, source_id
    FROM (
        SELECT account_id, observed_at, value, qualifier, source_id FROM (FROM core.follower_counts UNION ALL BY NAME FROM history.follower_counts)
        WHERE metric = 'followers'
            AND public_from <= $then AND coalesce(public_to > $then, true)
    ) JOIN accounts_of_xiaomi USING (account_id)
),
dated AS (
    SELECT article_id, published_at, available_at FROM (FROM core.articles_by_source UNION ALL BY NAME FROM history.articles_by_source)
    WHERE available_at >= TIMESTAMPTZ '2024-12-30 00:00:00+08'
        AND public_from <= $then AND coalesce(public_to > $then, true)
),
tellings AS (
    SELECT article_id, telling.story_id, link.company_id = 'xiaomi' AS is_ours,
        CAST(timezone('Asia/Hong_Kong', coalesce(published_at, dated.available_at)) AS DATE) AS date
    FROM dated JOIN core.article_companies AS link USING (article_id) LEFT JOIN core.story_articles AS telling USING (article_id)
    WHERE link.available_at <= $then
),
$sheet_of_xiaomi
SELECT section, title, value, unit, as_of_date, available_at FROM sheet WHERE value IS NOT NULL
