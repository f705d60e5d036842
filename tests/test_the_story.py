"""The story of Xiaomi's year, line by line: one query, its answer, and the saved bytes that each figure stands in.

The questions are the files of `tests/story`. What is published of the year is in `samples/figures`, each figure with an
origin; where a story and a filing differ, or a figure is not published, the answer says so.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from hashlib import sha256
from pathlib import Path

import pytest

from extractors.archive import Archive
from extractors.filings.document import Document
from extractors.news.text_decoding import decode
from extractors.reader import read_snapshot
from extractors.registry import claimant
from extractors.snapshot import Snapshot
from warehouse.home import Home
from warehouse.published import query
from warehouse.why import explain

QUESTIONS = Path(__file__).parent / "story"


@dataclass(frozen=True, slots=True)
class Proof:
    """One row under an answer, and what the bytes say that it was read from."""

    table: str
    key: str
    said: str
    source: str


def quote(security: str, day: str, said: str) -> Proof:
    return Proof("core.daily_quotes", f"security_id={security},trade_date={day}", said, "tencent_daily")


def fact(metric: str, said: str, segment: str = "group", end: str = "2024-09-30", kind: str = "quarter") -> Proof:
    key = f"company_id=xiaomi,metric={metric},segment={segment},period_kind={kind},period_end_date={end}"
    return Proof("core.financial_facts", key, said, "hkexnews_documents")


def cars(
    company: str, end: str, said: str, source: str = "added_documents", kind: str = "month", metric: str = "deliveries"
) -> Proof:
    key = f"company_id={company},product_id=all,metric={metric},period_kind={kind},period_end_date={end}"
    return Proof("core.operating_kpis", key, said, source)


def target(count: str, said: str, source: str) -> Proof:
    key = f"company_id=xiaomi,metric=deliveries,period_end_date=2024-12-31,value={count}.000000"
    return Proof("core.targets", key, said, source)


def followers(observed_at: str, said: str) -> Proof:
    return Proof("core.follower_counts", f"account_id=douyin:雷军,observed_at={observed_at}+00", said, "manual")


def story(metric: str, normalised: str, said: str) -> Proof:
    key = f"company_id=xiaomi,metric={metric},part=body,normalised={normalised}.000000"
    return Proof("core.claims", key, said, "news_articles")


OPENED = quote("XHKG:01810", "2024-01-02", '["2024-01-02","15.600","15.480"')
CLOSED = quote("XHKG:01810", "2024-12-30", '["2024-12-30","34.650","34.450"')
BEFORE = quote("XHKG:01810", "2023-12-29", '["2023-12-29","16.360","15.600"')
MORE_THAN = "In {} 2024, Xiaomi delivered more than {} vehicles."

STORY: Mapping[str, tuple[Sequence[tuple[object, ...]], Sequence[Proof]]] = {
    "share": (
        [(34.45, date(2024, 1, 2), 15.60, 120.833, date(2023, 12, 29), 15.60, 120.833)],
        [OPENED, CLOSED, BEFORE],
    ),
    "market_value": (
        [(860.131, 864.5, 4.369, "contradicted", 139.869)],
        [
            CLOSED,
            *(
                Proof(
                    "core.shares_outstanding",
                    f"company_id=xiaomi,share_class={share_class},as_of_date=2024-11-30",
                    count,
                    "hkexnews_documents",
                )
                for share_class, count in (("A", "4,517,510,134"), ("B", "20,450,006,878"))
            ),
            story("market_cap", "864500000000", "市值達8,645億港元"),
        ],
    ),
    "rank": ([(1, 8, 30, 120.833)], [CLOSED, BEFORE]),
    "members": (
        [
            ("Xiaomi", 120.8), ("Trip.com", 92.9), ("Meituan", 86.6), ("SMIC", 64.1), ("XPeng", -18.0),
            ("Kuaishou", -20.9), ("Li Auto", -33.3), ("NIO", -52.4),
            *((name, None) for name in (
                "ASMPT", "Alibaba", "Alibaba Health", "BYD Electronic", "Baidu", "Bilibili", "China Literature",
                "East Buy", "Haier Smart Home", "Hua Hong Semiconductor", "JD Health", "JD.com",
                "Kingdee International", "Kingsoft", "Lenovo Group", "Midea Group", "NetEase", "SenseTime",
                "Sunny Optical", "Tencent", "Tongcheng Travel", "ZhongAn Online",
            )),
        ],
        [
            quote("XHKG:03690", "2023-12-29", '["2023-12-29","84.000","81.900"'),
            quote("XHKG:03690", "2024-12-30", '["2024-12-30","155.900","152.800"'),
            quote("XHKG:09961", "2024-12-30", '["2024-12-30","548.500","535.500"'),
            quote("XHKG:00981", "2024-12-30", '["2024-12-30","31.000","32.600"'),
        ],
    ),
    "quarter": (
        [(92.5065, 30.485, 6.251965, 4.373, 151.6, date(2024, 9, 30))],
        [
            fact("revenue", "92,506.5"),
            fact("revenue", "70,894.4", end="2023-09-30"),
            fact("adjusted_net_profit", "RMB6,251,965 thousand"),
            fact("adjusted_net_profit", "RMB5.99 billion", end="2023-09-30"),
            fact("cash_resources", "RMB151.6 billion", kind="instant"),
        ],
    ),
    "cars": (
        [("ev-and-new-initiatives", 9.7, 10.5, 17.1), ("smart-ev", 9.5, 10.3, None)],
        [
            fact("revenue", "segment was RMB9.7 billion", segment="ev-and-new-initiatives"),
            fact("revenue", "smart EV was RMB9.5 billion", segment="smart-ev"),
            fact("gross_margin", "segment was 17.1%", segment="ev-and-new-initiatives"),
        ],
    ),
    "deliveries": (
        [
            ("2024-04", 7_058, "exact", 100_000), ("2024-05", 8_646, "exact", 100_000),
            ("2024-06", 10_000, "over", 100_000), ("2024-07", 10_000, "over", 100_000),
            ("2024-08", 10_000, "over", 120_000), ("2024-09", 10_000, "over", 120_000),
            ("2024-10", 20_000, "over", 130_000), ("2024-11", 20_000, "over", 130_000),
            ("2024-12", 25_000, "over", 130_000),
        ],
        [
            cars("xiaomi", "2024-04-30", "7,058"),
            cars("xiaomi", "2024-05-31", "8,646"),
            cars("xiaomi", "2024-06-30", MORE_THAN.format("June", "10,000")),
            cars("xiaomi", "2024-07-31", MORE_THAN.format("July", "10,000")),
            cars("xiaomi", "2024-08-31", MORE_THAN.format("August", "10,000")),
            cars("xiaomi", "2024-09-30", MORE_THAN.format("September", "10,000")),
            cars("xiaomi", "2024-10-31", "In October 2024, we delivered more than 20,000", "hkexnews_documents"),
            cars("xiaomi", "2024-11-30", MORE_THAN.format("November", "20,000")),
            cars("xiaomi", "2024-12-31", MORE_THAN.format("December", "25,000")),
        ],
    ),
    "year_of_cars": (
        [(120_704, 132_097, 135_000, "over")],
        [
            cars("xiaomi", "2024-06-30", "we delivered 27,307 vehicles", "hkexnews_documents", "quarter"),
            cars("xiaomi", "2024-09-30", "we delivered 39,790 vehicles", "hkexnews_documents", "quarter"),
            cars("xiaomi", "2024-12-31", "more than 135,000 vehicles", kind="year"),
        ],
    ),
    "targets": (
        [
            (70_000, date(2024, 12, 30), 4), (100_000, date(2024, 4, 23), 2),
            (120_000, date(2024, 8, 21), 1), (130_000, date(2024, 11, 18), 1),
        ],
        [
            target("70000", "planned to deliver 70,000 vehicles in 2024", "added_documents"),
            target("100000", "aims to deliver 100,000 vehicles in 2024", "added_documents"),
            target("120000", "aim to deliver 120,000 vehicles in 2024", "hkexnews_documents"),
            target("130000", "aim to deliver 130,000 vehicles in 2024", "hkexnews_documents"),
        ],
    ),
    "followers": (
        [
            (date(2024, 1, 1), "600多万", 6_000_000, None, "at_least"),
            (date(2024, 8, 12), "2861万", 28_605_000, 28_619_999, "rounded"),
            (date(2024, 12, 30), "3600多万", 36_000_000, None, "at_least"),
        ],
        [
            followers("2023-12-31 16:00:00", "600多万,,2024-01-01T00:00:00+08:00"),
            followers("2024-08-12 04:00:00", "2861万,,2024-08-12T12:00:00+08:00"),
            followers("2024-12-30 04:00:00", "3600多万,,2024-12-30T12:00:00+08:00"),
        ],
    ),
    # Since the first return of shares in issue was out, on 4 December after the close.
    "price_over_earnings": (
        [(14, 30, "unverifiable", "not_comparable", date(2024, 12, 5), 46.3, "last fiscal year", 33.9)],
        [
            fact("net_profit", "RMB17,474.2 million", end="2023-12-31", kind="year"),
            fact("adjusted_net_profit", "RMB19,272.8 million", end="2023-12-31", kind="year"),
            fact("adjusted_net_profit", "18,918.3", kind="nine_months"),
            fact("adjusted_net_profit", "14,363.1", end="2023-09-30", kind="nine_months"),
            story("pe_ratio", "14", "市盈率大多在14至30倍之间"),
        ],
    ),
    "rivals": (
        [
            ("byd", None, 780.3, None, None, 514_809, None, 4_272_145),
            ("li-auto", -32.2, None, None, None, None, None, None),
            ("nio", -51.0, None, 18.67, "CNY", 31_138, None, 221_970),
            ("tesla", 66.9, 10_350.3, 25.18, "USD", None, 495_570, None),
            ("xpeng", -17.0, None, None, None, 36_695, 91_507, 190_068),
        ],
        [
            cars("byd", "2024-12-31", "514,809", metric="sales_volume"),
            cars("nio", "2024-12-31", "31,138"),
            cars("tesla", "2024-12-31", "495,570", "sec_documents", "quarter"),
            cars("xpeng", "2024-12-31", "91,507", "sec_documents", "quarter"),
            cars("li-auto", "2024-11-30", "48,740", "sec_documents"),
        ],
    ),
    "two_answers": (
        [(8_646, date(2024, 6, 2), 1, True, True), (8_630, date(2024, 6, 1), 2, False, True)],
        [cars("xiaomi", "2024-05-31", "8,646"), cars("xiaomi", "2024-05-31", "8,630")],
    ),
}  # fmt: skip
"""By question: the rows of its answer, and where their figures stand."""

PROOFS = tuple(dict.fromkeys(one for _, proofs in STORY.values() for one in proofs))


def text_of(snapshot: Snapshot) -> str:
    """Give what a reader of the saved answer sees: the pages of a document, the text of anything else."""
    by = claimant(snapshot.url)
    assert by is not None, snapshot.url
    records = read_snapshot(by, snapshot).reading.records
    pages = [page.text for one in records if isinstance(one, Document) for page in one.pages]
    return "\n".join(pages) if pages else decode(snapshot)


@pytest.fixture(scope="module")
def opened(sample_home: Home) -> Callable[[str, int], Snapshot]:
    return cache(Archive(sample_home.archive).snapshot)


def test_every_question_has_an_answer() -> None:
    assert {path.stem for path in QUESTIONS.glob("*.sql")} == STORY.keys()
    assert all(path.read_text(encoding="utf-8").startswith("-- ") for path in QUESTIONS.glob("*.sql"))


@pytest.mark.parametrize("question", STORY)
def test_one_query_answers(sample_home: Home, question: str) -> None:
    found = query(sample_home, (QUESTIONS / f"{question}.sql").read_text(encoding="utf-8")).to_pylist()
    answer, _ = STORY[question]
    assert [[as_number(one) for one in row.values()] for row in found] == [[near(one) for one in row] for row in answer]


def as_number(value: object) -> object:
    return float(value) if isinstance(value, Decimal) else value


def near(value: object) -> object:
    """Compare numbers to the digits that the table above writes, everything else as it is."""
    return pytest.approx(value, abs=5e-4) if isinstance(value, float) else value


@pytest.mark.parametrize("proof", PROOFS, ids=lambda one: f"{one.table} {one.key} {one.said}")
def test_a_figure_stands_in_the_saved_bytes_that_its_row_names(
    sample_home: Home, opened: Callable[[str, int], Snapshot], proof: Proof
) -> None:
    said = []
    for chain in explain(sample_home, proof.table, proof.key).chains:
        assert chain.snapshot is not None
        snapshot = opened(chain.snapshot["archive_file"], chain.snapshot["archive_offset"])
        assert snapshot.id == chain.snapshot["snapshot_id"]
        assert snapshot.sha256 == chain.snapshot["sha256"] == sha256(snapshot.body).hexdigest()
        assert chain.fetches, "a run took it in"
        if proof.said in text_of(snapshot):
            said.append(chain.reading["source_id"])
    assert proof.source in said


def test_a_sentence_of_a_document_is_named_beside_its_figure(sample_home: Home) -> None:
    proof = fact("revenue", "In the third quarter of 2024, revenue of our smart EV was RMB9.5 billion.", "smart-ev")
    (row,) = explain(sample_home, proof.table, proof.key).rows
    assert row["evidence"] == [f"page 1: {proof.said}"]
