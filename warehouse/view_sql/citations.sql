SELECT snapshot.snapshot_id,
    concat_ws(', ', source.publisher, source.title, snapshot.url,
        'read ' || strftime(timezone('UTC', snapshot.fetched_at), '%Y-%m-%d %H:%M:%S') || ' UTC',
        'SHA-256 ' || snapshot.sha256, snapshot.archive_file || ' at ' || snapshot.archive_offset) AS citation,
    source.may_be_redistributed, source.terms
FROM raw.snapshots AS snapshot LEFT JOIN core.sources AS source USING (source_id)
