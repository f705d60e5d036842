"""Tellings of one event are joined, strangers are not, and the order of arrival does not matter."""

from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from random import Random
from typing import Any

import pyarrow as pa
import pytest

from transforms.derive_stories import derive_stories, headline_key
from transforms.near_duplicates import components, pairs
from transforms.story_sketch import SIZE, sketch_of
from warehouse.tables.news import ARTICLES

WORDS = [f"{start}{end}" for start in "bdfgklmnprst" for end in ("an", "el", "ior", "usta", "ove", "ein", "ak", "ildo")]
CHARACTERS = [chr(code) for code in range(0x4E00, 0x4E00 + 900)]
MORNING = datetime(2024, 12, 30, 1, tzinfo=UTC)


def written(seed: int, count: int = 300) -> list[str]:
    return Random(seed).choices(WORDS, k=count)


def rewritten(words: list[str], seed: int, dropped: float, changed: float) -> str:
    chance = Random(seed)
    runs = [words[start : start + 15] for start in range(0, len(words), 15)]
    kept = [word for run in runs if chance.random() >= dropped for word in run]
    return " ".join(chance.choice(WORDS) if chance.random() < changed else word for word in kept)


def by_hand(text: str) -> int:
    """The hash of one run of words in whole numbers of any size, as the formula says."""
    value, below = 0, 2**64
    for word in text.split():
        value = value * 0x9E3779B97F4A7C15 + int.from_bytes(blake2b(word.encode(), digest_size=8).digest(), "little")
    value %= below
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB), (31, 1)):
        value = (value ^ (value >> shift)) * factor % below
    return value >> 1


def article(article_id: str, body: str, **more: Any) -> dict[str, Any]:
    return {
        "article_id": article_id,
        "canonical_url": f"https://{article_id}.example/",
        "url": f"https://{article_id}.example/",
        "outlet": article_id,
        "title": f"Headline {article_id}",
        "published_at": MORNING,
        "text_sketch": list(sketch_of(body)) or None,
        "is_partial": False,
        "is_disputed": False,
        "reading_count": 1,
        "source_id": "news_articles",
        "snapshot_id": f"urn:{article_id}",
        "available_at": MORNING,
        "fetched_at": MORNING,
        "first_seen_at": MORNING,
        **more,
    }


def stories(*articles: dict[str, Any]) -> tuple[list[dict[str, Any]], dict[str, str]]:
    derived = derive_stories(ARTICLES.arrow(articles)).rows
    tellings = derived["core.story_articles"].to_pylist()
    return derived["core.stories"].to_pylist(), {one["article_id"]: one["story_id"] for one in tellings}


def test_a_sketch_is_the_same_everywhere_and_bounded() -> None:
    assert sketch_of("one two three four") == ()
    assert len(sketch_of("one two three four five")) == 1
    assert sketch_of("One two, THREE four – five") == sketch_of("one two three four five")
    assert sketch_of("ｏｎｅ two three four five") == sketch_of("one two three four five")
    long = sketch_of(" ".join(written(1)))
    assert len(long) == SIZE and list(long) == sorted(set(long)) and long[0] >= 0 and long[-1] < 2**63
    assert sketch_of("one two three four five") == (by_hand("one two three four five"),)
    assert len(sketch_of("".join(CHARACTERS[:6]))) == 1 and sketch_of("".join(CHARACTERS[:5])) == ()
    assert sketch_of("half \ud800 a character stands in here") != ()


def test_light_and_heavy_rewrites_are_found_and_strangers_are_not() -> None:
    texts = [written(seed) for seed in range(60)]
    light = [rewritten(words, seed, 0.1, 0.0) for seed, words in enumerate(texts)]
    heavy = [rewritten(words, seed, 0.4, 0.06) for seed, words in enumerate(texts)]
    plain = [" ".join(words) for words in texts]
    found = {(one, other) for one, other, _ in pairs([sketch_of(text) for text in (*plain, *light, *heavy)])}
    assert {(n, 60 + n) for n in range(60)} <= found
    assert len({(n, 120 + n) for n in range(60)} & found) >= 59
    assert all(one % 60 == other % 60 for one, other in found)


def test_chinese_is_compared_by_characters() -> None:
    chance = Random(3)
    first = "".join(chance.choices(CHARACTERS, k=400))
    second = first[:150] + "".join(chance.choices(CHARACTERS, k=40)) + first[200:380]
    stranger = "".join(chance.choices(CHARACTERS, k=400))
    assert [(one, other) for one, other, _ in pairs([sketch_of(text) for text in (first, second, stranger)])] == [
        (0, 1)
    ]


def test_boilerplate_does_not_join_strangers_but_a_wire_story_of_forty_outlets_is_one() -> None:
    boilerplate = written(999, 45)
    strangers = [sketch_of(" ".join([*written(seed), *boilerplate])) for seed in range(40)]
    assert pairs(strangers) == []
    copies = [sketch_of(" ".join([*written(7), *written(1_000 + seed, 12)])) for seed in range(40)]
    joined = [(one, other) for one, other, _ in pairs(copies)]
    assert set(components(40, joined)) == {0}


@pytest.mark.parametrize("sketches", [[], [()], [(), ()], [(1, 2, 3), (1, 2, 3)]])
def test_nothing_is_joined_on_too_little(sketches: list[tuple[int, ...]]) -> None:
    assert pairs(sketches) == []


def test_a_story_names_its_earliest_and_its_original_telling_whatever_the_order() -> None:
    words = written(5)
    tellings = [
        article("blog", rewritten(words, 1, 0.1, 0), summary="LONDON (Wire) - It rose", authors=["Someone"]),
        article("wire", " ".join(words), published_at=MORNING + timedelta(hours=1)),
        article("paper", rewritten(words, 2, 0.2, 0.02), published_at=MORNING + timedelta(hours=2), authors=["Wire"]),
        article("stranger", " ".join(written(6))),
    ]
    first, of_article = stories(*tellings)
    assert of_article == {"blog": "blog", "wire": "blog", "paper": "blog", "stranger": "stranger"}
    (told,) = [one for one in first if one["article_count"] == 3]
    assert (told["earliest_article_id"], told["original_article_id"], told["title"]) == (
        "blog",
        "wire",
        "Headline wire",
    )
    assert told["outlet_count"] == 3 and told["snapshot_id"] == "urn:wire"
    assert (told["first_published_at"], told["last_published_at"]) == (MORNING, MORNING + timedelta(hours=2))
    for seed in range(5):
        again = list(tellings)
        Random(seed).shuffle(again)
        assert sorted(stories(*again)[0], key=str) == sorted(first, key=str)


def test_without_credits_the_earliest_whole_telling_is_the_original() -> None:
    text = " ".join(written(8))
    told, _ = stories(
        article("teaser", text, is_partial=True), article("whole", text, published_at=MORNING + timedelta(hours=1))
    )
    assert (told[0]["earliest_article_id"], told[0]["original_article_id"]) == ("teaser", "whole")


def test_the_same_text_after_a_week_is_another_story() -> None:
    text = " ".join(written(9))
    _, of_article = stories(article("one", text), article("two", text, published_at=MORNING + timedelta(days=8)))
    assert of_article == {"one": "one", "two": "two"}


def test_a_long_headline_joins_and_a_short_one_does_not() -> None:
    long = "Carmaker delivers more vehicles in December than ever"
    _, of_article = stories(
        article("feed", "", title=f"{long} - The Paper"),
        article("paper", " ".join(written(1)), title=long, published_at=MORNING + timedelta(hours=30)),
        article("later", "", title=long, published_at=MORNING + timedelta(days=5)),
        article("wrap", "", title="Market wrap"),
        article("wrap2", "", title="Market wrap"),
    )
    assert of_article["paper"] == "feed" and len(set(of_article.values())) == 4
    assert headline_key("小米汽车十二月交付量超过两万五千辆") and not headline_key("快讯")


def test_no_articles_make_no_stories() -> None:
    derived = derive_stories(pa.Table.from_pylist([], schema=ARTICLES.arrow_schema)).rows
    assert {name: rows.num_rows for name, rows in derived.items()} == {"core.stories": 0, "core.story_articles": 0}
