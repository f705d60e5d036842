-- What did sources correct since the day before the newest news, from what to what, and when did we know?
SELECT known_from, table_name, row_key, cause, old_json, new_json, new_snapshot_id
FROM ops.changes
WHERE change = 'updated' AND known_from >= (SELECT max(known_from) FROM ops.changes) - INTERVAL 1 DAY
ORDER BY known_from, table_name, row_key
