"""Every recorded feed and site map, against what stands in it, what its own comment says, and three other readers.

No value here comes from our own reader: titles, links, counts and times are those of the truth table, of the
expectation that each small feed carries in a comment, or were read in the bytes by hand.
"""

import re
from ast import literal_eval
from collections import Counter
from collections.abc import Callable

import pytest

from extractors.news.feed_entries import Entry
from extractors.news.plain_text import to_line
from extractors.news.site_map_xml import FurtherMap
from tests.recorded_news import body, feeds_truth, files, read, recorded

pytestmark = recorded

NOT_AS_OTHERS = {
    "feeds/subs.opml.gz": ("shape_changed", "root"),
    "feeds_small/illformed_rss_empty_document.xml": ("shape_changed", "root"),
    "feeds_small/illformed_rss_incomplete_cdata.xml": ("unavailable", "truncated"),
    "feeds_small/wellformed_rdf_doctype_contains_entity_decl.xml": ("shape_changed", "entities"),
}
"""What is no feed, ends in the middle of an entry, or declares entities: read in the bytes by hand."""
UNGUESSABLE = "feeds_small/encoding_bozo_linenoise.xml"
"""Bytes of no encoding, which every reader takes for something else."""
SHARE_TO_COVER = 0.95

SITE_MAPS = {
    "atom.xml": (1, "http://example.org/2003/12/13/atom03", "Atom-Powered Robots Run Amok"),
    "hebdenbridgetimes-articles-sitemap.xml": (
        -1,
        "http://www.hebdenbridgetimes.co.uk/news/local/video-tour-de-yorkshire-in-calderdale-1-7242580",
        "VIDEO - Tour de Yorkshire in Calderdale",
    ),
    "pagemaps-sitemap.xml": (2, "http://www.example.com/foo", ""),
    "shinpaideshou-news-sitemap.xml": (
        -1,
        "https://shinpaideshou.wordpress.com/2017/04/25/job-opening-reischauer-policy-research-fellow/",
        "Job Opening: Reischauer Policy Research Fellow",
    ),
    "sitemap-images.xml": (1, "http://www.example.com/images/some_image_landing_page.html", ""),
    "sitemap-links.xml": (3, "http://www.example.com/english/", ""),
    "sitemap-mobile.xml": (3, "http://www.example.com/mobile-friendly-1/", ""),
    "sitemap-news.xml": (2, "http://www.example.org/business/article55.html", "Companies A, B in Merger Talks"),
    "sitemap-videos-tvshow.xml": (1, "", "My TV Show! - Thu, Jun 05, 2025"),
    "sitemap-videos.xml": (
        3,
        "http://www.example.com/videos/some_video_landing_page.html",
        "Grilling steaks for summer",
    ),
    "sitemap.badns.xml": (2, "http://www.example.com/1", ""),
    "sitemap.ns.xml": (2, "http://www.example.com/1", ""),
    "trafilatura_sitemap-hreflang.xml": (3, "http://www.example.com/english/page.html", ""),
    "trafilatura_sitemap.xml": (-1, "https://www.sitemaps.org/", ""),
}
"""Addresses (-1: as many as there are `<loc>` of pages), the first one (empty: looked at below) and its headline."""
INDEXES = {
    "sitemap.index.xml": (15, "https://example.com/sitemap.jss?portalCode=10260&lang=en"),
    "trafilatura_sitemap2.xml": (2, "http://www.example.com/sitemap1.xml.gz"),
}


def entries(file: str) -> tuple[Entry, ...]:
    return read(file, "news_feeds").reading.records


def in_bytes(file: str) -> int:
    """Count the entries that begin in the bytes, outside of comments."""
    plain = re.sub(rb"<!--.*?-->", b"", body(file).replace(b"\0", b""), flags=re.DOTALL)
    return len(re.findall(rb"<(?:\w+:)?(?:item|entry)[\s>]", plain, re.IGNORECASE))


def test_every_feed_and_site_map_has_a_stated_outcome(record_property: Callable[[str, object], None]) -> None:
    judged: Counter[str] = Counter()
    for kind in ("feeds", "feeds_small"):
        for file in files(kind):
            stated = stated_of(file)
            answer = read(file, "news_feeds")
            assert (answer.outcome.value, answer.reason) == stated, file
            judged[stated[0]] += 1
    for file in files("sitemaps"):
        assert read(file, "news_site_maps").outcome.value == "ok", file
        judged["ok"] += 1
    unsupported = 0
    covered = sum(judged.values()) - unsupported
    record_property("covered", f"{covered} of {sum(judged.values())}")
    for outcome, number in judged.items():
        record_property(outcome, number)
    assert covered / sum(judged.values()) >= SHARE_TO_COVER
    assert sum(judged.values()) == len(files("feeds")) + len(files("feeds_small")) + len(files("sitemaps"))


def stated_of(file: str) -> tuple[str, str]:
    """Give outcome and reason of a feed: data where other readers found entries, or where one begins in the bytes."""
    has_entries = file in feeds_truth() or in_bytes(file) > 0
    return NOT_AS_OTHERS.get(file) or (("ok", "") if has_entries else ("nothing_there", "empty_feed"))


def test_feeds_hold_what_three_other_readers_found() -> None:
    for file, truth in feeds_truth().items():
        found = entries(file)
        counts = [int(truth[f"entries_{reader}"]) for reader in ("feedparser", "fastfeedparser", "lxml")]
        assert len(found) == max(counts), file
        titles = {_packed(found[0].title), _packed(found[0].title + found[0].outlet)}
        assert _packed(to_line(truth["first_title"])) in titles, file
        assert found[0].published is not None, file


def test_first_links_are_as_written_or_made_whole() -> None:
    """A relative link is resolved, a wrapper of Google's is undone, and feedburner's own link is the original."""
    differs = {
        f: truth["first_link"] for f, truth in feeds_truth().items() if entries(f)[0].link != truth["first_link"]
    }
    for file, written in differs.items():
        link = entries(file)[0].link
        is_resolved = written.startswith("/") and link.endswith(written)
        is_unwrapped = "google.com/url?" in written and written.partition("&url=")[2].startswith(link)
        is_original = "feedproxy.google.com" in written and link.encode() in body(file)
        assert is_resolved or is_unwrapped or is_original, (file, written, link)


_FIELDS: dict[str, Callable[[Entry], str]] = {
    "title": lambda one: one.title,
    "link": lambda one: one.link,
    "id": lambda one: one.guid,
    "guid": lambda one: one.guid,
    "summary": lambda one: one.description,
    "description": lambda one: one.description,
    "content": lambda one: one.content,
    "published": lambda one: one.published_text,
    "author": lambda one: ", ".join(one.authors),
    "author_detail.name": lambda one: ", ".join(one.authors),
    "tags.term": lambda one: one.tags[-1],
}
_EXPECTED = re.compile(
    r"entries\[0\](?:\.|\[')(\w+)(?:'\])?(?:\[\d\]\['(\w+)'\]|\['(\w+)'\])? == ('(?:[^'\\]|\\.)*'|\"\"\".*?\"\"\")",
    re.DOTALL,
)
_CHARACTER = re.compile(r"ord\(entries\[0\]\['description'\]\) == (\d+)")


def _expected(file: str) -> tuple[str, str] | None:
    """Read the expectation in a small feed's comment, where it is about a field of an entry that we keep."""
    comment = re.search(r"Expect:\s*(.*?)\s*-->", body(file).replace(b"\0", b"").decode("latin-1"), re.DOTALL)
    said = comment.group(1) if comment else ""
    if one := _CHARACTER.search(said):
        return "description", chr(int(one.group(1)))
    found = _EXPECTED.search(said)
    if found is None:
        return None
    name, inner, detail, value = found.groups()
    part = inner if inner != "value" else None
    field = ".".join(filter(None, (name, part or detail)))
    return (field, literal_eval(value)) if field in _FIELDS else None


def test_small_feeds_hold_what_their_comments_expect() -> None:
    judged = {file: said for file in files("feeds_small") if (said := _expected(file)) and file != UNGUESSABLE}
    for file, (field, expected) in judged.items():
        got = _FIELDS[field](entries(file)[0])
        assert (got if field == "title" else to_line(got)) == to_line(expected), (file, field)
    assert len(judged) >= 34


def test_small_feeds_hold_every_entry_that_begins_in_them() -> None:
    for file in files("feeds_small"):
        if file not in NOT_AS_OTHERS:
            assert len(entries(file)) == in_bytes(file), file


@pytest.mark.parametrize(
    ("name", "encoding"),
    [
        ("koi8r", "koi8_r"),
        ("tis620", "cp874"),
        ("windows1255", "cp1255"),
        ("gb2312", "gb18030"),
        ("euckr", "cp949"),
        ("eucjp", "euc_jp"),
        ("shiftjis", "cp932"),
        ("big5", "big5"),
    ],
)
def test_a_feed_that_names_no_encoding_is_read_in_the_one_that_its_comment_names(name: str, encoding: str) -> None:
    file = f"feeds_small/illformed_chardet_{name}.xml"
    text = body(file).decode(encoding)
    found = [one.title or one.description for one in read(file, "news_feeds").reading.records]
    assert len(found) == in_bytes(file) and all(words[:30] in text for words in found)


@pytest.mark.parametrize("name", SITE_MAPS)
def test_site_maps_hold_their_addresses(name: str) -> None:
    number, link, title = SITE_MAPS[name]
    file = f"sitemaps/{name}"
    found = [one for one in read(file, "news_site_maps").reading.records if isinstance(one, Entry)]
    written = len(re.findall(rb"<loc>", body(file)))
    assert len(found) == (number if number >= 0 else written)
    assert found[0].title == title and (not link or found[0].link == link)
    assert all(one.link.encode() in body(file) or b"&amp;" in body(file) for one in found)


def test_indexes_lead_to_their_maps() -> None:
    for name, (number, first) in INDEXES.items():
        found = read(f"sitemaps/{name}", "news_site_maps").reading.records
        assert [type(one) for one in found] == [FurtherMap] * number and found[0].url == first
    mixed = read("sitemaps/trafilatura_sitemap-hreflang.xml", "news_site_maps").reading.records
    assert sum(isinstance(one, FurtherMap) for one in mixed) == 1


def test_times_of_site_maps() -> None:
    news = read("sitemaps/sitemap-news.xml", "news_site_maps").reading.records
    assert [(one.published_text, one.published.precision) for one in news] == [
        ("2008-12-23", "day"),
        ("2025-05-27", "day"),
    ]
    assert news[0].tags[-2:] == ("NASDAQ:A", "NASDAQ:B") and news[0].feed_title == "The Example Times"
    blog = read("sitemaps/shinpaideshou-news-sitemap.xml", "news_site_maps").reading.records
    assert blog[0].published_text == "2017-04-25T10:00:36+00:00" and blog[0].language == "en"
    plain = read("sitemaps/trafilatura_sitemap.xml", "news_site_maps").reading.records
    assert {one.published for one in plain} == {None} and {one.modified.text for one in plain if one.modified} == {
        "2016-11-21"
    }


def _packed(text: str) -> str:
    return re.sub(r"\W+", "", text).casefold()
