"""One address for one article, however many addresses lead to it."""

import re
from base64 import b64decode
from hashlib import sha256
from urllib.parse import parse_qs, parse_qsl, unquote, urlencode, urljoin, urlsplit, urlunsplit

from w3lib.url import canonicalize_url

_TRACKING = re.compile(
    r"utm_.*|fbclid|gclid|dclid|msclkid|yclid|twclid|mc_cid|mc_eid|mkt_tok|igshid|spm|scm|from|isappinstalled|\.?tsrc"
    r"|guccounter|guce_.*|ncid|soc_src|soc_trk|cmpid|smid|smtyp|ref|ref_src|ref_url|srcref|share.*|_ga|_gl|traffic_source"
    r"|at_(medium|campaign|custom.*|link.*|format|bbc_team)|srnd|xtor|wt\.mc.*|ocid|taid|maca|outputtype|amp",
    re.IGNORECASE,
)
_TRACKING_OF_HOST = {
    "sina.com.cn": re.compile(r"cre|mod|loc|r|doct|rfunc|tj|tr|wm|vt|pos|cid|_?zbs_.*"),
    "sina.cn": re.compile(r"cre|mod|loc|r|doct|rfunc|tj|tr|wm|vt|pos|cid|_?zbs_.*"),
    "marketwatch.com": re.compile(r"mod|siteid"),
    "wsj.com": re.compile(r"mod|st|reflink"),
    "barrons.com": re.compile(r"mod|siteid"),
    "news.google.com": re.compile(r"oc|hl|gl|ceid"),
    "scmp.com": re.compile(r"module|pgtype"),
    "36kr.com": re.compile(r"f"),
    "hket.com": re.compile(r"mtc"),
}
"""Keys that only count visits on these sites and select the story on others (`mod` on forums, `cid` on portals)."""
_STORY_KEYS = frozenset({"id", "newsid", "articleid", "p", "aid", "keyword"})
_MOBILE = re.compile(r"^(?:www\d?|m|wap|3g|amp|mobile)\.(?=[^.]+\.[^.]+)")
_AMP_CACHE = re.compile(r"^/[cv]/(s/)?(?P<page>.+)$")
_AMP_END = re.compile(r"(?:/amp(?:\.html)?/?|\.amp(?=\.html$|$))$", re.IGNORECASE)
_NO_SITE = re.compile(
    r"(^|\.)(localhost|local|test|invalid|internal)$|^[\d.:\[\]]+$|^(staging|stage|dev|preview|preprod)[.-]"
)
_ABSOLUTE = re.compile(r"https?://[A-Za-z0-9.-]+[A-Za-z0-9](?::\d{1,4})?(?:/[^\s#?]*(?:\?[^\s#]+)?(?:#[^\s#]+)?)?")
_GOOGLE_NEWS = re.compile(r"https?://news\.google\.com/(?:rss/)?(?:articles|read)/([A-Za-z0-9_-]+)")
_IN_TOKEN = re.compile(rb"https?://[\x21-\x7e]+")
_WRAPPERS = {"www.google.com": ("url", "q"), "google.com": ("url", "q"), "news.url.google.com": ("url",)}


def resolve(link: str, base: str) -> str:
    """Make a link absolute; what is no address of the web becomes empty, so that one bad link spoils no page."""
    if _ABSOLUTE.fullmatch(link):
        return link
    try:
        address = urljoin(base, re.sub(r"[\t\r\n]", "", link).strip().replace(" ", "%20"))
        parts = urlsplit(address)
        port_is_readable = parts.port is None or parts.port >= 0
    except ValueError:
        return ""
    return address if parts.scheme in ("http", "https") and parts.hostname and port_is_readable else ""


def unwrap(link: str) -> str:
    """Give the target of a redirect that carries it in the open, as Google Alerts do."""
    if "google" not in link:
        return link
    if token := _GOOGLE_NEWS.match(link):
        return _inside_token(token.group(1)) or link
    parts = urlsplit(link)
    for name in _WRAPPERS.get((parts.hostname or "").lower(), ()):
        for target in parse_qs(parts.query).get(name, []):
            if parts.path == "/url" and target.startswith(("http://", "https://")) and resolve(target, link):
                return target
    return link


def _inside_token(token: str) -> str:
    """Find the address that a token of Google News held until 2024; later ones are opaque, and nobody is asked."""
    try:
        data = b64decode(token + "=" * (-len(token) % 4), altchars=b"-_")
    except ValueError:
        return ""
    found = _IN_TOKEN.search(data)
    return resolve(found.group(0).decode("ascii"), "https://news.google.com/") if found else ""


def canonical_address(url: str) -> str:
    """Normalise an address: case, port, fragment, order of the query, tracking keys, copies for AMP."""
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    cached = _AMP_CACHE.match(parts.path) if host.endswith(".cdn.ampproject.org") else None
    if cached:
        scheme = "https" if cached.group(1) else "http"
        return canonical_address(f"{scheme}://{cached.group('page')}" + (f"?{parts.query}" if parts.query else ""))
    port = f":{parts.port}" if parts.port and (parts.scheme, parts.port) not in (("http", 80), ("https", 443)) else ""
    path = _AMP_END.sub("", _without_dots(parts.path)) or "/"
    query = [
        (name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if not _is_tracking(name, host)
    ]
    fragment = parts.fragment if parts.fragment.startswith("!") else ""
    plain = urlunsplit((parts.scheme.lower(), host + port, path, urlencode(query), fragment))
    address: str = canonicalize_url(plain, keep_fragments=bool(fragment))
    return address


def _is_tracking(name: str, host: str) -> bool:
    if name.lower() in _STORY_KEYS:
        return False
    if _TRACKING.fullmatch(name):
        return True
    return any(
        keys.fullmatch(name) for site, keys in _TRACKING_OF_HOST.items() if host == site or host.endswith(f".{site}")
    )


def _without_dots(path: str) -> str:
    """Resolve `/a/../b`, which no library here does."""
    if "/." not in path:
        return path
    return urlsplit(urljoin("http://host/", "http://host" + path)).path if path.startswith("/") else path


def article_id(canonical_url: str) -> str:
    """Name an article: http and https, with and without www, the mobile twin and a closing slash are one."""
    parts = urlsplit(canonical_url)
    host = _MOBILE.sub("", (parts.hostname or "").lower())
    path = unquote(parts.path).rstrip("/")
    return sha256(f"{host}{path}?{parts.query}#{parts.fragment}".encode()).hexdigest()[:16]


def site_of(url: str) -> str:
    """Name the site of an address: its host without `www.` or a prefix for phones."""
    return _MOBILE.sub("", (urlsplit(url).hostname or "").lower())


def is_same_site(one: str, other: str) -> bool:
    """Tell whether two addresses belong to one publisher, going by the registered part of the host."""
    return _registered(one) == _registered(other)


def _registered(url: str) -> str:
    labels = (urlsplit(url).hostname or "").lower().split(".")
    is_second_level = (
        len(labels) > 2
        and len(labels[-1]) == 2
        and labels[-2] in ("co", "com", "net", "org", "gov", "edu", "ac", "or", "ne", "go")
    )
    return ".".join(labels[-3:] if is_second_level else labels[-2:])


def is_public(url: str) -> bool:
    """Tell whether an address is one that others can open: not a machine's own, not a staging host."""
    return not _NO_SITE.search(urlsplit(url).hostname or "localhost")


def is_home_page(url: str) -> bool:
    """Tell whether an address is the front page of a site."""
    parts = urlsplit(url)
    return (parts.path in ("", "/") and not parts.query) or bool(
        re.fullmatch(r"/(index|default|home)\.\w+", parts.path, re.IGNORECASE) and not parts.query
    )


def chosen_canonical(candidates: tuple[str, ...], url: str) -> str:
    """Choose the first believable canonical address; the page's own one where none is.

    A front page, another site, a staging host and a relative address without a base are mistakes of templates.
    """
    for candidate in candidates:
        address = resolve(candidate, url)
        if not address or (is_home_page(address) and not is_home_page(url)):
            continue
        if not is_public(address) or not is_same_site(address, url):
            continue
        return canonical_address(address)
    return canonical_address(url)
