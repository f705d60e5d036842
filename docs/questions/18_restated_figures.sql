-- Which figures did a later document restate, and by how much? (Those of the sample were each stated once: no rows.)
SELECT company_id, metric, period_kind AS period, period_end_date AS until, count(DISTINCT filing_id) AS documents,
    arg_min(value, available_at) AS first, arg_max(value, available_at) AS newest
FROM core.financial_facts_by_source
WHERE NOT is_convenience_translation AND NOT is_derived
GROUP BY company_id, metric, segment, period_kind, period_start_date, period_end_date, currency, accounting_basis
HAVING first <> newest
ORDER BY until DESC, company_id, metric
