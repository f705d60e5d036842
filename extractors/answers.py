"""What an answer is before anyone reads it: data, a block page, a wall, an error.

Statuses and markers from what public projects recorded about these hosts. A marker alone proves nothing
on a long page: one page in ten of genuine news holds a captcha script, so markers count only in a
short page, in the title, or where something other than HTML was expected.
"""

import re

from extractors.errors import NothingThere, RateLimited, Refused, ShapeChanged, Unavailable
from extractors.snapshot import Snapshot

_BLOCK_MARKERS = re.compile(
    rb"<title>\s*(just a moment|attention required|please wait|access denied|before you continue|robot or human)"
    rb"|cf[_-]chl[_-]|jschl|id=\"challenge-form\"|captcha-delivery\.com|acw_sc__v2|aliyun_waf|px-captcha|_Incapsula_Resource"
    rb"|undeclared automated tool|request rate threshold exceeded|sina visitor system|kinsoku jikou desu"
    rb"|request was banned|guce\.yahoo|consent\.(yahoo|google|youtube)\.",
    re.IGNORECASE,
)
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
    if snapshot.headers.get("cf-mitigated") == "challenge":
        return True
    return len(snapshot.body) < _GENUINE_LENGTH and bool(_BLOCK_MARKERS.search(snapshot.body))


def refuse_html(snapshot: Snapshot) -> None:
    """Raise for a page of HTML where data was asked for.

    Raises Refused for a block page and for any other HTML: a source that answers a data call with a page
    has turned us away, and the bytes are kept for whoever wants to look.
    """
    head = snapshot.body.lstrip(b"\xef\xbb\xbf \r\n\t")[:256].lower()
    if head.startswith((b"<!doctype html", b"<html", b"<head", b"<script")) or is_block_page(snapshot):
        raise Refused("block_page", snapshot.at("a page of HTML in place of data"))


def retry_after(snapshot: Snapshot) -> float | None:
    """Read `Retry-After` in seconds; a date in it is the client's to resolve, since it needs a clock."""
    value = snapshot.headers.get("retry-after", "").strip()
    return float(value) if value.isdigit() else None
