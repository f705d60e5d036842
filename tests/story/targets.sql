-- Which targets for 2024 were named, when and by whom; 1 is a filing, 2 the company, 4 a newspaper?
SELECT CAST(value_low AS BIGINT) AS cars, CAST(timezone('Asia/Hong_Kong', available_at) AS DATE) AS said_on, authority
FROM core.targets
WHERE company_id = 'xiaomi' AND metric = 'deliveries' AND year(period_end_date) = 2024
ORDER BY cars
