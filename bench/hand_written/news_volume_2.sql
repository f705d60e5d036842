SELECT company_id, via AS entity_kind, entity_id, count(DISTINCT article_id) AS articles, count(DISTINCT day) AS days, max(day) AS last_date
FROM (
    SELECT link.company_id, link.via, link.entity_id, article_id,
        CAST(timezone('Asia/Hong_Kong', coalesce(article.published_at, article.available_at)) AS DATE) AS day
    FROM core.article_companies AS link JOIN core.articles AS article USING (article_id)
    WHERE link.via <> 'itself'
)
GROUP BY ALL
ORDER BY articles DESC, entity_id, company_id
