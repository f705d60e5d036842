"""`dragongate report`: a company's year in figures and pictures."""

import math
import os
import re
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from flows.commands.facts import instant_of
from flows.commands.options import DEFAULT_HOME, HomeOption
from flows.commands.terminal import OUT
from flows.company_report.pdf import NoBrowser, print_pdf
from warehouse.company_report import company_report
from warehouse.home import Home

_TARGET = re.compile(r"(?P<value>\d+(?:\.\d+)?(?:e\d+)?)\s*(?P<currency>HKD|USD|CNY)", re.IGNORECASE)


class Against(StrEnum):
    """What the price is held against."""

    RIVALS = "rivals"
    INDEX = "index"


def report(
    company: Annotated[str, typer.Argument(help="Id or any name of a company on the watch list.")],
    as_of: Annotated[str, typer.Option(help="What was public then: a day of Hong Kong, or a time with a zone.")] = "",
    against: Annotated[Against, typer.Option(help="Rivals and index, or the index alone.")] = Against.RIVALS,
    target_value: Annotated[str, typer.Option(help="A market value to look at, in HKD, USD or CNY.")] = "1e12HKD",
    output: Annotated[
        Path | None, typer.Option("-o", "--output", dir_okay=False, help="File; default COMPANY-DAY.html here.")
    ] = None,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print it as Markdown instead.")] = False,
    pdf: Annotated[bool, typer.Option("--pdf", help="Print it into a PDF, where Chromium is installed.")] = False,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Write one page about a company that needs nothing else: figures, pictures, claims and where each comes from."""
    # What draws takes a second to load, and no other command shall wait for it.
    from flows.company_report.content import Target
    from flows.company_report.page import as_html
    from flows.company_report.text import as_markdown

    if markdown and pdf:
        raise typer.BadParameter("--markdown is text and --pdf is a file: ask for one of them", param_hint="--pdf")
    target = Target(*_target(target_value))
    found = company_report(
        Home(home), company, instant_of(as_of) if as_of else datetime.now(UTC), against=against.value
    )
    if markdown:
        text = as_markdown(found, target)
        output.write_text(text, encoding="utf-8") if output else OUT.print(text, markup=False, soft_wrap=True)
        return
    path = output or Path(f"{found.company_id}-{found.day}.{'pdf' if pdf else 'html'}")
    page = as_html(found, target)
    if pdf:
        _print(page, path)
    else:
        path.write_text(page, encoding="utf-8")
    OUT.print(f"{found.name} as of {found.day} written to {path}, {path.stat().st_size / 1000:,.0f} kB", markup=False)


def _print(page: str, path: Path) -> None:
    with TemporaryDirectory() as folder:
        source = Path(folder) / "report.html"
        source.write_text(page, encoding="utf-8")
        try:
            printed = source.with_suffix(".pdf")
            print_pdf(source, printed, as_root=hasattr(os, "geteuid") and os.geteuid() == 0)
            path.write_bytes(printed.read_bytes())
        except NoBrowser as error:
            raise typer.BadParameter(str(error), param_hint="--pdf") from None


def _target(text: str) -> tuple[float, str]:
    found = _TARGET.fullmatch(text.strip())
    value = float(found["value"]) if found else 0
    if not found or not 0 < value < math.inf:
        raise typer.BadParameter(f"{text!r} is no market value like 1e12HKD or 100e9USD", param_hint="--target-value")
    return value, found["currency"].upper()
