-- Which place did each company hold in the Hang Seng Tech index on 30 December 2024, among the members of that day?
SELECT company_id, trade_date, rank_in_index AS place, members_priced, members_total,
    change_since_last_close_of_year_before_pct AS year_pct
FROM mart.company_daily
WHERE rank_in_index IS NOT NULL AND trade_date = '2024-12-30'
ORDER BY place
