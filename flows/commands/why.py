"""`dragongate why`: from a cell, or from a hole, to the bytes."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Annotated

import typer

from extractors.archive import Archive
from flows.commands.options import DEFAULT_HOME, HomeOption, JsonOption
from flows.commands.terminal import OUT, as_json
from flows.showing import NothingToShow, open_document, save_document, snapshot_of
from flows.standing import standing
from warehouse.beneath import Step
from warehouse.home import Home
from warehouse.why import Chain, Explanation, explain, key_of

MOST_PLACES = 10
_NARROWEST = 23
_NONE = "–"


def why(
    table: Annotated[str, typer.Argument(help="A core table or a mart, such as core.daily_quotes.")],
    key: Annotated[str, typer.Argument(help="security_id=XHKG:01810,trade_date=2024-12-30, or the key's values.")],
    column: Annotated[str, typer.Option("--column", "-c", help="One cell of it; else the whole row.")] = "",
    open_it: Annotated[bool, typer.Option("--open", help="Show the saved page, or the page of the PDF.")] = False,
    save: Annotated[
        Path | None, typer.Option("--save", dir_okay=False, help="Write the saved body here, as it came.")
    ] = None,
    home: HomeOption = DEFAULT_HOME,
    json: JsonOption = False,
) -> None:
    """Show where a cell or a row comes from, or why there is none; exit code 1 for a hole."""
    place = Home(home)
    found = explain(place, table, key, column)
    is_hole = not found.rows or bool(found.hole)
    if json:
        as_json(found)
    else:
        for line in _lines(found, place):
            OUT.print(line, markup=False)
    if open_it or save:
        _show(found, place, open_it=open_it, save=save)
    raise typer.Exit(1 if is_hole else 0)


def _show(found: Explanation, home: Home, *, open_it: bool, save: Path | None) -> None:
    try:
        if save:
            OUT.print(f"saved to {save_document(found, home, save)}", markup=False)
        if open_it:
            OUT.print(f"shown from {open_document(found, home)}", markup=False)
    except NothingToShow as error:
        raise typer.BadParameter(str(error), param_hint="--open" if open_it else "--save") from None


def _lines(found: Explanation, home: Home) -> Iterator[str]:
    for row in found.rows:
        yield found.table
        shown = row if not found.column else {name: row[name] for name in (*key_of(found.table), found.column)}
        width = max(_NARROWEST, *map(len, shown))
        yield from (f"  {name:<{width}}  {_NONE if value is None else value}" for name, value in shown.items())
    if not found.rows:
        yield f"There is no such row in {found.table}: {','.join(f'{name}={one}' for name, one in found.key.items())}"
    yield from (f"  {sentence}" for sentence in (*found.hole, *found.said))
    if found.steps:
        yield "computed from"
        yield from (_step(step) for step in found.steps)
    archive = Archive(home.archive)
    for _, same in groupby(found.chains, key=lambda chain: str(chain.reading["snapshot_id"])):
        chains = list(same)
        yield from _chain_lines(chains, home)
        yield from _places(archive, chains, found.column)
    for version in found.history:
        yield (
            f"earlier version ({version['version_cause']}): public {version['public_from']} to {version['public_to']}, "
            f"known here {version['known_from']} to {version['known_to']}, snapshot {version['snapshot_id']}"
        )


def _step(step: Step) -> str:
    key = ",".join(f"{name}={step.row[name]}" for name in key_of(step.table))
    counted = step.row[step.column] if step.column else None
    value = f"  {step.column} {_NONE if counted is None else counted}" if step.column else ""
    more = f"  (and {step.left_out} more)" if step.left_out else ""
    return f"{'  ' * step.depth}{step.table} {key}{value}{more}"


def _places(archive: Archive, chains: Sequence[Chain], column: str) -> Iterator[str]:
    """Say where the readings stand in their document, for as many as one reads."""
    snapshot = snapshot_of(archive, chains[0])
    if snapshot is None:
        return
    for chain in chains[:MOST_PLACES]:
        yield from (f"  stands   {one}" for one in standing(snapshot, chain.reading, column))


def _chain_lines(chains: Sequence[Chain], home: Home) -> Iterator[str]:
    """Tell of the readings of one saved answer: where each stands in it, and the way to it."""
    reading, snapshot = chains[0].reading, chains[0].snapshot
    yield f"read by {reading['source_id']} from {reading['snapshot_id']}"
    for one in chains[0].mended:
        yield f"  {one['kind']}  {one['change_text']}, by {one['author']} on {one['corrected_at']:%Y-%m-%d}: " + (
            f"{one['because']}"
        )
    if snapshot is None:
        yield "  whose record is not in this archive"
        return
    yield f"  address  {snapshot['url']}"
    yield f"  fetched  {snapshot['fetched_at']}, first seen here {snapshot['first_seen_at']}"
    yield f"  sha256   {snapshot['sha256']}, {snapshot['body_length']} bytes, status {snapshot['status']}"
    place = home.archive / snapshot["archive_file"]
    yield f"  bytes    {place}, {snapshot['archive_length']} from {snapshot['archive_offset']}"
    for fetch in chains[0].fetches:
        rule = f", robots: {fetch['robots_rule']}" if fetch["robots_rule"] else ""
        yield (
            f"  run      {fetch['run_id']} ({fetch['mode']}), Dragongate {fetch['code_version']}, "
            f"attempts {fetch['attempts']}{rule}"
        )
