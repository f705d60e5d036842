"""Articles, and whom they are about."""

from warehouse.tables.quotes import CHOICE
from warehouse.tables.table import (
    Check,
    Freshness,
    Load,
    Table,
    flag,
    instant,
    integer,
    integers,
    number,
    provenance,
    text,
    texts,
)

ARTICLES_BY_SOURCE = Table(
    "core.articles_by_source",
    grain="one article, as a feed or its own page gives it",
    columns=(
        text("article_id", "Hash of the canonical address"),
        text("canonical_url", "The one address of the article, tracking keys dropped"),
        text("url", "Address that was read", in_content=False),
        text("outlet", "Who published it"),
        text("title", "Headline, entities undone once"),
        texts("authors", "Authors as named; an editor is not one", optional=True),
        text("editor", "Who edited it, as the page names them; several parted by commas", optional=True),
        text("language", "Language, BCP 47", optional=True),
        instant(
            "published_at", "When it was published; empty where the source gives no believable time", optional=True
        ),
        text("published_text", "That time as the source wrote it", optional=True),
        text("published_precision", "day, minute or second", optional=True),
        instant("modified_at", "When it was last changed, as the page says", optional=True),
        text("summary", "The outlet's own summary", optional=True),
        text("body", "Paragraphs of the text; only where the operator states that the outlet allows it", optional=True),
        integer("body_length", "Characters in the body that was read", optional=True, unit="characters"),
        text("body_hash", "Hash of the body, so that an edit is seen without keeping the text", optional=True),
        integers(
            "text_sketch",
            "Smallest hashes of its runs of words: texts that share many of them tell the same story",
            optional=True,
        ),
        text(
            "body_mentions_json",
            "Whom the body names, found when it was read: start, end, as written, kind and id of each",
            optional=True,
        ),
        text(
            "claims_json",
            "What headline and body (without one the summary) state in numbers, found when they were read",
            optional=True,
        ),
        texts("links", "Addresses that its paragraphs link to, in their order", optional=True),
        text("image_url", "Lead picture", optional=True),
        flag("is_partial", "Behind a paywall, or cut"),
        text("feed_id", "Feed that led to it", optional=True, in_content=False),
        *provenance("Time of publication, or the first sight of it where that is not known"),
    ),
    key=("article_id", "source_id"),
    checks=(Check("title_is_not_empty", "length(title) > 0"),),
)

ARTICLES = Table(
    "core.articles",
    grain="one article in its current version, from its page where that was read",
    columns=(*ARTICLES_BY_SOURCE.columns, *CHOICE),
    key=("article_id",),
    load=Load.CHOSEN,
    chosen_from=ARTICLES_BY_SOURCE.name,
    fresh_within=Freshness("published_at", hours=48),
)

ARTICLE_MENTIONS = Table(
    "core.article_mentions",
    grain="one name at one place of an article",
    columns=(
        text("article_id", "The article", references="core.articles"),
        text("part", "title, summary or body; the summary only for names that the body lacks"),
        integer("start_offset", "Place of its first character in that part, from 0", unit="characters"),
        integer("end_offset", "Place after its last character", unit="characters"),
        text("text_as_written", "The name as it stands there"),
        text("entity_kind", "company, person or product"),
        text("entity_id", "Our id of whom it names"),
        *provenance("Time of publication of the article"),
    ),
    key=("article_id", "part", "start_offset", "entity_id"),
    load=Load.DERIVED,
    keeps_past=True,
)

ARTICLE_COMPANIES = Table(
    "core.article_companies",
    grain="one article and a company that it is about, and by which way",
    columns=(
        text("article_id", "The article", references="core.articles"),
        text("company_id", "The company", references="core.companies"),
        text("via", "itself, person or product"),
        text("entity_id", "Whose name stands in the text"),
        integer("mention_count", "How often, by core.article_mentions", unit="mentions"),
        flag("is_main", "The company stands in the headline, or is named most"),
        *provenance("Time of publication of the article"),
    ),
    key=("article_id", "company_id", "via", "entity_id"),
    load=Load.DERIVED,
    keeps_past=True,
)

STORIES = Table(
    "core.stories",
    grain="one story: an event that one or several articles tell",
    columns=(
        text("story_id", "Article id of the earliest telling", references="core.articles"),
        text("title", "Headline of the original"),
        text("earliest_article_id", "The telling that was published first", references="core.articles"),
        text(
            "original_article_id",
            "The telling that most others credit, else the earliest that is whole",
            references="core.articles",
        ),
        integer("article_count", "Articles that tell it", unit="articles"),
        integer("outlet_count", "Outlets that tell it", unit="outlets"),
        instant("first_published_at", "When the earliest was published, or first seen where it gives no time"),
        instant("last_published_at", "The same of the latest"),
        *provenance("Time of publication of the original"),
    ),
    key=("story_id",),
    load=Load.DERIVED,
    keeps_past=True,
)

STORY_ARTICLES = Table(
    "core.story_articles",
    grain="one article and the story that it tells",
    columns=(
        text("story_id", "The story", references="core.stories"),
        text("article_id", "The article", references="core.articles"),
        flag("is_earliest", "Published before the others"),
        flag("is_original", "The others go back to it"),
        number("shared_pct", "Sketch that it shares with the nearest other telling; 0 when alone", unit="%"),
        *provenance("Time of publication of the article"),
    ),
    key=("article_id",),
    load=Load.DERIVED,
    keeps_past=True,
)

TABLES = (ARTICLES_BY_SOURCE, ARTICLES, ARTICLE_MENTIONS, ARTICLE_COMPANIES, STORIES, STORY_ARTICLES)
