-- How did Xiaomi's cars of 2024 add up, at the least that was said each month, against the target of the time?
SELECT month_date, qualifier, delivery_count AS cars, sum(delivery_count) OVER (ORDER BY month_date) AS so_far,
    year_to_date_count AS stated, year_target_count AS target,
    round(100 * coalesce(year_to_date_count, so_far) / target) AS target_pct
FROM mart.monthly_deliveries
WHERE company_id = 'xiaomi' AND product_id = 'all' AND year(month_date) = 2024
ORDER BY month_date
