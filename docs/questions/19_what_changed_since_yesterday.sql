-- What changed in the closes since the day before the newest one was read, from what to what, and when did we know?
SELECT known_from, change, row_key ->> 'security_id' AS security_id, row_key ->> 'trade_date' AS trade_date,
    CAST(old_json ->> 'close_price' AS DECIMAL(18, 2)) AS old_close,
    CAST(new_json ->> 'close_price' AS DECIMAL(18, 2)) AS new_close
FROM ops.changes
WHERE table_name = 'core.daily_quotes_by_source'
    AND known_from >= (SELECT max(known_from) FROM core.daily_quotes_by_source) - INTERVAL 1 DAY
ORDER BY change DESC, trade_date DESC, security_id, new_close LIMIT 6
