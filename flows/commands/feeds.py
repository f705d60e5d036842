"""`dragongate feeds`: where a site keeps its feeds."""

from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Annotated

import typer

from extractors.snapshot import Snapshot
from flows.clock import utc_now
from flows.commands.options import DEFAULT_HOME, HomeOption, JsonOption, settings_of
from flows.commands.terminal import ERR, OUT, as_json
from flows.feed_search import FeedSearch, feeds_in, find_feeds
from flows.watching import default_watchlist, home_watchlist
from warehouse.home import Home


def feeds(
    target: Annotated[str, typer.Argument(help="Address of a site, of a page of it, or of a feed; or a saved page.")],
    url: Annotated[str, typer.Option(help="The address that gave a saved page.")] = "",
    offline: Annotated[bool, typer.Option("--offline", help="Ask this home's archive; open no connection.")] = False,
    home: HomeOption = DEFAULT_HOME,
    json: JsonOption = False,
) -> None:
    """Find the feeds of a site and print lines for the watch list; the list itself is not touched."""
    place = Home(home)
    watchlist = home_watchlist(place) or default_watchlist()
    if Path(target).is_file():
        if not url:
            raise typer.BadParameter("a saved page needs --url, since its links are relative to the address it had")
        try:
            found = feeds_in(_saved(Path(target), url), watchlist)
        except ValueError as error:
            raise typer.BadParameter(f"{target}: {error}") from error
    else:
        settings = settings_of(place)
        address = target if target.startswith(("http://", "https://")) else f"https://{target}"
        found = find_feeds(
            place, replace(settings, offline=settings.offline or offline), watchlist, address, now=utc_now
        )
    if json:
        as_json({"lines": found.lines, "message": found.message, "tried": list(found.tried)})
    else:
        _show(found)
    if not found.lines:
        raise typer.Exit(1)


def _show(found: FeedSearch) -> None:
    for one in found.tried:
        said = f"{one.entries} entries" if one.outcome == "ok" else f"{one.outcome} ({one.reason})"
        ERR.print(f"{one.place.url}: {said}", markup=False)
    if found.message:
        ERR.print(found.message, markup=False)
    OUT.print(found.lines or "no feed was found", markup=False, soft_wrap=True)


def _saved(path: Path, url: str) -> Snapshot:
    body = path.read_bytes()
    at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return Snapshot(f"urn:sha256:{sha256(body).hexdigest()}", url, body, at, at)
