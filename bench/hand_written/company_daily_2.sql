WITH until AS (SELECT DATE '9999-12-31' AS day),
wanted AS (SELECT unnest(['net_profit_attributable', 'revenue']) AS metric),
$newest_values,
days AS (
    SELECT line.company_id, security_id, kind, shares_per_unit, trade_date, close_price, currency, closed_at
    FROM newest JOIN line USING (security_id)
),
$earnings_of_days,
owners AS (
    SELECT company_id, company_id AS owner_id FROM core.companies
    UNION SELECT company_id, product_id FROM core.products
    UNION SELECT object_id, subject_id FROM core.relations WHERE relation IN ('executive_of', 'product_of') AND valid_to_date IS NULL
),
readings AS (
    SELECT account_id, CAST(timezone('Asia/Hong_Kong', observed_at) AS DATE) AS date, value FROM core.follower_counts
    WHERE metric = 'followers' AND observed_at >= (SELECT CAST(min(trade_date) - 2 AS TIMESTAMPTZ) FROM days)
    QUALIFY row_number() OVER (PARTITION BY account_id, date ORDER BY qualifier <> 'exact', observed_at DESC) = 1
),
followers AS (
    SELECT company_id, sum(value) AS follower_count
    FROM (
        SELECT days.company_id, readings.account_id, arg_max(value, readings.date) AS value
        FROM days JOIN owners USING (company_id) JOIN core.accounts USING (owner_id) JOIN readings USING (account_id)
        WHERE readings.date IN (days.trade_date, days.trade_date - 1) GROUP BY ALL
    ) GROUP BY company_id
),
articles AS (
    SELECT article_id, CAST(timezone('Asia/Hong_Kong', coalesce(published_at, available_at)) AS DATE) AS date FROM core.articles
    WHERE available_at >= (SELECT CAST(min(trade_date) - 1 AS TIMESTAMPTZ) FROM days)
),
told AS (
    SELECT days.company_id, count(DISTINCT article_id) AS article_count
    FROM articles JOIN core.article_companies USING (article_id) JOIN days USING (company_id)
    WHERE articles.date = days.trade_date GROUP BY days.company_id
)
SELECT valued.company_id, valued.trade_date, close_price, valued.currency, usd AS market_value_usd, pe.multiple AS pe, ps.multiple AS ps,
    follower_count, coalesce(article_count, (SELECT any_value(0) FROM articles WHERE articles.date = valued.trade_date)) AS article_count
FROM valued
LEFT JOIN multiples AS pe ON pe.company_id = valued.company_id AND pe.metric = 'net_profit_attributable'
LEFT JOIN multiples AS ps ON ps.company_id = valued.company_id AND ps.metric = 'revenue'
LEFT JOIN followers ON followers.company_id = valued.company_id
LEFT JOIN told ON told.company_id = valued.company_id
ORDER BY market_value_usd DESC NULLS LAST, valued.company_id
