"""The settings as the operator writes them: `dragongate.toml` in the home, secrets in the environment or `.env`."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from extractors.environment import environment_of
from extractors.settings import FILE, BadSettings, Keep, Limits, Notify, Permission, Secret, Service, Settings
from extractors.settings_values import (
    BY_SOURCE,
    KEEP,
    LIMITS,
    NOTIFY,
    PAGE_ADDRESS,
    PERMISSION,
    SECONDS,
    SECTIONS,
    SERVICE,
    TOP,
    Kind,
    Wrong,
    agent_text,
    section_of_source,
)
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
    top = page.take(document, "", TOP)
    sections = page.take(document.get("source", {}), "source", None)
    return Settings(
        **{**top, "contact": _contact(environment, top.get("contact", ""))},
        limits=Limits(**page.take(document.get("limits", {}), "limits", LIMITS)),
        keep=Keep(**page.take(document.get("keep", {}), "keep", KEEP)),
        paces=page.take(document.get("paces", {}), "paces", SECONDS),
        permissions={
            source: Permission(**page.take(values, f"source.{source}", PERMISSION))
            for source, values in sections.items()
        },
        secrets=_secrets(environment),
        service=Service(
            **page.take(document.get("service", {}), "service", SERVICE),
            password=Secret(environment.get("DRAGONGATE_SERVICE_PASSWORD", "")),
        ),
        notify=Notify(
            **page.take(document.get("notify", {}), "notify", NOTIFY),
            addresses=_addresses(environment),
            ping_url=_ping(environment),
        ),
    )


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
            if section == "" and field_name in (*SECTIONS, *BY_SOURCE):
                continue
            kind = kinds.get(field_name) if isinstance(kinds, Mapping) else kinds or section_of_source
            if kind is None:
                raise BadSettings(f"{self._at(section, field_name)}: unknown field; {_known(section, field_name)}")
            try:
                taken[field_name] = kind(value)
            except Wrong as wrong:
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
    known = (*TOP, *SECTIONS, *BY_SOURCE) if section == "" else SECTIONS.get(section, PERMISSION)
    return f"known are {', '.join(known)}"


def _contact(environment: Mapping[str, str], written: str) -> str:
    value = environment.get("DRAGONGATE_CONTACT", "")
    if not value:
        return written
    try:
        return agent_text(value)
    except Wrong as wrong:
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
        return Secret(PAGE_ADDRESS(value))
    except (Wrong, ValueError):
        raise BadSettings("DRAGONGATE_PING_URL: expected an address like https://ping.example.org/…") from None
