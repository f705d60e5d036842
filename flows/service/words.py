"""How pages write values: ages, lengths, moments, counts. An empty value is a dash."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

DASH = "–"
HOURS_IN_WORDS = 72.0
"""Up to here an age is told in hours, beyond it in days."""
EXCHANGES = {"XHKG": "Hong Kong", "XNAS": "Nasdaq", "XNYS": "New York", "XSHE": "Shenzhen", "XSHG": "Shanghai"}
STATES = {
    "completed": "good",
    "completed_with_gaps": "attention",
    "failed": "bad",
    "died": "bad",
    "running": "busy",
    "here": "good",
    "ok": "good",
    "unchanged": "good",
    "nothing_there": "good",
    "elsewhere": "good",
    "complete": "good",
    "published": "good",
    "loaded": "good",
    "missing": "bad",
    "refused": "bad",
    "shape_changed": "bad",
    "rejected": "bad",
    "rate_limited": "attention",
    "unavailable": "attention",
    "kept": "attention",
    "withdrawn": "attention",
    "quiet": "attention",
    "not_asked": "attention",
    "page": "bad",
    "ticket": "attention",
}
"""How loud a state is, on a badge."""


def age(hours: float | None) -> str:
    """Tell an age or a limit in hours, from three days on in days."""
    if hours is None:
        return DASH
    return f"{hours:,.0f} h" if hours <= HOURS_IN_WORDS else f"{hours / 24:,.0f} d"


def length(seconds: float | None) -> str:
    """Tell how long something took."""
    if seconds is None:
        return DASH
    if seconds < 60:
        return f"{seconds:.0f} s" if seconds >= 10 else f"{seconds:.1f} s"
    minutes = int(seconds // 60)
    return f"{minutes} min {seconds % 60:.0f} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


def since(at: datetime | None, now: datetime) -> str:
    """Tell how long ago something was, in words."""
    if at is None:
        return DASH
    seconds = (now - at) / timedelta(seconds=1)
    if seconds < 0:
        return "in the future"
    if seconds < 60:
        return "just now"
    if seconds < 3600:
        return f"{seconds // 60:.0f} min ago"
    return f"{age(seconds / 3600)} ago"


def moment(at: datetime | None) -> str:
    """Write a moment in UTC, to the minute."""
    return DASH if at is None else f"{at:%Y-%m-%d %H:%M}Z"


def day_of(until: datetime | None) -> str:
    """Name the day of data; the end of a day belongs to it and not to the next one."""
    return DASH if until is None else f"{until - timedelta(seconds=1):%Y-%m-%d}"


def shown(value: Any) -> str:
    """Write any value of a row."""
    if value is None or value == "" or value == []:
        return DASH
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:,.2f}".rstrip("0").rstrip(".")
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return value.isoformat()
    return ", ".join(map(shown, value)) if isinstance(value, list | tuple) else str(value)


def exact(value: Any) -> str:
    """Write a value of a row as it stands there: a year is no number with a comma."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else shown(value)


def said(state: str | None) -> str:
    """Write a state's name as words."""
    return (state or DASH).replace("_", " ")


def loudness(state: str | None) -> str:
    """Say how loud the badge of a state is."""
    return STATES.get(state or "", "plain")


def address(path: str, **values: object) -> str:
    """Write a link with its values escaped."""
    return f"{path}?{urlencode(values)}" if values else path


def why_hole(row: Mapping[str, Any]) -> str:
    """Link to the explanation of a hole."""
    return address("/why/hole", kind=row["subject_kind"], id=row["subject_id"], what=row["what"])


def why_row(table: str, key: Mapping[str, Any] | str) -> str:
    """Link to the explanation of a row."""
    text = key if isinstance(key, str) else ",".join(f"{name}={value}" for name, value in key.items())
    return address("/why/row", table=table, key=text)


def web(url: str | None) -> str:
    """Give an address that may be a link: of the web, and of nothing that a browser would run."""
    try:
        return url if url and urlsplit(url).scheme in ("http", "https") else ""
    except ValueError:
        return ""


def names(values: Sequence[str], most: int = 4) -> str:
    """List names, the first few of them."""
    more = f" and {len(values) - most} more" if len(values) > most else ""
    return ", ".join(values[:most]) + more
