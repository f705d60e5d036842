"""From what is wrong now and what is remembered: what is new, what came back, what is over, and who is to be told.

Pure. An alert that comes back within the settling time of its end is the same trouble: it is told again only when it
lasts that long.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from extractors.settings import Notify
from flows.alerting.alert import Alert
from flows.alerting.alert_kinds import KIND_BY_NAME, Severity
from warehouse.alert_book import Book, Entry, newest
from warehouse.freshness import Calendar

RETRY_AFTER = timedelta(minutes=15)
"""How long an address that could not be reached is left alone between runs."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What decides whether somebody is told: the operator's word, the moment, and which exchanges trade."""

    notify: Notify
    now: datetime
    calendars: Mapping[str, Calendar]

    @property
    def settling(self) -> timedelta:
        """How soon something that comes back is the same trouble."""
        return timedelta(hours=self.notify.settle_hours)

    @property
    def today(self) -> date:
        """The day where the operator is."""
        return self.now.astimezone(ZoneInfo(self.notify.digest_zone)).date()

    @property
    def digest_due_since(self) -> datetime:
        """The newest hour of the digest that has come."""
        zone = ZoneInfo(self.notify.digest_zone)
        local = self.now.astimezone(zone)
        hour = local.replace(hour=self.notify.digest_hour, minute=0, second=0, microsecond=0)
        return hour if hour <= local else hour - timedelta(days=1)

    def is_closed(self, entry: Entry) -> bool:
        """Tell whether it is about exchanges that all are closed today."""
        known = [self.calendars[one] for one in entry.exchanges if one in self.calendars]
        return bool(known) and not any(one.trades_on(self.now.astimezone(one.zone).date()) for one in known)

    def is_silenced(self, entry: Entry) -> bool:
        """Tell whether nobody wants to hear of it, or not today."""
        names = {entry.alert_name, f"{entry.alert_name}:{entry.subject}"}
        return bool(names & set(self.notify.quiet)) or self.is_closed(entry)


def followed(book: Book, found: Iterable[Alert], rules: Rules) -> Book:
    """Bring the book up to what is wrong now: open, open again, or over."""
    now = {alert.key: alert for alert in found}
    last = newest(book)
    after = dict(book)
    for trouble, entry in last.items():
        if trouble not in now and entry.is_open:
            is_known = bool(entry.told_to)
            after[entry.key] = replace(entry, recovered_at=rules.now, not_told=entry.not_told if is_known else None)
    for trouble, alert in now.items():
        entry = _lasting(last[trouble], alert, rules) if trouble in last else _opened(alert, rules.now)
        after[entry.key] = entry
    return after


def _opened(alert: Alert, at: datetime) -> Entry:
    return Entry(alert.name, alert.subject, at, **_told_of(alert))


def _lasting(entry: Entry, alert: Alert, rules: Rules) -> Entry:
    now = rules.now
    if entry.recovered_at is not None:
        if now - entry.recovered_at > rules.settling:
            return _opened(alert, now)
        entry = replace(entry, recovered_at=None, reopened_at=now, reopened_count=entry.reopened_count + 1)
    if _has_lapsed(entry, rules.today):
        entry = replace(entry, told_to=(), acknowledged_until=None)
    return replace(entry, **_told_of(alert))


def _has_lapsed(entry: Entry, today: date) -> bool:
    return entry.acknowledged_until is not None and entry.acknowledged_until < today


def _told_of(alert: Alert) -> dict[str, Any]:
    return {
        "severity": str(alert.severity),
        "told_under": alert.group,
        "whose": alert.whose,
        "sentence": _in_one_line(alert.sentence),
        "mend": alert.mend,
        "next_try": alert.next_try,
        "why_command": alert.why,
        "exchanges": alert.exchanges,
    }


def _in_one_line(text: str) -> str:
    """Leave out what moves a terminal's cursor or breaks a line: names of fields come from sources."""
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())


def openings_due(book: Book, rules: Rules, address: str) -> list[Entry]:
    """List what an address is to be told of now: what is open, is not taken on, and it does not know."""
    at_once = [str(Severity.PAGE), *([str(Severity.TICKET)] if rules.notify.min_severity == "ticket" else [])]
    return [
        one
        for one in book.values()
        if one.is_open
        and one.severity in at_once
        and not one.is_acknowledged(rules.today)
        and not rules.is_silenced(one)
        and not _knows(one, address, rules)
        and not _was_tried(one, rules)
    ]


def _knows(entry: Entry, address: str, rules: Rules) -> bool:
    """Tell whether an address knows that it lasts; one that was told of its end hears when it is back for good."""
    was_told_of_the_end = address in entry.recovery_told_to
    return address in entry.told_to and (not was_told_of_the_end or rules.now - entry.since < rules.settling)


def recoveries_due(book: Book, rules: Rules, address: str) -> list[Entry]:
    """List what is over and an address, which was told of its beginning, does not know to be."""
    return [
        one
        for one in book.values()
        if not one.is_open
        and address in one.told_to
        and address not in one.recovery_told_to
        and not _passes_by(one)
        and not rules.is_silenced(one)
        and not _was_tried(one, rules)
    ]


def _was_tried(entry: Entry, rules: Rules) -> bool:
    return entry.not_told is not None and entry.not_told_at is not None and rules.now - entry.not_told_at < RETRY_AFTER


def _passes_by(entry: Entry) -> bool:
    kind = KIND_BY_NAME.get(entry.alert_name)
    return kind is not None and kind.passes_by


def digest_entries(book: Book, rules: Rules) -> list[Entry]:
    """List what the daily digest tells: all that is open and not taken on, pages first."""
    found = (
        one
        for one in book.values()
        if one.is_open and not one.is_acknowledged(rules.today) and not rules.is_silenced(one)
    )
    return sorted(found, key=lambda one: (one.severity, one.told_under, one.trouble))


def is_digest_due(book: Book, rules: Rules) -> bool:
    """Tell whether today's digest is still to go out: something has been open since before its hour."""
    listed = [one.digested_at for one in book.values() if one.digested_at is not None]
    entries = digest_entries(book, rules)
    is_new = not listed or max(listed) < rules.digest_due_since
    was_open = any(one.since <= rules.digest_due_since for one in entries)
    return is_new and was_open and not any(_was_tried(one, rules) for one in entries)


def not_told(entry: Entry, failure: str, at: datetime) -> Entry:
    """Write down that an address could not be told."""
    before = f"{entry.not_told}; " if entry.not_told and entry.not_told_at == at else ""
    return replace(entry, not_told=f"{before}{failure}", not_told_at=at)


def told(entry: Entry, address: str, at: datetime) -> Entry:
    """Write down that an address was told how it stands: of its beginning, or of its end."""
    if entry.not_told_at != at:
        entry = replace(entry, not_told=None)
    if entry.is_open:
        return replace(
            entry,
            told_at=at,
            told_to=_with(entry.told_to, address),
            recovery_told_to=tuple(one for one in entry.recovery_told_to if one != address),
        )
    return replace(entry, recovery_told_at=at, recovery_told_to=_with(entry.recovery_told_to, address))


def _with(known: tuple[str, ...], address: str) -> tuple[str, ...]:
    return known if address in known else (*known, address)
