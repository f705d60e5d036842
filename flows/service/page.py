"""Everything that the page for people shows, ready for its template."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flows.alerting.alert import Alert, Surroundings
from flows.alerting.alerts import alerts
from flows.scheduling.heartbeat import Heartbeat, read_heartbeat
from flows.service.headline import Headline, headline
from flows.service.holes import HoleGroup, hole_groups
from flows.service.lines import SourceLine, TableLine, source_lines, table_lines
from flows.service.looking import Looking
from flows.service.orchestrator import Orchestrator
from flows.service.sight import View
from warehouse.surroundings import read_expected

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RunLine:
    """One run with what it did."""

    run: Row
    seconds: float | None
    counts: Row


@dataclass(frozen=True, slots=True)
class AlertLine:
    """One thing that is wrong, and whether somebody took it on."""

    alert: Alert
    taken_on: str


@dataclass(frozen=True, slots=True)
class Page:
    """What is shown."""

    now: datetime
    view: View
    head: Headline
    orchestrator: Orchestrator
    heartbeat: Heartbeat | None
    alerts: Sequence[AlertLine]
    sources: Sequence[SourceLine]
    off: Sequence[Row]
    tables: Sequence[TableLine]
    runs: Sequence[RunLine]
    holes: Sequence[HoleGroup]


def page(looking: Looking) -> Page:
    """Look at everything."""
    view, now = looking.now()
    heartbeat = read_heartbeat(looking.home)
    return Page(
        now,
        view,
        headline(view, now),
        looking.orchestrator(),
        heartbeat,
        alert_lines(looking, view, heartbeat, now),
        source_lines(view, now),
        [one for one in view.overview.sources if not one["is_enabled"]],
        table_lines(view, now),
        run_lines(view),
        hole_groups(view.status.holes),
    )


def run_lines(view: View) -> list[RunLine]:
    """List the newest runs, each with how long it took, and what it asked and loaded."""
    lines = []
    for run in view.status.runs:
        ended: datetime | None = run["ended_at"]
        seconds = (ended - run["started_at"]) / timedelta(seconds=1) if ended else None
        lines.append(RunLine(run, seconds, view.overview.runs.get(run["run_id"], {})))
    return lines


def alert_lines(looking: Looking, view: View, heartbeat: Heartbeat | None, now: datetime) -> list[AlertLine]:
    """List what is wrong at this moment, with who took it on; nothing where nothing has run yet."""
    if view.is_empty:
        return []
    around = Surroundings(
        calendars=view.warehouse.data_times.calendars if view.warehouse else {},
        expected=read_expected(looking.home),
        disagreements=view.warehouse.disagreement_counts if view.warehouse else {},
        is_lease_held=view.status.running is not None,
        unreadable=view.problem,
        longest_hours_without_run=looking.settings.notify.longest_hours_without_run,
    )
    book = {(one["alert_name"], one["subject"]): one for one in view.status.alerts}
    found = alerts(view.status, heartbeat, now, around)
    return [AlertLine(one, _taken_on(book.get(one.key, {}), now)) for one in found]


def _taken_on(entry: Row, now: datetime) -> str:
    until = entry.get("acknowledged_until")
    if until is None or until < now.date():
        return ""
    return f"{entry['acknowledged_by']} until {until}: {entry['acknowledged_because']}"
