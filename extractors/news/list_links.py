"""Headlines with links and times on a page that lists articles, whatever the site.

A link counts as an article's where its address has the mark of one (a date, a long number, a slug of several words)
and its text is long enough for a headline: menus have neither. The time of an article stands beside its link, in the
largest element that holds no link to another article; else in the address itself.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from urllib.parse import unquote, urlsplit

from lxml import etree

from extractors.news.addresses import canonical_address, is_home_page, is_same_site, resolve
from extractors.news.dates import WrittenTime, read_time
from extractors.news.feed_entries import Entry
from extractors.news.page_addresses import is_article_address
from extractors.news.page_tree import visible_lines, visible_text

_SECTION = re.compile(
    r"/(?:keywords?|tags?|topics?|authors?|users?|profile|search|categor(?:y|ies)|archives?|live|room)/", re.IGNORECASE
)
_OUTSIDE = frozenset({"nav", "footer"})
_HEADINGS = ("h1", "h2", "h3", "h4")
_HIGHEST = 6
"""How many elements above a link its time is looked for."""
_LONGEST_TIME = 60
_LONGEST_TITLE = 200
_HAN = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_LEAST_HAN = 7
_LEAST_WORDS = 4
_DAY_IN_ADDRESS = re.compile(
    r"(?<!\d)(20\d{2})[/-]?(0[1-9]|1[0-2])[/-]?(0[1-9]|[12]\d|3[01])(?!\d)|/(\d{2})/(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])/"
)
_LONG_NUMBER = re.compile(r"\d{5,}")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+){3,}", re.IGNORECASE)
_PAGE_WITH_NUMBER = re.compile(r"[^/]*\d[^/]*\.(?:s|j|x)?html?$|^[A-Z0-9]{12,}\.html$")


def list_entries(tree: etree._Element, url: str, seen_at: datetime) -> tuple[Entry, ...]:
    """Read the articles that a page lists, each once, in the order of the page."""
    base = next((found for one in tree.iter("base") if (found := resolve(one.get("href", ""), url))), url)
    language = tree.get("lang") or ""
    anchors = [(one, link) for one in tree.iter("a") if (link := _story(one, base, url))]
    rows = _rows(anchors)
    titles: dict[str, str] = {}
    places: dict[str, list[etree._Element]] = defaultdict(list)
    for anchor, link in anchors:
        title = _title(anchor)
        places[link].append(anchor)
        if len(title) > len(titles.get(link, "")):
            titles[link] = title
    return tuple(
        _entry(link, title, rows, places[link], seen_at, language)
        for link, title in titles.items()
        if _is_headline(title)
    )


def has_mark_of_article(link: str) -> bool:
    """Tell whether an address has what those of articles have and those of sections have not."""
    parts = urlsplit(link)
    path = unquote(parts.path)
    if _SECTION.search(path):
        return False
    last = path.rstrip("/").rpartition("/")[2]
    return bool(
        _DAY_IN_ADDRESS.search(path)
        or _LONG_NUMBER.search(last)
        or _SLUG.search(last)
        or _PAGE_WITH_NUMBER.search(last)
        or _LONG_NUMBER.search(parts.query)
    )


def _story(anchor: etree._Element, base: str, url: str) -> str:
    """Give the address of the article that a link leads to; empty for any other link."""
    href = anchor.get("href", "").strip()
    if not href or href.startswith(("#", "javascript:", "mailto:")):
        return ""
    link = resolve(href, base)
    if not link or not is_same_site(link, url) or not is_article_address(link) or is_home_page(link):
        return ""
    if not has_mark_of_article(link) or any(one.tag in _OUTSIDE for one in anchor.iterancestors()):
        return ""
    return link.partition("#")[0]


def _rows(anchors: list[tuple[etree._Element, str]]) -> dict[etree._Element, set[str]]:
    """Say for each element above a link which articles it links to."""
    found: dict[etree._Element, set[str]] = defaultdict(set)
    for anchor, link in anchors:
        for above, one in enumerate(anchor.iterancestors()):
            if above >= _HIGHEST:
                break
            found[one].add(canonical_address(link))
    return found


def _title(anchor: etree._Element) -> str:
    """Read a headline: the heading inside a link that spans a whole card, its text, or what it shows on hovering."""
    heading = next((one for one in anchor.iter(*_HEADINGS) if visible_text(one)), None)
    text = visible_text(heading if heading is not None else anchor)
    stated = " ".join(anchor.get("title", "").split())
    is_cut = text.endswith(("…", "...")) and stated.startswith(text.rstrip("….")[:10])
    chosen = stated if stated and (is_cut or not text) else text
    return chosen if len(chosen) <= _LONGEST_TITLE else ""


def _is_headline(title: str) -> bool:
    return len(_HAN.findall(title)) >= _LEAST_HAN or len(title.split()) >= _LEAST_WORDS


def _entry(
    link: str,
    title: str,
    rows: dict[etree._Element, set[str]],
    anchors: list[etree._Element],
    seen_at: datetime,
    language: str,
) -> Entry:
    published = next((found for one in anchors if (found := _time_beside(one, rows, title, seen_at))), None)
    published = published or _day_of(link, seen_at)
    return Entry(
        guid="",
        link=link,
        title=title,
        published=published,
        published_text=published.text if published else "",
        language=language,
    )


def _time_beside(
    anchor: etree._Element, rows: dict[etree._Element, set[str]], title: str, seen_at: datetime
) -> WrittenTime | None:
    """Read the time in the row of a link: what is marked as one first, then what looks like one."""
    row = anchor
    for above, one in enumerate(anchor.iterancestors()):
        if above >= _HIGHEST or one.tag in ("body", "html") or len(rows[one]) > 1:
            break
        row = one
    for text in _time_texts(row):
        if text != title and len(text) <= _LONGEST_TIME and (found := read_time(text, seen_at)):
            return found
    return None


def _time_texts(row: etree._Element) -> Iterator[str]:
    for one in row.iter("time"):
        yield one.get("datetime", "")
    yield from visible_lines(row)


def _day_of(link: str, seen_at: datetime) -> WrittenTime | None:
    """Read the day that stands in an address, never finer than that."""
    found = _DAY_IN_ADDRESS.search(urlsplit(link).path)
    if found is None:
        return None
    year, month, day, short, short_month, short_day = found.groups()
    return read_time(f"{year}-{month}-{day}" if year else f"20{short}-{short_month}-{short_day}", seen_at)
