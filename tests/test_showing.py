"""`why --open` and `--save`: the saved document is shown as it is, runs nothing, asks nobody and leaves nothing."""

import re
import tempfile
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from typer.testing import CliRunner

from extractors.archive import Archive
from extractors.snapshot import Snapshot
from flows.main import app
from flows.showing import NothingToShow, as_page, open_document, text_of
from flows.standing import Place, place_of, says
from tests.browsing import NEEDS_CHROMIUM, launched
from warehouse.home import Home
from warehouse.published import open_published
from warehouse.why import explain

REVENUE = "company_id=xiaomi,metric=revenue,segment=group,period_kind=quarter,period_end_date=2024-09-30"
PAGE = Snapshot(
    id="urn:uuid:1",
    url="https://news.example/<a>",
    body="<title>雷军</title><link rel=stylesheet href=http://127.0.0.1:9/l><meta http-equiv=refresh "
    'content="0;url=http://127.0.0.1:9/m"><base href="http://127.0.0.1:9/"><img src=http://127.0.0.1:9/i>'
    "<iframe src=http://127.0.0.1:9/f></iframe><script>document.title='ran'; fetch('http://127.0.0.1:9/s')</script>"
    "<p>小米汽车 &amp; more</p><a href='javascript:alert(1)'>x</a></pre></iframe>".encode("gb18030"),
    fetched_at=datetime(2024, 12, 30, tzinfo=UTC),
    first_seen_at=datetime(2024, 12, 30, tzinfo=UTC),
    headers={"content-type": "text/html; charset=gbk"},
)


@pytest.fixture(autouse=True)
def private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_a_pdf_is_opened_at_the_page_that_the_figure_stands_on(sample_home: Home) -> None:
    shown: list[str] = []
    found = explain(sample_home, "core.financial_facts", REVENUE, "value")
    address = open_document(found, sample_home, lambda one: bool(shown.append(one)) or True)
    parts = urlsplit(address)
    path = Path(unquote(parts.path))
    assert shown == [address] and parts.fragment.startswith("page=")
    assert path.read_bytes().startswith(b"%PDF-") and path.suffix == ".pdf"
    assert path.parent.stat().st_mode & 0o077 == 0


def test_without_a_viewer_nothing_is_left_and_the_way_out_is_told(sample_home: Home, private: Path) -> None:
    found = explain(sample_home, "core.financial_facts", REVENUE, "value")
    with pytest.raises(NothingToShow, match="--save FILE"):
        open_document(found, sample_home, lambda _: False)
    assert list(private.iterdir()) == []


def test_what_rests_on_no_document_says_so(sample_home: Home) -> None:
    found = explain(sample_home, "core.sources", "tencent_daily")
    with pytest.raises(NothingToShow, match="no document stands behind it"):
        open_document(found, sample_home, lambda _: True)


def test_the_body_is_saved_as_it_came(sample_home: Home, tmp_path: Path) -> None:
    target = tmp_path / "body"
    arguments = ["why", "core.daily_quotes", "XHKG:01810,2024-12-30", "--column", "close_price"]
    done = CliRunner().invoke(app, [*arguments, "--save", str(target), "--home", str(sample_home.root)])
    assert done.exit_code == 0, done.output
    found = explain(sample_home, "core.daily_quotes", "XHKG:01810,2024-12-30")
    assert found.chains[0].snapshot and target.stat().st_size == found.chains[0].snapshot["body_length"]


def test_json_is_shown_as_text_and_never_as_markup() -> None:
    page = as_page(replace(PAGE, body=b'{"a": "<b>"}', headers={"content-type": "application/json"}))
    assert "<pre>{&quot;a&quot;: &quot;&lt;b&gt;&quot;}</pre>" in page


def test_the_charset_is_the_one_sent_the_one_stated_or_the_one_that_fits() -> None:
    assert "小米汽车" in text_of(PAGE)
    assert "小米汽车" in text_of(replace(PAGE, headers={"content-type": "text/html"}))
    stated = replace(PAGE, body="<meta charset=big5>小米".encode("big5"), headers={"content-type": "text/html"})
    assert "小米" in text_of(stated)


@pytest.mark.parametrize(
    ("table", "column", "pattern"),
    [
        ("core.daily_quotes_by_source", "close_price", r"\$\.data\.\w+\.day\[\d+\]\[2\]"),
        ("core.fx_rates_by_source", "rate", r"eurofxref-hist\.csv, row \d+, column [A-Z]{3}"),
        ("core.financial_facts_by_source", "value", r"\$\.facts\['us-gaap'\]\.\w+\.units.+\[\d+\]\.val"),
        ("core.trading_sessions", "session_date", r"row \d+, column session_date"),
        ("core.articles_by_source", "title", r"line \d+, characters \d+-\d+"),
    ],
)
def test_a_value_is_found_at_its_place_in_the_body(sample_home: Home, table: str, column: str, pattern: str) -> None:
    archive = Archive(sample_home.archive)
    with open_published(sample_home) as warehouse:
        rows = warehouse.execute(
            f"SELECT reading.* FROM {table} AS reading WHERE base_currency = 'EUR' AND quote_currency <> 'EUR' LIMIT 9"
            if "fx" in table
            else f"SELECT * FROM {table} WHERE source_id IN "
            f"('tencent_daily', 'sec_companyfacts', 'trading_calendars', 'news_articles') LIMIT 9"
        ).to_arrow_table()
    found = []
    for row in rows.to_pylist():
        snapshot = archive.snapshot(*archive.place_of(row["snapshot_id"], "", 0))
        if place := place_of(snapshot.body, text_of(snapshot), row, column):
            found.append(place)
            assert re.fullmatch(pattern, place.where), place
            assert says(place.text.strip(), row[column]) or str(row[column]) in place.text
    assert found


def test_a_place_is_the_one_beside_the_other_values_of_the_row() -> None:
    bars = b'call({"A": [["2024-12-30", "5.0", "5.1"]], "B": [["2024-12-27", "5.0"], ["2024-12-30", "7.0", "5.00"]]})'
    row = {"day": date(2024, 12, 27), "open": Decimal("5"), "note": None}
    assert place_of(bars, bars.decode(), row, "open") == Place("$.B[0][1]", "5.0")
    assert place_of(bars, bars.decode(), {**row, "open": Decimal("6")}, "open") is None
    beside = b'{"times": [1735518600, 1735605000], "close": [9, 9]}'
    assert place_of(beside, beside.decode(), {"day": date(2024, 12, 31), "close": 9}, "close") == Place(
        "$.close[1]", "9"
    )


def test_a_number_that_stands_everywhere_in_a_text_has_no_place() -> None:
    text = 'security = "US NIO"\nshares_per_unit = 1\nfollowers = 120'
    row = {"security_id": "XHKG:01810", "shares_per_unit": 1, "followers": 120}
    assert place_of(text.encode(), text, row, "shares_per_unit") is None
    assert place_of(text.encode(), text, row, "followers") == Place(
        "line 3, characters 13-15", 'IO" shares_per_unit = 1 followers = 120'
    )


@NEEDS_CHROMIUM
def test_a_hostile_page_runs_nothing_and_asks_nobody(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(as_page(PAGE), encoding="utf-8")
    with launched() as browser:
        page = browser.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(path.as_uri())
        inside = page.frames[1]
        assert "小米汽车 & more" in inside.locator("p").inner_text()
        page.wait_for_load_state("networkidle")
        assert page.title() == PAGE.url and page.url == path.as_uri()
        assert inside.url == "about:srcdoc"
    assert [one for one in asked if not one.startswith(("file:", "about:"))] == []
