"""What a page says about its article, in the order in which its places can be trusted.

JSON-LD first, then OpenGraph and named meta elements, then microdata and what a reader sees. The headline
on the page confirms the one in the head: portals cut `og:title` at a quotation mark, and the first heading
is often the name of a section.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from lxml import etree

from extractors.news import json_ld
from extractors.news.addresses import chosen_canonical, resolve, site_of
from extractors.news.byline import Byline, read_byline
from extractors.news.dates import DAY, WrittenTime, read_time
from extractors.news.languages import language_of
from extractors.news.page_authors import authors_of
from extractors.news.page_times import chosen_time
from extractors.news.page_titles import chosen_title
from extractors.news.page_tree import drop_hidden, elements, visible_text
from extractors.news.plain_text import to_line

_SHARED = ("og:title", "twitter:title")
_TITLES = ("og:title", "twitter:title", "parsely-title", "sailthru.title", "dc.title", "dcterms.title", "title")
_PUBLISHED = (
    "article:published_time", "article:published", "og:article:published_time", "og:published_time",
    "bt:pubdate", "parsely-pub-date", "sailthru.date", "datepublished", "pubdate", "publishdate", "publish_date",
    "publish-date", "publication_date", "publicationdate", "article.published", "article:create_at",
    "weibo: article:create_at", "weibo:article:create_at", "dc.date.issued", "dcterms.created", "dcterms.date",
    "dc.date", "dc.date.created", "cxenseparse:recs:publishtime", "date", "firstcreatetime", "apub:time",
    "createdate", "og:time", "og:release_date", "article_date_original", "ptime",
)  # fmt: skip
_MODIFIED = (
    "article:modified_time", "article:modified", "og:updated_time", "og:article:modified_time", "datemodified",
    "lastmod", "last-modified", "dcterms.modified", "dc.date.modified", "revised", "parsely-updated", "update_time",
)  # fmt: skip
_SUMMARIES = ("og:description", "description", "twitter:description", "dc.description", "sailthru.description")
_IMAGES = ("og:image", "og:image:url", "og:image:secure_url", "twitter:image", "twitter:image:src", "parsely-image-url")
_SITES = ("og:site_name", "application-name", "al:android:app_name", "cre", "publisher", "dc.publisher")
_LISTS = ("website", "blog", "object", "profile", "product")
_MANY_ARTICLES = 6
_WINDOW = (200, 500)
_MARKED_TIMES = elements("//*[@itemprop='datePublished']")


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a page says about its article; empty where it says nothing."""

    title: str
    canonical_url: str
    publisher: str
    language: str
    published: WrittenTime | None
    modified: WrittenTime | None
    authors: tuple[str, ...] = ()
    editors: tuple[str, ...] = ()
    summary: str = ""
    image_url: str = ""
    says_article: bool = False
    """The page calls itself an article."""
    says_list: bool = False
    """The page calls itself a list or a site, or is built like one."""
    says_paid: bool = False
    """The page says that part of it is for subscribers."""
    stated_body: str = field(default="", repr=False)
    """The text in JSON-LD: often a teaser, sometimes all of it."""


def read_metadata(tree: etree._Element, url: str, seen_at: datetime) -> Metadata:
    """Read what a page says about itself; its scripts are gone from the tree afterwards."""
    page = _Page(tree, url)
    title = page.title
    language = language_of(page.declared_language, title + " " + page.first("description", "og:description"))
    byline = page.byline(title, seen_at)
    article = page.article or {}
    published = chosen_time(list(page.published(seen_at)), byline.published, language)
    modified = read_time(json_ld.text_of(article.get("dateModified")), seen_at) or next(
        (found for found in page.times(_MODIFIED, seen_at) if found), None
    )
    return Metadata(
        title=title,
        canonical_url=page.canonical_url,
        publisher=page.site_name,
        language=language,
        published=published,
        modified=modified,
        authors=authors_of(
            tree, page.article or {}, page.metas, byline, page.site_name, is_chinese=language[:2] == "zh"
        ),
        editors=byline.editors,
        summary=to_line(json_ld.text_of(article.get("description")) or page.first(*_SUMMARIES)),
        image_url=page.image_url,
        says_article=page.article is not None or page.first("og:type").lower() in ("article", "news", "news.article"),
        says_list=page.is_list,
        says_paid=json_ld.is_paid(article) or page.first("article:content_tier") in ("locked", "metered"),
        stated_body=json_ld.text_of(article.get("articleBody")),
    )


class _Page:
    """The tree of a page with its meta elements by name."""

    def __init__(self, tree: etree._Element, url: str) -> None:
        self.url = url
        self.tree = tree
        self.metas: dict[str, list[str]] = {}
        for one in tree.iter("meta"):
            name = one.get("property") or one.get("name") or one.get("itemprop") or ""
            if name and (content := (one.get("content") or "").strip()):
                self.metas.setdefault(name.strip().lower(), []).append(content)
        blocks = [one.text or "" for one in tree.iter("script") if "ld+json" in (one.get("type") or "").lower()]
        drop_hidden(tree)
        self.article = json_ld.article_of(blocks)
        self.itself = json_ld.page_of(blocks)
        self.is_list = (
            json_ld.is_list(blocks)
            or self.first("og:type").lower() in _LISTS
            or sum(1 for _ in tree.iter("article")) >= _MANY_ARTICLES
        )

    def all(self, *wanted: str) -> Iterator[str]:
        """Give the contents of the meta elements of these names, in the order of the names."""
        for name in wanted:
            yield from self.metas.get(name, ())

    def first(self, *wanted: str) -> str:
        """Give the first content, or nothing."""
        return next(self.all(*wanted), "")

    def times(self, wanted: Iterable[str], seen_at: datetime) -> Iterator[WrittenTime | None]:
        """Read the times in meta elements."""
        return (read_time(text, seen_at) for text in self.all(*wanted))

    def marked_times(self, seen_at: datetime) -> Iterator[WrittenTime | None]:
        """Read the times that microdata marks in the text."""
        for one in _MARKED_TIMES(self.tree):
            yield read_time(one.get("datetime") or one.get("content") or visible_text(one), seen_at)

    def published(self, seen_at: datetime) -> Iterator[WrittenTime]:
        """Give the times of publication that the page states; of places further down only where none is exact yet."""
        article, itself = self.article or {}, self.itself or {}
        is_exact = False
        for found in (
            read_time(json_ld.text_of(article.get("datePublished")), seen_at),
            *self.times(_PUBLISHED, seen_at),
            read_time(json_ld.text_of(itself.get("datePublished")), seen_at),
        ):
            if found is not None:
                is_exact = is_exact or found.precision != DAY
                yield found
        if not is_exact:
            yield from filter(None, self.marked_times(seen_at))

    @cached_property
    def lines(self) -> dict[str, None]:
        """The pieces of text that a reader sees, in order."""
        body = self.tree.find("body")
        pieces: Iterator[str] = (self.tree if body is None else body).itertext()  # type: ignore[assignment]
        return dict.fromkeys(filter(None, map(" ".join, map(str.split, pieces))))

    @cached_property
    def declared_language(self) -> str:
        """The language as the page declares it."""
        stated = json_ld.text_of((self.article or {}).get("inLanguage"))
        element = self.tree.get("lang") or self.tree.get("{http://www.w3.org/XML/1998/namespace}lang") or ""
        return element or stated or self.first("og:locale", "content-language", "language", "dc.language")

    @cached_property
    def site_name(self) -> str:
        """The outlet by its own name."""
        publisher = json_ld.text_of((self.article or {}).get("publisher"))
        return to_line(self.first("og:site_name") or publisher or self.first(*_SITES))

    @cached_property
    def title(self) -> str:
        """The headline without the name of the site."""
        headline = to_line(json_ld.text_of((self.article or {}).get("headline")))
        head = [to_line(text) for text in (*self.all(*_TITLES), *self._title_element())]
        headings = [to_line(visible_text(one)) for one in self.tree.iter("h1")]
        site = site_of(self.url)
        sites = [name for name in (self.site_name, site, site.partition(".")[0]) if name]
        shared = [to_line(text) for text in self.all(*_SHARED)]
        return chosen_title(headline, head, headings, sites, self.lines, shared)

    def _title_element(self) -> list[str]:
        return [one.text for one in self.tree.iter("title") if one.text and one.text.strip()][:1]

    @cached_property
    def canonical_url(self) -> str:
        """The address that the page gives for itself, if it can be believed."""
        article = self.article or {}
        links = [one.get("href", "") for one in self.tree.iter("link") if "canonical" in (one.get("rel") or "").lower()]
        stated = [json_ld.address_of(article.get(name)) for name in ("mainEntityOfPage", "url")]
        return chosen_canonical(tuple(filter(None, [*links, *self.all("og:url"), *stated])), self.url)

    @cached_property
    def image_url(self) -> str:
        """The lead picture."""
        address = self.first(*_IMAGES) or json_ld.address_of((self.article or {}).get("image"))
        return resolve(address, self.url) if address else ""

    def byline(self, title: str, seen_at: datetime) -> Byline:
        """Read the line beside the headline, and what stands below the text."""
        text = "\n".join(self.lines)
        place = text.find(title) if title else -1
        before, after = _WINDOW
        if place < 0:
            return read_byline("", "", "", seen_at)
        end = place + len(title)
        return read_byline(text[max(0, place - before) : place], text[end : end + after], text[end:], seen_at)
