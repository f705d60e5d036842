WITH told AS (
    SELECT DISTINCT article_id, article.outlet, telling.story_id,
        CAST(timezone('Asia/Hong_Kong', coalesce(article.published_at, article.available_at)) AS DATE) AS date
    FROM core.article_companies AS link JOIN core.articles AS article USING (article_id)
    JOIN core.story_articles AS telling USING (article_id) WHERE link.company_id = 'xiaomi'
),
days AS (
    SELECT date, count(*) AS article_count, count(DISTINCT outlet) AS outlet_count FROM told GROUP BY date
    ORDER BY article_count DESC, date LIMIT 10
),
stories AS (SELECT date, story_id, count(*) AS tellings FROM told SEMI JOIN days USING (date) GROUP BY ALL),
biggest AS (SELECT date, arg_max(story_id, (tellings, story_id)) AS story_id FROM stories GROUP BY date)
SELECT days.date, days.article_count, days.outlet_count, story.title AS biggest_story
FROM days JOIN biggest USING (date) LEFT JOIN core.stories AS story USING (story_id) ORDER BY days.article_count DESC, days.date
