"""Pages of articles: headline, time, authors and text.

Published by   the outlets that the feeds on the watch list point to
Read from      the page itself, once per article, where the feed says that its pages may be read
Know that      a challenge page holds thousands of characters and is no article, so that is judged first;
               portals put their own name where the author belongs; 责任编辑 is the editor; a page behind a
               paywall gives its beginning; the text is kept only where the operator says that it may be
"""

import re
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime

from htmldate import find_date
from lxml import etree

from extractors.answers import refuse_block_page, require_ok
from extractors.client import Client, Fetched
from extractors.errors import NothingThere, Refused
from extractors.news.addresses import is_home_page, resolve
from extractors.news.dates import WrittenTime, read_time
from extractors.news.page_addresses import is_article_address
from extractors.news.page_links import links_of
from extractors.news.page_metadata import Metadata, read_metadata
from extractors.news.page_text import body_of
from extractors.news.page_tree import TooLarge, bounded_tree_of
from extractors.news.sentences import prose_length
from extractors.news.text_decoding import decode
from extractors.reading import Reading
from extractors.snapshot import Snapshot
from extractors.source import Pace, Query, Source

SOURCE = Source(
    "news_articles",
    title="Pages of news articles",
    publisher="the outlets on the watch list",
    kind="news",
    home_url="https://schema.org/NewsArticle",
    pace=Pace(5),
    tables=("core.articles_by_source",),
    terms="Each outlet's own; headline, link and summary are kept, the text only where the operator states permission.",
)

_MOST_PAGES_OF_HOST = 50
_MOST_HOPS = 5
_REFRESH = re.compile(
    rb"<meta[^>]{0,60}http-equiv=[\"']?refresh[\"']?[^>]{0,60}content=[\"']?\s*(\d+)\s*;\s*url=[\"']?([^\"'>]+)",
    re.IGNORECASE,
)
_REFRESH_LENGTH = 4_000
_PAGE = re.compile(r"<(?:!doctype html|html|head|body|div|article|p)[\s>]", re.IGNORECASE)
_FIRST_ELEMENT = re.compile(r"<([A-Za-z][\w:.-]*)")
_OTHER_DOCUMENTS = frozenset({"rss", "feed", "rdf:rdf", "urlset", "sitemapindex", "opml", "svg"})
_LEAST_PROSE = {True: 80, False: 250}
"""Characters in sentences, on a page that shows a time; for Chinese, Japanese and Korean, and for the rest."""
_UNDATED_TAKES = 2
_PAYWALL_CLASS = re.compile(
    rb"class=[\"'][^\"'<>]{0,500}(?:paywall|metered-?content|subscriber-?only|premium-content|regwall)"
)
_PAYWALL_CLASSES = (b"paywall", b"metered", b"subscriber", b"premium-content", b"regwall")
"""One of these stands on every page that the pattern above matches."""
_PAYWALL_WORDS = (
    b"subscribe to continue", b"subscribe to read", b"to continue reading", b"already a subscriber",
    b"subscribers only",
)  # fmt: skip
_PAYWALL_WORDS_ELSEWHERE = ("会員限定", "有料会員", "付费阅读", "订阅后", "登录后阅读", "開通會員")
_SHORT = 1_500
_LEAST_OF_STUB = 60
"""Characters in sentences, beside the summary, from which a page behind a paywall gives some of its text."""
_MOST_BYTES = 20_000_000
_ONLY_THE_YEAR = "-01-01"
"""What the search of a page says where it found a year and no day."""


@dataclass(frozen=True, slots=True)
class Article:
    """One article as its page gives it."""

    url: str
    canonical_url: str
    title: str
    publisher: str
    """The outlet by its own name; empty where the page gives none."""
    language: str
    published: WrittenTime | None
    modified: WrittenTime | None
    authors: tuple[str, ...]
    editor: str
    """Who edited it, as the page names them; several are parted by commas."""
    summary: str
    body: str = field(repr=False)
    """Its paragraphs, one a line."""
    links: tuple[str, ...] = field(repr=False)
    """Addresses that its paragraphs link to, in order."""
    image_url: str
    is_partial: bool
    """Behind a paywall, or cut."""


def matches(url: str) -> bool:
    """Tell whether the page of an article could stand at an address; the last source that is offered one."""
    return is_article_address(url)


def fetch(client: Client, query: Query) -> Iterator[Fetched]:
    """Ask for the pages that feeds of this run point to, a bounded number of each host."""
    asked: Counter[str] = Counter()
    for link in dict.fromkeys(query.links):
        host = re.sub(r"^https?://([^/?#]+).*$", r"\1", link.lower())
        if not is_article_address(link) or asked[host] >= _MOST_PAGES_OF_HOST:
            continue
        asked[host] += 1
        yield from _follow(client, link, host)


def parse(snapshot: Snapshot) -> Reading[Article]:
    """Read the page of one article.

    Raises Refused for a block page and for a paywall that shows nothing of the text, NothingThere with `too_large` for
    a page beyond the bounds of one, and with `not_an_article` for a list, a front page, an app shell, a page that only
    leads on, and whatever else is no article.
    """
    refuse_block_page(snapshot)
    require_ok(snapshot)
    if len(snapshot.body) > _MOST_BYTES:
        raise NothingThere("too_large", snapshot.at(f"{len(snapshot.body)} bytes are no page of an article"))
    if target := refresh_target(snapshot):
        raise NothingThere("not_an_article", snapshot.at(f"a page that only leads to {target}"))
    text = decode(snapshot)
    if is_home_page(snapshot.url) or not _is_page(text):
        raise NothingThere("not_an_article", snapshot.at("a front page or no page at all"))
    try:
        tree = bounded_tree_of(text)
    except TooLarge as error:
        raise NothingThere("too_large", snapshot.at(f"no page of an article: {error}")) from error
    except (ValueError, etree.ParserError) as error:
        raise NothingThere("not_an_article", snapshot.at(f"a page without elements: {error}")) from error
    return Reading((_read(tree, text, snapshot),))


def _read(tree: etree._Element, text: str, snapshot: Snapshot) -> Article:
    """Read a page from its tree, of which nothing is left but the text of the article."""
    metadata = read_metadata(tree, snapshot.url, snapshot.fetched_at)
    published = metadata.published or _dated(tree, snapshot.url, snapshot.fetched_at)
    body = body_of(tree, stated=metadata.stated_body, title=metadata.title)
    if _is_stub(metadata, body, snapshot, text):
        raise Refused("paywall", snapshot.at(f"the text is for subscribers only: {metadata.title!r}"))
    if not _is_article(metadata, body):
        raise NothingThere("not_an_article", snapshot.at(f"a page without the text of an article: {metadata.title!r}"))
    return Article(
        url=snapshot.url,
        canonical_url=metadata.canonical_url,
        title=metadata.title,
        publisher=metadata.publisher,
        language=metadata.language,
        published=published,
        modified=metadata.modified,
        authors=metadata.authors,
        editor=", ".join(metadata.editors),
        summary=metadata.summary,
        body=body,
        links=links_of(tree, body, snapshot.url),
        image_url=metadata.image_url,
        is_partial=metadata.says_paid or _is_cut(body, snapshot, text),
    )


def refresh_target(snapshot: Snapshot) -> str:
    """Give where a page sends its reader on at once; empty for a page that only refreshes itself."""
    found = _REFRESH.search(snapshot.body[:_REFRESH_LENGTH])
    if found is None or int(found.group(1)) > 10 or len(snapshot.body) > _REFRESH_LENGTH:
        return ""
    target = resolve(found.group(2).decode("utf-8", errors="replace"), snapshot.url)
    return target if target != snapshot.url else ""


def _is_page(text: str) -> bool:
    """Tell HTML from feeds, site maps and data."""
    first = _FIRST_ELEMENT.search(text)
    return first is not None and first.group(1).lower() not in _OTHER_DOCUMENTS and bool(_PAGE.search(text))


def _follow(client: Client, link: str, host: str) -> Iterator[Fetched]:
    """Ask for a page and for those that it leads to without HTTP saying so."""
    seen: set[str] = set()
    while link and link not in seen and len(seen) < _MOST_HOPS:
        seen.add(link)
        fetched = client.get(SOURCE, link, chunk=host)
        yield fetched
        link = refresh_target(fetched.snapshot) if fetched.snapshot is not None else ""


def _is_article(metadata: Metadata, body: str) -> bool:
    prose = prose_length(body)
    if not metadata.title:
        return False
    if metadata.says_article:
        return prose > 0 or metadata.says_paid or bool(metadata.published and metadata.summary)
    if metadata.says_list and not metadata.published:
        return False
    least = _LEAST_PROSE[metadata.language[:2] in ("zh", "ja", "ko")]
    return prose >= (least if metadata.published else least * _UNDATED_TAKES)


def _is_cut(body: str, snapshot: Snapshot, text: str) -> bool:
    """Tell a short text that ends in dots, or stands on a page that asks its reader to pay."""
    if len(body) >= _SHORT:
        return False
    if body.rstrip('"”’」)] ').endswith(("...", "…")):
        return True
    return _asks_to_pay(snapshot, text)


def _is_stub(metadata: Metadata, body: str, snapshot: Snapshot, text: str) -> bool:
    """Tell a page that shows headline, summary and offer only from one that gives the beginning of its text."""
    shown = body.replace(metadata.summary, "", 1) if metadata.summary else body
    if prose_length(shown) >= _LEAST_OF_STUB or not metadata.title:
        return False
    return metadata.says_paid or _asks_to_pay(snapshot, text)


def _asks_to_pay(snapshot: Snapshot, text: str) -> bool:
    lower = snapshot.body.lower()
    if any(word in lower for word in _PAYWALL_WORDS) or any(word in text for word in _PAYWALL_WORDS_ELSEWHERE):
        return True
    return any(word in lower for word in _PAYWALL_CLASSES) and _PAYWALL_CLASS.search(lower) is not None


def _dated(tree: etree._Element, url: str, seen_at: datetime) -> WrittenTime | None:
    """Search a page that does not state its day; the answer is never finer than that.

    Only where a page marks its day: the search of all that it says finds years in pictures and in the small print.
    """
    found = find_date(
        deepcopy(tree),
        extensive_search=False,
        original_date=True,
        url=url,
        max_date=seen_at.date().isoformat(),
        min_date="1995-01-01",
    )
    return read_time(found, seen_at) if found and not found.endswith(_ONLY_THE_YEAR) else None
