WITH pairs AS (
    SELECT subject_id AS company_id, object_id AS rival_id, valid_from_date, valid_to_date
    FROM core.relations WHERE relation = 'competes_with'
    UNION
    SELECT object_id, subject_id, valid_from_date, valid_to_date
    FROM core.relations WHERE relation = 'competes_with'
),
days AS (
    SELECT DISTINCT company.company_id, company.trade_date, pairs.rival_id
    FROM mart.company_daily AS company
    JOIN pairs
        ON pairs.company_id = company.company_id AND company.trade_date >= pairs.valid_from_date
        AND (pairs.valid_to_date IS NULL OR company.trade_date < pairs.valid_to_date)
),
paired AS (
    SELECT days.*, rival.* EXCLUDE (company_id, trade_date), rival.trade_date AS rival_trade_date
    FROM days
    ASOF JOIN mart.company_daily AS rival ON rival.company_id = days.rival_id AND rival.trade_date <= days.trade_date
)
SELECT company_id, trade_date, paired.rival_id, paired.rival_trade_date,
    company.change_since_last_close_of_year_before_pct AS company_change_since_last_close_of_year_before_pct,
    paired.change_since_last_close_of_year_before_pct AS rival_change_since_last_close_of_year_before_pct,
    company.market_value_usd AS company_market_value_usd, paired.market_value_usd AS rival_market_value_usd,
    company.pe AS company_pe, paired.pe AS rival_pe,
    company.follower_count AS company_follower_count, paired.follower_count AS rival_follower_count,
    company.article_count AS company_article_count, paired.article_count AS rival_article_count
FROM paired JOIN mart.company_daily AS company USING (company_id, trade_date)
WHERE trade_date - paired.rival_trade_date <= 5
