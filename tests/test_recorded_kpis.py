"""Values that people read in recorded releases, returns and reports, against what the readers of counts find in them.

A row counts as right where a figure has its metric, product, period and value; as wrong where one of the same metric,
product and period has another value that the document does not say either; else as missed.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache

import pytest

from extractors.watchlist import Company
from tests.figures import WATCHLIST
from tests.test_recorded_figures import CORPUS, document_of, is_of
from transforms.figures.arithmetic import Check, check_figures
from transforms.figures.deliveries import read_delivery_tables
from transforms.figures.figure import Figure
from transforms.figures.holding import hold_back
from transforms.figures.prose import read_prose, read_rates
from transforms.figures.returns import read_returns

pytestmark = [
    pytest.mark.recorded,
    pytest.mark.skipif(not CORPUS.is_dir(), reason="the recorded material does not lie beside the project"),
]

PUBLISHED = {
    "byd_2024-12": date(2025, 1, 2), "hkex_monthly_return_00388": date(2018, 8, 2),
    "hkex_ndds_00700": date(2018, 9, 28), "hkex_ndds_FF304": date(2021, 7, 15), "li_2024-11": date(2024, 12, 1),
    "li_2024Q4": date(2025, 3, 14), "nio_2023-11": date(2023, 12, 1), "nio_2024Q3": date(2024, 11, 20),
    "nio_2025-12": date(2026, 1, 2), "nio_2025Q2": date(2025, 9, 2), "tesla_2020Q3": date(2020, 10, 2),
    "tesla_2024Q4": date(2025, 1, 2), "tesla_2025Q3": date(2025, 10, 2), "xiaomi_2024Q3": date(2024, 11, 18),
    "xiaomi_2025Q3": date(2025, 11, 19), "xiaomi_monthly_return": date(2024, 12, 4),
    "xiaomi_ndds": date(2025, 11, 21), "xpev_2024Q4": date(2025, 3, 18), "xpev_monthly": date(2026, 3, 1),
}  # fmt: skip
"""Day of each document, by the beginning of its name: what the index says of it, not what stands in it."""
TITLES = {"xpev_monthly": "XPeng monthly deliveries"}
"""What the page is about, where only its table was recorded."""
COMPANIES = {"byd": "byd", "li": "li-auto", "nio": "nio", "tesla": "tesla", "xiaomi": "xiaomi", "xpev": "xpeng"}
SMART_EV = re.compile(r"smart EV", re.IGNORECASE)
METRICS: dict[str, tuple[str, str]] = {
    "deliveries": ("deliveries", "all"), "vehicle deliveries": ("deliveries", "all"),
    "total deliveries": ("deliveries", "all"), "total production": ("production", "all"),
    "cumulative deliveries": ("deliveries", "all"), "NIO brand deliveries": ("deliveries", "NIO"),
    "ONVO deliveries": ("deliveries", "ONVO"), "FIREFLY deliveries": ("deliveries", "FIREFLY"),
    "Model S/X production": ("production", "Model S/X"), "Model S/X deliveries": ("deliveries", "Model S/X"),
    "Model 3/Y production": ("production", "Model 3/Y"), "Model 3/Y deliveries": ("deliveries", "Model 3/Y"),
    "other models deliveries": ("deliveries", "Other Models"),
    "energy storage deployed": ("energy_storage_deployed", "all"), "NEV sales": ("sales_volume", "all"),
    "BEV passenger sales": ("sales_volume", "Battery electric passenger vehicles"),
    "PHEV passenger sales": ("sales_volume", "Plug-in hybrid passenger vehicles"),
    "smartphone shipments": ("smartphone_shipments", "all"), "global MAU": ("monthly_active_users", "all"),
    "connected IoT devices": ("iot_devices", "all"), "total revenues": ("revenue", "group"),
    "revenue": ("revenue", "group"), "vehicle margin": ("vehicle_margin", "group"),
    "profit for the period": ("net_profit", "group"),
    "adjusted net profit (non-IFRS)": ("adjusted_net_profit", "group"),
    "smart EV and other new initiatives revenue": ("revenue", "smart EV"),
    "smart EV, AI and other new initiatives gross margin": ("gross_margin", "smart EV"),
    "Class B closing balance": ("shares_in_issue", "B"), "shares repurchased": ("shares_repurchased", "B"),
    "consideration": ("repurchase_consideration", "B"), "Class B shares in issue": ("shares_in_issue", "B"),
    "Class A shares in issue": ("shares_in_issue", "A"), "issued shares at month end": ("shares_in_issue", "all"),
    "shares issued": ("shares_issued", "all"), "issue price": ("issue_price", "all"),
    "opening balance": ("shares_in_issue", "all"),
}  # fmt: skip
SCALES = {
    "CNY million": 6, "CNY thousand": 3, "CNY hundred million (亿元)": 8, "CNY hundred million (億元)": 8,
    "ten thousand units (万台)": 4, "hundred million (亿)": 8,
}  # fmt: skip
SEGMENTS = {"smart EV": ("智能电动汽车等创新业务", "智能電動汽車及AI等創新業務")}
GERMAN = "byd_2024-12_media_de_excerpt.txt"
"""A language that no reader of sentences reads: its rows are missed, not wrong."""


@dataclass(frozen=True)
class Truth:
    """One value that somebody read."""

    file: str
    metric: str
    product: str
    period: str
    value: Decimal


def truths() -> Iterator[Truth]:
    with (CORPUS / "filings" / "TRUTH.tsv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            is_ours = row["file"].startswith("kpis/") and not row["file"].endswith(".tsv")
            if is_ours and "results_announcement" not in row["file"]:
                metric, product = METRICS[row["metric"]]
                value = Decimal(row["value"]).scaleb(SCALES.get(row["unit"], 0))
                yield Truth(row["file"], metric, product, row["period"], value)


def company_of(name: str) -> Company:
    wanted = COMPANIES.get(name.partition("_")[0], "")
    found = next((one for one in WATCHLIST.companies if one.id == wanted), None)
    return found or Company(id="other", name="Some Other Issuer", reporting_currency="HKD")


@cache
def reading(file: str) -> tuple[tuple[Figure, ...], tuple[Check, ...]]:
    name = file.rpartition("/")[2]
    start = next(one for one in PUBLISHED if name.startswith(one))
    document = replace(document_of(file), title=TITLES.get(start, ""))
    said = {"published": PUBLISHED[start], "company": company_of(name)}
    figures = (*read_delivery_tables(document, **said), *read_returns(document), *read_prose(document, **said))
    return figures, check_figures(figures, read_rates(document, **said))


def is_of_period(figure: Figure, truth: Truth) -> bool:
    if found := re.fullmatch(r"(\d{4})-(\d\d)", truth.period):
        kinds = ("instant",) if truth.metric in ("monthly_active_users",) else ("month",)
        return (figure.period.end.year, figure.period.end.month, figure.period.kind in kinds) == (
            int(found[1]), int(found[2]), True,
        )  # fmt: skip
    is_day = re.fullmatch(r"\d{4}-\d\d-\d\d", truth.period) is not None
    is_flow = figure.period.kind not in ("cumulative", "instant", "span")
    return is_of(figure, truth.period) and is_day is not is_flow


def verdict(truth: Truth) -> str:
    figures = [one for one in reading(truth.file)[0] if one.status in ("actual", "preliminary")]
    parts = SEGMENTS.get(truth.product, (truth.product,))
    same = [
        one
        for one in figures
        if one.metric == truth.metric
        and (one.product in parts or one.segment in parts)
        and (truth.product not in ("all",) or (one.product == "all" and one.segment == "group"))
        and not one.is_convenience_translation
        and is_of_period(one, truth)
    ]
    if any(one.value == truth.value for one in same):
        return "right"
    return "wrong" if any(one.qualifier == "exact" for one in same) else "missed"


@cache
def verdicts() -> tuple[tuple[Truth, str], ...]:
    return tuple((truth, verdict(truth)) for truth in truths())


def test_nearly_all_values_are_found() -> None:
    asked = [(truth, said) for truth, said in verdicts() if not truth.file.endswith(GERMAN)]
    by_file: dict[str, Counter[str]] = {}
    for truth, said in asked:
        by_file.setdefault(truth.file, Counter())[said] += 1
    for file, counts in by_file.items():
        print(f"{file}: {dict(counts)}")
    for truth, said in asked:
        if said != "right":
            print(f"  {said}: {truth}")
    assert sum(said == "right" for _, said in asked) / len(asked) >= 0.95


def test_nothing_is_wrong() -> None:
    assert [truth for truth, said in verdicts() if said == "wrong"] == []


def test_the_whole_list_is_asked() -> None:
    assert len(verdicts()) == 84


@pytest.mark.parametrize("file", sorted({truth.file for truth in truths()} if CORPUS.is_dir() else []))
def test_all_sums_hold(file: str) -> None:
    assert [check for check in reading(file)[1] if not check.is_passed] == []


@pytest.mark.parametrize("file", sorted({truth.file for truth in truths()} if CORPUS.is_dir() else []))
def test_nothing_that_is_true_is_held_back(file: str) -> None:
    figures, checks = reading(file)
    assert hold_back(figures, checks)[1] == ()


def test_sums_of_every_kind_are_tried() -> None:
    files = {truth.file for truth in truths()}
    rules = Counter(check.rule for file in files for check in reading(file)[1])
    assert rules["parts_to_total"] >= 6 and rules["quarters_to_year"] >= 2 and rules["stated_growth_yoy"] >= 6


def test_months_of_one_document_make_the_quarters_of_another() -> None:
    months = reading("kpis/xpev_monthly_deliveries_2024_2026_media_table.txt")[0]
    quarters = reading("kpis/xpev_2024Q4_press_release_pipe_table.txt")[0]
    checks = [one for one in check_figures((*months, *quarters)) if one.rule == "months_to_quarter"]
    assert len(checks) == 4 and all(one.is_passed for one in checks)
