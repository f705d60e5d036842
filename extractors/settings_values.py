"""What stands in each field of `dragongate.toml`: the kinds of values, and what is expected in place of a wrong one."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from extractors.settings import Limits

Kind = Callable[[Any], Any]


class Wrong(ValueError):
    """What was expected in place of a value."""


def flag(value: Any) -> bool:
    """Take true or false."""
    if not isinstance(value, bool):
        raise Wrong("true or false")
    return value


def text(value: Any) -> str:
    """Take any text."""
    if not isinstance(value, str):
        raise Wrong("text in quotes")
    return value


def day(value: Any) -> date:
    """Take a calendar day."""
    if type(value) is not date:
        raise Wrong("a date like 2026-01-31, without quotes")
    return value


def amount(expected: str) -> Kind:
    """Make the kind of a number that is 0 or more."""

    def take(value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < float("inf"):
            raise Wrong(expected)
        return float(value)

    return take


def whole(expected: str, least: int, most: float = float("inf")) -> Kind:
    """Make the kind of a whole number between two."""

    def take(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise Wrong(expected)
        return value

    return take


def web_address(example: str) -> Kind:
    """Make the kind of an address of the web; an empty one is none."""

    def take(value: Any) -> str:
        found = text(value)
        if found and not _is_of_the_web(found):
            raise Wrong(f"an address like {example}")
        return found

    return take


def _is_of_the_web(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False


def severity(value: Any) -> str:
    """Take page or ticket."""
    if value not in ("page", "ticket"):
        raise Wrong('"page", or "ticket" for everything')
    return str(value)


def zone(value: Any) -> str:
    """Take the name of a time zone."""
    name = text(value)
    if name not in available_timezones():
        raise Wrong('a time zone like "Asia/Hong_Kong"')
    return name


def names(value: Any) -> tuple[str, ...]:
    """Take a list of names of alerts."""
    if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
        raise Wrong('a list of names like ["SourceDrift", "OptionalSourceMissing:weibo"]')
    return tuple(value)


def agent_text(value: Any) -> str:
    """Take what may stand in a header."""
    found = text(value)
    if not found.isascii() or not found.isprintable() or set(found) & set("()<>"):
        raise Wrong("a mail address or web address in plain ASCII, since it goes into a header")
    return found.strip()


def hosts(value: Any) -> frozenset[str]:
    """Take a list of host names."""
    if not isinstance(value, list) or not all(isinstance(one, str) and one and "/" not in one for one in value):
        raise Wrong('a list of host names like ["feeds.intranet.example"]')
    return frozenset(one.lower() for one in value)


def file(value: Any) -> str:
    """Take the path of a file that is there; an empty one is none."""
    found = text(value)
    if found and not Path(found).exists():
        raise Wrong("the path of a file that exists")
    return found


def section_of_source(value: Any) -> Mapping[str, Any]:
    """Take a section of a source."""
    if not isinstance(value, dict):
        raise Wrong("a section like [source.ecb_rates]")
    return value


SECONDS = amount("a number of seconds, 0 or more")
HOURS = amount("a number of hours, 0 or more")
POSITIVE = whole("a whole number, 1 or more", 1)
COUNT = whole("a whole number, 0 or more", 0)
PAGE_ADDRESS = web_address("https://status.example.org/")

TOP: Mapping[str, Kind] = {
    "contact": agent_text,
    "offline": flag,
    "robots": flag,
    "allowed_addresses": hosts,
    "proxy": web_address("http://proxy.example:3128"),
    "ca_bundle": file,
}
LIMITS: Mapping[str, Kind] = {
    item.name: SECONDS if item.name.endswith("_seconds") else COUNT if item.name == "redirects" else POSITIVE
    for item in fields(Limits)
}
SERVICE: Mapping[str, Kind] = {
    "host": text,
    "port": whole("a port, a whole number from 1 to 65535", 1, 65535),
}
NOTIFY: Mapping[str, Kind] = {
    "min_severity": severity,
    "digest_hour": whole("an hour, a whole number from 0 to 23", 0, 23),
    "digest_zone": zone,
    "quiet": names,
    "settle_hours": HOURS,
    "longest_hours_without_run": HOURS,
    "page_url": PAGE_ADDRESS,
}
KEEP: Mapping[str, Kind] = {
    "archive_days": COUNT,
    "archive_gigabytes": amount("a number of gigabytes, 0 or more"),
    "prefect_days": COUNT,
    "log_days": COUNT,
    "generations": POSITIVE,
}
PERMISSION: Mapping[str, Kind] = {"enabled": flag, "by": text, "on": day, "because": text}
SECTIONS: Mapping[str, Mapping[str, Kind]] = {"limits": LIMITS, "keep": KEEP, "service": SERVICE, "notify": NOTIFY}
BY_SOURCE = ("paces", "source")
"""Sections that have a field, or a section, for each source."""
