-- Which quarter of the year is the strongest: what share of a year's cars does each company deliver in it?
SELECT company_id, strftime(period_end_date, '%Y') AS year, quarter(period_end_date) AS quarter, value AS deliveries,
    round(100 * value / sum(value) OVER year, 1) AS share_of_year_pct, rank() OVER (year ORDER BY value DESC) AS place
FROM core.operating_kpis
WHERE metric = 'deliveries' AND product_id = 'all' AND period_kind = 'quarter'
WINDOW year AS (PARTITION BY company_id, strftime(period_end_date, '%Y'))
QUALIFY count(*) OVER year = 4
ORDER BY company_id, period_end_date
