SELECT '$table' AS table_name, $key AS row_key,
    CASE WHEN old.known_to IS NULL THEN 'inserted' ELSE 'updated' END AS change,
    CASE WHEN old.version_cause = 'parser' THEN 'parser' ELSE new.version_cause END AS cause,
    new.known_from, new.public_from, old.content_json AS old_json, $content AS new_json,
    old.snapshot_id AS old_snapshot_id, new.snapshot_id AS new_snapshot_id, new.source_id
FROM (
    SELECT $stored FROM $table
    UNION ALL
    SELECT $stored FROM $history WHERE version_cause <> 'parser'
) AS new
LEFT JOIN (
    SELECT $keys, known_to, max(version_cause) AS version_cause, max(snapshot_id) AS snapshot_id,
        max($content) AS content_json
    FROM $history AS new
    WHERE known_to > known_from -- what came late was never held to be current
    GROUP BY ALL
) AS old ON $same AND old.known_to = new.known_from
