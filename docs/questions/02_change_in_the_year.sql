-- How far had Xiaomi risen in 2024: since the first open of the year, and since the last close of the year before?
SELECT trade_date, close_price, currency, change_since_first_open_of_year_pct AS since_first_open_pct,
    change_since_last_close_of_year_before_pct AS since_last_close_pct
FROM mart.company_daily
WHERE company_id = 'xiaomi' AND trade_date BETWEEN '2024-12-27' AND '2024-12-31'
ORDER BY trade_date
