WITH $accounts_of_xiaomi,
members AS (SELECT security_id, valid_from_date, valid_to_date FROM core.index_members WHERE index_id = 'XHKG:HSTECH'),
facts AS (SELECT * FROM core.financial_facts WHERE company_id = 'xiaomi' AND NOT is_convenience_translation),
statements AS (
    SELECT metric, currency, value, period_end_date, available_at, authority FROM core.financial_facts_by_source
    WHERE company_id = 'xiaomi' AND metric IN ('net_profit_attributable', 'revenue') AND segment = 'group' AND period_kind = 'quarter'
        AND coalesce(authority, 1) <= 2 AND NOT is_convenience_translation
),
kpis AS (SELECT * FROM core.operating_kpis WHERE company_id = 'xiaomi'),
aims AS (SELECT * FROM core.targets WHERE company_id = 'xiaomi'),
quotes AS (
    SELECT security_id, trade_date, open_price, close_price, currency, available_at FROM core.daily_quotes
    WHERE trade_date >= (SELECT make_date(year(max(trade_date)) - 1, 12, 20) FROM core.daily_quotes JOIN line USING (security_id))
        AND (security_id IN (SELECT security_id FROM line) OR security_id IN (SELECT security_id FROM members))
),
counts AS (SELECT as_of_date, share_count, available_at FROM core.shares_outstanding WHERE company_id = 'xiaomi' AND share_class = 'all'),
payments AS (SELECT ex_date, amount_per_unit FROM core.corporate_actions JOIN line USING (security_id) WHERE kind = 'dividend'),
rates AS (SELECT base_currency, quote_currency, rate_date, rate FROM core.fx_rates),
readings AS (
    SELECT account_id, owner_id, platform, observed_at, value, qualifier, source_id
    FROM core.follower_counts JOIN accounts_of_xiaomi USING (account_id) WHERE metric = 'followers'
),
tellings AS (
    SELECT article_id, telling.story_id, link.company_id = 'xiaomi' AS is_ours,
        CAST(timezone('Asia/Hong_Kong', coalesce(article.published_at, article.available_at)) AS DATE) AS date
    FROM core.articles AS article JOIN core.article_companies AS link USING (article_id) LEFT JOIN core.story_articles AS telling USING (article_id)
    WHERE article.available_at >= (SELECT CAST(max(trade_date) - 1 AS TIMESTAMPTZ) FROM quotes)
),
$sheet_of_xiaomi
SELECT section, title, value, unit, as_of_date, source_id, evidence FROM sheet WHERE value IS NOT NULL
