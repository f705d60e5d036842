WITH
-- Changes within the year, on split-adjusted prices, of the lines that are asked for below.
quotes AS (
    SELECT * FROM core.adjusted_daily_quotes
    SEMI JOIN (
        SELECT security_id FROM core.securities WHERE is_primary OR security_id = 'XHKG:HSTECH'
        UNION ALL SELECT security_id FROM core.index_members WHERE index_id = 'XHKG:HSTECH'
    ) USING (security_id)
),
line_years AS (
    SELECT security_id, year(trade_date) AS year,
        arg_max(adjusted_close_price, trade_date) AS last_close_price, max(trade_date) AS last_date,
        arg_min(adjusted_open_price, trade_date) FILTER (adjusted_open_price IS NOT NULL) AS first_open_price,
        min(trade_date) FILTER (adjusted_open_price IS NOT NULL) AS first_date
    FROM quotes
    GROUP BY ALL
),
changes AS (
    SELECT quote.security_id, quote.trade_date,
        100 * (quote.adjusted_close_price / before.last_close_price - 1) AS since_last_close_pct,
        100 * (quote.adjusted_close_price / this.first_open_price - 1) AS since_first_open_pct
    FROM quotes AS quote
    LEFT JOIN line_years AS before
        ON before.security_id = quote.security_id AND before.year = year(quote.trade_date) - 1
        AND before.last_date >= make_date(before.year, 12, 20)
    LEFT JOIN line_years AS this
        ON this.security_id = quote.security_id AND this.year = year(quote.trade_date)
        AND this.first_date <= make_date(this.year, 1, 12)
),

-- Rank within the Hang Seng Tech index as it was made up on the day.
member_days AS (
    SELECT DISTINCT change.trade_date, change.security_id, change.since_last_close_pct
    FROM core.index_members AS member
    JOIN changes AS change
        ON change.security_id = member.security_id AND change.trade_date >= member.valid_from_date
        AND (member.valid_to_date IS NULL OR change.trade_date < member.valid_to_date)
    WHERE member.index_id = 'XHKG:HSTECH' AND change.since_last_close_pct IS NOT NULL
),
member_totals AS (
    SELECT day.trade_date, count(DISTINCT member.security_id) AS members_total
    FROM (SELECT DISTINCT trade_date FROM core.daily_quotes) AS day
    JOIN core.index_members AS member
        ON member.index_id = 'XHKG:HSTECH' AND day.trade_date >= member.valid_from_date
        AND (member.valid_to_date IS NULL OR day.trade_date < member.valid_to_date)
    GROUP BY ALL
),
member_ranks AS (
    SELECT trade_date, security_id,
        rank() OVER (PARTITION BY trade_date ORDER BY since_last_close_pct DESC) AS rank_in_index,
        count(*) OVER (PARTITION BY trade_date) AS members_priced
    FROM member_days
),
ranks AS (
    SELECT line.company_id, rank.trade_date, min(rank.rank_in_index) AS rank_in_index,
        any_value(rank.members_priced) AS members_priced
    FROM member_ranks AS rank
    JOIN (SELECT DISTINCT security_id, company_id FROM core.securities) AS line USING (security_id)
    GROUP BY ALL
),
index_changes AS (
    SELECT trade_date, since_last_close_pct AS index_pct FROM changes WHERE security_id = 'XHKG:HSTECH'
),

-- The same with dividends put back into the line on their ex-dates.
returns AS (
    SELECT security_id, trade_date, total_return_close_price AS close_price FROM core.total_return_quotes
    SEMI JOIN (SELECT security_id FROM core.securities WHERE is_primary) USING (security_id)
),
return_years AS (
    SELECT security_id, year(trade_date) AS year, arg_max(close_price, trade_date) AS last_close_price,
        max(trade_date) AS last_date
    FROM returns
    GROUP BY ALL
),
total_returns AS (
    SELECT line.security_id, line.trade_date, 100 * (line.close_price / before.last_close_price - 1) AS total_return_pct
    FROM returns AS line
    JOIN return_years AS before
        ON before.security_id = line.security_id AND before.year = year(line.trade_date) - 1
        AND before.last_date >= make_date(before.year, 12, 20)
),

-- Followers of the company, of its executives and of its products.
owners AS (
    SELECT company_id, 'company' AS owner_kind, company_id AS owner_id, DATE '1900-01-01' AS valid_from_date,
        CAST(NULL AS DATE) AS valid_to_date
    FROM core.companies
    UNION SELECT company_id, 'product', product_id, DATE '1900-01-01', NULL FROM core.products
    UNION SELECT object_id, CASE relation WHEN 'product_of' THEN 'product' ELSE 'person' END, subject_id,
        valid_from_date, valid_to_date
    FROM core.relations WHERE relation IN ('executive_of', 'product_of')
),
-- The last reading of the day or of the day before: at most 48 hours old when the day ends.
readings_of_two_days AS (
    SELECT account_id, trade_date, arg_max(value, observed_at) AS follower_count
    FROM (
        SELECT account_id, value, observed_at, unnest([observed_date, observed_date + 1]) AS trade_date
        FROM core.follower_daily WHERE metric = 'followers'
    )
    GROUP BY ALL
),
follower_readings AS (
    SELECT DISTINCT owners.company_id, reading.trade_date, reading.account_id, reading.follower_count
    FROM readings_of_two_days AS reading
    JOIN core.accounts AS account USING (account_id)
    JOIN owners
        ON owners.owner_kind = account.owner_kind AND owners.owner_id = account.owner_id
        AND reading.trade_date >= owners.valid_from_date
        AND (owners.valid_to_date IS NULL OR reading.trade_date < owners.valid_to_date)
),
followers AS (
    SELECT company_id, trade_date, CAST(sum(follower_count) AS BIGINT) AS follower_count,
        count(*) AS follower_account_count
    FROM follower_readings
    GROUP BY ALL
),

-- Articles of the day.
dated_articles AS (
    SELECT article_id,
        CAST(timezone('Asia/Hong_Kong', coalesce(published_at, available_at)) AS DATE) AS published_date
    FROM core.articles
),
news_days AS (SELECT DISTINCT published_date AS trade_date, 0 AS none FROM dated_articles),
article_counts AS (
    SELECT link.company_id, article.published_date AS trade_date,
        count(DISTINCT article_id) AS article_count,
        count(DISTINCT article_id) FILTER (link.via = 'itself') AS article_count_itself,
        count(DISTINCT article_id) FILTER (link.via = 'person') AS article_count_person,
        count(DISTINCT article_id) FILTER (link.via = 'product') AS article_count_product
    FROM core.article_companies AS link JOIN dated_articles AS article USING (article_id)
    GROUP BY ALL
),
story_counts AS (
    SELECT company_id, date AS trade_date, story_count
    FROM mart.news_volume
    WHERE entity_kind = 'company'
)
SELECT day.*,
    changes.since_last_close_pct AS change_since_last_close_of_year_before_pct,
    changes.since_first_open_pct AS change_since_first_open_of_year_pct,
    total_returns.total_return_pct AS total_return_since_last_close_of_year_before_pct,
    index_changes.index_pct AS index_change_since_last_close_of_year_before_pct,
    changes.since_last_close_pct - index_changes.index_pct AS change_against_index_pct_points,
    ranks.rank_in_index, ranks.members_priced, member_totals.members_total,
    valuation.pe, valuation.ps,
    valuation.profit_amount, valuation.profit_currency, valuation.profit_basis, valuation.profit_period_end_date,
    followers.follower_count, followers.follower_account_count,
    coalesce(article_counts.article_count, news_days.none) AS article_count,
    coalesce(article_counts.article_count_itself, news_days.none) AS article_count_itself,
    coalesce(article_counts.article_count_person, news_days.none) AS article_count_person,
    coalesce(article_counts.article_count_product, news_days.none) AS article_count_product,
    coalesce(story_counts.story_count, news_days.none) AS story_count
FROM mart.market_value AS day
LEFT JOIN changes USING (security_id, trade_date)
LEFT JOIN total_returns USING (security_id, trade_date)
LEFT JOIN index_changes USING (trade_date)
LEFT JOIN ranks USING (company_id, trade_date)
LEFT JOIN member_totals USING (trade_date)
LEFT JOIN mart.valuation AS valuation USING (company_id, trade_date)
LEFT JOIN followers USING (company_id, trade_date)
LEFT JOIN news_days USING (trade_date)
LEFT JOIN article_counts USING (company_id, trade_date)
LEFT JOIN story_counts USING (company_id, trade_date)
