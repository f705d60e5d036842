-- Where does it stand among the members of the Hang Seng Tech index, of which so many have a price?
SELECT rank_in_index, members_priced, members_total, change_since_last_close_of_year_before_pct
FROM mart.company_daily
WHERE company_id = 'xiaomi' AND trade_date = DATE '2024-12-30'
