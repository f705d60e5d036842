"""`dragongate claims`: what a page or a text states in numbers, and what the warehouse says to it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from flows.claims_of_page import Checked, Given, NoText, check, given_file, given_page, record_of
from flows.clock import utc_now
from flows.commands.facts import instant_of
from flows.commands.options import JsonOption
from flows.commands.terminal import ERR, OUT, as_json, program
from flows.given_page import STANDARD_INPUT, is_address
from flows.watching import default_watchlist, home_watchlist
from transforms.verdicts.judge import CONTRADICTED, IMPRECISE, REASONS, SUPPORTED, UNVERIFIABLE
from warehouse.home import Home

STYLES: Mapping[str, str] = {
    SUPPORTED: "bold green", CONTRADICTED: "bold red", IMPRECISE: "bold yellow", UNVERIFIABLE: "dim",
}  # fmt: skip
_NUMBER = "bold cyan"


def claims(
    page: Annotated[str, typer.Argument(metavar="FILE_OR_URL", help="A saved page or a text; - for standard input; or "
                                        "an address, which is looked up in the home's archive.")],
    published: Annotated[str, typer.Option(help="Day or time of the text; default what the page says.")] = "",
    url: Annotated[str, typer.Option(help="The address that gave a saved page.")] = "",
    home: Annotated[
        Path | None, typer.Option("--home", help="Judge the claims by this home.", envvar="DRAGONGATE_HOME")
    ] = None,
    json: JsonOption = False,
) -> None:  # fmt: skip
    """List every number that a text states and, with a home, whether it is borne out; exit code 1 for no text."""
    place = Home(home) if home else None
    at = instant_of(published, "--published") if published else None
    watchlist = (home_watchlist(place) if place else None) or default_watchlist()
    try:
        given = _given(place, page, url)
    except NoText as error:
        ERR.print(Text.assemble(("no text: ", "bold red"), str(error)))
        raise typer.Exit(1) from error
    checked = check(given, watchlist, place, at=at, now=utc_now)
    if json:
        as_json([record_of(one, program()) for one in checked])
    else:
        _show(given, checked, is_judged=place is not None, at=at or given.at)


def _given(home: Home | None, page: str, url: str) -> Given:
    if is_address(page):
        if home is None:
            raise typer.BadParameter("an address is looked up in the archive of a home: say which with --home")
        return given_page(home, page)
    if page != STANDARD_INPUT and not Path(page).is_file():
        raise typer.BadParameter(f"{page}: there is no such file")
    return given_file(page, url, now=utc_now)


def _show(given: Given, checked: Sequence[Checked], *, is_judged: bool, at: datetime | None) -> None:
    if given.title:
        OUT.print(Text(given.title, style="bold"))
    if at is None:
        OUT.print(Text("The text has no date: say it with --published; only stated years are placed.", style="yellow"))
    for _, found in groupby(checked, key=lambda one: (one.part, one.claim.sentence)):
        told = list(found)
        OUT.print()
        OUT.print(_sentence(told), soft_wrap=False)
        for one in told:
            OUT.print(_line(one), soft_wrap=False)
    OUT.print()
    OUT.print(Text(_summary(checked, is_judged=is_judged), style="bold"))


def _sentence(told: Sequence[Checked]) -> Text:
    """Give the sentence with its numbers marked."""
    sentence = told[0].claim.sentence
    shown, place = Text(sentence), 0
    for one in told:
        start = sentence.find(one.claim.text, place)
        if start >= 0:
            place = start + len(one.claim.text)
            verdict = one.verdict.verdict if one.verdict else ""
            shown.stylize(STYLES.get(verdict, _NUMBER) if verdict != UNVERIFIABLE else _NUMBER, start, place)
    return shown


def _line(one: Checked) -> Text:
    claim = one.claim
    what = " ".join(filter(None, (claim.subject, claim.metric.replace("_", " "), claim.comparison.replace("_", " "))))
    said = f"{claim.text}: {what}{f', {claim.period}' if claim.period else ''}"
    if one.verdict is None:
        return Text.assemble("  ", (said, ""))
    verdict = one.verdict
    line = Text.assemble("  ", (f"{verdict.verdict:<12}", STYLES[verdict.verdict]), " ", said)
    if verdict.reason:
        line.append(f"; {REASONS[verdict.reason]}{f' ({verdict.detail})' if verdict.detail else ''}", style="dim")
    if verdict.answer:
        line.append(f"; the warehouse has {one.shown_value}", style=STYLES[verdict.verdict])
        line.append(f" ({verdict.answer.how})", style="dim")
        if not verdict.is_known_then:
            line.append("; public only later", style="dim")
    return line


def _summary(checked: Sequence[Checked], *, is_judged: bool) -> str:
    count = f"{len(checked)} claim{'' if len(checked) == 1 else 's'}"
    if not is_judged:
        return f"{count}; with --home they are judged"
    counts: dict[str, int] = defaultdict(int)
    for one in checked:
        counts[one.verdict.verdict if one.verdict else ""] += 1
    return f"{count}: " + ", ".join(f"{counts[name]} {name}" for name in STYLES if counts[name])
