-- Which closes are missing, whose doing is it, and why: the greatest holes of the newest run?
SELECT subject_id, whose, missing_count AS missing, first_missing_date AS since, reason
FROM ops.completeness
WHERE missing_count > 0 AND what = 'daily_closes'
QUALIFY run_id = first_value(run_id) OVER (ORDER BY measured_until DESC)
ORDER BY missing DESC, subject_id
LIMIT 6
