"""`dragongate why`: from a cell, or from a hole, to the bytes."""

from typing import Annotated

import typer

from flows.commands.options import DEFAULT_HOME, HomeOption, JsonOption
from flows.commands.terminal import OUT, as_json
from warehouse.home import Home
from warehouse.why import Chain, explain


def why(
    table: Annotated[str, typer.Argument(help="A core table or a mart, such as core.daily_quotes.")],
    key: Annotated[str, typer.Argument(help="security_id=XHKG:01810,trade_date=2024-12-30, or the key's values.")],
    home: HomeOption = DEFAULT_HOME,
    json: JsonOption = False,
) -> None:
    """Show where a row comes from, or why there is none; exit code 1 for a hole."""
    place = Home(home)
    found = explain(place, table, key)
    if json:
        as_json(found)
        raise typer.Exit(0 if found.rows else 1)
    for row in found.rows:
        OUT.print(f"[bold]{found.table}[/]")
        for name, value in row.items():
            OUT.print(f"  {name:<24} {value}", markup=False)
    for chain in found.chains:
        _show(chain, place)
    for version in found.history:
        OUT.print(
            f"earlier version ({version['version_cause']}): public {version['public_from']} to {version['public_to']}, "
            f"known here {version['known_from']} to {version['known_to']}, snapshot {version['snapshot_id']}",
            markup=False,
        )
    if not found.rows:
        OUT.print(f"There is no such row in {found.table}.")
        for sentence in found.hole:
            OUT.print(f"  {sentence}", markup=False)
        raise typer.Exit(1)


def _show(chain: Chain, home: Home) -> None:
    reading, snapshot = chain.reading, chain.snapshot
    OUT.print(f"read by {reading['source_id']} from {reading['snapshot_id']}", markup=False)
    for one in chain.mended:
        said = f"{one['change_text']}, by {one['author']} on {one['corrected_at']:%Y-%m-%d}: {one['because']}"
        OUT.print(f"  {one['kind']}  {said}", markup=False)
    if snapshot is None:
        OUT.print("  whose record is not in this archive")
        return
    OUT.print(f"  address  {snapshot['url']}", markup=False)
    OUT.print(f"  fetched  {snapshot['fetched_at']}, first seen here {snapshot['first_seen_at']}", markup=False)
    OUT.print(
        f"  sha256   {snapshot['sha256']}, {snapshot['body_length']} bytes, status {snapshot['status']}", markup=False
    )
    place = home.archive / snapshot["archive_file"]
    OUT.print(f"  bytes    {place}, {snapshot['archive_length']} from {snapshot['archive_offset']}", markup=False)
    for fetch in chain.fetches:
        rule = f", robots: {fetch['robots_rule']}" if fetch["robots_rule"] else ""
        OUT.print(
            f"  run      {fetch['run_id']} ({fetch['mode']}), Dragongate {fetch['code_version']}, "
            f"attempts {fetch['attempts']}{rule}",
            markup=False,
        )
