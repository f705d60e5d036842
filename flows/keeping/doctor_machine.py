"""What the doctor looks at around Dragongate: disk, clock, time zones, ports, libraries, calendars."""

import csv
import re
import shutil
import socket
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from importlib.metadata import PackageNotFoundError, requires
from importlib.metadata import version as installed_version
from pathlib import Path
from zoneinfo import ZoneInfo

from packaging.requirements import Requirement
from packaging.version import Version

from extractors.archive import Archive
from extractors.exchanges import EXCHANGES
from extractors.quotes.exchange_sessions import newest_correction, sessions_csv
from flows.keeping.doctor import Finding, Patient, bad, ok, warn
from flows.scheduling.heartbeat import read_heartbeat

_GIGABYTE = 10**9
GROWTH_DAYS = 30
MONTHS_AHEAD, SOON = timedelta(days=92), timedelta(days=14)
HOLIDAYS = timedelta(days=10)
"""The longest time without a session: a mainland new year."""
OLD_ZONES = timedelta(days=3 * 365)
OLD_CLOSURES = timedelta(days=4 * 365)
SKEW_WARN, SKEW_BAD = timedelta(seconds=30), timedelta(minutes=5)
_ZONE_FILE = Path("/usr/share/zoneinfo/tzdata.zi")
_TRANSITIONS = {
    "America/New_York": (datetime(2026, 3, 8, 7, tzinfo=UTC), timedelta(hours=-4)),
    "Asia/Hong_Kong": (datetime(2026, 7, 1, tzinfo=UTC), timedelta(hours=8)),
    "Asia/Shanghai": (datetime(2026, 7, 1, tzinfo=UTC), timedelta(hours=8)),
}
"""Offsets that every sound table of zones has; the first is the hour in which New York's summer begins."""
SERVER_PORT = 4200


def disk(at: Patient) -> Finding:
    """Compare what is free with what a publication needs at once, and with how the archive grows."""
    free = shutil.disk_usage(at.root).free
    warehouse = at.home.warehouse.stat().st_size if at.home.warehouse.exists() else 0
    since = (at.now - timedelta(days=GROWTH_DAYS)).timestamp()
    files = [path.stat() for path in at.home.archive.glob("*.warc*")] if at.home.archive.is_dir() else []
    grown = sum(one.st_size for one in files if one.st_mtime >= since)
    said = f"{free / _GIGABYTE:.1f} GB free; the archive took {grown / _GIGABYTE:.2f} GB in {GROWTH_DAYS} days"
    room = "free some space, or set [keep] in dragongate.toml and run `dragongate housekeep`"
    if free < 2 * warehouse + _GIGABYTE // 10:
        return bad(f"{said}; a publication needs a copy of {warehouse / _GIGABYTE:.2f} GB", room)
    if free < grown + 2 * warehouse:
        return warn(f"{said}; that is no month more", room)
    return ok(said)


def clock(at: Patient) -> Finding:
    """Compare this machine's clock with the Date headers of the newest answers, and with what was here before."""
    mend = "set the clock by a time service (`timedatectl set-ntp true`)"
    archive = Archive(at.home.archive)
    own = [one for one in archive.index.entries() if archive.is_own(one.file) and one.kind == "response"]
    newest = sorted(own, key=lambda one: one.fetched_at)[-5:]
    if not newest:
        return ok("no answer here yet to compare the clock with")
    if newest[-1].fetched_at > at.now + SKEW_BAD:
        return bad(
            f"it is {at.now:%Y-%m-%d %H:%M}Z, and an answer came at {newest[-1].fetched_at:%Y-%m-%d %H:%M}Z", mend
        )
    # What a cache has kept is older than its answer, so that the newest date of several tells most.
    apart = [found - one.fetched_at for one in newest if (found := _date_of(archive, one.file, one.offset))]
    if not apart:
        return ok("no answer states the time of its server")
    skew = max(apart)
    said = f"servers were {skew.total_seconds():+.0f} s from this clock at {newest[-1].fetched_at:%Y-%m-%d %H:%M}Z"
    if abs(skew) > SKEW_BAD:
        return bad(said, mend)
    return warn(said, mend) if abs(skew) > SKEW_WARN else ok(said)


def _date_of(archive: Archive, file: str, offset: int) -> datetime | None:
    stated = archive.snapshot(file, offset).headers.get("date", "")
    try:
        return parsedate_to_datetime(stated).astimezone(UTC)
    except (ValueError, TypeError, IndexError):
        return None


def time_zones(at: Patient) -> Finding:
    """See that the exchanges' zones are there and right, and how old their table is."""
    for name, (moment, offset) in _TRANSITIONS.items():
        if moment.astimezone(ZoneInfo(name)).utcoffset() != offset:
            return bad(f"{name} has a wrong offset at {moment:%Y-%m-%d}", "bring the package tzdata up to date")
    version = _zone_version()
    zones = {one.zone.key for one in EXCHANGES.values()}
    said = f"{len(zones)} zones of exchanges; tzdata {version or 'of no stated year'}"
    year = re.match(r"\d{4}", version)
    if year and date(int(year[0]), 1, 1) < at.now.date() - OLD_ZONES:
        return warn(said, "bring tzdata up to date: `pip install -U tzdata`, or the system's package")
    return ok(said)


def _zone_version() -> str:
    if _ZONE_FILE.exists():
        with _ZONE_FILE.open(encoding="utf-8") as file:
            return file.readline().removeprefix("# version").strip()
    try:
        return installed_version("tzdata")
    except PackageNotFoundError:
        return ""


def ports(at: Patient) -> Finding:
    """See whether the ports of the status page and of Prefect are free, or held by `dragongate up`."""
    service = at.settings.service
    taken = [port for port in (service.port, SERVER_PORT) if port and not _is_free(port)]
    if not taken:
        return ok(f"{service.port} and {SERVER_PORT} are free")
    said = f"{' and '.join(map(str, taken))} {'are' if len(taken) > 1 else 'is'} taken"
    beat = read_heartbeat(at.home)
    if beat is not None and at.now - beat.at < timedelta(minutes=10):
        return ok(f"{said} while `dragongate up` runs (process {beat.pid})")
    return warn(said, "end what holds it, or give another: [service] port, `dragongate up --server-port`")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def calendars(at: Patient) -> Finding:
    """See that the sessions of every exchange are known for three months, and how old our table of closures is."""
    until, soon = at.now.date() + MONTHS_AHEAD, at.now.date() + SOON
    update = "bring it up to date: `pip install -U exchange-calendars`, or a newer Dragongate"
    reach = {mic: max(_reaches(mic, until.year), _reaches(mic, at.now.year)) for mic in EXCHANGES}
    short = [f"{mic} ends on {last}" for mic, last in reach.items() if last < until - HOLIDAYS]
    if short:
        said = f"calendars should reach {until}: {', '.join(short)}"
        return bad(said, update) if min(reach.values()) < soon else warn(said, update)
    newest = newest_correction()
    said = f"calendars reach {until}; the newest closure by notice is of {newest}"
    return warn(said, "a newer Dragongate knows more closures") if newest < at.now.date() - OLD_CLOSURES else ok(said)


def _reaches(exchange: str, year: int) -> date:
    rows = list(csv.DictReader(sessions_csv(exchange, year).decode().splitlines()))
    return max((date.fromisoformat(row["session_date"]) for row in rows), default=date.min)


def libraries(at: Patient) -> Finding:
    """Compare what is installed with the bounds of the package."""
    del at
    try:
        wanted = requires("dragongate") or []
    except PackageNotFoundError:
        return warn("dragongate itself is not installed as a package", "install it: `pip install -e .`, or `make demo`")
    wrong = list(_out_of_bounds(wanted))
    if wrong:
        tested = "`pip install --require-hashes --no-deps -r requirements.lock`"
        return bad("; ".join(wrong), f"install what was tested: {tested}")
    return ok(f"{len(wanted)} libraries within their bounds; DuckDB {installed_version('duckdb')}")


def _out_of_bounds(wanted: list[str]) -> Iterator[str]:
    for line in wanted:
        one = Requirement(line)
        if one.marker is not None and not one.marker.evaluate():
            continue
        try:
            found = installed_version(one.name)
        except PackageNotFoundError:
            yield f"{one.name} is not installed"
            continue
        if not one.specifier.contains(Version(found), prereleases=True):
            yield f"{one.name} is {found} and should be {one.specifier}"
