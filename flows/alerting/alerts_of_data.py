"""What is wrong with the data: old, late, missing, against a rule, unknown, or told differently by two sources."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from flows.alerting import alert_kinds as kinds
from flows.alerting.alert import Alert, Situation
from flows.alerting.deadlines import DEADLINES, Deadline
from flows.completeness import is_ours
from warehouse.freshness import Calendar
from warehouse.tables.catalog import BY_NAME

OURS, THEIRS = "ours", "theirs"
_STATUS = "dragongate status"
_NEXT_RUN = "the next run"
_NEW_FOR = timedelta(days=7)
"""How long a field that appeared counts as news."""
_HAS_NONE = "answered and has none"
"""What `ops.completeness` says of a day for which a source was asked and has nothing, as of a halted share."""
_SHARE_LATE = 0.5
"""Of lines for which the source says that it has none: so many are no halts but a source that is late."""

Row = Mapping[str, Any]


def stale_tables(at: Situation) -> Iterator[Alert]:
    """Tables older than their own calendar allows, measured now where the home is live."""
    for row in at.status.freshness:
        exchange = _exchange_of(row["table_name"])
        hours = _age(row, exchange, at)
        if not _is_stale(row, hours):
            continue
        hole = _hole_of(at, row["table_name"])
        yield Alert(
            kinds.REQUIRED_DATA_STALE if row["is_required"] else kinds.OPTIONAL_DATA_STALE,
            row["table_name"],
            hole["whose"] or OURS if hole else OURS,
            _of_age(row, hours, exchange),
            (hole["mend"] if hole else None) or "See what its sources answered last: `dragongate sources`.",
            (hole["next_try"] if hole else None) or _NEXT_RUN,
            _why(hole),
            group=row["table_name"],
            exchanges=(exchange,) if exchange else (),
        )


def _exchange_of(table_name: str) -> str:
    table = BY_NAME.get(table_name)
    return table.fresh_within.counts_sessions_of if table and table.fresh_within else ""


def _age(row: Row, exchange: str, at: Situation) -> float | None:
    """Give the age now: what was measured after a run grows on open days until the next one."""
    measured: float | None = row["age_hours"]
    if not at.is_live or measured is None:
        return measured
    # A day is over only hours after the run that brought its close: until then nothing ages.
    since: datetime = max(row["measured_at"], row.get("data_until") or row["measured_at"])
    calendar = at.around.calendars.get(exchange)
    more = calendar.hours_between(since, at.now) if calendar else (at.now - since) / timedelta(hours=1)
    return measured + max(0.0, more)


def _is_stale(row: Row, hours: float | None) -> bool:
    allowed: float | None = row["allowed_hours"]
    return bool(row["is_stale"]) if allowed is None or hours is None else hours > allowed


def _of_age(row: Row, hours: float | None, exchange: str) -> str:
    if hours is None:
        return f"{row['table_name']} is empty though a source for it is on"
    days = f" of days on which {exchange} trades" if exchange else ""
    return f"{row['table_name']} ends {hours:.0f} h ago{days}; {row['allowed_hours']:.0f} h are allowed"


def late_data(at: Situation) -> Iterator[Alert]:
    """Deadlines that passed without the data of the day that they are about."""
    if not at.is_live:
        return
    muted = {row["source_id"] for row in at.status.muted}
    for deadline in DEADLINES:
        rows = [row for row in at.around.expected if _is_about(deadline, row, muted)]
        day = deadline.last_due(at.now, at.around.calendars)
        late = _late(rows, day) if day else []
        if day and len(late) > deadline.share_let_pass * len(rows):
            yield _late_alert(deadline, day, late, len(rows))


def _is_about(deadline: Deadline, row: Row, muted: set[str]) -> bool:
    is_awaited = row["expected_from_date"] is not None and row.get("is_followed") is not False
    is_asked = not muted.issuperset(row["source_ids"] or ())
    exchange = row["subject_id"].partition(":")[0]
    is_of_exchange = not deadline.exchanges or exchange in deadline.exchanges
    return row["what"] == deadline.what and is_awaited and is_asked and is_of_exchange


def _late(rows: Sequence[Row], day: date) -> list[Row]:
    """List those without that day; one of which its source says that it has none is no delay, many are."""
    behind = [row for row in rows if row["expected_from_date"] <= day and (row["last_came_date"] or date.min) < day]
    halted = [row for row in behind if _HAS_NONE in (row["reason"] or "")]
    return behind if len(halted) > _SHARE_LATE * len(rows) else [row for row in behind if row not in halted]


def _late_alert(deadline: Deadline, day: date, late: Sequence[Row], all_count: int) -> Alert:
    told = next((row for row in late if row["reason"]), None)
    reason = f": {told['reason']}" if told else ": no run has asked since"
    return Alert(
        kinds.DEADLINE_MISSED,
        deadline.name,
        (told["whose"] if told else None) or OURS,
        f"{deadline.title} of {day} were due at {deadline.due:%H:%M} ({deadline.zone.key}); "
        f"{len(late)} of {all_count} are not here{reason}",
        (told["mend"] if told else None) or "See why no run came: `dragongate status`.",
        (told["next_try"] if told else None) or _NEXT_RUN,
        f"dragongate why {late[0]['table_name']} {late[0]['subject_id']},{day}",
        group=next(iter(late[0]["source_ids"] or ()), deadline.name),
        exchanges=deadline.exchanges,
    )


def missing_sources(at: Situation) -> Iterator[Alert]:
    """Sources that the newest run should have an answer of and has not, required ones by themselves."""
    by_source: dict[tuple[str, bool], list[Row]] = defaultdict(list)
    for row in at.status.gaps:
        by_source[row["source_id"], row["is_required"]].append(row)
    for (source_id, is_required), rows in by_source.items():
        reasons = sorted({row["reason"] or "no answer" for row in rows})
        more = f" and {len(reasons) - 1} other reasons" if len(reasons) > 1 else ""
        hole = next((one for one in at.status.holes if source_id in (one["source_ids"] or ())), None)
        yield Alert(
            kinds.REQUIRED_SOURCE_MISSING if is_required else kinds.OPTIONAL_SOURCE_MISSING,
            source_id,
            OURS if any(is_ours(*_split(row["reason"])) for row in rows) else THEIRS,
            f"{source_id}: {len(rows)} of the answers that it should have given are missing ({reasons[0]}{more})",
            rows[0]["mend"] or "`dragongate sources` says what it needs.",
            _NEXT_RUN,
            _why(hole),
            group=source_id,
            exchanges=_exchanges_of(rows, at.around.calendars),
        )


def _split(reason: str | None) -> tuple[str, str]:
    outcome, _, word = (reason or "").partition(": ")
    return outcome, word


def _exchanges_of(rows: Iterable[Row], calendars: Mapping[str, Calendar]) -> tuple[str, ...]:
    """Name the exchanges whose lines were asked for; none where anything else was asked for too."""
    parts = {part.partition(":")[0] for row in rows for part in row["chunk"].split(",")}
    return tuple(sorted(parts)) if parts <= calendars.keys() else ()


def checks_that_fail(at: Situation) -> Iterator[Alert]:
    """Rules that a table breaks without being kept back for it."""
    kept = {row["table_name"] for row in at.status.kept_back}
    by_table: dict[str, list[Row]] = defaultdict(list)
    for row in at.status.failed_checks:
        if row["table_name"] not in kept:
            by_table[row["table_name"]].append(row)
    for table, rows in by_table.items():
        said = ", ".join(f"{row['check_name']} ({row['failing_rows']} rows)" for row in rows)
        mend = "Look at the rows: `dragongate correct` mends one, `dragongate reject` the answer that it came from."
        yield Alert(kinds.CHECK_FAILED, table, OURS, f"{table} breaks {said}", mend, _NEXT_RUN, _STATUS, group=table)


def tables_kept_back(at: Situation) -> Iterator[Alert]:
    """Tables of the newest generation that show their last good content."""
    for row in at.status.kept_back:
        table, check = row["table_name"], row["reason"]
        sentence = f"{table} is kept back by {check}: readers see its content of generation {row['content_generation']}"
        mend = f"Mend the rows, or take them on: `dragongate publish --accept {check} --because …`."
        yield Alert(kinds.TABLE_KEPT_BACK, table, OURS, sentence, mend, _NEXT_RUN, _STATUS, group=table)


def drift(at: Situation) -> Iterator[Alert]:
    """Sources that began to send fields that we do not know, for a week."""
    by_source: dict[str, list[str]] = defaultdict(list)
    for row in at.status.drift:
        if at.now - row["first_seen_at"] <= _NEW_FOR:
            by_source[row["source_id"]].append(row["field"])
    for source_id, fields in by_source.items():
        more = f" and {len(fields) - 3} more" if len(fields) > 3 else ""
        sentence = f"{source_id} sends what we do not know: {', '.join(sorted(fields)[:3])}{more}"
        mend = "Nothing is lost: the rest is read, the bytes are kept. Its parser should learn the field."
        yield Alert(
            kinds.SOURCE_DRIFT, source_id, THEIRS, sentence, mend, "with a new version", _STATUS, group=source_id
        )


def disagreements(at: Situation) -> Iterator[Alert]:
    """Tables in whose readings sources differ."""
    for table, count in at.around.disagreements.items():
        sentence = f"{table}: sources differ about {count} figures by more than the tolerance"
        mend = "The preferred source stands; `dragongate correct` puts a row right where it is the wrong one."
        why = f"dragongate sql \"FROM ops.disagreements WHERE table_name = '{table}'\""
        yield Alert(kinds.SOURCES_DISAGREE, table, THEIRS, sentence, mend, _NEXT_RUN, why, group=table)


def _hole_of(at: Situation, table_name: str) -> Row | None:
    of_table = [one for one in at.status.holes if one["table_name"] == table_name and one["state"] == "missing"]
    return max(of_table, key=lambda one: one["last_missing_date"], default=None)


def _why(hole: Row | None) -> str:
    if hole is None or hole["last_missing_date"] is None or hole["subject_kind"] not in ("security", "account"):
        return _STATUS
    return f"dragongate why {hole['table_name']} {hole['subject_id']},{hole['last_missing_date']}"
