"""What robots.txt allows (RFC 9309), and by which of its lines.

A file that is not there allows everything; one that cannot be had for trouble of the host's own forbids everything.
"""

import codecs
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock, RLock
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from protego import Protego

from extractors.settings import PRODUCT

_SIZE = 512 * 1024
_LONGEST_DELAY = 60.0
_AGE = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether an address may be asked, by which rule, and how long to wait between two."""

    is_allowed: bool
    rule: str
    delay_seconds: float = 0.0
    reason: str = "robots"
    """The reason of a refusal: the rules themselves, or `robots_unavailable` for as long as they cannot be had."""


@dataclass(frozen=True, slots=True)
class RobotsFile:
    """The robots.txt of one host, or what stands in for it."""

    rules: Any = field(repr=False)
    """Protego's rules; None where there is no file to go by."""
    text: str = field(repr=False)
    says: str = ""
    """What holds for every address where there are no rules."""
    allows: bool = True

    def verdict(self, url: str) -> Verdict:
        """Judge one address."""
        if self.rules is None:
            return Verdict(self.allows, self.says, reason="robots_unavailable")
        is_allowed = bool(self.rules.can_fetch(url, PRODUCT))
        delay = min(float(self.rules.crawl_delay(PRODUCT) or 0), _LONGEST_DELAY)
        named = _rule(self.text, url, is_allowed)
        return Verdict(
            is_allowed, named or ("allowed: no rule for it" if is_allowed else "denied by robots.txt"), delay
        )


class RobotsFiles:
    """The robots.txt of each host, asked for once a day. Shared by all threads."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._lock = Lock()
        self._locks: dict[str, RLock] = {}
        self._known: dict[str, tuple[datetime, RobotsFile]] = {}

    def of(self, origin: str, fetch: Callable[[], RobotsFile]) -> RobotsFile:
        """Give the file of a host, fetching it where it is not known or a day old."""
        with self._lock:
            mine = self._locks.setdefault(origin, RLock())
        with mine:
            at, known = self._known.get(origin, (None, None))
            if at is None or known is None or self._now() - at >= _AGE:
                known = fetch()
                self._known[origin] = (self._now(), known)
            return known


def read_robots(status: int, body: bytes) -> RobotsFile:
    """Read an answer to a request for robots.txt."""
    if 200 <= status < 300:
        text = _text(body[:_SIZE])
        return RobotsFile(Protego.parse(text), text)
    if 400 <= status < 500:
        return RobotsFile(None, "", f"allowed: no robots.txt (status {status})")
    return RobotsFile(None, "", f"denied: robots.txt answers with status {status}", allows=False)


def _text(body: bytes) -> str:
    """Decode a file: in UTF-8 by the standard, in UTF-16 where a mark says so, since some hosts write that.

    Read as UTF-8 such a file would have no rules, and forbid nothing.
    """
    is_wide = body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return body.decode("utf-16" if is_wide else "utf-8-sig", errors="replace")


def robots_url(url: str) -> str:
    """Give the address of the robots.txt that an address falls under."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}/robots.txt"


def site_maps(text: str, url: str) -> tuple[str, ...]:
    """List the site maps that a robots.txt names, each once; the lines belong to no group and may be relative."""
    found = (line.partition("#")[0].partition(":") for line in text.splitlines() if not line.lstrip().startswith("#"))
    named = (value.strip() for name, _, value in found if name.strip().lower() == "sitemap")
    return tuple(dict.fromkeys(urljoin(url, value) for value in named if value))


def _rule(text: str, url: str, is_allowed: bool) -> str:
    """Name the line that decided: the longest one of our group that fits."""
    field_name = "allow" if is_allowed else "disallow"
    agent, lines = _group(text)
    fitting = [value for name, value in lines if name == field_name and _fits(value, url)]
    if not fitting:
        return ""
    word = "allowed" if is_allowed else "denied"
    return f"{word}: {field_name.capitalize()}: {max(fitting, key=len)} (User-agent: {agent})"


def _fits(value: str, url: str) -> bool:
    """Let Protego judge the line by itself; the plain beginning of most lines settles it before."""
    begin = unquote(value.partition("*")[0].partition("$")[0])
    parts = urlsplit(url)
    if not unquote(f"{parts.path or '/'}?{parts.query}").startswith(begin):
        return False
    return not Protego.parse(f"User-agent: *\nDisallow: {value}").can_fetch(url, PRODUCT)


def _group(text: str) -> tuple[str, list[tuple[str, str]]]:
    """Give the lines that are meant for us, or those for everybody where none are."""
    groups: dict[str, list[tuple[str, str]]] = {}
    agents: list[str] = []
    is_heading = False
    for line in text.splitlines():
        name, _, value = line.partition("#")[0].partition(":")
        name, value = name.strip().lower(), value.strip()
        if name == "user-agent":
            agents = [*agents, value.lower()] if is_heading else [value.lower()]
            is_heading = True
        elif name in ("allow", "disallow"):
            is_heading = False
            for agent in agents if value else []:
                groups.setdefault(agent, []).append((name, value))
    ours = PRODUCT.lower()
    return (ours, groups[ours]) if ours in groups else ("*", groups.get("*", []))
