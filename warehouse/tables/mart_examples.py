"""Two questions to each mart, with the query that answers them.

The data dictionary shows them, and so does the comment of the view; tests and benches run them. They stand alone, so
that a copy of one runs as it is, in `dragongate sql` or in a notebook.
"""

from warehouse.tables.table import example

MARKET_VALUE = (
    example(
        "What is each company worth at its newest close, in three currencies?",
        """
SELECT company_id, trade_date, market_value_hkd, market_value_usd, market_value_cny
FROM mart.market_value
WHERE market_value IS NOT NULL
QUALIFY row_number() OVER (PARTITION BY company_id ORDER BY trade_date DESC) = 1
ORDER BY market_value_usd DESC
""",
    ),
    example(
        "Which count of shares stands behind Xiaomi's value, and what is missing to a trillion Hong Kong dollars?",
        """
SELECT trade_date, close_price, share_count, shares_as_of_date, market_value_hkd,
    1e12 - market_value_hkd AS missing_hkd
FROM mart.market_value
WHERE company_id = 'xiaomi' AND market_value_hkd IS NOT NULL
ORDER BY trade_date DESC
LIMIT 10
""",
    ),
)

VALUATION = (
    example(
        "What did each company cost per year of profit and of revenue, month by month, on what was known then?",
        """
SELECT company_id, trade_date, pe, ps, profit_basis, profit_period_end_date
FROM mart.valuation
WHERE ps IS NOT NULL
QUALIFY trade_date = max(trade_date) OVER (PARTITION BY company_id, date_trunc('month', trade_date))
ORDER BY company_id, trade_date
""",
    ),
    example(
        "Between which multiples of its profit has each company moved, year by year?",
        """
SELECT company_id, year(trade_date) AS year, min(pe) AS lowest_pe, median(pe) AS middle_pe, max(pe) AS highest_pe,
    count(pe) AS days
FROM mart.valuation
WHERE pe IS NOT NULL
GROUP BY company_id, year
ORDER BY company_id, year
""",
    ),
)

NEWS_VOLUME = (
    example(
        "On which days was most written about Xiaomi, and what was the story that most of it told?",
        """
SELECT volume.date, volume.article_count, volume.outlet_count, story.title AS biggest_story
FROM mart.news_volume AS volume
LEFT JOIN core.stories AS story ON story.story_id = volume.biggest_story_id
WHERE volume.company_id = 'xiaomi' AND volume.entity_kind = 'company'
ORDER BY volume.article_count DESC, volume.date
LIMIT 10
""",
    ),
    example(
        "Which people and products are named most beside each company?",
        """
SELECT company_id, entity_kind, entity_id, sum(article_count) AS articles, count(*) AS days, max(date) AS last_date
FROM mart.news_volume
WHERE entity_kind <> 'company'
GROUP BY company_id, entity_kind, entity_id
ORDER BY articles DESC, entity_id, company_id
""",
    ),
)

COMPANY_DAILY = (
    example(
        "How was Xiaomi's year by 30 December 2024: since the first open, since the last close, against the index?",
        """
SELECT close_price, change_since_first_open_of_year_pct, change_since_last_close_of_year_before_pct,
    change_against_index_pct_points, rank_in_index, members_priced
FROM mart.company_daily
WHERE company_id = 'xiaomi' AND trade_date = '2024-12-30'
""",
    ),
    example(
        "Where did Xiaomi and each rival stand at the newest close: price, value, multiples, followers, articles?",
        """
SELECT company_id, trade_date, close_price, currency, market_value_usd, pe, ps, follower_count, article_count
FROM mart.company_daily
QUALIFY row_number() OVER (PARTITION BY company_id ORDER BY trade_date DESC) = 1
ORDER BY market_value_usd DESC NULLS LAST, company_id
""",
    ),
)

RIVAL_DAILY = (
    example(
        "How have Xiaomi and its rivals moved since 2025 began, one column each?",
        """
PIVOT (FROM mart.rival_daily WHERE company_id = 'xiaomi' AND trade_date >= '2025-01-01')
ON rival_id
USING round(any_value(rival_change_since_last_close_of_year_before_pct), 1)
GROUP BY trade_date, company_change_since_last_close_of_year_before_pct
ORDER BY trade_date
""",
    ),
    example(
        "Which rivals were ahead of Xiaomi in the year to each day's close, and by how many percentage points?",
        """
SELECT trade_date, rival_id, rival_trade_date,
    rival_change_since_last_close_of_year_before_pct - company_change_since_last_close_of_year_before_pct
        AS ahead_pct_points
FROM mart.rival_daily
WHERE company_id = 'xiaomi' AND ahead_pct_points > 0
ORDER BY trade_date DESC, ahead_pct_points DESC
LIMIT 20
""",
    ),
)

QUARTERLY_RESULTS = (
    example(
        "How did all companies do in the third quarter of 2024, in one currency and side by side?",
        """
SELECT company_id, accounting_basis, revenue_usd, revenue_yoy_pct, gross_margin_pct, net_margin_pct,
    adjusted_net_margin_pct, available_at
FROM mart.quarterly_results
WHERE calendar_quarter = '2024Q3'
ORDER BY revenue_usd DESC NULLS LAST, company_id
""",
    ),
    example(
        "How have Tesla's revenue and margins gone, quarter by quarter?",
        """
SELECT calendar_quarter, currency, revenue, revenue_qoq_pct, gross_margin_pct, operating_margin_pct, net_margin_pct,
    is_derived
FROM mart.quarterly_results
WHERE company_id = 'tesla'
ORDER BY period_end_date
""",
    ),
)

MONTHLY_DELIVERIES = (
    example(
        "Who delivered how many cars in each month, one column for each company?",
        """
PIVOT (FROM mart.monthly_deliveries WHERE product_id = 'all')
ON company_id
USING any_value(delivery_count)
GROUP BY month_date
ORDER BY month_date
""",
    ),
    example(
        "How far has each company come towards its target of the year?",
        """
SELECT company_id, month_date, delivery_count, year_to_date_count, year_target_count, year_target_available_at,
    share_of_year_target_pct
FROM mart.monthly_deliveries
WHERE product_id = 'all'
QUALIFY row_number() OVER (PARTITION BY company_id, year(month_date) ORDER BY month_date DESC) = 1
ORDER BY company_id, month_date
""",
    ),
)

FOLLOWER_GROWTH = (
    example(
        "How many follow each account by its newest reading, and how many came within a week and a year?",
        """
SELECT owner_id, platform, observed_date, value_low, value_high, qualifier, change_week_low, change_week_high,
    year_before_date, change_year_low, change_year_high
FROM mart.follower_growth
WHERE metric = 'followers'
QUALIFY row_number() OVER (PARTITION BY account_id ORDER BY observed_date DESC) = 1
ORDER BY value_low DESC
""",
    ),
    example(
        "How exact were the readings of each account, and how many days have one?",
        """
SELECT owner_id, platform, qualifier, count(*) AS days, min(observed_date) AS first_date,
    max(observed_date) AS last_date, max(value_high - value_low) AS widest_interval
FROM mart.follower_growth
WHERE metric = 'followers'
GROUP BY owner_id, platform, qualifier
ORDER BY owner_id, platform, qualifier
""",
    ),
)

STORY_SHEET = (
    example(
        "What is there to say of Xiaomi, figure by figure, and where does each come from?",
        """
SELECT section, title, value, unit, as_of_date, source_id, evidence
FROM mart.story_sheet
WHERE company_id = 'xiaomi'
ORDER BY section, figure, period_kind
""",
    ),
    example(
        "What of it could have been written when 2024 ended in Hong Kong?",
        """
SELECT section, title, value, unit, as_of_date, available_at
FROM mart_as_of.story_sheet('2024-12-31T23:59:59+08:00', companies := ['xiaomi'])
ORDER BY section, figure, period_kind
""",
    ),
)
