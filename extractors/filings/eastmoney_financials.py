"""Financial statements of Hong Kong companies as Eastmoney gives them: a cross-check, never the truth.

Published by   Eastmoney, some days after a report
Read from      `datacenter.eastmoney.com/securities/api/data/v1/get`: the list of reports, then three statements
Know that      amounts are plain units and count from the start of the fiscal year; the currency stands in the list
               of reports only, and the table of ratios has it wrong; revenue may leave other revenue out; `result`
               is null where nothing is found; a page of HTML under load is no data
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from urllib.parse import parse_qs, quote, urlsplit

from extractors.answers import refuse_html, require_ok
from extractors.client import Client, Fetched
from extractors.errors import NothingThere
from extractors.filings.eastmoney_announcements import WHY_OFF
from extractors.filings.row_drift import once
from extractors.reading import Drift, Reading, Record, json_body
from extractors.snapshot import Snapshot
from extractors.source import Pace, Query, Source

SOURCE = Source(
    "eastmoney_financials",
    title="Financial statements as Eastmoney gives them",
    publisher="Eastmoney",
    kind="filings",
    home_url="https://datacenter.eastmoney.com/securities/api/data/v1/get",
    pace=Pace(1.5),
    tables=("core.outside_financials", "core.outside_reports"),
    terms="No terms for automated use are published.",
    is_on_by_default=False,
    why_off=WHY_OFF,
)

REPORTS = "RPT_CUSTOM_HKSK_APPFN_CASHFLOW_SUMMARY"
STATEMENTS = {
    "RPT_HKF10_FN_INCOME_PC": "income",
    "RPT_HKF10_FN_BALANCE_PC": "balance",
    "RPT_HKF10_FN_CASHFLOW_PC": "cash_flow",
}
_ADDRESS = re.compile(r"https?://datacenter\.eastmoney\.com/securities/api/data/v1/get\?", re.IGNORECASE)
_DAY = "%Y-%m-%d %H:%M:%S"
_NOT_WANTED = frozenset({"SECUCODE", "SECURITY_NAME_ABBR", "ORG_CODE", "DATE_TYPE_CODE", "DATE_TYPE", "FISCAL_YEAR",
                         "STD_REPORT_DATE"})  # fmt: skip


@dataclass(frozen=True, slots=True)
class OutsideReport:
    """One report in the house's list, with what its figures are in."""

    code: str
    start: date
    end: date
    currency: str
    accounting_standard: str
    report_type: str


@dataclass(frozen=True, slots=True)
class OutsideItem:
    """One item of one statement."""

    code: str
    statement: str
    item_code: str
    item_name: str
    start: date
    end: date
    amount: Decimal | None


def matches(url: str) -> bool:
    """Tell whether this is the list of reports, or a statement."""
    return bool(_ADDRESS.match(url)) and _report_name(url) in {REPORTS, *STATEMENTS}


def fetch(client: Client, query: Query) -> Iterator[Fetched]:
    """Ask for the list of reports and the newest statements of each primary line in Hong Kong."""
    for line in query.watchlist.securities:
        if line.exchange == "XHKG" and line.is_primary:
            for name in (REPORTS, *STATEMENTS):
                asked = quote(f'(SECUCODE="{line.code}.HK")')
                more = "columns=ALL&quoteColumns=&pageNumber=1&pageSize=500&sortTypes=-1&sortColumns=REPORT_DATE"
                address = f"{SOURCE.home_url}?reportName={name}&filter={asked}&{more}&source=F10&client=PC"
                yield client.get(SOURCE, address, chunk=line.id)


def parse(snapshot: Snapshot) -> Reading[OutsideReport | OutsideItem]:
    """Read one list of reports or statement.

    Raises NothingThere where the house knows nothing, ShapeChanged where a field is missing or of another kind.
    """
    require_ok(snapshot)
    refuse_html(snapshot)
    drift: list[Drift] = []
    name = _report_name(snapshot.url)
    body = Record(json_body(snapshot, exact=True), snapshot)
    with body.exhausted(drift, ignore=frozenset({"version", "message", "code", "success"})):
        if body.take("result") is None:
            raise NothingThere("no_report", snapshot.at("nothing is known"))
        result = body.record("result")
    with result.exhausted(drift, ignore=frozenset({"pages", "count"})):
        rows = result.records("data")
    found: list[OutsideReport | OutsideItem] = []
    for row in rows:
        if name == REPORTS:
            found += [_report(one, drift) for one in row.records("REPORT_LIST")]
        else:
            found.append(_item(row, STATEMENTS.get(name, ""), drift))
    if not found:
        raise NothingThere("no_report", snapshot.at("no row"))
    return Reading(tuple(found), once(drift))


def _report(row: Record, drift: list[Drift]) -> OutsideReport:
    with row.exhausted(drift, ignore=_NOT_WANTED):
        return OutsideReport(
            row.text("SECURITY_CODE"),
            row.day("START_DATE", _DAY),
            row.day("REPORT_DATE", _DAY),
            row.text("CURRENCY"),
            row.text("ACCOUNT_STANDARD"),
            row.text("REPORT_TYPE"),
        )


def _item(row: Record, statement: str, drift: list[Drift]) -> OutsideItem:
    with row.exhausted(drift, ignore=_NOT_WANTED):
        end = row.day("REPORT_DATE", _DAY)
        return OutsideItem(
            row.text("SECURITY_CODE"),
            statement,
            row.text("STD_ITEM_CODE"),
            row.text("STD_ITEM_NAME"),
            row.day("START_DATE", _DAY) if row.optional_text("START_DATE") else end,
            end,
            None if row.take("AMOUNT") is None else row.decimal("AMOUNT"),
        )


def _report_name(url: str) -> str:
    return parse_qs(urlsplit(url).query).get("reportName", [""])[0]
