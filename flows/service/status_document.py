"""`/status.json`: what `dragongate status --json` says, with the generation that readers get and how old that is."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any

from flows.service.orchestrator import Orchestrator
from flows.service.sight import View
from warehouse.data_times import time_of

SCHEMA_VERSION = 1
"""Grows when a field goes or changes its meaning; a new field leaves it as it is."""


def status_document(view: View, orchestrator: Orchestrator, now: datetime) -> dict[str, Any]:
    """Say everything that a program polls for."""
    return {
        "schema_version": SCHEMA_VERSION,
        "asked_at": now,
        "is_good": view.status.is_good,
        **{one.name: getattr(view.status, one.name) for one in fields(view.status)},
        "generation": generation(view, now),
        "ages": ages(view, now),
        "problem": view.problem or None,
        "prefect": orchestrator,
    }


def generation(view: View, now: datetime) -> Mapping[str, Any] | None:
    """Give the number of the published generation, since when it is there and its age; null without one."""
    shown = view.generation
    if shown is None or not shown.number:
        return None
    at = shown.published_at
    age = max((now - at) / timedelta(seconds=1), 0.0) if at else None
    return {"number": shown.number, "published_at": at, "age_seconds": age}


def ages(view: View, now: datetime) -> list[dict[str, Any]]:
    """Give the age of each table at this moment, where `freshness` tells it as of the end of the run."""
    at = view.as_of(now)
    calendars = view.warehouse.data_times.calendars if view.warehouse else {}
    told = []
    for row in view.status.freshness:
        time = time_of(row)
        hours = time.age_hours(at, calendars) if time else None
        late = bool(hours is not None and row["allowed_hours"] is not None and hours > row["allowed_hours"])
        told.append(
            {
                "table_name": row["table_name"],
                "age_hours": hours,
                "allowed_hours": row["allowed_hours"],
                "is_stale": late or (hours is None and row["is_stale"]),
                "is_required": row["is_required"],
            }
        )
    return told
