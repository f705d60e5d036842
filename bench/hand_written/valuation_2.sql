WITH wanted AS (SELECT 'net_profit_attributable' AS metric),
days AS (
    SELECT company_id, security_id, line.kind, shares_per_unit, trade_date, close_price, quote.currency, quote.available_at AS closed_at
    FROM core.daily_quotes AS quote JOIN core.securities AS line USING (security_id) WHERE line.is_primary
),
$earnings_of_days
SELECT company_id, year(trade_date) AS year, min(multiple) AS lowest_pe, median(multiple) AS middle_pe, max(multiple) AS highest_pe,
    count(*) AS days
FROM multiples GROUP BY company_id, year ORDER BY company_id, year
