"""`dragongate facts`: what a company reported, as a clean table."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Annotated, Any

import typer

from flows.clock import DAY_ZONE
from flows.commands.files import CsvOption, Files, MarkOption, ParquetOption, XlsxOption, save
from flows.commands.options import DEFAULT_HOME, HomeOption, JsonOption
from flows.commands.terminal import OUT, as_json, table
from transforms.metrics import METRICS
from warehouse.company_facts import company_facts
from warehouse.exports.answers import explained
from warehouse.home import Home

MILLION = Decimal(1_000_000)
SHOWN_PERIODS = 8
_TITLES = {one.code: one.title for one in METRICS}
_SHORT = {
    "month": "{end:%Y-%m}", "half": "H{half} {end:%Y}", "nine_months": "9M {end:%Y}", "instant": "{end}",
    "cumulative": "to {end}", "trailing": "12M to {end}",
    "year_to_date": "{start} to {end}", "span": "{start} to {end}",
}  # fmt: skip
_TABLES = ("core.financial_facts", "core.operating_kpis")
COLUMNS = ["metric", "of", "period", "value", "unit", "year %", "said by", "public", "where"]


def facts(
    company: Annotated[str, typer.Argument(help="Id or any name of a company on the watch list.")],
    metric: Annotated[str, typer.Option(help="One metric; core.metrics lists them.")] = "",
    as_of: Annotated[str, typer.Option(help="What was public then: a day of Hong Kong, or a time with a zone.")] = "",
    periods: Annotated[int, typer.Option(help="Newest periods of each metric; 0 for all.")] = SHOWN_PERIODS,
    translations: Annotated[bool, typer.Option(help="Translations into US dollars too.")] = False,
    home: HomeOption = DEFAULT_HOME,
    json: JsonOption = False,
    csv: CsvOption = None,
    bom: MarkOption = False,
    parquet: ParquetOption = None,
    xlsx: XlsxOption = None,
) -> None:
    """Show accounts and operating figures, the newest first, with who said each, and where; exit code 1 for none."""
    files = Files(csv, bom, parquet, xlsx)
    files.check()
    at = instant_of(as_of) if as_of else None
    rows = company_facts(Home(home), company, metric=metric or None, as_of=at, with_translations=translations)
    asked = f"what {company} reported" + (f": {metric}" if metric else "")
    save(rows, files, lambda: explained(Home(home), "facts", rows, asked=asked, tables=_TABLES, as_of=at))
    listed = rows.to_pylist()
    if json:
        as_json(listed)
    elif not files.are_wanted:
        show_facts(f"{company}: " + (f"as known at {at:%Y-%m-%d %H:%M}Z" if at else "as known today"), listed, periods)
    raise typer.Exit(0 if listed else 1)


def show_facts(title: str, rows: Sequence[Mapping[str, Any]], periods: int = 0) -> None:
    """Print facts as a table; money in millions, the rest as it is."""
    shown: list[list[object]] = []
    count: dict[tuple[Any, ...], int] = {}
    for row in rows:
        series = (row["metric"], row["part"], row["period_kind"], row["unit"], row["accounting_basis"])
        count[series] = count.get(series, 0) + 1
        if not periods or count[series] <= periods:
            shown.append(_line(row))
    table(title, COLUMNS, shown) if shown else OUT.print(f"{title}: nothing")


def period_name(row: Mapping[str, Any]) -> str:
    """Name a period as people do: Q3 2024, FY 2024, 9M 2024, 2024-11, or its last day."""
    start, end = row["period_start_date"], row["period_end_date"]
    year = row.get("fiscal_year") or end.year
    if row["period_kind"] == "quarter":
        return f"Q{row.get('fiscal_quarter') or (end.month + 2) // 3} {year}"
    if row["period_kind"] == "year":
        return f"FY {year}"
    return _SHORT.get(row["period_kind"], "{end}").format(start=start, end=end, half=1 if end.month <= 6 else 2)


def instant_of(text: str, option: str = "--as-of") -> datetime:
    """Read a day, which ends in Hong Kong, or a time with a zone, as UTC. Raises BadParameter of the option."""
    try:
        if len(text) == len("2024-11-18"):
            found = datetime.combine(date.fromisoformat(text), time.max, DAY_ZONE)
        else:
            found = datetime.fromisoformat(text)
        if found.tzinfo is None:
            raise typer.BadParameter(f"{text!r} names no zone; add +08:00 or Z", param_hint=option)
        return found.astimezone(DAY_ZONE).astimezone(UTC)
    except (ValueError, OverflowError):
        wanted = "is no day like 2024-11-18 and no time with a zone"
        raise typer.BadParameter(f"{text!r} {wanted}", param_hint=option) from None


def _line(row: Mapping[str, Any]) -> list[object]:
    value, unit = _in_words(row)
    return [
        _TITLES.get(row["metric"], row["metric"]),
        "" if row["part"] in ("group", "all") else row["part"],
        period_name(row),
        value,
        unit,
        None if row["change_since_year_before_pct"] is None else f"{row['change_since_year_before_pct']:+.1f}",
        row["said_by"] + (", disputed" if row["is_disputed"] else ""),
        f"{row['available_at']:%Y-%m-%d}",
        "derived" if row["is_derived"] else _where(row["evidence"] or [""]),
    ]


def _where(evidence: Sequence[str]) -> str:
    """Give the page, or the element of the taxonomy; `dragongate why` shows the line too."""
    head, _, rest = evidence[0].partition(":")
    return head if head.startswith("page ") else rest


def _in_words(row: Mapping[str, Any]) -> tuple[str, str]:
    value, unit = row["value"], row["unit"] or ""
    mark = "" if row["qualifier"] is None else f"{row['qualifier'].replace('_', ' ')} "
    if len(unit) == 3 and unit.isupper() and abs(value) >= MILLION:
        return f"{mark}{value / MILLION:,.1f}", f"{unit} m"
    places = 0 if value == value.to_integral_value() else 2
    return f"{mark}{value:,.{places}f}", unit
