-- How many cars were handed over from April to December, month by month, against the target of the time?
SELECT strftime(month_date, '%Y-%m') AS month, delivery_count, qualifier, year_target_count
FROM mart.monthly_deliveries
WHERE company_id = 'xiaomi' AND product_id = 'all' AND month_date BETWEEN DATE '2024-04-01' AND DATE '2024-12-31'
ORDER BY month
