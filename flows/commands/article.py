"""`dragongate article`: what one page says, as an article."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.text import Text

from extractors.errors import Outcome
from extractors.news.articles import Article
from extractors.news.page_batches import read_pages
from extractors.reader import NOTHING, Answer
from extractors.snapshot import Snapshot
from flows.article_record import record_of
from flows.clock import utc_now
from flows.commands.options import DEFAULT_HOME, HomeOption, JsonOption
from flows.commands.terminal import ERR, OUT, as_json
from flows.given_page import STANDARD_INPUT, CannotTake, is_address, page_in_archive, page_in_file
from flows.watching import default_watchlist, home_watchlist
from warehouse.home import Home

_LABELS = {
    "by": "authors", "editor": "editor", "from": "publisher", "published": "published_at", "changed": "modified_at",
    "language": "language", "address": "canonical_url", "picture": "image_url",
}  # fmt: skip
_SHOWN_LINKS = 20


def article(
    page: Annotated[str, typer.Argument(help="A saved page, plain or .gz; - for standard input; or its address.")],
    url: Annotated[str, typer.Option(help="The address that gave a saved page.")] = "",
    content_type: Annotated[str, typer.Option(help="Content-Type header.")] = "",
    fetched_at: Annotated[
        datetime | None, typer.Option(help="When it was fetched, UTC; default the file's time.")
    ] = None,
    home: HomeOption = DEFAULT_HOME,
    json: JsonOption = False,
) -> None:
    """Read one page as an article; an address is looked up in this home's archive. Exit code 1 when it is none."""
    place = Home(home)
    try:
        snapshot = _given(place, page, url, content_type, fetched_at)
    except CannotTake as error:
        _tell(Answer(Outcome.UNAVAILABLE, "not_readable", str(error), NOTHING), json)
        raise typer.Exit(1) from error
    (answer,) = read_pages([snapshot], processes=1)
    if answer.outcome is not Outcome.OK:
        _tell(answer, json)
        raise typer.Exit(1)
    found: Article = answer.reading.records[0]
    record = record_of(found, home_watchlist(place) or default_watchlist())
    if json:
        as_json({"outcome": answer.outcome, **record})
    else:
        _show(record)


def _given(home: Home, page: str, url: str, content_type: str, fetched_at: datetime | None) -> Snapshot:
    """Take the page. Raises BadParameter for a file without its address, CannotTake for one that cannot be read."""
    if is_address(page):
        return page_in_archive(home, page)
    if page != STANDARD_INPUT and not Path(page).is_file():
        raise typer.BadParameter(f"{page}: there is no such file")
    if not is_address(url):
        raise typer.BadParameter("a saved page needs --url, since its links are relative to the address it had")
    at = fetched_at.replace(tzinfo=UTC) if fetched_at else None
    return page_in_file(page, url, content_type, at, now=utc_now)


def _tell(answer: Answer, json: bool) -> None:
    """Say why there is no article."""
    if json:
        as_json({"outcome": answer.outcome, "reason": answer.reason, "message": answer.message})
    else:
        ERR.print(Text.assemble((f"{answer.outcome} ({answer.reason}): ", "bold red"), answer.message))


def _show(record: dict[str, Any]) -> None:
    """Print headline, what is known about the article, its paragraphs and its links."""
    OUT.print(Text(record["title"], style="bold"))
    for label, field in _LABELS.items():
        if value := record[field]:
            OUT.print(Text(f"{label:<10} {', '.join(value) if isinstance(value, list) else value}", style="dim"))
    if record["is_partial"]:
        OUT.print(Text("The page gives only a part of the text.", style="yellow"))
    for paragraph in record["body"].split("\n"):
        OUT.print()
        OUT.print(Text(paragraph), soft_wrap=False)
    links = record["links"]
    if links:
        OUT.print(Text(f"\n{len(links)} links", style="bold"))
    for link in links[:_SHOWN_LINKS]:
        OUT.print(Text(link, style="dim"))
    if len(links) > _SHOWN_LINKS:
        OUT.print(Text(f"and {len(links) - _SHOWN_LINKS} more; --json prints all", style="dim"))
