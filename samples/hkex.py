"""What HKEXnews answers: the titles of Xiaomi's announcements of the window, and the two documents among them.

The figures are the published ones; the words are written for this project and say so. The numbers of the documents
and of their rows are the sample's own.
"""

import json
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from samples.pdf import OVER_TWO, Line, pdf
from samples.published import Row, rows_of, rows_where

_FOLDER = "/listedco/listconews/sehk"
_WRITTEN = "The words are written for a sample of Dragongate, the company's own are others; the figures are published."
_HEAD = ("Xiaomi Corporation", "(Stock Code: 1810)")
_COLUMNS = ("quarter", "quarter_before", "nine_months", "nine_months_before")


def titles(first: str, last: str, language: str) -> bytes:
    """Give the announcements released from one day to another, days as YYYYMMDD, newest first."""
    named = {"E": "E", "ZH": "C"}[language]
    rows = [row for row in rows_of("hkex_announcements") if row["language"] == named]
    found = [_title(row) for row in rows if first <= _day(row).replace("-", "") <= last]
    page = {
        "result": json.dumps(found, ensure_ascii=False),
        "hasNextRow": False,
        "rowRange": 100,
        "loadedRecord": len(found),
        "recordCnt": len(found),
        "lang": named,
    }
    return json.dumps(page, ensure_ascii=False).encode()


def document(name: str) -> bytes:
    """Give one document by the name of its file."""
    (row,) = [one for one in rows_of("hkex_announcements") if one["file"] == name]
    return pdf(_DOCUMENTS[row["kind"]](row))


def _day(row: Row) -> str:
    return row["released_at"][:10]


def _title(row: Row) -> Mapping[str, Any]:
    day = date.fromisoformat(_day(row))
    return {
        "FILE_INFO": "9KB",
        "NEWS_ID": row["news_id"],
        "SHORT_TEXT": f"{row['category']}<br/>",
        "TOTAL_COUNT": str(len(rows_of("hkex_announcements"))),
        "DOD_WEB_PATH": "",
        "STOCK_NAME": "XIAOMI-W<br/>XIAOMI-WR",
        "TITLE": row["title"],
        "FILE_TYPE": "PDF",
        "DATE_TIME": f"{day:%d/%m/%Y} {row['released_at'][11:16]}",
        "LONG_TEXT": row["category"],
        "STOCK_CODE": "01810<br/>81810",
        "FILE_LINK": f"{_FOLDER}/{day:%Y}/{day:%m%d}/{row['file']}",
    }


def _review(row: Row) -> list[list[Line]]:
    """Give a first page with the sentences of one announcement, in the order of its figures."""
    lines: list[Line] = [
        *((text,) for text in _HEAD),
        (row["title"],),
        (_WRITTEN,),
        ("BUSINESS REVIEW AND OUTLOOK",),
        *((one["text"],) for one in rows_where("xiaomi_sentences", file=row["file"])),
    ]
    return [lines]


def _results(row: Row) -> list[list[Line]]:
    statement: list[Line] = [
        ("CONDENSED CONSOLIDATED INCOME STATEMENT",),
        ("", f"{OVER_TWO}Three months ended September 30,", "", f"{OVER_TWO}Nine months ended September 30,", ""),
        ("", "2024", "2023", "2024", "2023"),
        ("", *["RMB million"] * len(_COLUMNS)),
        *((row["label"], *(row[name] for name in _COLUMNS)) for row in rows_of("xiaomi_results")),
    ]
    return [*_review(row), statement]


def _monthly_return(_: Row) -> list[list[Line]]:
    lines: list[Line] = [
        ("FF301",),
        ("Monthly Return for Equity Issuer and Hong Kong Depositary Receipts listed under Chapter 19B",),
        ("of the Exchange Listing Rules on Movements in Securities",),
        ("For the month ended (dd/mm/yyyy):", "30/11/2024"),
        ("To : Hong Kong Exchanges and Clearing Limited",),
        ("Name of Issuer:", "Xiaomi Corporation"),
        ("(Stock Code: 1810)",),
        (_WRITTEN,),
        ("II. Movements in Issued Shares",),
    ]
    for row in rows_of("xiaomi_shares"):
        lines += [
            (f"{row['number']}. Class of shares", "WVR ordinary shares"),
            ("Type of shares", row["class"]),
            ("Stock code", row["stock_code"]),
            ("Description", f"Class {row['class']} ordinary shares"),
            ("Balance at close of preceding month", row["before"]),
            ("Increase / decrease (-)", row["change"]),
            ("Balance at close of the month", row["after"]),
        ]
    return [[*lines, ("III. Details of Movements in Issued Shares",)]]


_DOCUMENTS: Mapping[str, Callable[[Row], list[list[Line]]]] = {
    "results": _results,
    "review": _review,
    "monthly_return": _monthly_return,
}
