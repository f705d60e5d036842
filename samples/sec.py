"""What the SEC answers: the filings of one company as parallel arrays, its tagged figures by taxonomy, tag and unit.

Of Tesla the list holds the reports of the window and everything since October 2024; of the others the one annual
report that is known. A real first page holds at least a year of filings.
"""

import json
from collections import defaultdict
from typing import Any

from extractors.watchlist import Company
from samples.published import Row, rows_where

_PROFILES: dict[str, dict[str, Any]] = {
    "tesla": {"name": "Tesla, Inc.", "tickers": ["TSLA"], "exchanges": ["Nasdaq"]},
    "nio": {"name": "NIO Inc.", "tickers": ["NIO"], "exchanges": ["NYSE"]},
    "li-auto": {"name": "Li Auto Inc.", "tickers": ["LI"], "exchanges": ["Nasdaq"]},
    "xpeng": {"name": "XPENG INC.", "tickers": ["XPEV"], "exchanges": ["NYSE"]},
}
_OLDER_PAGES = {
    "tesla": [
        {
            "name": "CIK0001318605-submissions-001.json",
            "filingCount": 720,
            "filingFrom": "2005-02-17",
            "filingTo": "2018-02-11",
        }
    ],
}
_NUMBERS = ("size", "isXBRL", "isInlineXBRL")


def submissions(company: Company) -> bytes:
    """Give the first page of a company's filings, the newest first."""
    rows = rows_where("sec_filings", company=company.id)
    columns = [name for name in rows[0] if name not in ("company", "origin")]
    recent = {name: [_cell(row, name) for row in rows] for name in columns}
    page = {
        "cik": f"{company.sec_cik:010d}",
        "entityType": "operating",
        **_PROFILES[company.id],
        "fiscalYearEnd": company.fiscal_year_end.replace("-", ""),
        "filings": {"recent": recent, "files": _OLDER_PAGES.get(company.id, [])},
    }
    return json.dumps(page, separators=(",", ":")).encode()


def company_facts(company: Company) -> bytes:
    """Give every tagged figure of a company, each with the filing that states it."""
    taxonomies: dict[str, dict[str, Any]] = defaultdict(dict)
    for row in rows_where("sec_facts", company=company.id):
        tag = taxonomies[row["taxonomy"]].setdefault(row["tag"], {"label": None, "description": None, "units": {}})
        tag["units"].setdefault(row["unit"], []).append(_fact(row))
    page = {"cik": company.sec_cik, "entityName": _PROFILES[company.id]["name"], "facts": taxonomies}
    return json.dumps(page, separators=(",", ":")).encode()


def _cell(row: Row, name: str) -> str | int:
    return int(row[name] or 0) if name in _NUMBERS else row[name]


def _fact(row: Row) -> dict[str, Any]:
    """Write one fact; one that holds at a day has no start."""
    span = {"start": row["start"]} if row["start"] else {}
    value = float(row["value"]) if "." in row["value"] else int(row["value"])
    return {
        **span,
        "end": row["end"],
        "val": value,
        "accn": row["accession"],
        "fy": int(row["fiscal_year"]),
        "fp": row["fiscal_period"],
        "form": row["form"],
        "filed": row["filed"],
    }
