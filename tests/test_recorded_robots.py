"""The recorded robots.txt: what each allows us, by its own lines, read by hand after RFC 9309.

The verdicts are those of a product that no file names: the group of `*`, or everything where there is none.
"""

import pytest

from extractors.robots import read_robots, site_maps
from tests.recorded_news import body, files, recorded

pytestmark = recorded

YES, NO = True, False
VERDICTS: dict[str, tuple[dict[str, bool], float, int]] = {
    "bigcharts.marketwatch.com.robots.txt": ({"/": YES, "/RealMedia/a": NO, "/realmedia/a": YES}, 0, 0),
    "cc_astore.amazon.com-robots.txt": ({"/": YES}, 5, 0),
    "cc_crawl-delay-group-merging.txt": ({"/private/": YES, "/login/": YES}, 30, 0),
    "cc_directive-typos-robots.txt": ({"/desallow/": YES, "/useragent/": YES}, 0, 0),
    "cc_dos-line-endings.txt": ({"/": YES}, 1, 0),
    "cc_extended-standard-robots.txt": ({"/a": YES}, 0, 0),
    "cc_extension-robots.txt": ({"/private/": YES, "/admin/": YES}, 0, 1),
    "cc_extensions-group-merging.txt": ({"/": NO, "/llms.txt": YES, "/private/": NO}, 0, 0),
    "cc_format-errors-robots.txt": ({"/whitespace-before-colon/": YES, "/a": YES}, 0, 1),
    "cc_malformed-path.txt": ({"/wiki/Wikipedia_talk:Mediation_Committee/a": NO, "/wiki/Xiaomi": YES}, 0, 0),
    "cc_many-user-agents.txt": ({"/translate/a": NO, "/forum/": NO, "/about": YES}, 0, 0),
    "cc_merge-rules.txt": ({"/foo/bar": NO, "/tmp/bar": NO, "/ckh/bar": YES, "/foo": YES}, 0, 0),
    "cc_precedence-of-rules.txt": ({"/foo": YES}, 0, 0),
    "cc_relative-sitemap-robots.txt": ({"/cache/a": NO, "/files/": NO, "/a": YES}, 0, 1),
    "cc_rfc9309-example-longest-match-robots.txt": ({"/example/page/disallowed.gif": YES}, 0, 0),
    "cc_rfc9309-example-rule-group-merging.txt": ({"/foo": NO, "/bar/1": NO, "/baz": YES}, 0, 0),
    "cc_rfc9309-example-simple-robots.txt": (
        {"/a.gif": NO, "/a.gif?b": YES, "/example/a": NO, "/publications/a": YES, "/publications/a.gif": YES},
        0,
        0,
    ),
    "cc_robots-with-utf16be-bom.txt": ({"/login.aspx": NO, "/a/output/print": NO, "/a": YES}, 0, 1),
    "cc_robots-with-utf16le-bom.txt": ({"/login.aspx": NO, "/a/output/print": NO, "/a": YES}, 0, 1),
    "cc_robots-with-utf8-bom.txt": ({"/login.aspx": NO, "/a/output/print": NO, "/a": YES}, 0, 1),
    "cc_sitemap-robots-dedup.txt": ({"/": YES}, 0, 1),
    "cc_sitemap-robots.txt": ({"/": YES}, 0, 2),
    "cc_twitter.com-robots.txt": (
        {"/search?q=x": NO, "/a/with_friends": NO, "/with_friends": YES, "/search": YES},
        0,
        0,
    ),
    "cc_wildcards.txt": ({"/gp/cart": NO, "/exec/obidos/change-style/1": NO, "/dp/1": YES}, 0, -1),
    "cc_www.flot.com-robots.txt": ({"/upload/a": NO, "/news": YES}, 0, 1),
    "finance.yahoo.com.robots.txt": ({"/r/1": NO, "/_td_api": NO, "/news/a.html": YES}, 0, 3),
    "news.google.com.robots.txt": (
        {"/": YES, "/rss/search?q=x": NO, "/search?q=x": YES, "/news": YES, "/newsx": NO, "/topics/a": YES},
        0,
        0,
    ),
    "news.yahoo.com.robots.txt": ({"/a": YES}, 0, 2),
    "uk.reuters.com.robots.txt": ({"/search": NO, "/article/idUKPTIP1": NO, "/article/x": YES}, 0, 3),
    "www.barrons.com.robots.txt": ({"/video/search/a": NO, "/articles/a": YES}, 0, 5),
    "www.bbc.co.uk.robots.txt": ({"/606/a": NO, "/afrique/search": NO, "/news/business": YES}, 0, -1),
    "www.bloomberg.com.robots.txt": ({"/polska": NO, "/news/articles/a": YES, "/sponsor/": YES}, 0, 14),
    "www.businesswire.com.robots.txt": ({"/rss/home": NO, "/rss.php": NO, "/news/home/1": YES}, 0, 3),
    "www.carscoops.com.robots.txt": ({"/wp-admin/a": NO, "/wp-admin/admin-ajax.php": YES, "/2024/": YES}, 0, 0),
    "www.cnbc.com.robots.txt": ({"/preview/a": NO, "/native-android-mobile": YES, "/2024/a.html": YES}, 0, 4),
    "www.fool.com.robots.txt": ({"/a/feeds/x": YES, "/a/x": NO, "/p/60/": YES, "/p/61/": NO, "/feeds": NO}, 0, 1),
    "www.forbes.com.robots.txt": (
        {"/ajax/a": NO, "/ajax/follow_info": YES, "/following/": NO, "/sites/a/": YES},
        0,
        -1,
    ),
    "www.nytimes.com.robots.txt": (
        {"/svc/a": NO, "/svc/news/v3/all/pshb.rss": YES, "/a.pdf": NO, "/a.html?utm_source=x": NO, "/2024/a.html": YES},
        0,
        6,
    ),
    "www.prnewswire.com.robots.txt": ({"/search/": NO, "/a/b.pdf": NO, "/rss/news-releases-list.rss": YES}, 0, 36),
    "www.reuters.com.robots.txt": ({"/test/a": NO, "/designtech1": NO, "/business/autos/a": YES}, 0, 5),
    "www.scmp.com.robots.txt": ({"/login": NO, "/public/a": NO, "/business/article/1/a": YES}, 10, -1),
    "www.sec.gov.robots.txt": (
        {"/cgi-bin/browse-edgar": NO, "/Archives/edgar/data/1/a.htm": YES, "/core/a": NO, "/core/a.css": YES},
        0,
        4,
    ),
    "www.sina.com.robots.txt": ({"/a": YES}, 0, 0),
    "www.techcrunch.com.robots.txt": (
        {"/search/a": NO, "/wp-admin/": NO, "/wp-admin/admin-ajax.php": YES, "/2024/": YES},
        0,
        2,
    ),
    "www.theguardian.com.robots.txt": ({"/a/print": NO, "/a/print/b": YES, "/articles": NO, "/business/a": YES}, 0, -1),
    "www.wsj.com.robots.txt": ({"/search": NO, "/articles/a": YES}, 0, -1),
    "www.yahoo.com.robots.txt": ({"/p/a": NO, "/digest": NO, "/news/a.html": YES}, 0, -1),
}
"""By file: what an address may be asked, the delay in seconds, and how many site maps it names (-1: not counted)."""


def test_every_recorded_file_is_stated() -> None:
    assert {file.removeprefix("robots/") for file in files("robots")} == set(VERDICTS)


@pytest.mark.parametrize("name", VERDICTS)
def test_a_recorded_file_allows_what_its_lines_allow(name: str) -> None:
    addresses, delay, named = VERDICTS[name]
    found = read_robots(200, body(f"robots/{name}"))
    verdicts = {path: found.verdict(f"https://host.example{path}") for path in addresses}
    assert {path: one.is_allowed for path, one in verdicts.items()} == addresses
    assert {one.delay_seconds for one in verdicts.values()} == {delay}
    maps = site_maps(found.text, "https://host.example/robots.txt")
    assert all(one.startswith("http") for one in maps) and (named < 0 or len(maps) == named)
