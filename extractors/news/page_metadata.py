"""What a page says about its article, in the order in which its places can be trusted.

JSON-LD first, then OpenGraph and named meta elements, then microdata and what a reader sees. The headline
on the page confirms the one in the head: portals cut `og:title` at a quotation mark, and the first heading
is often the name of a section.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from lxml import etree

from extractors.news import json_ld
from extractors.news.addresses import chosen_canonical, resolve, site_of
from extractors.news.byline import Byline, read_byline
from extractors.news.dates import WrittenTime, read_time
from extractors.news.feed_entries import names
from extractors.news.languages import language_of
from extractors.news.page_times import chosen_time
from extractors.news.page_tree import visible_lines, visible_text
from extractors.news.plain_text import to_line

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
_AUTHORS = (
    "author", "article:author", "article.author", "parsely-author", "sailthru.author", "dc.creator", "dcterms.creator",
    "byl", "byline", "cxenseparse:author", "article:author_name", "og:article:author",
)  # fmt: skip
_SUMMARIES = ("og:description", "description", "twitter:description", "dc.description", "sailthru.description")
_IMAGES = ("og:image", "og:image:url", "og:image:secure_url", "twitter:image", "twitter:image:src", "parsely-image-url")
_SITES = ("og:site_name", "application-name", "al:android:app_name", "cre", "publisher", "dc.publisher")
_CUT = re.compile(r"\s+[|｜–—-]\s+|\s*[|｜_]\s*|\s*--\s*|-(?=[^-]*$)")
_LISTS = ("website", "blog", "object", "profile", "product")
_MANY_ARTICLES = 6
_LEAST_SHARE = 0.4
_WINDOW = (200, 500)
_NO_ADDRESS_NAME = re.compile(r"^(?:https?:|//|www\.|@)|\.com(?:/|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a page says about its article; empty where it says nothing."""

    title: str
    canonical_url: str
    site_name: str
    language: str
    published: WrittenTime | None
    modified: WrittenTime | None
    authors: tuple[str, ...] = ()
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
    """Read what a page says about itself."""
    page = _Page(tree, url)
    title = page.title
    language = language_of(page.declared_language, title + " " + page.first("description", "og:description"))
    byline = page.byline(title, seen_at)
    article = page.article or {}
    published = chosen_time(
        [
            read_time(json_ld.text_of(article.get("datePublished")), seen_at),
            *page.times(_PUBLISHED, seen_at),
            read_time(json_ld.text_of((page.itself or {}).get("datePublished")), seen_at),
            *page.marked_times("datePublished", seen_at),
        ],
        byline.published,
        language,
    )
    modified = read_time(json_ld.text_of(article.get("dateModified")), seen_at) or next(
        (found for found in page.times(_MODIFIED, seen_at) if found), None
    )
    return Metadata(
        title=title,
        canonical_url=page.canonical_url,
        site_name=page.site_name,
        language=language,
        published=published,
        modified=modified,
        authors=page.authors(byline, language),
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
        self._metas: dict[str, list[str]] = {}
        for one in tree.iter("meta"):
            name = one.get("property") or one.get("name") or one.get("itemprop") or ""
            if name and (content := (one.get("content") or "").strip()):
                self._metas.setdefault(name.strip().lower(), []).append(content)
        blocks = [one.text or "" for one in tree.iter("script") if "ld+json" in (one.get("type") or "").lower()]
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
            yield from self._metas.get(name, ())

    def first(self, *wanted: str) -> str:
        """Give the first content, or nothing."""
        return next(self.all(*wanted), "")

    def times(self, wanted: Iterable[str], seen_at: datetime) -> Iterator[WrittenTime | None]:
        """Read the times in meta elements."""
        return (read_time(text, seen_at) for text in self.all(*wanted))

    def marked_times(self, mark: str, seen_at: datetime) -> Iterator[WrittenTime | None]:
        """Read the times that microdata marks in the text."""
        for one in self.tree.iter():
            if one.get("itemprop") == mark:
                yield read_time(one.get("datetime") or one.get("content") or visible_text(one), seen_at)

    @cached_property
    def lines(self) -> dict[str, None]:
        """The pieces of text that a reader sees, in order."""
        body = self.tree.find("body")
        return dict.fromkeys(visible_lines(body if body is not None else self.tree))

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
        """The headline: the heading that the head of the page confirms, else what the head says."""
        head = [to_line(text) for text in self._stated_titles()]
        keys = [_key(text) for text in head]
        confirmed = [
            text
            for one in self.tree.iter("h1")
            if (text := to_line(visible_text(one)))
            and any(_agree(_key(text), key) and len(_key(text)) >= len(key) * _LEAST_SHARE for key in keys)
        ]
        return max(confirmed, key=len, default="") or next((self._without_site(text) for text in head), "")

    def _stated_titles(self) -> Iterator[str]:
        yield from filter(None, [json_ld.text_of((self.article or {}).get("headline"))])
        yield from self.all(*_TITLES)
        for one in self.tree.iter("title"):
            if one.text and one.text.strip():
                yield one.text
                break

    def _without_site(self, title: str) -> str:
        """Cut the name of the site, and what follows it, from the end of a title."""
        site = site_of(self.url)
        known = {_key(name) for name in (self.site_name, site, site.partition(".")[0]) if name}
        for end in _CUT.finditer(title):
            parts = [_key(part) for part in _CUT.split(title[end.end() :])]
            is_site = any(_agree(part, name) for part in parts for name in known)
            if len(_key(title[: end.start()])) > 1 and (is_site or title[: end.start()] in self.lines):
                return title[: end.start()]
        return title

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

    def authors(self, byline: Byline, language: str) -> tuple[str, ...]:
        """Name the authors; what Chinese portals put into their head is the portal."""
        stated = names(json_ld.names_of((self.article or {}).get("author")))
        if language.startswith("zh"):
            return byline.authors or tuple(name for name in stated if not byline.is_outlet(name, self.site_name))
        if stated:
            return _people(stated)
        written = [next(iter(self._metas.get(name, [])), "") for name in _AUTHORS]
        for text in filter(None, written):
            if not _NO_ADDRESS_NAME.search(text) and (found := _people(names([text]))):
                return found
        return _people(names(list(self._marked_names())))

    def _marked_names(self) -> Iterator[str]:
        """Give the names in the first author mark and beside it; further marks belong to other articles."""
        first = next((one for one in self.tree.iter() if _marks_author(one)), None)
        if first is None:
            return
        beside = first.getparent()
        for one in (first,) if beside is None else beside:
            if _marks_author(one):
                inner = next((part for part in one.iter() if part.get("itemprop") == "name"), one)
                yield to_line(inner.get("content") or visible_text(inner))

    def byline(self, title: str, seen_at: datetime) -> Byline:
        """Read the line beside the headline."""
        text = "\n".join(self.lines)
        place = text.find(title) if title else -1
        before, after = _WINDOW
        if place < 0:
            return read_byline("", "", seen_at)
        return read_byline(
            text[max(0, place - before) : place], text[place + len(title) : place + len(title) + after], seen_at
        )


def _marks_author(element: etree._Element) -> bool:
    return element.get("itemprop") == "author" or (element.tag == "a" and element.get("rel") == "author")


def _people(found: Iterable[str]) -> tuple[str, ...]:
    return tuple(name for name in found if not _NO_ADDRESS_NAME.search(name))


def _key(title: str) -> str:
    return re.sub(r"\W+", "", title).casefold()


def _agree(one: str, other: str) -> bool:
    return bool(one) and bool(other) and (one in other or other in one)
