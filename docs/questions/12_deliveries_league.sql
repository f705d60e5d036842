-- Who delivered most cars in the newest month that anybody has reported?
SELECT rank() OVER (ORDER BY delivery_count DESC) AS place, company_id, month_date, delivery_count, qualifier,
    change_since_month_before_pct AS month_pct, change_since_year_before_pct AS year_pct
FROM mart.monthly_deliveries
WHERE product_id = 'all' AND month_date = (SELECT max(month_date) FROM mart.monthly_deliveries)
ORDER BY place, company_id
