WITH sessions AS (
    SELECT line.company_id, quote.trade_date, quote.security_id, line.exchange, line.kind, line.shares_per_unit,
        quote.close_price, quote.currency, quote.price_basis, quote.is_disputed, quote.available_at AS closed_at
    FROM core.adjusted_daily_quotes AS quote
    JOIN core.securities AS line
        ON line.security_id = quote.security_id AND line.is_primary
        AND quote.trade_date >= line.valid_from_date
        AND (line.valid_to_date IS NULL OR quote.trade_date < line.valid_to_date)
    WHERE line.company_id IS NOT NULL
    QUALIFY row_number() OVER (PARTITION BY line.company_id, quote.trade_date ORDER BY quote.security_id) = 1
),

-- Shares in issue: the newest count of each class, restated for splits since.
classes AS (SELECT DISTINCT company_id, share_class FROM core.shares_outstanding),
class_days AS (
    SELECT sessions.company_id, sessions.trade_date, sessions.security_id, sessions.kind, classes.share_class
    FROM sessions JOIN classes USING (company_id)
),
class_counts AS (
    SELECT day.*, counted.as_of_date, counted.share_count
    FROM class_days AS day
    ASOF JOIN core.shares_outstanding AS counted
        ON counted.company_id = day.company_id AND counted.share_class = day.share_class
        AND counted.as_of_date <= day.trade_date
),
restated_counts AS (
    SELECT counted.company_id, counted.trade_date, counted.share_class, counted.as_of_date,
        counted.share_count * coalesce(product(split.ratio_numerator / split.ratio_denominator), 1) AS share_count
    FROM class_counts AS counted
    LEFT JOIN core.corporate_actions AS split
        ON split.security_id = counted.security_id AND split.kind = 'split' AND counted.kind = 'share'
        AND split.ex_date > counted.as_of_date AND split.ex_date <= counted.trade_date
    GROUP BY counted.company_id, counted.trade_date, counted.share_class, counted.as_of_date, counted.share_count
),
summed_counts AS (
    SELECT company_id, trade_date,
        any_value(share_count) FILTER (share_class = 'all') AS all_count,
        any_value(as_of_date) FILTER (share_class = 'all') AS all_date,
        sum(share_count) FILTER (share_class <> 'all') AS class_sum,
        min(as_of_date) FILTER (share_class <> 'all') AS class_date,
        string_agg(share_class, ' + ' ORDER BY share_class) FILTER (share_class <> 'all') AS class_names,
        count(*) FILTER (share_class <> 'all') AS class_number
    FROM restated_counts
    GROUP BY ALL
),
shares AS (
    SELECT company_id, trade_date,
        CAST(round(CASE WHEN takes_all THEN all_count ELSE class_sum END) AS BIGINT) AS share_count,
        CASE WHEN takes_all THEN all_date ELSE class_date END AS shares_as_of_date,
        CASE WHEN takes_all THEN 'all' ELSE 'sum of ' || class_names END AS shares_basis
    FROM (
        SELECT *,
            all_count IS NOT NULL
            -- One class beside a count of all is a part of it.
            AND (class_sum IS NULL OR class_number = 1 OR all_date >= class_date) AS takes_all
        FROM summed_counts
    )
),

-- Rates of the day, or the last before it within five days.
rates AS (
    SELECT base_currency AS currency, date AS trade_date, min(rate_date) AS rate_date,
        any_value(rate) FILTER (quote_currency = 'HKD') AS hkd,
        any_value(rate) FILTER (quote_currency = 'USD') AS usd,
        any_value(rate) FILTER (quote_currency = 'CNY') AS cny
    FROM core.fx_daily
    WHERE quote_currency IN ('HKD', 'USD', 'CNY') AND age_days <= 5
    GROUP BY ALL
),

-- Changes within the year, on split-adjusted prices, of the lines that are asked for below.
quotes AS (
    SELECT * FROM core.adjusted_daily_quotes
    SEMI JOIN (
        SELECT security_id FROM core.securities WHERE is_primary
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
    FROM (SELECT DISTINCT trade_date FROM sessions) AS day
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

-- Profit of a year, as it was known each time that a statement came out.
profit_facts AS (
    SELECT fact.*, coalesce(ranks.source_rank, 1000) AS source_rank
    FROM core.financial_facts_by_source AS fact
    LEFT JOIN core.source_ranks AS ranks
        ON ranks.table_name = 'core.financial_facts_by_source' AND ranks.source_id = fact.source_id
    WHERE fact.metric = 'net_profit_attributable' AND fact.segment = 'group'
        AND fact.period_kind IN ('quarter', 'year')
        AND NOT fact.is_convenience_translation AND fact.accounting_basis <> 'adjusted'
),
known_facts AS (
    SELECT moment.known_at, fact.*
    FROM (SELECT DISTINCT company_id, available_at AS known_at FROM profit_facts) AS moment
    JOIN profit_facts AS fact ON fact.company_id = moment.company_id AND fact.available_at <= moment.known_at
    QUALIFY row_number() OVER (
        PARTITION BY fact.company_id, moment.known_at, fact.period_kind, fact.period_end_date,
            fact.currency, fact.accounting_basis
        ORDER BY fact.available_at DESC, fact.is_derived, fact.source_rank, fact.filing_id
    ) = 1
),
year_profits AS (
    SELECT company_id, known_at, currency, accounting_basis, period_end_date, 2 AS preference,
        'last fiscal year' AS profit_basis, value AS profit_amount
    FROM known_facts
    WHERE period_kind = 'year'
    UNION ALL
    SELECT company_id, known_at, currency, accounting_basis, period_end_date, 1,
        'last four quarters', sum(value) OVER four
    FROM known_facts
    WHERE period_kind = 'quarter'
    WINDOW four AS (
        PARTITION BY company_id, known_at, currency, accounting_basis
        ORDER BY period_end_date ROWS BETWEEN 3 PRECEDING AND CURRENT ROW
    )
    QUALIFY count(*) OVER four = 4
        AND period_end_date - min(period_start_date) OVER four BETWEEN 355 AND 380
),
profits AS (
    SELECT company_id, known_at, currency AS profit_currency, period_end_date AS profit_period_end_date,
        profit_basis, profit_amount
    FROM year_profits
    QUALIFY row_number() OVER (
        PARTITION BY company_id, known_at ORDER BY period_end_date DESC, preference, accounting_basis, currency
    ) = 1
),
profit_days AS (
    SELECT day.company_id, day.trade_date, profit.* EXCLUDE (company_id, known_at), rate.rate AS profit_rate
    FROM sessions AS day
    ASOF JOIN profits AS profit ON profit.company_id = day.company_id AND profit.known_at <= day.closed_at
    LEFT JOIN core.fx_daily AS rate
        ON rate.base_currency = day.currency AND rate.quote_currency = profit.profit_currency
        AND rate.date = day.trade_date AND rate.age_days <= 5
    WHERE day.trade_date - profit.profit_period_end_date <= 500
),

-- Followers of the company, of its executives and of its products.
owners AS (
    SELECT company_id, company_id AS owner_id, DATE '1900-01-01' AS valid_from_date, CAST(NULL AS DATE) AS valid_to_date
    FROM core.companies
    UNION SELECT company_id, product_id, DATE '1900-01-01', NULL FROM core.products
    UNION SELECT object_id, subject_id, valid_from_date, valid_to_date FROM core.relations
        WHERE relation IN ('executive_of', 'product_of')
),
follower_readings AS (
    SELECT day.company_id, day.trade_date, account.account_id,
        arg_max(reading.value, reading.observed_at) AS follower_count
    FROM sessions AS day
    JOIN owners
        ON owners.company_id = day.company_id AND day.trade_date >= owners.valid_from_date
        AND (owners.valid_to_date IS NULL OR day.trade_date < owners.valid_to_date)
    JOIN core.accounts AS account USING (owner_id)
    JOIN core.follower_daily AS reading
        ON reading.account_id = account.account_id AND reading.metric = 'followers'
        -- The last reading of the day or of the day before: at most 48 hours old when the day ends.
        AND reading.observed_date BETWEEN day.trade_date - 1 AND day.trade_date
    GROUP BY ALL
),
followers AS (
    SELECT company_id, trade_date, CAST(sum(follower_count) AS BIGINT) AS follower_count,
        count(*) AS follower_account_count
    FROM follower_readings
    GROUP BY ALL
),

-- Articles of the day.
dated_articles AS (
    SELECT article_id, CAST(timezone('Asia/Hong_Kong', published_at) AS DATE) AS published_date
    FROM core.articles
    WHERE published_at IS NOT NULL
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
)

SELECT day.company_id, day.trade_date, day.security_id, day.exchange,
    day.close_price, day.currency, day.price_basis, day.is_disputed, day.closed_at,
    CAST(day.close_price * rates.hkd AS DECIMAL(18, 6)) AS close_price_hkd,
    CAST(day.close_price * rates.usd AS DECIMAL(18, 6)) AS close_price_usd,
    CAST(day.close_price * rates.cny AS DECIMAL(18, 6)) AS close_price_cny,
    rates.rate_date, day.trade_date - rates.rate_date AS rate_age_days,
    day.shares_per_unit, shares.share_count, shares.shares_as_of_date, shares.shares_basis,
    day.close_price / day.shares_per_unit * shares.share_count AS market_value,
    day.close_price / day.shares_per_unit * shares.share_count * rates.hkd AS market_value_hkd,
    day.close_price / day.shares_per_unit * shares.share_count * rates.usd AS market_value_usd,
    day.close_price / day.shares_per_unit * shares.share_count * rates.cny AS market_value_cny,
    changes.since_last_close_pct AS change_since_last_close_of_year_before_pct,
    changes.since_first_open_pct AS change_since_first_open_of_year_pct,
    ranks.rank_in_index, ranks.members_priced, member_totals.members_total,
    CASE WHEN profit.profit_amount > 0 THEN
        day.close_price / day.shares_per_unit * shares.share_count * profit.profit_rate / profit.profit_amount
    END AS pe,
    profit.profit_amount, profit.profit_currency, profit.profit_basis, profit.profit_period_end_date,
    followers.follower_count, followers.follower_account_count,
    coalesce(article_counts.article_count, news_days.none) AS article_count,
    coalesce(article_counts.article_count_itself, news_days.none) AS article_count_itself,
    coalesce(article_counts.article_count_person, news_days.none) AS article_count_person,
    coalesce(article_counts.article_count_product, news_days.none) AS article_count_product
FROM sessions AS day
LEFT JOIN rates USING (currency, trade_date)
LEFT JOIN shares USING (company_id, trade_date)
LEFT JOIN changes USING (security_id, trade_date)
LEFT JOIN ranks USING (company_id, trade_date)
LEFT JOIN member_totals USING (trade_date)
LEFT JOIN profit_days AS profit USING (company_id, trade_date)
LEFT JOIN followers USING (company_id, trade_date)
LEFT JOIN news_days USING (trade_date)
LEFT JOIN article_counts USING (company_id, trade_date)
