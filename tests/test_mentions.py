"""Whom an article names: names, persons, products, tickers, and words that only look like them."""

import unicodedata
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from extractors.watchlist import WatchList, parse_watchlist, read_watchlist
from transforms.article_mentions import body_mentions
from transforms.derive_mentions import derive_mentions
from transforms.gazetteer import _MAYBE_OTHER, Gazetteer

WATCHLIST = read_watchlist(Path(__file__).parent / "fixtures" / "watchlist.toml")
GAZETTEER = Gazetteer(WATCHLIST)
DAY = datetime(2024, 12, 30, 8, tzinfo=UTC)
CHANGED_HANDS = """
[[company]]
id = "one"
name = "First Motors"
reporting_currency = "CNY"
[[company]]
id = "two"
name = "Second Motors"
reporting_currency = "CNY"
[[person]]
id = "ann"
name = "Ann Example"
[[relation]]
subject = "ann"
relation = "executive_of"
object = "one"
valid_to = 2024-06-01
[[relation]]
subject = "ann"
relation = "executive_of"
object = "two"
valid_from = 2024-06-01
"""


@pytest.mark.parametrize(
    ("text", "entities"),
    [
        ("Xiaomi’s cars and Tesla's cars", ["xiaomi", "tesla"]),
        ("XIAOMI and XPENG", ["xiaomi", "xpeng"]),
        ("plasticity, LIMITED, Li and LI are words", []),
        ("Li Auto delivered more", ["li-auto"]),
        ("Antonio sees nio and Nio, and NIO", ["nio"]),
        ("BYDFi is no carmaker, BYD is", ["byd"]),
        ("ＢＹＤ in wide letters", ["byd"]),
        ("XPeng Motorsport", ["xpeng"]),
        ("a musk ox and a tesla of field", []),
        ("a Tesla coil, Nikola Tesla, 1.5 Tesla", []),
        ("In 2024 Tesla sold 3 Tesla cars", ["tesla", "tesla"]),
        ("LEI Jun and Elon Musk spoke", ["lei-jun", "elon-musk"]),
        ("小米集團公布業績", ["xiaomi"]),
        ("小米SU7与小米YU7", ["xiaomi-su7", "xiaomi-yu7"]),
        ("早上喝小米粥，晚上吃小米椒炒肉，田里种小米", []),
        ("小米、大豆和玉米价格上涨", []),
        ("小米的粉丝", ["xiaomi"]),
        ("红米饭与红米手机", ["redmi"]),
        ("何小鹏回应，小鹏汽车上涨；李小鹏出席", ["he-xiaopeng", "xpeng"]),
        ("理想很丰满", []),
        ("理想汽车涨3%", ["li-auto"]),
        ("the SU7 Ultra", ["xiaomi-su7"]),
    ],
)
def test_names_are_found_and_lookalikes_are_not(text: str, entities: list[str]) -> None:
    assert [mention.names[0].entity_id for mention in GAZETTEER.find(text)] == entities


@pytest.mark.parametrize(
    ("text", "company"),
    [
        ("1810.HK", "xiaomi"),
        ("(01810)", "xiaomi"),
        ("HKEX: 1810", "xiaomi"),
        ("HKEX：9866", "nio"),
        ("HK:01810", "xiaomi"),
        ("1810 HK", "xiaomi"),
        ("NASDAQ: LI", "li-auto"),
        ("$LI", "li-auto"),
        ("XPEV", "xpeng"),
        ("002594.SZ", "byd"),
    ],
)
def test_tickers_are_found(text: str, company: str) -> None:
    assert [mention.names[0].entity_id for mention in GAZETTEER.find(f"shares ({text}) rose")] == [company]


@pytest.mark.parametrize("text", ["in 1810", "the year 2015", "LI", "81810 people", "XIACY", "101810", "1810.HKD"])
def test_numbers_and_codes_that_are_not_given_are_not_tickers(text: str) -> None:
    assert GAZETTEER.find(text) == []


def test_positions_hold_in_text_whose_letters_grow_when_lowered() -> None:
    mention = GAZETTEER.find("İstanbul: Xiaomi")[0]
    assert (mention.start, mention.end) == (10, 16)


@pytest.mark.parametrize("is_kept", [True, False])
def test_an_article_leads_to_companies_by_name_person_and_product(is_kept: bool) -> None:
    rows = _derive(
        title="Lei Jun shows the SU7",
        summary="Xiaomi and Tesla compete.",
        body="Xiaomi sold more. Xiaomi grew.",
        is_kept=is_kept,
    )
    assert rows == [
        ("tesla", "itself", "tesla", 1, False),
        ("xiaomi", "itself", "xiaomi", 2, True),
        ("xiaomi", "person", "lei-jun", 1, True),
        ("xiaomi", "product", "xiaomi-su7", 1, True),
    ]


def test_an_ambiguous_name_counts_where_its_company_is_named() -> None:
    assert _derive(title="海鸥飞过湖面") == []
    for is_kept in (True, False):
        assert _derive(title="比亚迪宣布", body="海鸥降价。", is_kept=is_kept) == [
            ("byd", "itself", "byd", 1, True),
            ("byd", "product", "byd-seagull", 1, True),
        ]
    assert _derive(title="新闻", body="海鸥降价。", is_kept=False) == []
    assert _derive(title="李斌出席会议") == []
    assert ("nio", "person", "william-li", 1, True) in _derive(title="李斌：蔚来第四季度盈利")


def test_the_company_named_most_is_main_where_the_headline_names_none() -> None:
    rows = _derive(title="Carmakers report", body="BYD rose. BYD led. Tesla fell.")
    assert [(company, is_main) for company, _, _, _, is_main in rows] == [("byd", True), ("tesla", False)]


def test_a_summary_that_opens_the_body_is_not_counted_twice() -> None:
    assert _derive(title="News", summary="Tesla fell …", body="Tesla fell on Monday.")[0][3] == 1


@pytest.mark.parametrize(("day", "company"), [("2024-05-31", "one"), ("2024-06-01", "two")])
def test_a_person_leads_to_the_company_of_that_day(day: str, company: str) -> None:
    at = datetime.fromisoformat(day).replace(tzinfo=UTC)
    assert _derive(title="Ann Example speaks", at=at, watchlist=parse_watchlist(CHANGED_HANDS)) == [
        (company, "person", "ann", 1, True)
    ]


def test_an_article_without_a_time_is_judged_by_when_it_was_seen() -> None:
    assert _derive(title="Lei Jun speaks", published=False) == [("xiaomi", "person", "lei-jun", 1, True)]


def test_nothing_is_derived_of_nothing() -> None:
    assert _derive(title="Weather") == []
    assert _derive(title="Xiaomi", watchlist=WatchList()) == []


def _derive(
    title: str,
    summary: str | None = None,
    body: str | None = None,
    *,
    at: datetime = DAY,
    published: bool = True,
    is_kept: bool = True,
    watchlist: WatchList = WATCHLIST,
) -> list[tuple[str, str, str, int, bool]]:
    article: dict[str, Any] = {
        "article_id": "a",
        "title": title,
        "summary": summary,
        "body": body if is_kept else None,
        "body_mentions_json": body_mentions(body or "", watchlist),
        "published_at": at if published else None,
        "available_at": at,
        "source_id": "news_articles",
        "snapshot_id": "urn:test",
        "fetched_at": at,
        "first_seen_at": at,
    }
    schema = pa.schema(
        [(name, pa.timestamp("us", tz="UTC") if name.endswith("_at") else pa.string()) for name in article]
    )
    derived = derive_mentions(pa.Table.from_pylist([article], schema=schema), watchlist)
    rows = derived.rows["core.article_companies"].to_pylist()
    parts = {"title": title, "summary": summary or "", "body": body or ""}
    mentions = derived.rows["core.article_mentions"].to_pylist()
    assert all(
        parts[one["part"]][one["start_offset"] : one["end_offset"]] == one["text_as_written"] for one in mentions
    )
    assert bool(mentions) == bool(rows)
    assert {row["available_at"] for row in rows} <= {at}
    return sorted(
        (row["company_id"], row["via"], row["entity_id"], row["mention_count"], row["is_main"]) for row in rows
    )


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("… ½ of ㎏: Xiaomi rose", "Xiaomi"),
        ("№ 5… and ＢＹＤ, then …", "ＢＹＤ"),
        ("ﬁrst, 小米集團…公布", "小米集團"),
        ("plain words on Tesla", "Tesla"),
    ],
)
def test_offsets_are_of_the_text_as_it_was_given(text: str, name: str) -> None:
    (mention,) = GAZETTEER.find(text)
    assert text[mention.start : mention.end] == name


def test_every_character_with_a_plain_form_of_its_own_is_in_the_blocks_that_are_looked_at() -> None:
    missed = [
        code
        for code in range(0x10000)
        if not 0xD800 <= code < 0xE000
        and unicodedata.normalize("NFKC", chr(code)) != chr(code)
        and _MAYBE_OTHER.match(chr(code)) is None
    ]
    # Marks that join with a letter, and letters of scripts in which no name of a company is looked for.
    assert all(0x340 <= code <= 0x374 or 0x958 <= code < 0x1000 for code in missed)
