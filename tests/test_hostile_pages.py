"""Pages made to hurt: each gets a clear outcome, and what could cost time or memory is turned away before it does."""

import gzip
import json
from datetime import UTC, datetime

import pytest

from extractors.errors import Outcome
from extractors.news import articles
from extractors.news.articles import Article
from extractors.news.page_batches import ARTICLES, read_pages
from extractors.news.page_lines import is_furniture
from extractors.news.page_tree import TooLarge, bounded_tree_of
from extractors.reader import Answer, read_snapshot
from extractors.snapshot import Snapshot

SEEN = datetime(2025, 1, 10, tzinfo=UTC)
URL = "https://news.example/2025/01/09/carmaker-delivers.html"
WORDS = (
    "The carmaker delivered more vehicles in the quarter than in any other, it said on Thursday. "
    "Its margin rose for the third time in a row, and orders went on growing in all of its markets. "
)
BODY = f"<p>{WORDS}</p>" * 4


def page(body: str = BODY, head: str = "", title: str = "Carmaker delivers more") -> str:
    return (
        f"<!DOCTYPE html><html lang='en'><head><title>{title}</title>"
        f'<meta property="og:type" content="article">'
        f'<meta property="article:published_time" content="2025-01-09T08:00:00+00:00">{head}</head>'
        f"<body><article><h1>{title}</h1>{body}</article></body></html>"
    )


def read(text: str | bytes, url: str = URL, content_type: str = "text/html") -> Answer:
    body = text if isinstance(text, bytes) else text.encode()
    snapshot = Snapshot("urn:x", url, body, SEEN, SEEN, headers={"content-type": content_type})
    return read_snapshot(ARTICLES, snapshot)


def article(text: str | bytes, url: str = URL, content_type: str = "text/html") -> Article:
    answer = read(text, url, content_type)
    assert answer.outcome is Outcome.OK, answer.message
    found: Article = answer.reading.records[0]
    return found


def outcome(text: str | bytes) -> tuple[str, str]:
    answer = read(text)
    return answer.outcome.value, answer.reason


def test_the_page_that_the_others_are_made_of_is_an_article() -> None:
    found = article(page())
    assert (found.title, found.body.count("\n"), found.is_partial) == ("Carmaker delivers more", 3, False)


def test_fifty_megabytes_are_not_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(articles, "bounded_tree_of", lambda text: pytest.fail("it was parsed"))
    monkeypatch.setattr(articles, "decode", lambda snapshot: pytest.fail("it was decoded"))
    assert outcome(page(BODY + "x" * 50_000_000)) == ("nothing_there", "too_large")


def test_a_hundred_thousand_tags_within_one_another_are_given_up() -> None:
    for nested in (
        "<div>" * 100_000,
        "<div>" * 100_000 + "</div>" * 100_000,
        "<b><i>" * 50_000,
        "<table><tr><td>" * 9_000,
    ):
        assert outcome(page(nested + BODY)) == ("nothing_there", "too_large"), nested[:20]


def test_a_million_tags_beside_one_another_are_not_parsed() -> None:
    with pytest.raises(TooLarge, match="1000"):
        bounded_tree_of(page("<br>" * 1_000_000))
    assert outcome(page("<br>" * 1_000_000)) == ("nothing_there", "too_large")


def test_a_title_with_control_characters_is_plain_text() -> None:
    raw = "Carmaker\x00 \x1b[31mdelivers\x07 more\x9d&#27;[0m&#x1B;]8;;http://x\u202e"
    found = article(page(title=raw))
    stated = article(
        page(
            head='<script type="application/ld+json">{"@type":"NewsArticle","headline":"A\\u001b[2J b"}</script>',
            title="",
        )
    )
    for title in (found.title, stated.title):
        assert not {character for character in title if ord(character) < 32 or character in "\x7f\x9b\u202e"}
    assert found.title.startswith("Carmaker [31mdelivers more")


@pytest.mark.parametrize(
    "address",
    ["https://other.example/a.html", "https://www.xiaomi.com/", "//evil.example/", "javascript:alert(1)",
     "data:text/html,x", "http://localhost/a", "https://news.example/", "https://[::bad",
     "https://news.example.evil.example/2025/a.html"],
)  # fmt: skip
def test_a_page_that_claims_to_be_another_keeps_its_own_address(address: str) -> None:
    head = f'<link rel="canonical" href="{address}"><meta property="og:url" content="{address}">'
    assert article(page(head=head)).canonical_url == URL


def test_a_date_to_come_is_no_time_of_publication() -> None:
    undated = "https://news.example/carmaker-delivers.html"
    for time in (
        "2099-01-09T08:00:00+00:00",
        "2025-01-12T08:00:00+00:00",
        "0001-01-01T00:00:00Z",
        "1970-01-01T00:00:00Z",
    ):
        text = page().replace("2025-01-09T08:00:00+00:00", time)
        assert article(text, undated).published is None, time
        by_address = article(text).published
        assert by_address is not None and (by_address.text, by_address.precision) == ("2025-01-09", "day")


def test_mixed_encodings_keep_what_can_be_read() -> None:
    chinese = "小米集团今日公布季度业绩，营收与净利润均创新高，管理层对明年交付充满信心。" * 4
    mixed = page().encode() + f"<p>{chinese}</p>".encode("gb18030")
    assert article(mixed).body.startswith("The carmaker delivered")
    lying = page(f"<p>{chinese}</p>", '<meta charset="gb2312">', "小米公布业绩").encode()
    assert article(lying, content_type="text/html; charset=big5").title == "小米公布业绩"
    whole = page(f"<p>{chinese}</p>" * 3, title="小米公布业绩").encode("gb18030")
    cut = whole[: whole.rindex("明年".encode("gb18030")) + 1]
    assert article(cut, content_type="text/html; charset=gbk").title == "小米公布业绩"


def test_half_characters_become_marks() -> None:
    block = json.dumps({"@type": "NewsArticle", "headline": "Half \ud83d of one", "author": {"name": "A \udc00 B"}})
    found = article(page(head=f'<script type="application/ld+json">{block}</script>', title="Half &#xD83D; of one"))
    for text in (found.title, *found.authors, found.body):
        assert text.encode()


def test_data_in_addresses_is_left_out_and_never_unpacked() -> None:
    bomb = "data:application/gzip;base64," + "H4sIAAAAAAAA" * 400_000
    found = article(
        page(f'<img src="{bomb}"><a href="{bomb}">more</a>{BODY}', f'<meta property="og:image" content="{bomb}">')
    )
    assert found.image_url == "" and found.links == () and "H4sI" not in found.body
    assert len(gzip.compress(found.body.encode())) < 1_000


def test_a_megabyte_in_one_attribute_costs_only_itself() -> None:
    wide = f'<p class="{"a " * 500_000}" data-x="{"y" * 1_000_000}">{WORDS}</p>' + BODY
    assert article(page(wide)).body.count("The carmaker delivered") == 5
    assert outcome(page(f'<p title="{"z" * 15_000_000}">x</p>{BODY}')) == ("nothing_there", "too_large")


def test_json_that_nests_without_end_says_nothing() -> None:
    block = '{"@type":"NewsArticle","headline":' + "[" * 100_000
    assert article(page(head=f'<script type="application/ld+json">{block}</script>')).title == "Carmaker delivers more"


def test_scripts_and_styles_are_no_text() -> None:
    found = article(
        page(f"<script>alert('x')</script><style>p {{}}</style>{BODY}<noscript>Enable JavaScript</noscript>")
    )
    assert "alert" not in found.body and "Enable" not in found.body and "{}" not in found.body


@pytest.mark.parametrize(
    "text", ["", " \n", "<", "<>", "<html>", "\x00" * 100, "<!--" * 1_000, "<?xml version='1.0'?>", "]]>", "<p>" * 3]
)
def test_scraps_are_no_articles(text: str) -> None:
    assert outcome(text)[0] in ("nothing_there", "unavailable")


def test_pages_are_read_alike_by_one_process_and_by_two() -> None:
    texts = [page(f"<p>Page {number}. {WORDS}</p>" * 3, title=f"Carmaker delivers {number}") for number in range(38)]
    texts += ["<p>no article</p>", page("<div>" * 10_000)]
    snapshots = [Snapshot(f"urn:{n}", URL, text.encode(), SEEN, SEEN) for n, text in enumerate(texts)]
    one, two = read_pages(snapshots, processes=1), read_pages(snapshots, processes=2)
    assert one == two
    assert [answer.outcome.value for answer in two] == ["ok"] * 38 + ["nothing_there"] * 2
    assert [answer.reading.records[0].title for answer in two[:38]] == [f"Carmaker delivers {n}" for n in range(38)]


@pytest.mark.parametrize(
    "line",
    ["Read more: another story", "Sign up for our daily newsletter and never miss a story.", "© 2024 Example Wire",
     "Share on Facebook", "Photo: Example Wire", "An error has occurred, please try again later.", "Advertisement",
     "Updated: 9 January 2025", "Follow us on Twitter and on Facebook."],
)  # fmt: skip
def test_lines_that_every_page_of_an_outlet_carries_go(line: str) -> None:
    assert is_furniture(line)


@pytest.mark.parametrize(
    "line",
    ["Get ready: Tesla delivered 495,570 vehicles.", "Posted 25% growth in the third quarter, it said.",
     "Subscription revenue rose by a fifth on software updates.", "Like this one, the new model costs 215,900 yuan.",
     "An error occurred in the brakes of 1,500 cars.", "Copyright suits rose to 40.", "Share prices fell by 3%.",
     "Updated guidance calls for 700,000 vehicles.", "Watch makers shipped 3 million.", "Photo sensors cost $4."],
)  # fmt: skip
def test_lines_of_news_that_begin_alike_stay(line: str) -> None:
    assert not is_furniture(line)
