"""The scheduler's sign of life: a small file in the home, written anew every little while by `dragongate up`."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from warehouse.home import Home


@dataclass(frozen=True, slots=True)
class NextRun:
    """When a schedule starts its next run."""

    schedule: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Ping:
    """The last time that somebody outside was told that the scheduler lives, and whether that worked."""

    at: datetime
    ok: bool


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """One sign of life."""

    at: datetime
    pid: int
    next: tuple[NextRun, ...] = field(default=())
    dead_man_ping: Ping | None = None


def heartbeat_of(home: Home) -> Path:
    """Say where the sign of life lies."""
    return home.root / "heartbeat.json"


def read_heartbeat(home: Home) -> Heartbeat | None:
    """Read the newest sign of life; none where there never was one, or a dying disk cut it short."""
    try:
        found = json.loads(heartbeat_of(home).read_text(encoding="utf-8"))
        return _heartbeat(found)
    except (OSError, ValueError, TypeError, KeyError):
        return None


def write_heartbeat(home: Home, heartbeat: Heartbeat) -> None:
    """Write a sign of life, whole or not at all. Raises OSError where the disk does not let it."""
    file = heartbeat_of(home)
    whole = file.with_name(file.name + ".new")
    whole.write_text(json.dumps(_as_json(heartbeat)) + "\n", encoding="utf-8")
    whole.replace(file)


def _heartbeat(found: Mapping[str, Any]) -> Heartbeat:
    ping = found.get("dead_man_ping")
    return Heartbeat(
        datetime.fromisoformat(found["at"]),
        int(found["pid"]),
        tuple(NextRun(str(one["schedule"]), datetime.fromisoformat(one["at"])) for one in found.get("next", ())),
        Ping(datetime.fromisoformat(ping["at"]), bool(ping["ok"])) if ping else None,
    )


def _as_json(heartbeat: Heartbeat) -> dict[str, Any]:
    ping = heartbeat.dead_man_ping
    return {
        "at": heartbeat.at.isoformat(),
        "pid": heartbeat.pid,
        "next": [{"schedule": one.schedule, "at": one.at.isoformat()} for one in heartbeat.next],
        "dead_man_ping": {"at": ping.at.isoformat(), "ok": ping.ok} if ping else None,
    }
