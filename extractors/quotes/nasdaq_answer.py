"""The envelope of the answers of Nasdaq's site, and what its own status says."""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from extractors.answers import refuse_html, require_ok
from extractors.errors import NothingThere, RateLimited, Refused, SourceError, Unavailable
from extractors.reading import Record, json_body
from extractors.snapshot import Snapshot
from extractors.watchlist import Security

TERMS = "Undocumented endpoint of a public page; the terms forbid automated collection without consent."
WHY_OFF = (
    "It answers browsers, leaves programs that name themselves without an answer, and its terms forbid collection."
)
_PATH = re.compile(r"/api/quote/([^/]+)/(\w+)/?")
_UNKNOWN_SYMBOL = 1001
_EMPTY_WINDOW = 1011


def is_call(url: str, kind: str) -> bool:
    """Tell whether this is a call of one kind, such as `historical`; the host has dozens of others."""
    parts = urlsplit(url)
    found = _PATH.fullmatch(parts.path)
    return parts.hostname == "api.nasdaq.com" and found is not None and found[2].lower() == kind


def symbol_of(snapshot: Snapshot) -> str:
    """Give the symbol that an address asks about."""
    found = _PATH.fullmatch(urlsplit(snapshot.url).path)
    return found[1].upper() if found else ""


def asset_class(line: Security) -> str:
    """Name the kind of a line as the address wants it."""
    return "index" if line.kind == "index" else "stocks"


def data_of(snapshot: Snapshot) -> tuple[Record, Record]:
    """Give the envelope, with its known fields taken, and the data in it.

    Raises NothingThere for an unknown symbol and where there is nothing, Refused, RateLimited or Unavailable as the
    status in the answer says, whatever the one of HTTP is.
    """
    require_ok(snapshot)
    refuse_html(snapshot)
    answer = Record(json_body(snapshot), snapshot)
    status = answer.record("status")
    code, messages = status.integer("rCode"), status.optional("bCodeMessage")
    said = answer.optional("message")
    if code != 200:
        raise _stated(code, messages, snapshot)
    if answer.take("data") is None:
        raise NothingThere("no_data", snapshot.at(str(said or "data is null")))
    return answer, answer.record("data")


def _stated(code: int, messages: object, snapshot: Snapshot) -> SourceError:
    """Make the error that a status in an answer means."""
    first = messages[0] if isinstance(messages, list) and messages else messages
    reason = first.get("code") if isinstance(first, Mapping) else None
    words = snapshot.at(f"rCode {code}, {first}")
    if reason in (_UNKNOWN_SYMBOL, None) and code in (400, 404):
        return NothingThere("unknown_symbol", words)
    if reason == _EMPTY_WINDOW:
        return NothingThere("empty_window", words)
    if code == 429:
        return RateLimited("too_many_requests", words)
    if code in (401, 403):
        return Refused("forbidden", words)
    return Unavailable("server_error", words) if code >= 500 else Refused("bad_request", words)
