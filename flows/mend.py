"""What people mend, carried out: the record is archived first, then taken in like any answer, then published."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from difflib import get_close_matches

from extractors.client import Client, Fetched
from extractors.mending import MEDIA_TYPE, SOURCE, Correction, Mended, Mute, Rejection, uri_of, written
from extractors.registry import BY_ID
from extractors.settings import Settings
from extractors.watchlist import WatchList
from flows.clock import Now
from flows.importing import bring_in
from flows.report import RunReport
from transforms.tidy_mending import typed
from warehouse.home import Home
from warehouse.lineage import marts_over
from warehouse.mending import as_text, broken_checks, changed, correctable, row_to_correct
from warehouse.published import QueryError, open_published
from warehouse.sight import select_rows
from warehouse.why import readings_under

_NO_TIME = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Installation:
    """Where to mend, and whose word it is."""

    home: Home
    settings: Settings
    watchlist: WatchList
    author: str
    because: str
    now: Now


@dataclass(frozen=True, slots=True)
class Mending:
    """What was mended, the run that did it, and the marts that it touches."""

    record: Mended
    report: RunReport
    marts: list[str]


def correct(at: Installation, table_name: str, key_text: str, changes: Sequence[str]) -> Mending:
    """Put a row right. Raises QueryError, and archives nothing, for a row or a value that cannot be."""
    _, readings = correctable(table_name)
    row = row_to_correct(at.home, table_name, key_text)
    said = changed(readings, row, changes)
    after = {**row, **{name: new for name, (_, new) in said.items()}}
    try:
        values = typed(readings, after)
        origin = {
            "source_id": SOURCE.id,
            "snapshot_id": "",
            **dict.fromkeys(("available_at", "fetched_at", "first_seen_at"), _NO_TIME),
        }
        broken = broken_checks(readings, readings.arrow([{**values, **origin}]))
    except (ValueError, TypeError, OverflowError) as error:
        raise QueryError(str(error)) from error
    if broken:
        raise QueryError(f"such a row breaks {', '.join(broken)} of {readings.name}")
    plain = {name: as_text(value) for name, value in values.items()}
    record = Correction(
        readings.name, plain, {name: (old, plain[name]) for name, (old, _) in said.items()}, at.author, at.because
    )
    return Mending(record, _kept(at, record, "correct"), marts_over([readings.name]))


def reject(at: Installation, snapshot_id: str) -> Mending:
    """Let a saved answer give no rows any more; its bytes stay. Raises QueryError when nobody knows it."""
    name = snapshot_id if snapshot_id.startswith("urn:") else f"urn:uuid:{snapshot_id}"
    with open_published(at.home) as warehouse:
        if not select_rows(warehouse, "raw.snapshots", {"snapshot_id": name}):
            raise QueryError(f"there is no saved answer {name}; `dragongate why TABLE KEY` names those of a row")
        tables = tuple(readings_under(warehouse, name))
    record = Rejection(name, tables, at.author, at.because)
    return Mending(record, _kept(at, record, "reject"), marts_over(tables))


def mute(at: Installation, source_id: str, until: date) -> Mending:
    """Let a source be missing for a while without failing a run. Raises QueryError for an unknown source."""
    if source_id not in BY_ID:
        near = ", ".join(get_close_matches(source_id, BY_ID, n=3)) or ", ".join(BY_ID)
        raise QueryError(f"there is no source {source_id!r}; near are {near}")
    record = Mute(source_id, until, at.author, at.because)
    return Mending(record, _kept(at, record, "mute"), marts_over(BY_ID[source_id].source.tables))


def _kept(at: Installation, record: Mended, flow: str) -> RunReport:
    def keep(client: Client) -> Iterator[Fetched]:
        yield client.keep(SOURCE, uri_of(record), written(record), MEDIA_TYPE)

    return bring_in(at.home, at.settings, at.watchlist, keep, now=at.now, flow=flow)
