"""Which addresses are feeds, and which could be the page of an article: no network, no body.

An article has no mark in its address, so a page is whatever is left: not an asset, not a front page, not a
call of an interface, not a regulator, an exchange or a platform for which there are sources of their own.
"""

import re
from urllib.parse import SplitResult, parse_qs, urlsplit

_FEED_HOST = re.compile(r"^(feeds?|rss|feeds2|rssfeeds?|rsshub)\.")
_FEED_ENDINGS = (".rss", ".atom", ".rdf")
_FEED_NAMES = re.compile(
    r"(feed|rss2?|atom|rdf|newsfeed|rssfeed|rssindex)(\.(xml|json|rdf|php|html?|aspx?|ashx))?"
    r"|(index|all|news|latest|market_currents|press-releases|news-releases)\.(rdf|rss|atom)"
    r"|[a-z0-9_.-]*[-_.](rss|feed|atom)\.(xml|json)|(rss|feed|atom)[-_][a-z0-9_.-]+\.xml|(index|market_currents)\.xml"
    r"|feed-[a-z-]+"
)
_FEED_FOLDERS = frozenset({"rss", "feed", "feeds", "rssfeed", "rssfeeds", "newsfeeds", "atom"})
_FEED_QUERY = {
    "output": ("rss", "atom"),
    "alt": ("rss", "atom"),
    "format": ("rss", "atom", "feed"),
    "feed": ("rss", "rss2", "atom", "rdf"),
}
_SITE_MAP = re.compile(
    r".*site[-_]?map.*\.(?:xml|txt|php|aspx?|jss)(?:\.gz)?|.*google[-_]?news.*\.xml(?:\.gz)?"
    r"|(?:news[-_]?)?sitemap(?:[-_]?(?:index|news))?"
)
_ASSET = re.compile(
    r"\.(?:jsx?|mjs|css|map|png|jpe?g|gif|webp|avif|svg|ico|bmp|tiff?|pdf|xml|xsd|json|jsonp|txt|csv|tsv|xlsx?|docx?|pptx?"
    r"|zip|gz|tgz|rar|7z|mp3|mp4|m4a|m3u8|webm|avi|mov|wav|ogg|woff2?|ttf|eot|otf|rss|atom|rdf|opml|apk|exe|dmg|wasm|idx|warc)$",
    re.IGNORECASE,
)
_API_LABEL = re.compile(
    r"^(?:[a-z0-9-]*api\d*|oauth|graph|query\d+|data|datacenter|push\d*(?:his)?|cdn\d*|static|img\d*|images?)$"
)
_API_PATH = re.compile(
    r"/(?:(?:[a-z]+-)*api|ajax|xrpc|graphql|rest|jsonp|youtubei|cgi-bin|wp-json|oembed)(?:/|$)", re.IGNORECASE
)
_OTHER_HOSTS = (
    # regulators, exchanges, central banks and statistics
    "sec.gov", "hkexnews.hk", "hkex.com.hk", "cninfo.com.cn", "szse.cn", "sse.com.cn", "ecb.europa.eu", "hkma.gov.hk",
    "imf.org", "stlouisfed.org", "bankofcanada.ca", "bankofengland.co.uk", "eservices.mas.gov.sg", "jpx.co.jp",
    # market data
    "gtimg.cn", "sinajs.cn", "push2.eastmoney.com", "push2his.eastmoney.com", "alphavantage.co", "stooq.com",
    "openexchangerates.org", "exchangerate.host", "apilayer.net", "apilayer.com", "frankfurter.dev", "er-api.com",
    # platforms
    "bilibili.com", "weibo.com", "weibo.cn", "youtube.com", "youtu.be", "x.com", "twitter.com", "t.co", "t.me",
    "instagram.com", "tiktok.com", "douyin.com", "facebook.com", "kuaishou.com", "xiaohongshu.com", "bsky.app",
    "reddit.com", "threads.net", "pinterest.com", "whatsapp.com", "discord.com", "mastodon.social", "github.com",
    "githubusercontent.com", "googleapis.com", "gstatic.com",
    # addresses of other people's pages
    "news.google.com",
)  # fmt: skip
_NO_FEEDS = ("sec.gov", "wikipedia.org")
_PROFILE = re.compile(r"^/@[^/]+(?:\.rss)?/?$")


def is_feed_address(url: str) -> bool:
    """Tell whether an address looks like a feed of articles."""
    parts = _parts(url)
    if parts is None or _is_of(parts.hostname or "", _NO_FEEDS) or _PROFILE.match(parts.path):
        return False
    host = parts.hostname or ""
    if host == "news.google.com":
        return parts.path.startswith(("/rss", "/atom")) and not parts.path.startswith("/rss/articles/")
    names = [name for name in parts.path.lower().split("/") if name]
    if is_site_map_address(url):
        return False
    if _FEED_HOST.match(host) and (names or parts.query) and not _API_PATH.search(parts.path):
        return not _is_asset_of_feed_host(parts.path)
    if names and (names[-1].endswith(_FEED_ENDINGS) or _FEED_NAMES.fullmatch(names[-1])):
        return True
    if (names and names[0] in _FEED_FOLDERS) or "feeds" in names[:-1] or names[-2:-1] == ["rss"]:
        return True
    query = {name.lower(): [value.lower() for value in values] for name, values in parse_qs(parts.query).items()}
    return any(value in known for name, known in _FEED_QUERY.items() for value in query.get(name, []))


def is_site_map_address(url: str) -> bool:
    """Tell whether an address looks like a site map or an index of site maps."""
    parts = _parts(url)
    if parts is None or _is_of(parts.hostname or "", _NO_FEEDS):
        return False
    name = parts.path.lower().rstrip("/").rpartition("/")[2]
    return bool(_SITE_MAP.fullmatch(name)) or (
        name.endswith((".xml", ".xml.gz")) and "/sitemaps/" in parts.path.lower()
    )


def is_article_address(url: str) -> bool:
    """Tell whether the page of an article could stand at an address."""
    parts = _parts(url)
    if parts is None or is_feed_address(url) or is_site_map_address(url):
        return False
    host = parts.hostname or ""
    if parts.path in ("", "/") and not parts.query:
        return False
    if _ASSET.search(parts.path) or _API_PATH.search(parts.path) or _PROFILE.match(parts.path):
        return False
    return not _is_of(host, _OTHER_HOSTS) and not _API_LABEL.match(host.partition(".")[0])


def _parts(url: str) -> SplitResult | None:
    """Split an address of the web; None for another scheme, a host that is missing or one that is malformed."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return parts if parts.scheme in ("http", "https") and parts.hostname else None


def _is_asset_of_feed_host(path: str) -> bool:
    return bool(re.search(r"\.(?:jpe?g|png|gif|webp|mp3|mp4|css|js)$", path, re.IGNORECASE))


def _is_of(host: str, sites: tuple[str, ...]) -> bool:
    return any(host == site or host.endswith(f".{site}") for site in sites)
