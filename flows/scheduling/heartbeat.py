"""The scheduler's sign of life: a file in the home that says when it last looked, and what comes next.

Beside it, an address of the operator's own is asked every few minutes: a service there calls somebody when that
stops, which no process of this machine could do once the machine is gone.
"""

import json
import logging
import os
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import requests

from extractors.settings import Settings
from warehouse.home import Home

log = logging.getLogger("dragongate")

PING_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Next:
    """When a schedule comes next."""

    schedule: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Ping:
    """The last time that the operator's own address was asked, and whether it answered."""

    at: datetime
    ok: bool


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """One sign of life."""

    at: datetime
    pid: int
    next: tuple[Next, ...] = ()
    dead_man_ping: Ping | None = None


def heartbeat_file(home: Home) -> Path:
    """Say where the sign of life lies."""
    return home.root / "heartbeat.json"


def write_heartbeat(home: Home, beat: Heartbeat) -> None:
    """Write the sign of life: readers see the whole old one or the whole new one. Raises OSError."""
    path = heartbeat_file(home)
    whole = path.with_name(f"{path.name}.{os.getpid()}.new")
    whole.write_text(json.dumps(asdict(beat), default=datetime.isoformat, indent=1) + "\n", encoding="utf-8")
    whole.replace(path)


def read_heartbeat(home: Home) -> Heartbeat | None:
    """Read the last sign of life; none where there never was one, or none that can be read."""
    try:
        found = json.loads(heartbeat_file(home).read_text(encoding="utf-8"))
        ping = found["dead_man_ping"]
        return Heartbeat(
            datetime.fromisoformat(found["at"]),
            int(found["pid"]),
            tuple(Next(one["schedule"], datetime.fromisoformat(one["at"])) for one in found["next"]),
            Ping(datetime.fromisoformat(ping["at"]), bool(ping["ok"])) if ping else None,
        )
    except (OSError, ValueError, TypeError, KeyError):
        return None


def ping(settings: Settings, now: datetime) -> Ping | None:
    """Ask the operator's own address; none where none is set. The address is a secret and shows itself nowhere."""
    address = settings.notify.ping_url
    if not address:
        return None
    proxies = {"http": settings.proxy, "https": settings.proxy} if settings.proxy else None
    headers = {"User-Agent": settings.user_agent}
    try:
        answer = requests.get(
            address.reveal(),
            timeout=PING_SECONDS,
            proxies=proxies,
            verify=settings.ca_bundle or True,
            headers=headers,
            allow_redirects=False,
        )
        is_good = answer.ok
        reason = f"status {answer.status_code}"
    except requests.RequestException as error:
        is_good, reason = False, type(error).__name__
    if not is_good:
        log.warning("the dead-man address was asked in vain (%s)", reason)
    return Ping(now, is_good)
