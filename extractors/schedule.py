"""When a kind of source is asked: by the sessions of an exchange, at times of day in a zone, or every so often.

Published by   the operator, as `[[schedule]]` sections of the watch list's file
Know that      a schedule says nothing about the data, so that the archived watch list leaves it out: a rebuild does
               not need it, and a changed hour is no changed list
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import time, timedelta
from functools import cache
from zoneinfo import available_timezones

from extractors.exchanges import EXCHANGES
from extractors.watchlist_checks import Problem

KINDS = ("quotes", "fx", "filings", "news", "social", "reference", "calendar")
_UNITS = {"m": 1, "h": 60, "d": 24 * 60}
_SHORTEST = timedelta(minutes=5)
_LONGEST_DELAY = timedelta(hours=12)
_NAME = re.compile(r"[a-z0-9][a-z0-9-]*")
_HEADER = re.compile(r"\s*\[\[?\s*([\w.-]+)\s*\]\]?\s*(#.*)?$")


@dataclass(frozen=True, slots=True)
class Schedule:
    """One schedule: which sources, and one of `after`, `every` or `at`."""

    name: str
    kinds: tuple[str, ...] = ()
    """Kinds of source; every one of them that is on is asked."""
    sources: tuple[str, ...] = ()
    """Sources by id, beside those of the kinds."""
    after: str = ""
    """A moment of each session, like `XHKG close` or `XNYS open`."""
    delay: str = ""
    """How long after that moment, like `45m` or `1h30m`."""
    every: str = ""
    """A span like `2h`, counted from midnight UTC of 1 January 1970."""
    at: tuple[str, ...] = ()
    """Times of day like `08:30`."""
    zone: str = ""
    """The zone of these times, like `Asia/Hong_Kong`."""

    @property
    def id(self) -> str:
        """The name: no two schedules share one."""
        return self.name


def span_of(text: str) -> timedelta:
    """Read a span like `45m`, `2h`, `1h30m` or `1d`. Raises ValueError for anything else."""
    if not re.fullmatch(r"(\d+[dhm])+", text):
        raise ValueError(f"a span like 45m, 2h or 1h30m, got {text!r}")
    return timedelta(minutes=sum(int(number) * _UNITS[unit] for number, unit in re.findall(r"(\d+)([dhm])", text)))


def time_of(text: str) -> time:
    """Read a time of day like `08:30`. Raises ValueError for anything else."""
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", text):
        raise ValueError(f"a time of day like 08:30, got {text!r}")
    return time(int(text[:2]), int(text[3:]))


def moment_of(text: str) -> tuple[str, str]:
    """Read a moment of a session like `XHKG close`: exchange, and open or close. Raises ValueError."""
    exchange, _, moment = text.partition(" ")
    if exchange not in EXCHANGES or moment not in ("open", "close"):
        raise ValueError(f"an exchange and open or close, like XHKG close; known are {', '.join(EXCHANGES)}")
    return exchange, moment


def schedule_problems(schedules: Sequence[Schedule]) -> Iterator[Problem]:
    """List what is wrong with schedules, field by field, with what to write instead."""
    names = [one.name for one in schedules]
    for number, one in enumerate(schedules):
        if one.name in names[:number]:
            yield Problem("schedule", number, "name", f"{one.name!r} stands twice")
        for field, message in (*_timing(one), *_asked(one)):
            yield Problem("schedule", number, field, message)


def without_schedules(text: str) -> str:
    """Leave out the schedules of a watch list's text, with the comments and blank lines right above each."""
    kept: list[str] = []
    waiting: list[str] = []
    section = ""
    for line in text.splitlines(keepends=True):
        header = _HEADER.match(line)
        if header is None and (not line.strip() or line.lstrip().startswith("#")):
            waiting.append(line)
            continue
        if header:
            section = header[1]
        if section != "schedule":
            kept += [*waiting, line]
        waiting = []
    return "".join(kept if section == "schedule" else [*kept, *waiting])


def _timing(one: Schedule) -> Iterator[tuple[str, str]]:
    said = [name for name in ("after", "every", "at") if getattr(one, name)]
    if not _NAME.fullmatch(one.name):
        yield "name", f"expected small letters, digits and dashes, got {one.name!r}"
    if len(said) != 1:
        yield said[1] if said else "", 'write one of after = "XHKG close", every = "2h" or at = ["08:30"]'
        return
    if one.delay and not one.after:
        yield "delay", "a delay belongs to after"
    if one.zone and not one.at:
        yield "zone", "a zone belongs to at; sessions have their exchange's, and every counts in UTC"
    yield from {"after": _after, "every": _every, "at": _at}[said[0]](one)


def _after(one: Schedule) -> Iterator[tuple[str, str]]:
    try:
        moment_of(one.after)
    except ValueError as error:
        yield "after", f"expected {error}"
    try:
        if one.delay and span_of(one.delay) > _LONGEST_DELAY:
            yield "delay", f"expected 12h at most, so that a run belongs to its session, got {one.delay!r}"
    except ValueError as error:
        yield "delay", f"expected {error}"


def _every(one: Schedule) -> Iterator[tuple[str, str]]:
    try:
        if span_of(one.every) < _SHORTEST:
            yield "every", f"expected 5m or more, since sources are asked gently, got {one.every!r}"
    except ValueError as error:
        yield "every", f"expected {error}"


def _at(one: Schedule) -> Iterator[tuple[str, str]]:
    for text in one.at:
        try:
            time_of(text)
        except ValueError as error:
            yield "at", f"expected {error}"
    if one.zone not in _zones():
        yield "zone", f"expected the zone of these times, like Asia/Hong_Kong, got {one.zone!r}"


def _asked(one: Schedule) -> Iterator[tuple[str, str]]:
    if not one.kinds and not one.sources:
        yield "", f'write kinds = ["quotes"] or sources = ["ecb_rates"]; kinds are {", ".join(KINDS)}'
    for kind in one.kinds:
        if kind not in KINDS:
            yield "kinds", f"unknown kind {kind!r}; known are {', '.join(KINDS)}"
    known = _sources() if one.sources else ()
    for source in one.sources:
        if source not in known:
            yield "sources", f"there is no source {source!r}; `dragongate sources` lists them"


@cache
def _zones() -> set[str]:
    return available_timezones()


def _sources() -> Collection[str]:
    from extractors.registry import BY_ID  # every source reads the watch list, so that it is here before they are

    return BY_ID
