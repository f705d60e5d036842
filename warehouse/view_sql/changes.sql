-- All that changed comes together first, and then the runs that fetched each answer, in order, are put beside it, once.
-- A part that is read twice is kept whole by the database, which then writes every row as JSON for who asks for few.
WITH brought AS (
    SELECT fetches.snapshot_id, list_sort(list(
        {'started_at': runs.started_at, 'run_id': runs.run_id, 'code_version': runs.code_version}
    )) AS runs
    FROM ops.fetches AS fetches JOIN ops.runs AS runs USING (run_id)
    WHERE fetches.snapshot_id IS NOT NULL
    GROUP BY fetches.snapshot_id
),
corrected AS (
    SELECT snapshot_id, any_value(author) AS author, any_value(change_text) AS change_text,
        any_value(because) AS because
    FROM ops.corrections WHERE kind = 'correction' GROUP BY snapshot_id
),
withdrawn AS (
    SELECT snapshot_id AS record_id, substring(row_key, length('snapshot_id=') + 1) AS snapshot_id, author, because,
        corrected_at
    FROM ops.corrections WHERE kind = 'rejection'
),
told AS (
    SELECT *, CAST(NULL AS VARCHAR) AS run_id, CAST(NULL AS VARCHAR) AS why FROM ops.version_changes

    UNION ALL
    -- A rejected answer's rows are in no version any more: they are told as they were set aside.
    SELECT DISTINCT ON (rejects.table_name, rejects.row_json)
        rejects.table_name, rejects.row_json, 'withdrawn', 'manual', withdrawn.corrected_at, withdrawn.corrected_at,
        rejects.row_json, NULL, rejects.snapshot_id, withdrawn.record_id, rejects.source_id, NULL,
        'rejection by ' || withdrawn.author || ': ' || withdrawn.because
    FROM ops.rejects AS rejects
    JOIN withdrawn ON withdrawn.snapshot_id = rejects.snapshot_id
        AND rejects.reason = 'rejected: ' || withdrawn.because

    UNION ALL
    SELECT split_part(gone.row_text, ' ', 1), substring(gone.row_text, strpos(gone.row_text, ' ') + 1),
        'forgotten', 'manual', gone.forgotten_at, gone.forgotten_at, NULL, NULL, NULL, gone.tombstone_id, 'manual',
        NULL, 'taken down by ' || gone.author || ': ' || gone.because
    FROM (
        SELECT DISTINCT unnest(row_keys) AS row_text, forgotten_at, tombstone_id, author, because FROM ops.tombstones
    ) AS gone

    UNION ALL
    SELECT 'core.claim_checks',
        CAST(to_json({'article_id': article_id, 'part': part, 'start_offset': start_offset, 'end_offset': end_offset})
            AS VARCHAR),
        if(verdict_after IS NULL, 'deleted', 'updated'), 'evidence', changed_at, changed_at,
        CAST(to_json({'verdict': verdict_before, 'warehouse_value': warehouse_value_before}) AS VARCHAR),
        CASE WHEN verdict_after IS NOT NULL
            THEN CAST(to_json({'verdict': verdict_after, 'warehouse_value': warehouse_value_after}) AS VARCHAR) END,
        changes.snapshot_id, changes.snapshot_id, coalesce(snapshots.source_id, 'unmatched'), run_id,
        if(verdict_after IS NULL, 'judged: the article no longer makes the claim',
            'judged: evidence came, or a version of the article')
    FROM ops.verdict_changes AS changes LEFT JOIN raw.snapshots AS snapshots USING (snapshot_id)
)
SELECT change.table_name, change.row_key, change.change, change.cause, change.known_from, change.public_from,
    change.old_json, change.new_json, change.old_snapshot_id, change.new_snapshot_id, change.source_id,
    coalesce(change.run_id, change.run.run_id, change.runs[1].run_id) AS run_id,
    coalesce(change.why, CASE change.cause
        WHEN 'first' THEN 'new: nobody had said anything of it here'
        WHEN 'source' THEN 'restated: the source says otherwise'
        WHEN 'late' THEN 'late: an older answer came after a newer one'
        WHEN 'parser' THEN 'code: version ' || coalesce(change.runs[1].code_version, 'unknown')
            || ' had misread the same bytes, which version ' || coalesce(change.run.code_version, 'unknown') || ' reads'
        ELSE coalesce('correction by ' || corrected.author || ' (' || corrected.change_text || '): ' || corrected.because,
            if(change.source_id = 'manual', 'brought in: a person wrote it down',
                'rejection: what stood here was read from an answer that a person rejected'))
    END) AS why
FROM (
    SELECT told.*, brought.runs,
        -- The last run before it was known. A person's record of what is gone is told by the first that brought it.
        list_filter(brought.runs, lambda run: run.started_at <= told.known_from
            AND told.change NOT IN ('withdrawn', 'forgotten'))[-1] AS run
    FROM told LEFT JOIN brought ON brought.snapshot_id = told.new_snapshot_id
) AS change
LEFT JOIN corrected ON corrected.snapshot_id = change.new_snapshot_id
