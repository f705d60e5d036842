WITH $rivals_of_xiaomi
PIVOT (
    SELECT own.trade_date, own.change AS company_change_since_last_close_of_year_before_pct, rival.company_id AS rival_id, rival.change
    FROM changes AS own JOIN changes AS rival ON rival.trade_date BETWEEN own.trade_date - 5 AND own.trade_date
    WHERE own.company_id = 'xiaomi' AND rival.company_id <> 'xiaomi' AND own.trade_date >= '2025-01-01'
    QUALIFY row_number() OVER (PARTITION BY own.trade_date, rival.company_id ORDER BY rival.trade_date DESC) = 1
)
ON rival_id
USING round(any_value(change), 1)
GROUP BY trade_date, company_change_since_last_close_of_year_before_pct
ORDER BY trade_date
