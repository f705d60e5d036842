"""A report as one page that needs nothing else: pictures are vectors in it, every figure leads to its evidence."""

import shlex
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from extractors.settings import version
from flows.company_report import content
from flows.company_report.content import Target
from flows.company_report.numbers import shown
from warehouse.company_report import Cited, CompanyReport, cited_by_claim, cited_by_figure
from warehouse.why import Chain

Row = dict[str, Any]
_ENVIRONMENT = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def as_html(report: CompanyReport, target: Target) -> str:
    """Write the page."""
    anchors = {cited: f"why-{place}" for place, cited in enumerate(report.evidence, start=1)}
    return _ENVIRONMENT.get_template("report.html").render(
        report=report,
        target=target,
        sections=[(name, list(rows)) for name, rows in groupby(report.sheet, key=lambda row: row["section"])],
        parts=list(content.parts(report, target)),
        claims=[(content.claim_line(row), row) for row in report.claims],
        claim_columns=content.CLAIM_COLUMNS,
        evidence=[(anchors[cited], _command(cited), _answers(chains)) for cited, chains in report.evidence.items()],
        anchor_of_figure=lambda row: anchors[cited_by_figure(row)],
        anchors_of_claim=lambda row: [anchors[one] for one in cited_by_claim(row)],
        until=content.until(report),
        named=content.figure_name,
        written=content.figure_value,
        shown=shown,
        drawn=_drawn,
        version=version(),
    )


def _command(cited: Cited) -> str:
    """Write what to say in a shell to see where a cell comes from."""
    column = ["-c", cited.column] if cited.column else []
    return shlex.join(["dragongate", "why", cited.table, cited.key, *column])


def _answers(chains: Sequence[Chain]) -> list[tuple[str, Row | None, list[str]]]:
    """Give each saved answer once: its source, its record, and every place in it that a reading stands at."""
    found: dict[str, tuple[str, Row | None, list[str]]] = {}
    for chain in chains:
        _, _, places = found.setdefault(
            str(chain.reading["snapshot_id"]), (str(chain.reading["source_id"]), chain.snapshot, [])
        )
        noted = chain.reading.get("evidence") or ()
        places += [one for one in ([noted] if isinstance(noted, str) else noted) if one not in places]
    return list(found.values())


def _drawn(svg: str) -> Markup:
    """Let a picture into the page as it is: vl-convert has escaped every text in it."""
    return Markup(svg)  # noqa: S704
