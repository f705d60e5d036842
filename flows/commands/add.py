"""`dragongate add`: a document by hand, read like any other, with its origin kept beside it."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from extractors.filings.added_documents import Added
from flows.adding import add_document
from flows.commands.options import DEFAULT_HOME, ByOption, HomeOption, JsonOption, author_of, settings_of
from flows.commands.summary import show
from flows.commands.terminal import as_json
from flows.watching import default_watchlist, home_watchlist
from transforms.authority import AUTHORITIES
from warehouse.home import Home


def add(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A PDF, a saved page or a text.")],
    url: Annotated[str, typer.Option(help="Where it lies for others; the address is kept and not asked.")],
    available_at: Annotated[str, typer.Option(help="When it was public: 2024-11-18T17:00:00+08:00.")],
    company: Annotated[str, typer.Option(help="Company that it is of, as the watch list names it.")],
    said_by: Annotated[
        str, typer.Option("--as", help=f"Whose word it is: {', '.join(AUTHORITIES)}; by its address when left out.")
    ] = "",
    by: ByOption = "",
    home: HomeOption = DEFAULT_HOME,
    json: JsonOption = False,
) -> None:
    """Add a document: archived, read for figures, ranked by whose word it is; exit code 1 when it cannot be read."""
    place = Home(home)
    watchlist = home_watchlist(place) or default_watchlist()
    if company not in {one.id for one in watchlist.companies}:
        known = ", ".join(one.id for one in watchlist.companies)
        raise typer.BadParameter(f"there is no company {company!r} on the watch list; there are {known}")
    if said_by and said_by not in AUTHORITIES:
        raise typer.BadParameter(f"--as is one of {', '.join(AUTHORITIES)}, and {said_by!r} is none")
    added = Added(url, _instant(available_at), company, said_by or said_by_address(url), author_of(by))
    report = add_document(place, file, added, settings_of(place), watchlist)
    if json:
        as_json(report.as_json())
    else:
        show(report, place)
    raise typer.Exit(1 if report.gaps else report.exit_code)


def said_by_address(url: str) -> str:
    """Say whose word a document is by its address: a regulator's or an exchange's is a filing, any other a release."""
    return "filing" if any(host in url for host in ("sec.gov/", "hkexnews.hk/", "cninfo.com.cn/")) else "release"


def _instant(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"--available-at: {text!r} is no time like 2024-11-18T17:00:00+08:00") from None
    if found.tzinfo is None:
        raise typer.BadParameter(f"--available-at: {text!r} names no zone; add +08:00 or Z")
    return found
