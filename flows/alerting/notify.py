"""Find what is wrong, remember it, and tell those who should hear of it.

Called at the end of every run, which also brings what is remembered into `ops.alerts`, and by the scheduler between
runs. Nothing that goes wrong in here stops either: what could not be told is told the next time.
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from extractors.settings import Settings
from flows.alerting.alerts import alerts
from flows.alerting.following import (
    Rules,
    digest_entries,
    followed,
    is_digest_due,
    not_told,
    openings_due,
    recoveries_due,
    told,
)
from flows.alerting.notification import Notification, Reason
from flows.alerting.senders import Address, Sent, addresses_of, send
from flows.alerting.surroundings import look_around
from flows.scheduling.heartbeat import read_heartbeat
from warehouse.alert_book import Book, Entry, alone_with_the_book, entries_of, remember, remembered, write_entries
from warehouse.database import Warehouse
from warehouse.home import Home
from warehouse.publish import publish_ops
from warehouse.status import Status, read_status

log = logging.getLogger("dragongate")

Send = Callable[[Address, Notification, Settings], Sent]


class NotOpen(Exception):
    """No such alert is open; the message says which are."""


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """Who takes something on, until when, that day included, and why."""

    by: str
    until: date
    because: str


@dataclass(frozen=True, slots=True)
class Told:
    """What came of it."""

    open: tuple[Entry, ...] = ()
    """All that is wrong now, taken on or not."""
    sent: tuple[Sent, ...] = ()
    """Each message to each address."""


def notify(home: Home, settings: Settings, now: datetime, *, send: Send = send, digest: bool = False) -> Told:
    """Look at a home, tell what changed, and the digest when its hour has come or `digest` asks for it.

    For the scheduler and the command; a run that ends calls `notify_of_run`. Raises nothing.
    """
    try:
        with alone_with_the_book(home):
            before = remembered(home)
            after, told_now = _tell(home, settings, now, before, read_status(home), send, digest)
            if after != before:
                remember(home, after, now, is_in_ledger=False)
            return told_now
    except Exception as error:  # noqa: BLE001  the scheduler goes on whatever is in the way
        log.warning("alerts could not be looked after: %s", error)
        return Told()


def notify_of_run(home: Home, settings: Settings, warehouse: Warehouse, now: datetime, *, send: Send = send) -> Told:
    """Do the same at the end of a run that still holds the lease, and bring what is remembered into the ledger."""
    try:
        with alone_with_the_book(home):
            before = remembered(home)
            status = replace(read_status(home), running=None)
            after, told_now = _tell(home, settings, now, before, status, send, False)
            remember(home, after, now, is_in_ledger=False)
            _bring_in(home, warehouse, after)
            remember(home, after, now, is_in_ledger=True)
            return told_now
    except Exception as error:  # noqa: BLE001  telling never fails a run
        log.warning("alerts could not be looked after: %s", error)
        return Told()


def _tell(
    home: Home, settings: Settings, now: datetime, book: Book, status: Status, send: Send, digest: bool
) -> tuple[Book, Told]:
    """Bring a book up to now, and tell every address what it does not know."""
    around = look_around(home, settings, now)
    rules = Rules(settings.notify, now, around.calendars)
    book = followed(book, alerts(status, read_heartbeat(home), now, around), rules)
    sent: list[Sent] = []
    addresses = addresses_of(settings)
    for address in addresses:
        changed = [*openings_due(book, rules, address.label), *recoveries_due(book, rules, address.label)]
        if changed:
            one = send(address, _message(Reason.CHANGE, changed, rules), settings)
            sent.append(one)
            book |= {entry.key: _noted(entry, one, now) for entry in changed}
    if addresses and (digest or is_digest_due(book, rules)):
        sent += _digest(book, rules, addresses, settings, send)
    for one in sent:
        if one.failure:
            log.warning("not told: %s", one)
    return book, Told(tuple(one for one in book.values() if one.is_open), tuple(sent))


def _noted(entry: Entry, sent: Sent, now: datetime) -> Entry:
    return not_told(entry, str(sent), now) if sent.failure else told(entry, sent.address.label, now)


def _digest(book: Book, rules: Rules, addresses: Sequence[Address], settings: Settings, send: Send) -> list[Sent]:
    """Send the digest, and write into the book that what it lists was told, or was not."""
    listed = digest_entries(book, rules)
    if not listed:
        return []
    sent = [send(address, _message(Reason.DIGEST, listed, rules), settings) for address in addresses]
    failures = "; ".join(str(one) for one in sent if one.failure)
    for entry in listed:
        if failures:
            book[entry.key] = entry = not_told(entry, failures, rules.now)
        if any(not one.failure for one in sent):
            book[entry.key] = replace(entry, digested_at=rules.now)
    return sent


def _message(reason: Reason, entries: Iterable[Entry], rules: Rules) -> Notification:
    return Notification(reason, rules.now, tuple(entries), rules.notify.digest_zone, rules.notify.page_url)


def send_test(settings: Settings, now: datetime, *, send: Send = send) -> list[Sent]:
    """Send one message to every address, and say of each whether it arrived."""
    message = Notification(Reason.TEST, now, (), settings.notify.digest_zone, settings.notify.page_url)
    return [send(address, message, settings) for address in addresses_of(settings)]


def acknowledge(home: Home, name: str, subject: str, word: Acknowledgement, now: datetime) -> list[Entry]:
    """Let what is open under a name be told nobody until a day; without a subject, all of that name.

    Raises NotOpen where nothing is.
    """
    with alone_with_the_book(home):
        book = remembered(home)
        taken_on = [
            replace(
                entry,
                acknowledged_at=now,
                acknowledged_by=word.by,
                acknowledged_until=word.until,
                acknowledged_because=word.because,
            )
            for entry in book.values()
            if entry.is_open and entry.alert_name == name and subject in ("", entry.subject)
        ]
        if not taken_on:
            names = ", ".join(f"{one.alert_name}:{one.subject}" for one in book.values() if one.is_open)
            raise NotOpen(f"no alert {name}{':' if subject else ''}{subject} is open; open are: {names or 'none'}")
        remember(home, book | {entry.key: entry for entry in taken_on}, now, is_in_ledger=False)
    return taken_on


def _bring_in(home: Home, warehouse: Warehouse, book: Book) -> None:
    """Write what the ledger does not say yet, and put it out; where it says all of it, nothing is written."""
    known = entries_of(warehouse)
    new = [entry for key, entry in book.items() if known.get(key) != entry]
    if new:
        write_entries(warehouse, new)
        publish_ops(home, warehouse)
