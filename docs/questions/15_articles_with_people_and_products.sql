-- How many articles a day are about the company, its people and its products counted with it?
SELECT CAST(timezone('Asia/Hong_Kong', article.published_at) AS DATE) AS day,
    count(DISTINCT article_id) AS articles,
    count(DISTINCT article_id) FILTER (link.via = 'person') AS naming_people,
    count(DISTINCT article_id) FILTER (link.via = 'product') AS naming_products
FROM core.article_companies AS link JOIN core.articles AS article USING (article_id)
WHERE link.company_id = 'xiaomi'
GROUP BY day ORDER BY day
