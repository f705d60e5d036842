"""The page for people as it is written: everything is on it, every link leads somewhere, hostile text stays text."""

import json
import re
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urljoin

import pytest
import requests
from bs4 import BeautifulSoup, Tag

from bench import service_page
from extractors.settings import Settings
from flows.service.app import create_app
from flows.service.sparkline import sparkline
from flows.service.words import age, day_of, length, shown, since
from tests.served import served
from tests.watched_homes import HOSTILE, NOW, crowded, troubled
from warehouse.freshness import Calendar
from warehouse.home import Home
from warehouse.lease import Lease


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory, sample_home: Home) -> Iterator[dict[str, str]]:
    """Serve a home in trouble, the one of the sample, one that is empty, and give their addresses."""
    folder = tmp_path_factory.mktemp("page")
    found = {"troubled": troubled(Home(folder / "troubled")), "sample": sample_home, "empty": Home(folder / "empty")}
    with ExitStack() as stack:
        yield {
            name: stack.enter_context(served(create_app(home, Settings(), now=lambda: NOW)))
            for name, home in found.items()
        }


def read(url: str, status: int = 200) -> BeautifulSoup:
    answer = requests.get(url, timeout=60)
    assert answer.status_code == status, answer.text[:500]
    return BeautifulSoup(answer.content, "lxml")


def text_of(found: BeautifulSoup | Tag) -> str:
    return " ".join(found.get_text(" ").split())


def table(page: BeautifulSoup, caption: str) -> list[list[str]]:
    """Give the cells of the table with a caption."""
    (found,) = [one for one in page.find_all("table") if text_of(one.caption).startswith(caption)]
    return [[text_of(cell) for cell in row.find_all(["th", "td"])] for row in found.tbody.find_all("tr")]


def test_what_is_wrong_comes_first_in_one_sentence(homes: dict[str, str]) -> None:
    page = read(homes["troubled"])
    assert text_of(page.h1) == (
        "Something needs a look: the newest run failed; 1 required source is missing (tencent_daily); "
        "1 required table is stale (core.daily_quotes)."
    )
    assert text_of(page.main).startswith("Something needs a look")


def test_each_source_and_table_has_its_age_against_what_its_calendar_expects(homes: dict[str, str]) -> None:
    page = read(homes["troubled"])
    bars, *others = table(page, "Sources that are on")
    assert bars[0].startswith("tencent_daily required quotes: Bars <script>")
    assert bars[1:6] == ["missing", "2025-03-12", "5 d", "up to 36 h of Hong Kong trading days", "– refused"]
    assert [one[:2] for one in others] == [
        ["news_feeds news: Daily bars", "muted"],
        ["ecb_rates fx: Daily bars", "here"],
    ]
    quotes, *rest = table(page, "Tables of the warehouse")
    assert quotes[:6] == ["core.daily_quotes required", "stale", "2", "2025-03-12", "5 d", bars[4]]
    assert [one[:2] for one in rest] == [["core.fx_rates", "fresh"], ["core.companies", "no limit"]]
    assert rest[0][4:6] == ["20 h", "up to 5 d"]
    spark = page.find("svg", class_="spark")
    assert isinstance(spark, Tag) and spark["role"] == "img"
    assert "at most 1 on 2025-03-12" in text_of(spark)


def test_runs_are_told_with_lengths_and_counts(homes: dict[str, str]) -> None:
    newest, _, died = table(read(homes["troubled"]), "The newest runs")
    assert newest[2:] == ["2025-03-19 10:00Z", "4 min 5 s", "1 of 3", "34", "3", "1"]
    assert newest[1].startswith("failed tencent_daily is missing") and died[1].startswith("died")


def test_holes_drift_mutes_and_gaps_say_why_and_when_next(homes: dict[str, str]) -> None:
    page = read(homes["troubled"])
    ((what, who, count, days, whose, why, next_try),) = table(page, "Open holes")
    assert (what, count, days, whose) == ("daily closes", "8", "2025-03-13 to 2025-03-18", "theirs")
    assert why == "tencent_daily refused (block_page)" and "XHKG:01810" in who
    assert next_try == "the next run asks for all of them again, from 2025-03-12 on"
    assert table(page, "Drift") == [["ecb_rates", "a.b", HOSTILE, "2025-03-19 13:00Z"]]
    assert table(page, "Muted") == [["news_feeds", "2025-04-01", "Ada", "It moves house."]]
    required, optional = table(page, "What the newest run")
    assert required == ["tencent_daily", "XHKG:01810", "required", "block_page", "Ask why first."]
    assert optional[:3] == ["news_feeds", "everything", "no"]
    alerts = {one[0]: one for one in table(page, "What is wrong now")}
    assert "page RequiredDataStale" in alerts and alerts["page RequiredSourceMissing"][2] == "theirs"


@pytest.mark.parametrize("name", ["troubled", "sample"])
def test_every_link_leads_to_a_page(homes: dict[str, str], name: str) -> None:
    start = f"{homes[name]}/"
    seen, left = {start}, [start]
    while left and len(seen) < 60:
        at = left.pop(0)
        answer = requests.get(at, timeout=60)
        assert answer.status_code in (200, 503 if at.endswith("/healthz") else 200), at
        if "html" not in answer.headers["Content-Type"]:
            continue
        for link in BeautifulSoup(answer.content, "lxml").find_all(["a", "link"], href=True):
            to = urljoin(at, str(link["href"])).partition("#")[0]
            assert not str(link["href"]).startswith("javascript:")
            if to.startswith(homes[name]) and to not in seen:
                seen.add(to)
                left.append(to)
    assert {re.sub(r"[/?][^/]*$", "", one.removeprefix(start)) for one in seen} >= {
        "why/source",
        "why/table",
        "why/run",
    }


@pytest.mark.parametrize("path", ["/", "/why/source/tencent_daily", "/why/run/daily-2", "/why/table/core.daily_quotes"])
def test_pages_are_tables_with_captions_heads_and_no_scripts(homes: dict[str, str], path: str) -> None:
    page = read(homes["troubled"] + path)
    assert len(page.find_all("h1")) == 1 and page.html and page.html["lang"] == "en"
    for one in page.find_all("table"):
        assert one.caption and all(head["scope"] == "col" for head in one.thead.find_all("th"))
        assert all(row.th["scope"] == "row" for row in one.tbody.find_all("tr"))
    assert not page.find_all(["script", "iframe", "img", "style"]) and not page.find_all(style=True)
    assert {str(one["href"]) for one in page.find_all("link")} == {"/style.css", "/icon.svg"}


def test_a_hole_is_explained_with_reason_mend_sources_and_answers(homes: dict[str, str]) -> None:
    page = read(f"{homes['troubled']}/why/hole?kind=security&id=XHKG:01810&what=daily_closes")
    said = {text_of(one.dt): text_of(one.dd) for one in page.select("dl div")}
    assert said["Why"] == "4 bars: tencent_daily refused (block_page)"
    assert said["Whose"].startswith("theirs") and said["What to do"].startswith("The source showed a block page")
    assert said["Next try"].startswith("the next run asks for all of them")
    ((_, source, outcome, told, place),) = table(page, "What its sources answered last")
    assert (source, outcome, told) == ("tencent_daily XHKG:01810", "refused 403", HOSTILE)
    assert place == "https://example.com/data?x=1"
    day = page.find("a", string="2025-03-13..2025-03-18")
    assert isinstance(day, Tag)
    row = read(homes["troubled"] + str(day["href"]), 200)
    assert "There is no such row" in text_of(row) and "was last asked at 2025-03-19 13:00Z" in text_of(row)


def test_a_row_is_explained_down_to_its_bytes(homes: dict[str, str]) -> None:
    page = read(f"{homes['sample']}/why/row?table=core.daily_quotes&key=XHKG:01810,2025-01-02")
    said = {text_of(one.dt): text_of(one.dd) for one in page.select("dl div")}
    assert said["close_price"] == "34.000000" and said["Source"] == "tencent_daily"
    assert said["Archive"].startswith("turn-of-2025.warc.gz, ") and len(said["SHA-256"]) == 64


def test_a_cell_of_a_mart_shows_the_rows_beneath_it_and_each_leads_on(homes: dict[str, str]) -> None:
    path = "/why/row?table=mart.company_daily&key=xiaomi,2024-12-30&column=market_value_hkd"
    page = read(homes["sample"] + path)
    beneath = {cells[0].strip("· "): cells[1:] for cells in table(page, "Computed from these rows")}
    shown = [text_of(one) for one in page.select("section[aria-labelledby=row1] dt")]
    assert shown == ["company_id", "trade_date", "market_value_hkd"]
    assert beneath["core.shares_outstanding"][1] == "share_count 24967517012"
    assert beneath["core.adjusted_daily_quotes"][1].startswith("close_price 34.45")
    link = page.find("a", string=re.compile("^security_id XHKG:01810, trade_date 2024-12-30$"))
    assert isinstance(link, Tag)
    assert "Row 1" in text_of(read(homes["sample"] + str(link["href"])))


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("table=core.companies&key=xiaomi&column=sec_cik", "There is nothing in this cell."),
        ("table=core.sources&key=tencent_daily", "declared by Dragongate itself"),
    ],
)
def test_what_no_document_says_is_said_on_its_page(homes: dict[str, str], query: str, said: str) -> None:
    assert said in text_of(read(f"{homes['sample']}/why/row?{query}").main)


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/why/source/nobody", "There is no source nobody."),
        ("/why/run/none", "There is no run none."),
        ("/why/table/core.nothing", "There is no table core.nothing."),
        ("/why/hole?kind=security&id=X&what=daily_closes", "no daily_closes are expected"),
        ("/why/row?table=core.daily_quotes&key=nonsense=1", "has no column nonsense"),
        ("/why/row?table=<b>&key=1", "there is no table <b>"),
        ("/elsewhere", "There is no such page."),
    ],
)
def test_what_is_not_there_is_said_in_a_page(homes: dict[str, str], path: str, said: str) -> None:
    page = read(homes["troubled"] + path, 404)
    assert said in text_of(page.h1) and not page.main.find("b")


def test_an_empty_home_says_what_to_do(homes: dict[str, str]) -> None:
    page = read(homes["empty"])
    assert text_of(page.h1) == "Nothing has run here yet: dragongate run collects and publishes."
    assert "Nothing has run" in text_of(read(f"{homes['empty']}/why/source/ecb_rates", 503).h1)


def test_a_copy_that_cannot_be_read_is_said_in_a_page(tmp_path: Path) -> None:
    home = Home(tmp_path).make()
    home.published_ops.write_bytes(b"no database" * 100)
    with served(create_app(home, Settings(), now=lambda: NOW)) as url:
        assert text_of(read(url).h1).startswith("The ledger's published copy cannot be read.")
        assert "cannot be read" in text_of(read(f"{url}/why/run/x", 503).h1)


def test_who_is_at_work_is_said(tmp_path: Path) -> None:
    home = crowded(Home(tmp_path), sources=2)
    with (
        served(create_app(home, Settings(), now=lambda: NOW + timedelta(minutes=9))) as url,
        Lease(home, flow="daily", run_id="daily-3", now=lambda: NOW),
    ):
        assert "daily has the lease since 9 min ago (run daily-3, process" in text_of(read(url).main)


def test_the_scheduler_says_what_comes_next(tmp_path: Path) -> None:
    home = crowded(Home(tmp_path), sources=2)
    coming = {"schedule": "after the Hong Kong close", "at": (NOW + timedelta(hours=20)).isoformat()}
    beat = {"at": (NOW - timedelta(minutes=1)).isoformat(), "pid": 7, "next": [coming], "dead_man_ping": None}
    (home.root / "heartbeat.json").write_text(json.dumps(beat))
    with served(create_app(home, Settings(), now=lambda: NOW)) as url:
        said = text_of(read(url).main).replace(" .", ".")
    assert "The scheduler gave its last sign of life 1 min ago. Next: after the Hong Kong close at" in said


def test_data_ages_between_runs_too(tmp_path: Path) -> None:
    home = crowded(Home(tmp_path), sources=2)
    with served(create_app(home, Settings(), now=lambda: NOW + timedelta(days=4))) as url:
        assert "1 required table is stale (core.daily_quotes)" in text_of(read(url).h1)
        assert requests.get(f"{url}/healthz", timeout=30).status_code == 503
    with served(create_app(home, Settings(), now=lambda: NOW)) as url:
        assert requests.get(f"{url}/healthz", timeout=30).status_code == 200


def test_a_sparkline_leaves_closed_days_out_and_says_the_same_in_words() -> None:
    friday = date(2025, 3, 14)
    rows = {friday: 4, friday - timedelta(days=1): 2, friday + timedelta(days=3): 8}
    drawn = sparkline(rows, date(2025, 3, 17), Calendar(NOW.tzinfo or None))  # type: ignore[arg-type]
    assert drawn.path.count("M") == 3 and "v-24h" in drawn.path
    assert drawn.words == (
        "rows a day from 2025-02-17 to 2025-03-17: 8 on the last day, at most 8 on 2025-03-17, "
        "none on 18 of 21 open days"
    )
    assert sparkline({}, friday).words == "no rows in the 30 days to 2025-03-14"
    assert sparkline({friday: 1000, friday - timedelta(days=1): 1}, friday).path.count("v-2h") == 1


def test_ages_lengths_and_days_in_words() -> None:
    assert [age(one) for one in (None, 0.4, 72, 73, 24 * 400)] == ["–", "0 h", "72 h", "3 d", "400 d"]
    assert [length(one) for one in (None, 0.25, 12, 245, 3720)] == ["–", "0.2 s", "12 s", "4 min 5 s", "1 h 2 min"]
    ago = [since(NOW - timedelta(seconds=one), NOW) for one in (5, 120, 7200, 864000, -9)]
    assert ago == ["just now", "2 min ago", "2 h ago", "10 d ago", "in the future"]
    midnight = NOW.replace(hour=0, minute=0)
    assert day_of(midnight) == "2025-03-18", "the end of a day belongs to it"
    assert [shown(one) for one in (None, True, 1234, 2.5, ["a", "b"], [])] == ["–", "yes", "1,234", "2.5", "a, b", "–"]


def test_the_benchmark_loads_the_page_in_every_way(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = service_page.measure(tmp_path, sources=3, repeat=1)
    service_page.show(found, sources=3)
    said = capsys.readouterr().out
    assert 5 < found.kilobytes < 100 and said.startswith("status page of 3 sources")
    assert ("no chromium here" in said) is (found.browser is None)
