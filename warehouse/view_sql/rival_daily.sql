WITH days AS MATERIALIZED (
    SELECT company_id, trade_date, change_since_last_close_of_year_before_pct, market_value_usd, pe,
        follower_count, article_count
    FROM mart.company_daily
),
pairs AS (
    SELECT subject_id AS company_id, object_id AS rival_id, valid_from_date, valid_to_date
    FROM core.relations WHERE relation = 'competes_with'
    UNION
    SELECT object_id, subject_id, valid_from_date, valid_to_date
    FROM core.relations WHERE relation = 'competes_with'
)
SELECT company.company_id, company.trade_date, pairs.rival_id, rival.trade_date AS rival_trade_date,
    company.change_since_last_close_of_year_before_pct AS company_change_since_last_close_of_year_before_pct,
    rival.change_since_last_close_of_year_before_pct AS rival_change_since_last_close_of_year_before_pct,
    company.market_value_usd AS company_market_value_usd, rival.market_value_usd AS rival_market_value_usd,
    company.pe AS company_pe, rival.pe AS rival_pe,
    company.follower_count AS company_follower_count, rival.follower_count AS rival_follower_count,
    company.article_count AS company_article_count, rival.article_count AS rival_article_count
FROM days AS company
JOIN pairs
    ON pairs.company_id = company.company_id AND company.trade_date >= pairs.valid_from_date
    AND (pairs.valid_to_date IS NULL OR company.trade_date < pairs.valid_to_date)
JOIN days AS rival
    ON rival.company_id = pairs.rival_id AND rival.trade_date BETWEEN company.trade_date - 5 AND company.trade_date
QUALIFY row_number() OVER (
    PARTITION BY company.company_id, company.trade_date, pairs.rival_id ORDER BY rival.trade_date DESC
) = 1
