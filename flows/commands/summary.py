"""What a run prints when it is done."""

from flows.commands.terminal import OUT, table
from flows.report import RunReport, loaded_rows
from warehouse.home import Home
from warehouse.published import NothingPublished, query

RIVALS = """
SELECT c.name AS company, d.trade_date, d.close_price, d.currency,
       round(d.market_value_hkd / 1e9, 1) AS market_value_bn_hkd,
       round(d.change_since_last_close_of_year_before_pct, 1) AS change_in_year_pct,
       d.article_count AS articles
FROM mart.company_daily AS d JOIN core.companies AS c USING (company_id)
WHERE d.trade_date = (SELECT max(trade_date) FROM mart.company_daily WHERE company_id = d.company_id)
ORDER BY c.is_main DESC, market_value_bn_hkd DESC NULLS LAST
"""

TRY = "SELECT trade_date, close_price, market_value_hkd FROM mart.company_daily WHERE company_id = 'xiaomi' ORDER BY 1"


def show(report: RunReport, home: Home) -> None:
    """Print what was loaded, how old the data is, the company beside its rivals, and what to do next."""
    rows = loaded_rows(report)
    table("Loaded", ["table", "inserted", "updated", "unchanged", "rejected"], [list(row.values()) for row in rows])
    if rows and not any(row["inserted"] or row["updated"] for row in rows):
        OUT.print("Nothing changed: every row was there already.\n")
    table(
        "Age of the data" + (", at the end of the recording" if report.mode == "replay" else ""),
        ["table", "rows", "data until", "age h", "stale"],
        [
            [one["table_name"], one["row_count"], one["data_until"], one["age_hours"], one["is_stale"]]
            for one in report.freshness
            if one["row_count"]
        ],
    )
    _show_rivals(home)
    for gap in report.gaps:
        needed = "required" if gap.is_required else "optional"
        OUT.print(
            f"missing ({needed}): {gap.source_id} {gap.chunk}: {gap.outcome}, {gap.reason}. {gap.mend}", markup=False
        )
    for name, check in report.kept_back.items():
        OUT.print(f"kept back: {name} shows its last good content, since {check} failed", markup=False)
    OUT.print(f"{report.flow} {report.state}" + (f": {report.message}" if report.message else ""), markup=False)
    OUT.print(f"Warehouse  {home.published_warehouse} (generation {report.generation})")
    OUT.print(f'Try        dragongate sql --home {home.root} "{TRY}"', markup=False)


def _show_rivals(home: Home) -> None:
    try:
        found = query(home, RIVALS)
    except NothingPublished:
        return
    table("The company and its rivals", found.column_names, [list(row.values()) for row in found.to_pylist()])
