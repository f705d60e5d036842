-- Which place does each company hold in the Hang Seng Tech index this year, among the members of that very day?
SELECT company_id, trade_date, rank_in_index, members_priced, members_total, change_since_last_close_of_year_before_pct
FROM mart.company_daily
WHERE rank_in_index IS NOT NULL AND trade_date = (SELECT max(trade_date) FROM mart.company_daily WHERE rank_in_index > 0)
ORDER BY rank_in_index
