"""Values that people read in recorded documents, against what the reader of tables finds in them.

A row counts as right where a figure has its value, its period and its metric; as wrong where a figure of that metric
and period has another value; else as missed. What stands in sentences and forms is for other readers and is counted
with them where they are there.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from extractors.filings.document import Document, numbered
from extractors.filings.html_pages import html_pages
from extractors.filings.pdf_pages import pdf_pages
from extractors.filings.plain_pages import plain_pages
from extractors.snapshot import Snapshot
from transforms.figures.figure import Figure
from transforms.figures.tables import read_tables

CORPUS = Path(__file__).parents[1].parent / "shared" / "corpus"

pytestmark = [
    pytest.mark.recorded,
    pytest.mark.skipif(not CORPUS.is_dir(), reason="the recorded material does not lie beside the project"),
]

DOCUMENTS = re.compile(r"\.(?:pdf|html?|txt)$")
STATEMENTS = re.compile(
    r"annual_results|annual_report|jp_8697_earnings|10Q_TSLA|R[24]_AAPL|EX99.1_Buckle|results_announcement"
)
"""Files whose figures stand in statements and highlights; deliveries, returns and sentences have their own readers."""
METRICS = {
    "revenue": "revenue", "revenue (continuing operations)": "revenue", "operating revenue": "revenue",
    "operating revenue (single quarter)": "revenue", "operating revenue forecast": "revenue",
    "total revenues": "revenue", "net sales": "revenue", "cost of sales": "cost_of_sales",
    "gross profit": "gross_profit", "selling expenses": "selling_expenses",
    "administrative expenses": "administrative_expenses", "R&D expenses": "research_and_development",
    "finance costs": "finance_costs", "loss before tax": "profit_before_tax", "profit before tax": "profit_before_tax",
    "total profit": "profit_before_tax", "profit/(loss) for the year": "net_profit", "net income": "net_profit",
    "profit for the period": "net_profit", "profit for the year": "net_profit",
    "profit/(loss) attributable to owners": "net_profit_attributable",
    "net profit attributable to shareholders": "net_profit_attributable",
    "net income attributable to owners": "net_profit_attributable",
    "net income attributable to common stockholders": "net_profit_attributable",
    "net profit excl. non-recurring": "net_profit_excluding_one_offs",
    "adjusted net profit (non-IFRS)": "adjusted_net_profit", "total comprehensive income": "comprehensive_income",
    "property, plant and equipment": "property_plant_equipment", "inventories": "inventories",
    "inventory": "inventories", "bank balances and cash": "cash_and_equivalents",
    "cash and cash equivalents": "cash_and_equivalents", "net current liabilities": "net_current_liabilities",
    "total deficit": "total_equity", "basic EPS (continuing and discontinued)": "eps_basic",
    "basic EPS (continuing)": "eps_basic", "basic EPS": "eps_basic", "diluted EPS": "eps_diluted",
    "net operating cash flow": "operating_cash_flow", "cash flows from operating activities": "operating_cash_flow",
    "net cash from operating activities": "operating_cash_flow",
    "cash flows from investing activities": "investing_cash_flow",
    "net assets attributable to shareholders": "equity_attributable", "total assets": "total_assets",
    "operating income": "operating_profit", "operating profit": "operating_profit",
    "operating profit/(loss)": "operating_profit", "other income/(expense), net": "other_income",
    "accumulated deficit": "retained_earnings",
}  # fmt: skip
SCALES = {"thousand": 3, "million": 6, "ten thousand": 4, "hundred million": 8}


@dataclass(frozen=True)
class Truth:
    """One value that somebody read."""

    file: str
    metric: str
    segment: str
    period: str
    value: Decimal
    where: str

    @property
    def kind(self) -> str:
        suffix = Path(self.file).suffix
        return {".pdf": "pdf", ".txt": "text"}.get(suffix, "html")


def truths() -> Iterator[Truth]:
    with (CORPUS / "filings" / "TRUTH.tsv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            if DOCUMENTS.search(row["file"]) and STATEMENTS.search(row["file"]) and row["metric"] in METRICS:
                yield _truth(row)


def _truth(row: dict[str, str]) -> Truth:
    power = next((power for word, power in SCALES.items() if re.search(rf"^\w+ {word}", row["unit"])), 0)
    segment = "continuing operations" if row["metric"] == "basic EPS (continuing)" else "group"
    value = Decimal(row["value"]).scaleb(power)
    return Truth(row["file"], METRICS[row["metric"]], segment, row["period"], value, row["where"])


def document_of(file: str) -> Document:
    path = CORPUS / file
    body = path.read_bytes()
    media_type = {".pdf": "application/pdf", ".txt": "text/plain"}.get(path.suffix, "text/html")
    if path.suffix == ".pdf":
        seen = datetime(2026, 1, 1, tzinfo=UTC)
        pages = pdf_pages(Snapshot("0", "https://example.org/one.pdf", body, seen, seen))
    elif path.suffix == ".txt":
        pages = plain_pages(body.decode())
    else:
        pages = html_pages(body.decode("utf-8", "replace"))
    return Document(f"https://example.org/{path.name}", path.name, media_type, numbered(pages))


@cache
def figures(file: str) -> tuple[Figure, ...]:
    return read_tables(document_of(file))


def is_of(figure: Figure, period: str) -> bool:
    """Tell whether a figure is of a period in the words of the list: its last day, and its length if that is said."""
    end, months = _said(period)
    days = (figure.period.end - figure.period.start).days + 1
    is_instant = figure.period.kind == "instant"
    return figure.period.end == end and (is_instant or months is None or abs(days - months * 30.44) < 12)


def _said(period: str) -> tuple[date, int | None]:
    if found := re.fullmatch(r"(\d{4})Q([1-4])", period):
        return _month_end(int(found[1]), 3 * int(found[2])), 3
    if found := re.fullmatch(r"FY(\d{4})", period):
        return date(int(found[1]), 12, 31), 12
    if found := re.fullmatch(r"(\d{4}-\d\d-\d\d)\.\.(\d{4}-\d\d-\d\d)", period):
        start, end = (date.fromisoformat(day) for day in found.groups())
        return end, round((end - start).days / 30.44)
    end = date.fromisoformat(period[-10:])
    weeks = re.match(r"(\d+) weeks", period)
    months = re.match(r"(\d+) months", period)
    length = round(int(weeks[1]) * 12 / 52) if weeks else int(months[1]) if months else 12 if "FY" in period else None
    return end, length


def _month_end(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def verdict(truth: Truth) -> str:
    same = [
        one
        for one in figures(truth.file)
        if (one.metric, one.segment) == (truth.metric, truth.segment) and is_of(one, truth.period)
    ]
    if any(one.value == truth.value for one in same):
        return "right"
    return "wrong" if same else "missed"


@cache
def verdicts() -> tuple[tuple[Truth, str], ...]:
    return tuple((truth, verdict(truth)) for truth in truths())


@pytest.mark.parametrize(("kind", "share"), [("pdf", "0.90"), ("html", "0.95"), ("text", "0.95")])
def test_most_values_are_found(kind: str, share: str) -> None:
    mine = [(truth, said) for truth, said in verdicts() if truth.kind == kind]
    counts = Counter(said for _, said in mine)
    print(f"\n{kind}: {dict(counts)}")
    for truth, said in mine:
        if said != "right":
            print(f"  {said}: {truth}")
    assert Decimal(counts["right"]) / len(mine) >= Decimal(share)


def test_nothing_is_wrong() -> None:
    assert [truth for truth, said in verdicts() if said == "wrong"] == []


def test_most_of_the_list_is_asked() -> None:
    counts = Counter(truth.kind for truth, _ in verdicts())
    assert counts == {"pdf": 58, "html": 25, "text": 40}


@pytest.mark.parametrize("file", sorted({truth.file for truth in truths()} if CORPUS.is_dir() else []))
def test_statements_add_up(file: str) -> None:
    """Assets are what is owed and owned, and gross profit is what revenue leaves, whoever reads them."""
    levels: dict[tuple[str, date], Decimal] = {
        (one.metric, one.period.end): one.value for one in figures(file) if one.period.kind == "instant"
    }
    for (metric, day), value in levels.items():
        if metric == "liabilities_and_equity" and ("total_assets", day) in levels:
            assert levels["total_assets", day] == value
    flows = {(one.metric, one.period): one.value for one in figures(file) if one.segment == "group"}
    for (metric, period), value in flows.items():
        if metric == "gross_profit" and ("cost_of_sales", period) in flows:
            assert abs(flows["revenue", period] - abs(flows["cost_of_sales", period]) - value) <= 1_000_000


@pytest.mark.parametrize(
    "file",
    [
        "filings/pdf/hk_00328_poll_results_2025-09-23_zh.pdf",
        "filings/pdf/hk_00328_profit_warning_2025-06-27_zh.pdf",
        "filings/pdf/hk_tempannt_en.pdf",
        "filings/pdf/cn_300750_2022-070_excerpt_zh.pdf",
        "filings/sec/8K_1800Flowers.html",
        "filings/sec/6K_RoyalPhilips.html",
        "kpis/xiaomi_2024Q3_media_tmtpost_en_CONTRADICTS_filing.txt",
        "kpis/hkex_monthly_return_00388_2018-07_text.txt",
    ],
)
def test_other_documents_give_nothing(file: str) -> None:
    assert figures(file) == ()
