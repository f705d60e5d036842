-- Which outlets state numbers that what was known contradicts, and how often can nobody here tell?
SELECT article.outlet, count(*) AS claims, count(*) FILTER (verdict = 'supported') AS supported,
    count(*) FILTER (verdict = 'imprecise') AS imprecise, count(*) FILTER (verdict = 'contradicted') AS contradicted,
    count(*) FILTER (verdict = 'unverifiable') AS unverifiable
FROM core.claim_checks JOIN core.articles AS article USING (article_id)
GROUP BY article.outlet
ORDER BY contradicted DESC, claims DESC, article.outlet
