"""`dragongate parse`: what a source reads from one saved response."""

from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any

import typer

from extractors.errors import Outcome
from extractors.reader import Answer, read_snapshot
from extractors.reading import Read
from extractors.registry import BY_ID
from extractors.snapshot import Snapshot
from extractors.watchlist import WatchList
from flows.commands.options import DEFAULT_HOME, HomeOption, JsonOption, no_source
from flows.commands.terminal import OUT, as_json, table
from flows.figures import figures_in
from flows.watching import default_watchlist, home_watchlist
from transforms.registry import transform_of
from transforms.tidy import Tidy
from warehouse.home import Home


def parse(
    source: Annotated[str, typer.Argument(help="Id of the source; `dragongate sources` lists them.")],
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="The saved body.")],
    url: Annotated[str, typer.Option(help="The address that gave it.")],
    status: Annotated[int, typer.Option(help="HTTP status.")] = 200,
    content_type: Annotated[str, typer.Option(help="Content-Type header.")] = "",
    fetched_at: Annotated[
        datetime | None, typer.Option(help="When it was fetched, UTC; default the file's time.")
    ] = None,
    home: HomeOption = DEFAULT_HOME,
    json: JsonOption = False,
) -> None:
    """Read one saved response as a source would, and show the rows that it would load."""
    if source not in BY_ID:
        raise typer.BadParameter(no_source(source))
    body = file.read_bytes()
    at = (fetched_at or datetime.fromtimestamp(file.stat().st_mtime, UTC)).replace(tzinfo=UTC)
    snapshot = Snapshot(
        id=f"urn:sha256:{sha256(body).hexdigest()}",
        url=url,
        body=body,
        fetched_at=at,
        first_seen_at=at,
        status=status,
        headers={"content-type": content_type} if content_type else {},
    )
    answer = read_snapshot(BY_ID[source], snapshot)
    tidy = Tidy()
    if answer.outcome == Outcome.OK:
        answer, tidy = _tidied(source, snapshot, answer, home_watchlist(Home(home)) or default_watchlist())
    rows = {name: data.to_pylist() for name, data in tidy.rows.items()}
    if json:
        as_json(_as_dict(answer, rows, tidy))
        return
    OUT.print(f"{source}: {answer.outcome}" + (f" ({answer.reason}: {answer.message})" if answer.reason else ""))
    for one in answer.reading.drift:
        OUT.print(f"  unknown field {one.field}, for example {one.example!r}")
    for name, listed in rows.items():
        table(
            f"{name}: {len(listed)} rows",
            list(listed[0]) if listed else [],
            [list(row.values()) for row in listed[:20]],
        )
    for aside in tidy.set_aside:
        OUT.print(f"  set aside for {aside.table}: {aside.reason}")


def _tidied(source: str, snapshot: Snapshot, answer: Answer, watchlist: WatchList) -> tuple[Answer, Tidy]:
    """Make rows of what was read; where none can be made, the answer is not data, as in a run."""
    try:
        tidy = transform_of(source)([Read(snapshot, answer.reading.records)], watchlist)
        return answer, tidy | figures_in(tidy, watchlist)
    except Exception as error:  # noqa: BLE001  a transform's own mistake, kept visible as a run does
        message = snapshot.at(f"{source}: no rows can be made: {type(error).__name__}: {error}")
        return Answer(Outcome.SHAPE_CHANGED, type(error).__name__, message, answer.reading), Tidy()


def _as_dict(answer: Any, rows: dict[str, list[dict[str, Any]]], tidy: Tidy) -> dict[str, Any]:
    return {
        "outcome": answer.outcome,
        "reason": answer.reason,
        "message": answer.message,
        "records": list(answer.reading.records),
        "drift": list(answer.reading.drift),
        "rows": rows,
        "set_aside": [{"table": one.table, "reason": one.reason, "row": dict(one.row)} for one in tidy.set_aside],
    }
