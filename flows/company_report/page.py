"""A report as one page that needs nothing else: pictures are vectors in it, every figure leads to its evidence."""

from itertools import groupby
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from extractors.settings import version
from flows.company_report import content
from flows.company_report.content import Target
from flows.company_report.numbers import shown
from warehouse.company_report import CompanyReport

_ENVIRONMENT = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def as_html(report: CompanyReport, target: Target) -> str:
    """Write the page."""
    numbered = {evidence: f"why-{place}" for place, evidence in enumerate(report.evidence, start=1)}
    return _ENVIRONMENT.get_template("report.html").render(
        report=report,
        target=target,
        sections=[(name, list(rows)) for name, rows in groupby(report.sheet, key=lambda row: row["section"])],
        parts=list(content.parts(report, target)),
        claims=[(content.claim_line(row), row) for row in report.claims],
        claim_columns=content.CLAIM_COLUMNS,
        anchors=numbered,
        named=content.figure_name,
        written=content.figure_value,
        shown=shown,
        drawn=_drawn,
        version=version(),
    )


def _drawn(svg: str) -> Markup:
    """Let a picture into the page as it is: vl-convert has escaped every text in it."""
    return Markup(svg)  # noqa: S704
