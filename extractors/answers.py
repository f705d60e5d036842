"""What an answer is before anyone reads it: data, a block page, a wall, an error.

Statuses and markers from what public projects recorded about these hosts. A marker alone proves nothing
on a long page: one page in ten of genuine news holds a captcha script, so markers count only in a
short page, in the title, or where something other than HTML was expected.
"""

import re

from extractors.errors import NothingThere, RateLimited, Refused, ShapeChanged, Unavailable
from extractors.snapshot import Snapshot

_BLOCK_TITLE = re.compile(
    rb"<title[^>]*>\s*(?:just a moment|attention required|please wait|access(?: to this page has been)? denied"
    rb"|before you continue|robot or human|are you a robot|pardon our interruption|human verification|security check"
    rb"|one more step|\xe5\xae\x89\xe5\x85\xa8\xe9\xaa\x8c\xe8\xaf\x81)"
    rb"[.!?\xe2\x80\xa6]*\s*(?:(?:[|-]|to )[^<]{0,60})?</title"
)
_BLOCK_MARKERS = (
    b"cf-chl-", b"cf_chl_", b"cf_chl-", b"cf-chl_", b"jschl", b'id="challenge-form"', b"captcha-delivery.com",
    b"acw_sc__v2", b"aliyun_waf", b"px-captcha", b"_incapsula_resource", b"undeclared automated tool",
    b"request rate threshold exceeded", b"sina visitor system", b"kinsoku jikou desu", b"request was banned",
    b"guce.yahoo", b"consent.yahoo.", b"consent.google.", b"consent.youtube.",
)  # fmt: skip
"""In lower case."""
_TINY_MARKERS = re.compile(
    rb"__CF\$cv\$params|/cdn-cgi/challenge-platform/|please enable js and disable|verify (?:that )?you are (?:a )?human"
    rb"|unusual traffic|checking your browser|request unsuccessful|g-recaptcha|h-captcha|cf-turnstile",
    re.IGNORECASE,
)
_WALL_HOST = re.compile(r"^https?://(?:consent|guce|validate|verify|captcha)\.", re.IGNORECASE)
_ARTICLE_MARKS = re.compile(
    rb"\"@type\"\s*:\s*(?:\[[^\]]{0,80})?\"(?:[A-Za-z]*NewsArticle|Article|BlogPosting|LiveBlogPosting)\""
    rb"|<meta[^>]{0,80}og:type[\"'][^>]{0,40}content=[\"']article|<meta[^>]{0,40}content=[\"']article[\"'][^>]{0,40}og:type",
    re.IGNORECASE,
)
_ARTICLE_ELEMENT = re.compile(rb"<article\b.*?</article>", re.IGNORECASE | re.DOTALL)
_MARKUP = re.compile(rb"<script.*?</script>|<style.*?</style>|<[^>]*>|\s+", re.IGNORECASE | re.DOTALL)
_REFUSING = {
    401: "login",
    402: "payment",
    403: "forbidden",
    407: "login",
    412: "banned",
    418: "banned",
    432: "login",
    451: "legal",
}
_GENUINE_LENGTH = 60_000
_GENUINE_TEXT = 1_500
_TINY_LENGTH = 4_000


def require_ok(snapshot: Snapshot) -> None:
    """Let a 2xx answer with a body through and raise what any other one means.

    Raises NothingThere for 404 and 410, Refused for a status that turns us away, RateLimited for 429,
    Unavailable for 5xx, an unfollowed redirect or an empty body, ShapeChanged for any other status.
    """
    status = snapshot.status
    if 200 <= status < 300:
        if not snapshot.body.strip():
            raise Unavailable("empty_body", snapshot.at("the body is empty"))
        return
    if status in (404, 410):
        raise NothingThere("not_found", snapshot.at(f"status {status}"))
    if status in _REFUSING:
        raise Refused(_REFUSING[status], snapshot.at(f"status {status}"))
    if status == 429:
        raise RateLimited("too_many_requests", snapshot.at("status 429"), after_seconds=retry_after(snapshot))
    if status >= 500:
        raise Unavailable("server_error", snapshot.at(f"status {status}"), after_seconds=retry_after(snapshot))
    if 300 <= status < 400:
        raise Unavailable("redirect", snapshot.at(f"status {status} to {snapshot.headers.get('location', 'nowhere')}"))
    raise ShapeChanged(f"status_{status}", snapshot.at(f"status {status}"))


def is_block_page(snapshot: Snapshot) -> bool:
    """Tell whether these bytes are an interstitial, a captcha, a consent wall or a ban, whatever the status."""
    if snapshot.headers.get("cf-mitigated") == "challenge" or _WALL_HOST.match(snapshot.url):
        return True
    body = snapshot.body
    if len(body) >= _GENUINE_LENGTH:
        return False
    lower = body.lower()
    is_marked = any(mark in lower for mark in _BLOCK_MARKERS) or _has_block_title(lower)
    is_tiny_and_marked = not is_marked and len(body) < _TINY_LENGTH and bool(_TINY_MARKERS.search(body))
    return (is_marked or is_tiny_and_marked) and not _is_genuine(body)


def _has_block_title(lower: bytes) -> bool:
    """Judge every title, since pictures inside a page may have one too."""
    start = lower.find(b"<title")
    while start >= 0:
        if _BLOCK_TITLE.match(lower, start):
            return True
        start = lower.find(b"<title", start + 1)
    return False


def _is_genuine(body: bytes) -> bool:
    """Tell an article that happens to hold a marker: it says that it is one, or has the text of one."""
    if _ARTICLE_MARKS.search(body):
        return True
    return any(len(_MARKUP.sub(b"", part)) >= _GENUINE_TEXT for part in _ARTICLE_ELEMENT.findall(body))


def refuse_block_page(snapshot: Snapshot) -> None:
    """Raise for a page that turns us away, whatever its status: a challenge with 503 is no outage.

    Raises Refused.
    """
    if is_block_page(snapshot):
        raise Refused("block_page", snapshot.at(f"a block page with status {snapshot.status}"))


def begins_as_html(body: bytes) -> bool:
    """Tell a page of HTML by its first element."""
    head = body[:1024].lstrip(b"\xef\xbb\xbf \r\n\t")[:256].lower()
    return head.startswith((b"<!doctype html", b"<html", b"<head", b"<script"))


def refuse_html(snapshot: Snapshot) -> None:
    """Raise for a page of HTML where data was asked for.

    Raises Refused for a block page and for any other HTML: a source that answers a data call with a page
    has turned us away, and the bytes are kept for whoever wants to look.
    """
    if begins_as_html(snapshot.body) or is_block_page(snapshot):
        raise Refused("block_page", snapshot.at("a page of HTML in place of data"))


def retry_after(snapshot: Snapshot) -> float | None:
    """Read `Retry-After` in seconds; a date in it is the client's to resolve, since it needs a clock."""
    value = snapshot.headers.get("retry-after", "").strip()
    return float(value) if value.isdigit() else None
