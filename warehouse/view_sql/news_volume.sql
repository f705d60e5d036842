WITH told AS (
    SELECT link.via, link.entity_id, link.company_id, link.is_main, link.article_id, article.outlet, telling.story_id,
        CAST(timezone('Asia/Hong_Kong', coalesce(article.published_at, article.available_at)) AS DATE) AS date
    FROM core.article_companies AS link
    JOIN core.articles AS article USING (article_id)
    JOIN core.story_articles AS telling USING (article_id)
),
-- A company counts by any way; a person and a product by their own name.
named AS (
    SELECT company_id, 'company' AS entity_kind, company_id AS entity_id, date, story_id, article_id, outlet, is_main
    FROM told
    UNION ALL
    SELECT company_id, via, entity_id, date, story_id, article_id, outlet, is_main
    FROM told WHERE via <> 'itself'
),
stories AS (
    SELECT company_id, entity_kind, entity_id, date, story_id, count(DISTINCT article_id) AS article_count
    FROM named GROUP BY ALL
),
biggest AS (
    SELECT company_id, entity_kind, entity_id, date, count(*) AS story_count,
        arg_max(story_id, (article_count, story_id)) AS biggest_story_id
    FROM stories GROUP BY ALL
)
SELECT named.company_id, named.entity_kind, named.entity_id, named.date,
    count(DISTINCT named.article_id) AS article_count, any_value(biggest.story_count) AS story_count,
    count(DISTINCT named.outlet) AS outlet_count,
    count(DISTINCT named.article_id) FILTER (named.is_main) AS main_article_count,
    any_value(biggest.biggest_story_id) AS biggest_story_id
FROM named JOIN biggest USING (company_id, entity_kind, entity_id, date)
GROUP BY ALL
