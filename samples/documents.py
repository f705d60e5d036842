"""The documents of the SEC's filings, in its forms: indexes, press releases of Tesla, and reports of periods.

The figures are the published ones; the words are written for this project and say so.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from html import escape
from pathlib import Path
from string import Template
from zoneinfo import ZoneInfo

from samples.published import Row, rows_where

EXHIBIT = "exhibit991.htm"
TEMPLATES = Path(__file__).parent / "templates"
_CIKS = {"tesla": 1318605, "li-auto": 1791706, "nio": 1736541, "xpeng": 1810997}
_ITEMS = {"2.02": "Results of Operations and Financial Condition", "9.01": "Financial Statements and Exhibits"}
_WRITTEN = "The words are written for a sample of Dragongate, the company's own are others; the figures are published."
_LABELS = {
    "Revenues": "Total revenues",
    "RevenueFromContractWithCustomerExcludingAssessedTax": "Total revenues",
    "CostOfRevenue": "Total cost of revenues",
    "CostOfGoodsAndServicesSold": "Total cost of sales",
    "GrossProfit": "Gross profit",
    "ResearchAndDevelopmentExpense": "Research and development",
    "SellingGeneralAndAdministrativeExpense": "Selling, general and administrative",
    "OperatingIncomeLoss": "Income (loss) from operations",
    "ProfitLoss": "Net income (loss)",
    "NetIncomeLoss": "Net income (loss) attributable to common stockholders",
    "Assets": "Total assets",
    "Liabilities": "Total liabilities",
}
_MONEY = ("USD", "CNY")


def index_page(accession: str) -> bytes:
    """Give the page that lists the documents of one filing: the main one and one exhibit."""
    (row,) = rows_where("sec_filings", accessionNumber=accession)
    accepted = datetime.fromisoformat(row["acceptanceDateTime"]).astimezone(ZoneInfo("America/New_York"))
    return _filled(
        "sec_index.html",
        accession=accession,
        form=row["form"],
        filed=row["filingDate"],
        accepted=f"{accepted:%Y-%m-%d %H:%M:%S}",
        period=row["reportDate"],
        items="<br />".join(f"Item {item}: {_ITEMS[item]}" for item in row["items"].split(",") if item),
        folder=f"/Archives/edgar/data/{_CIKS[row['company']]}/{accession.replace('-', '')}",
        main=row["primaryDocument"],
        exhibit=EXHIBIT,
        cik=f"{_CIKS[row['company']]:010d}",
    )


def exhibit(accession: str) -> bytes:
    """Give the press release of one filing: as listed, or Tesla's deliveries, or its results of the quarter before."""
    if listed := rows_where("press_releases", accession=accession):
        return _filled("sec_exhibit.htm", exhibit=EXHIBIT, body=_release(listed), written=_WRITTEN)
    (row,) = rows_where("sec_filings", accessionNumber=accession)
    counted = rows_where("deliveries", accession=accession)
    body = _deliveries(counted) if counted else _results(row)
    return _filled("sec_exhibit.htm", exhibit=EXHIBIT, body=body, written=_WRITTEN)


def report(accession: str) -> bytes:
    """Give the main document of a report: its tagged figures, one table for each period."""
    (row,) = rows_where("sec_filings", accessionNumber=accession)
    return _filled(
        "sec_report.htm",
        title=row["primaryDocument"].partition(".")[0],
        form=row["form"],
        period=_long(row["reportDate"]),
        body=_statements(rows_where("sec_facts", accession=accession)),
        written=_WRITTEN,
    )


def _filled(template: str, **values: str) -> bytes:
    return Template((TEMPLATES / template).read_text(encoding="utf-8")).substitute(values).encode()


def _deliveries(counted: Iterable[Row]) -> str:
    rows = list(counted)
    total = next(row for row in rows if row["product"] == "Total")
    lines = [("", "Production", "Deliveries")]
    lines += [(row["product"], f"{int(row['produced']):,}", f"{int(row['delivered']):,}") for row in rows]
    return (
        f"<p>Tesla Vehicle Production &amp; Deliveries for the {total['quarter']} quarter of {total['year']}</p>"
        f"<p>In the {total['quarter']} quarter, Tesla produced {int(total['produced']):,} vehicles and delivered "
        f"{int(total['delivered']):,} vehicles.</p>{_table(lines)}"
    )


def _release(listed: Iterable[Row]) -> str:
    return "".join(
        f"<p>{escape(text, quote=False)}</p>" for row in listed for text in (row["title"], row["text"]) if text
    )


def _results(row: Row) -> str:
    """Tell the figures of the last quarter, or year, that was over when a filing was made."""
    facts = [one for one in rows_where("sec_facts", company="tesla") if one["end"] < row["filingDate"]]
    newest = max(one["end"] for one in facts if one["start"])
    return f"<p>Tesla update for the period ended {_long(newest)}</p>" + _statements(
        one for one in facts if one["end"] == newest and one["start"]
    )


def _statements(facts: Iterable[Row]) -> str:
    periods: dict[tuple[str, str, str], dict[str, str]] = defaultdict(dict)
    for fact in facts:
        if fact["unit"] in _MONEY and fact["tag"] in _LABELS:
            periods[fact["end"], fact["start"], fact["unit"]][_LABELS[fact["tag"]]] = fact["value"]
    parts = []
    for (end, start, unit), lines in sorted(periods.items(), reverse=True):
        rows = [(label, f"{int(value) / 1e6:,.0f}") for label, value in lines.items()]
        title = "CONSOLIDATED STATEMENTS OF OPERATIONS" if start else "CONSOLIDATED BALANCE SHEETS"
        parts.append(f"<p>{title}</p><p>(in millions of {unit})</p>{_table([('', _span(start, end)), *rows])}")
    return "".join(parts)


def _span(start: str, end: str) -> str:
    if not start:
        return f"As of {_long(end)}"
    days = (date.fromisoformat(end) - date.fromisoformat(start)).days
    name = {1: "Three Months", 2: "Six Months", 3: "Nine Months", 4: "Year"}[round(days / 91)]
    return f"{name} Ended {_long(end)}"


def _table(rows: Iterable[tuple[str, ...]]) -> str:
    lines = ("".join(f"<td>{escape(cell, quote=False)}</td>" for cell in row) for row in rows)
    return f"<table>{''.join(f'<tr>{line}</tr>' for line in lines)}</table>"


def _long(day: str) -> str:
    found = date.fromisoformat(day)
    return f"{found:%B} {found.day}, {found.year}"
