"""The settings as the operator writes them: `dragongate.toml` in the home, secrets in the environment or `.env`."""

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from extractors.environment import environment_of
from extractors.settings import FILE, BadSettings, Keep, Limits, Notify, Permission, Secret, Service, Settings
from extractors.urls import masked


def read_settings(home: Path, environment: Mapping[str, str]) -> Settings:
    """Read the settings of a home folder; without a file everything is as the template shows.

    `.env` in the folder adds to the environment. Raises BadSettings for a syntax error, an unknown field or a value
    of the wrong kind.
    """
    path = home / FILE
    try:
        text = path.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        text = ""
    except UnicodeDecodeError as error:
        raise BadSettings(f"{path}: not UTF-8 ({error.reason} at byte {error.start}); save it as UTF-8") from error
    except OSError as error:
        raise BadSettings(f"{path}: cannot be read ({error.strerror}); it must be a file that you may read") from error
    return parse_settings(text, environment_of(home, environment), name=str(path))


def parse_settings(text: str, environment: Mapping[str, str], *, name: str = FILE) -> Settings:
    """Check settings and put them together with the environment.

    Raises BadSettings as `read_settings` does.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadSettings(f"{name}: {error}; see `dragongate init` for a file that is right") from error
    page = _Page(text, name)
    top = page.take(document, "", _TOP)
    sections = page.take(document.get("source", {}), "source", None)
    return Settings(
        **{**top, "contact": _contact(environment, top.get("contact", ""))},
        limits=Limits(**page.take(document.get("limits", {}), "limits", _LIMITS)),
        keep=Keep(**page.take(document.get("keep", {}), "keep", _KEEP)),
        paces=page.take(document.get("paces", {}), "paces", _seconds),
        permissions={
            source: Permission(**page.take(values, f"source.{source}", _PERMISSION))
            for source, values in sections.items()
        },
        secrets=_secrets(environment),
        service=Service(
            **page.take(document.get("service", {}), "service", _SERVICE),
            password=Secret(environment.get("DRAGONGATE_SERVICE_PASSWORD", "")),
        ),
        notify=Notify(
            **page.take(document.get("notify", {}), "notify", _NOTIFY),
            addresses=_addresses(environment),
            ping_url=_ping(environment),
        ),
    )


Kind = Callable[[Any], Any]


class _Wrong(ValueError):
    """What was expected in place of a value."""


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise _Wrong("true or false")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise _Wrong("text in quotes")
    return value


def _day(value: Any) -> date:
    if type(value) is not date:
        raise _Wrong("a date like 2026-01-31, without quotes")
    return value


def _seconds(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < float("inf"):
        raise _Wrong("a number of seconds, 0 or more")
    return float(value)


def _positive(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise _Wrong("a whole number, 1 or more")
    return value


def _port(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 65535:
        raise _Wrong("a port, a whole number from 1 to 65535")
    return value


def _count(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise _Wrong("a whole number, 0 or more")
    return value


def _gigabytes(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < float("inf"):
        raise _Wrong("a number of gigabytes, 0 or more")
    return float(value)


def _severity(value: Any) -> str:
    if value not in ("page", "ticket"):
        raise _Wrong('"page", or "ticket" for everything')
    return str(value)


def _hour(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 23:
        raise _Wrong("an hour, a whole number from 0 to 23")
    return value


def _hours(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < float("inf"):
        raise _Wrong("a number of hours, 0 or more")
    return float(value)


def _zone(value: Any) -> str:
    text = _text(value)
    if text not in available_timezones():
        raise _Wrong('a time zone like "Asia/Hong_Kong"')
    return text


def _names(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
        raise _Wrong('a list of names like ["SourceDrift", "OptionalSourceMissing:weibo"]')
    return tuple(value)


def _web_address(value: Any) -> str:
    text = _text(value)
    if text and (urlsplit(text).scheme not in ("http", "https") or not urlsplit(text).hostname):
        raise _Wrong("an address like https://status.example.org/")
    return text


def _agent_text(value: Any) -> str:
    text = _text(value)
    if not text.isascii() or not text.isprintable() or set(text) & set("()<>"):
        raise _Wrong("a mail address or web address in plain ASCII, since it goes into a header")
    return text.strip()


def _hosts(value: Any) -> frozenset[str]:
    if not isinstance(value, list) or not all(isinstance(one, str) and one and "/" not in one for one in value):
        raise _Wrong('a list of host names like ["feeds.intranet.example"]')
    return frozenset(one.lower() for one in value)


def _proxy(value: Any) -> str:
    text = _text(value)
    if text and (urlsplit(text).scheme not in ("http", "https") or not urlsplit(text).hostname):
        raise _Wrong("an address like http://proxy.example:3128")
    return text


def _file(value: Any) -> str:
    text = _text(value)
    if text and not Path(text).exists():
        raise _Wrong("the path of a file that exists")
    return text


def _permission_table(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise _Wrong("a section like [source.ecb_rates]")
    return value


_TOP: Mapping[str, Kind] = {
    "contact": _agent_text,
    "offline": _flag,
    "robots": _flag,
    "allowed_addresses": _hosts,
    "proxy": _proxy,
    "ca_bundle": _file,
}
_SECTIONS = ("limits", "keep", "paces", "source", "service", "notify")
_LIMITS: Mapping[str, Kind] = {
    item.name: _seconds if item.name.endswith("_seconds") else _count if item.name == "redirects" else _positive
    for item in fields(Limits)
}
_SERVICE: Mapping[str, Kind] = {"host": _text, "port": _port}
_NOTIFY: Mapping[str, Kind] = {
    "min_severity": _severity,
    "digest_hour": _hour,
    "digest_zone": _zone,
    "quiet": _names,
    "settle_hours": _hours,
    "longest_hours_without_run": _hours,
    "page_url": _web_address,
}
_KEEP: Mapping[str, Kind] = {
    "archive_days": _count,
    "archive_gigabytes": _gigabytes,
    "prefect_days": _count,
    "log_days": _count,
    "generations": _positive,
}
_PERMISSION: Mapping[str, Kind] = {"enabled": _flag, "by": _text, "on": _day, "because": _text}


class _Page:
    """One settings file: checks its fields and finds their lines, since tomllib keeps no positions."""

    def __init__(self, text: str, name: str) -> None:
        self._lines = text.splitlines()
        self._name = name

    def take(self, values: Any, section: str, kinds: Mapping[str, Kind] | Kind | None) -> dict[str, Any]:
        """Check the fields of one section, each by its own kind or all by one."""
        if not isinstance(values, dict):
            raise BadSettings(f"{self._at('', section)}: write [{section}] as a section of its own")
        taken = {}
        for field_name, value in values.items():
            if section == "" and field_name in _SECTIONS:
                continue
            kind = kinds.get(field_name) if isinstance(kinds, Mapping) else kinds or _permission_table
            if kind is None:
                raise BadSettings(f"{self._at(section, field_name)}: unknown field; {_known(section, field_name)}")
            try:
                taken[field_name] = kind(value)
            except _Wrong as wrong:
                raise BadSettings(f"{self._at(section, field_name)}: expected {wrong}, got {_shown(value)}") from wrong
        return taken

    def _at(self, section: str, field_name: str) -> str:
        inside = section == ""
        for number, line in enumerate(self._lines, 1):
            head = re.match(r"\s*\[\s*([^\]]+?)\s*\]", line)
            if head:
                inside = head.group(1).replace('"', "") == section
            elif inside and re.match(rf"\s*\"?{re.escape(field_name)}\"?\s*[=.]", line):
                return f"{self._name}:{number}: {field_name}"
        return f"{self._name}: {section}.{field_name}".replace(": .", ": ")


def _shown(value: Any) -> str:
    return repr(masked(value) if isinstance(value, str) else value)


def _known(section: str, field_name: str) -> str:
    if section == "service" and "password" in field_name:
        return "the password is not kept in a file: set DRAGONGATE_SERVICE_PASSWORD"
    if section == "notify" and ("address" in field_name or "url" in field_name):
        return "addresses are not kept in a file: set DRAGONGATE_NOTIFY, several by blanks, and DRAGONGATE_PING_URL"
    if "secret" in field_name or field_name in ("key", "cookie", "password", "token"):
        return "keys and cookies are not kept in a file: set DRAGONGATE_SECRET_ and the source in capitals"
    by_section = {
        "": (*_TOP, *_SECTIONS),
        "limits": _LIMITS,
        "keep": _KEEP,
        "service": _SERVICE,
        "notify": _NOTIFY,
    }
    known = by_section.get(section, _PERMISSION)
    return f"known are {', '.join(known)}"


def _contact(environment: Mapping[str, str], written: str) -> str:
    value = environment.get("DRAGONGATE_CONTACT", "")
    if not value:
        return written
    try:
        return _agent_text(value)
    except _Wrong as wrong:
        raise BadSettings(f"DRAGONGATE_CONTACT: expected {wrong}, got {value!r}") from wrong


def _secrets(environment: Mapping[str, str]) -> dict[str, Secret]:
    prefix = "DRAGONGATE_SECRET_"
    named = {name.removeprefix(prefix).lower(): value for name, value in environment.items() if name.startswith(prefix)}
    for source, value in named.items():
        if not value.isascii() or not value.isprintable():
            raise BadSettings(f"{prefix}{source.upper()}: expected one line of plain ASCII; paste it again")
    return {source: Secret(value) for source, value in named.items() if value}


def _addresses(environment: Mapping[str, str]) -> tuple[Secret, ...]:
    """Read where notifications go; what is wrong with one is told by its place, never by its text."""
    found = environment.get("DRAGONGATE_NOTIFY", "").split()
    for place, address in enumerate(found, 1):
        if not re.match(r"[a-zA-Z][\w+.-]*://.", address):
            raise BadSettings(
                f"DRAGONGATE_NOTIFY: number {place} of {len(found)} is no address like https://…, mailto://… or slack://…"
            )
    return tuple(Secret(address) for address in found)


def _ping(environment: Mapping[str, str]) -> Secret:
    value = environment.get("DRAGONGATE_PING_URL", "").strip()
    try:
        return Secret(_web_address(value))
    except (_Wrong, ValueError):
        raise BadSettings("DRAGONGATE_PING_URL: expected an address like https://ping.example.org/…") from None
