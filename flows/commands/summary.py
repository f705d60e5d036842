"""What a run prints when it is done."""

from collections.abc import Iterable, Iterator
from shlex import quote

from flows.commands.ages import show_ages
from flows.commands.terminal import OUT, program, table
from flows.report import Gap, RunReport, loaded_rows, mend
from warehouse.home import Home
from warehouse.published import NothingPublished, query

RIVALS = """
SELECT c.name AS company, d.trade_date AS day, d.close_price AS close, d.currency AS "in",
       d.market_value_hkd / 1e9 AS "value", d.change_since_last_close_of_year_before_pct AS "year %",
       d.article_count AS articles
FROM core.companies AS c LEFT JOIN (
    SELECT * FROM mart.company_daily QUALIFY row_number() OVER (PARTITION BY company_id ORDER BY trade_date DESC) = 1
) AS d USING (company_id)
ORDER BY c.is_main DESC, d.market_value_hkd DESC NULLS LAST, company
"""
"""Each company at its newest close; a company without any price stands there empty."""

MAIN = "SELECT company_id FROM core.companies ORDER BY is_main DESC, company_id LIMIT 1"
TRY = """SELECT trade_date, close_price, currency, article_count
FROM mart.company_daily WHERE company_id = '{company}' ORDER BY 1 DESC LIMIT 5"""


def show(report: RunReport, home: Home) -> None:
    """Print what was loaded, how old the data is, the company beside its rivals, and what to do next."""
    for run_id in report.finished:
        OUT.print(f"taken in first: what {run_id} had archived and not loaded", markup=False)
    _show_loaded(report)
    show_ages(
        "Age of the data" + (", at the end of the recording" if report.mode == "replay" else ""), report.freshness
    )
    for line in _missing(report.gaps):
        OUT.print(line, markup=False)
    for why in report.off.values():
        OUT.print(f"off: {why}", markup=False)
    for source_id, why in report.muted.items():
        OUT.print(f"muted: {source_id} {why}", markup=False)
    for name, check in report.kept_back.items():
        OUT.print(f"kept back: {name} shows its last good content, since {check} failed", markup=False)
    _show_published(report, home)


def _missing(gaps: Iterable[Gap]) -> Iterator[str]:
    """Tell each trouble once, with everything that it kept from us."""
    chunks: dict[tuple[str, str, str, str], dict[str, None]] = {}
    for gap in gaps:
        needed = "muted" if gap.muted else "required" if gap.is_required else "optional"
        trouble = (needed, gap.source_id, gap.outcome, gap.reason)
        chunks.setdefault(trouble, {})[gap.chunk] = None
    for (needed, source_id, outcome, reason), asked in chunks.items():
        place = f"{source_id} {', '.join(asked)}".strip()
        yield f"missing ({needed}): {place}: {outcome}, {reason}. {mend(outcome, reason)}"


def _show_loaded(report: RunReport) -> None:
    rows = loaded_rows(report)
    if rows and not any(row["inserted"] or row["updated"] for row in rows):
        OUT.print("Nothing changed: every row was there already.\n")
    columns = ["table", "inserted", "updated", "unchanged", "rejected"]
    table("Loaded", columns, [list(row.values()) for row in rows if any(row[name] for name in columns[1:])])


def _show_published(report: RunReport, home: Home) -> None:
    try:
        rivals, main = query(home, RIVALS), query(home, MAIN).to_pylist()
    except NothingPublished:
        rivals, main = None, []
    if rivals is not None:
        title = "The company and its rivals: market value in billion HKD, change in the year"
        table(title, rivals.column_names, [list(row.values()) for row in rivals.to_pylist()])
    OUT.print(f"{report.flow} {report.state}" + (f": {report.message}" if report.message else ""), markup=False)
    OUT.print(f"Warehouse  {home.published_warehouse} (generation {report.generation})", markup=False)
    for one in main:
        asked = TRY.format(company=one["company_id"]).replace("\n", "\n  ")
        OUT.print(f'Try        {program()} sql --home {quote(str(home.root))} "\n  {asked}"', markup=False)
