"""A report as Markdown, for the terminal and for pull requests: the same sentences and tables, without pictures."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from flows.company_report import content
from flows.company_report.content import Target
from flows.company_report.numbers import shown
from warehouse.company_report import CompanyReport


def as_markdown(report: CompanyReport, target: Target) -> str:
    """Write the text."""
    return "\n".join(_lines(report, target)) + "\n"


def _lines(report: CompanyReport, target: Target) -> Iterator[str]:
    yield f"# {report.name}, {report.day}\n"
    yield f"What was public by {content.until(report)}; {report.generation_note}.\n"
    for section, rows in groupby(report.sheet, key=lambda row: row["section"]):
        yield f"## {section.capitalize()}\n"
        told = [
            (content.figure_name(row), content.figure_value(row), row["as_of_date"], row["source_id"] or "computed")
            for row in rows
        ]
        yield from _table(("figure", "value", "as of", "source"), told)
    for part in content.parts(report, target):
        yield f"## {part.heading}\n"
        yield f"{part.says or part.nothing}\n"
        if part.picture:
            yield from _table(part.picture.columns, part.picture.rows)
        yield f"*{part.source}*\n"
    yield "## Claims of the week's articles\n"
    yield from _table(content.CLAIM_COLUMNS, [content.claim_line(row) for row in report.claims])


def _table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    lines = [_line(map(shown, row)) for row in rows]
    yield "\n".join((_line(columns), _line("---" for _ in columns), *lines)) + "\n" if lines else "None.\n"


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"
