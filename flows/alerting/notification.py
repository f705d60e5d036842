"""What is told: one message for everything that changed, source by source, for people and for programs."""

import socket
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from flows.alerting.alert_kinds import KIND_BY_NAME, RUNBOOK
from warehouse.alert_book import Entry

MOST_TOLD = 40
"""So many alerts stand in the text of one message; programs get all of them."""
SCHEMA = "dragongate.notification/1"
"""Name and version of the body that a webhook gets; docs/operator.md describes it."""


class Reason(StrEnum):
    """Why a message goes out."""

    CHANGE = "change"
    DIGEST = "digest"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class Notification:
    """One message. An entry in it is open, or over."""

    reason: Reason
    sent_at: datetime
    entries: tuple[Entry, ...] = ()
    zone: str = "UTC"
    """In which people read the times."""
    page_url: str = ""

    @property
    def title(self) -> str:
        """One line that says what it is about."""
        if self.reason is Reason.TEST:
            return "Dragongate: a test"
        opened = [one for one in self.entries if one.is_open]
        if self.reason is Reason.DIGEST:
            return f"Dragongate: {len(opened)} open today"
        if len(self.entries) == 1:
            (one,) = self.entries
            return f"Dragongate: {one.alert_name} {one.subject}{'' if one.is_open else ' is over'}"
        parts = [f"{len(opened)} new"] if opened else []
        over = len(self.entries) - len(opened)
        return f"Dragongate: {', '.join([*parts, *([f'{over} over'] if over else [])])}"

    @property
    def text(self) -> str:
        """The message for people, source by source."""
        if self.reason is Reason.TEST:
            return f"This is a test from {socket.gethostname()}. Whoever reads it hears of what is wrong."
        told = [one for _, entries in grouped(self.entries) for one in entries][:MOST_TOLD]
        left = len(self.entries) - len(told)
        parts = [self._of_group(group, entries) for group, entries in grouped(told)]
        parts += [f"{left} more: `dragongate alerts` lists them."] if left else []
        parts += [f"Status page: {self.page_url}"] if self.page_url else []
        return "\n\n".join(parts)

    def as_json(self) -> dict[str, Any]:
        """Give the body that programs rely on."""
        return {
            "schema": SCHEMA,
            "reason": str(self.reason),
            "sent_at": self.sent_at.isoformat(),
            "host": socket.gethostname(),
            "title": self.title,
            "text": self.text,
            "page_url": self.page_url or None,
            "groups": [
                {"group": group, "alerts": [_as_json(one) for one in entries]}
                for group, entries in grouped(self.entries)
            ],
        }

    def _of_group(self, group: str, entries: Iterable[Entry]) -> str:
        return "\n".join([group, *(line for one in entries for line in self._lines(one))])

    def _lines(self, one: Entry) -> list[str]:
        if one.recovered_at is not None:
            return [
                f"- over: {one.alert_name} {one.subject}, {self._time(one.since)} to {self._time(one.recovered_at)}"
            ]
        again = f", came back {one.reopened_count} times" if one.reopened_count else ""
        return [
            f"- {one.severity.upper()} {one.alert_name} {one.subject} since {self._time(one.since)}{again}",
            f"  {one.sentence}.",
            f"  {one.whose.capitalize()}. {one.mend} Next try: {one.next_try}.",
            f"  {one.why_command}; {anchor_of(one)}",
        ]

    def _time(self, moment: datetime) -> str:
        local = moment.astimezone(ZoneInfo(self.zone))
        return f"{local:%Y-%m-%d %H:%M %Z}"


def grouped(entries: Sequence[Entry]) -> list[tuple[str, list[Entry]]]:
    """Put entries together by the source that they are told under, those with a page first."""

    def order(one: Entry) -> tuple[bool, str, bool, str, tuple[str, str]]:
        return one.told_under not in paged, one.told_under, not one.is_open, one.severity, one.trouble

    paged = {one.told_under for one in entries if one.is_open and one.severity == "page"}
    return [(name, list(found)) for name, found in groupby(sorted(entries, key=order), key=lambda one: one.told_under)]


def anchor_of(entry: Entry) -> str:
    """Say where the run book tells of an entry."""
    kind = KIND_BY_NAME.get(entry.alert_name)
    return kind.anchor if kind else RUNBOOK


def _as_json(one: Entry) -> Mapping[str, Any]:
    return {
        "name": one.alert_name,
        "subject": one.subject,
        "state": "open" if one.is_open else "over",
        "severity": one.severity,
        "whose": one.whose,
        "sentence": one.sentence,
        "mend": one.mend,
        "next_try": one.next_try,
        "why": one.why_command,
        "runbook": anchor_of(one),
        "opened_at": one.opened_at.isoformat(),
        "recovered_at": one.recovered_at.isoformat() if one.recovered_at else None,
        "came_back": one.reopened_count,
        "acknowledged_by": one.acknowledged_by if one.acknowledged_until else None,
        "acknowledged_until": one.acknowledged_until.isoformat() if one.acknowledged_until else None,
    }
