WITH since AS (SELECT max(known_from) - INTERVAL 1 DAY AS first_at FROM core.daily_quotes_by_source),
new AS (
    SELECT security_id, trade_date, price_basis, source_id, close_price, known_from FROM core.daily_quotes_by_source
    WHERE known_from >= (SELECT first_at FROM since)
    UNION ALL
    SELECT security_id, trade_date, price_basis, source_id, close_price, known_from FROM history.daily_quotes_by_source
    WHERE known_from >= (SELECT first_at FROM since)
)
SELECT new.known_from, if(old.known_to IS NULL, 'inserted', 'updated') AS change, security_id,
    CAST(trade_date AS VARCHAR) AS trade_date, CAST(old.close_price AS DECIMAL(18, 2)) AS old_close,
    CAST(new.close_price AS DECIMAL(18, 2)) AS new_close
FROM new LEFT JOIN history.daily_quotes_by_source AS old USING (security_id, trade_date, price_basis, source_id)
WHERE old.known_to IS NULL OR old.known_to = new.known_from
ORDER BY change DESC, trade_date DESC, security_id, new_close LIMIT 6
