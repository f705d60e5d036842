"""The pages behind each line: what `why` would say of a source, a table, a hole, a run or a row."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from fastapi.responses import HTMLResponse

from extractors.registry import BY_ID
from flows.completeness import is_ours
from flows.service.lines import source_lines, table_lines
from flows.service.looking import Looking
from flows.service.rendering import render
from flows.service.words import why_row
from warehouse.beneath import Step
from warehouse.home import Home
from warehouse.records import read_hole, read_run, read_source, read_table
from warehouse.sight import columns_of
from warehouse.why import explain, key_of

Row = Mapping[str, Any]
_NEXT_RUN = "the next run"


def source_page(looking: Looking, source_id: str) -> HTMLResponse:
    """Explain one source: its state, what is missing and whose that is, and its newest requests."""
    view, now = looking.now()
    record = read_source(looking.home, source_id)
    line = next((one for one in source_lines(view, now) if one.id == source_id), None)
    words = {one["chunk"]: (one["outcome"], one["reason"] or "") for one in reversed(record.fetches)}
    missing = [
        {**one, "whose": _whose(words, one["chunk"]), "next_try": _NEXT_RUN}
        for one in record.answers
        if one["state"] == "missing"
    ]
    extractor = BY_ID.get(source_id)
    off = looking.settings.why_off(extractor.source) if extractor and line is None else record.source["why_off"] or ""
    return render("why_source.html", looking.home, now, record=record, line=line, missing=missing, why_off=off)


def table_page(looking: Looking, name: str) -> HTMLResponse:
    """Explain one table: its age against what is allowed, who fills it, its loads and generations."""
    view, now = looking.now()
    record = read_table(looking.home, name)
    line = next((one for one in table_lines(view, now) if one.name == name), None)
    lines = {one.id: one for one in source_lines(view, now)}
    return render("why_table.html", looking.home, now, record=record, line=line, lines=lines)


def hole_page(looking: Looking, kind: str, subject_id: str, what: str) -> HTMLResponse:
    """Explain what is missing of one thing that we follow, day by day where it has days."""
    record = read_hole(looking.home, kind, subject_id, what)
    days = [(day, _why_day(record.hole, day)) for day in record.hole["missing_days"] or ()]
    sentences = _newest_day(looking.home, record.hole)
    return render("why_hole.html", looking.home, looking.clock(), record=record, days=days, sentences=sentences)


def run_page(looking: Looking, run_id: str) -> HTMLResponse:
    """Tell what one run did."""
    record = read_run(looking.home, run_id)
    ended, started = record.run["ended_at"], record.run["started_at"]
    seconds = (ended - started) / timedelta(seconds=1) if ended else None
    return render("why_run.html", looking.home, looking.clock(), record=record, seconds=seconds)


def row_page(looking: Looking, table: str, key: str, column: str = "") -> HTMLResponse:
    """Say where a row or a cell of it comes from, or why there is none."""
    found = explain(looking.home, table, key, column)
    names = [*key_of(table), column] if column else [*columns_of(table)]
    return render("why_row.html", looking.home, looking.clock(), found=found, names=names, key_in=_key_in)


def _key_in(step: Step) -> dict[str, Any]:
    """Name the row of a step."""
    return {name: step.row[name] for name in key_of(step.table)}


def _whose(answers: Mapping[str, tuple[str, str]], chunk: str) -> str:
    outcome, reason = answers.get(chunk, ("", ""))
    return "ours" if not outcome or is_ours(outcome, reason) else "theirs"


def _key_of_day(hole: Row, day: str) -> str:
    """Give the key of a day's row, where what is missing is one row a day; of a span, its last day."""
    is_daily = hole["what"] == "daily_closes"
    return f"security_id={hole['subject_id']},trade_date={day.rpartition('..')[2]}" if is_daily else ""


def _why_day(hole: Row, day: str) -> str:
    key = _key_of_day(hole, day)
    return why_row(hole["table_name"], key) if key else ""


def _newest_day(home: Home, hole: Row) -> list[str]:
    key = _key_of_day(hole, hole["missing_days"][-1]) if hole["missing_days"] else ""
    return explain(home, hole["table_name"], key).hole if key else []
