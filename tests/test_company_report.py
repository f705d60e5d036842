"""The report about a company: what it says, that it needs nothing else, and how it looks in a real browser."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from typer.testing import CliRunner

from flows.commands.facts import instant_of
from flows.company_report.content import Target, parts
from flows.company_report.page import as_html
from flows.company_report.text import as_markdown
from flows.main import app
from tests.browsing import NEEDS_CHROMIUM, keep, launched
from warehouse.company_report import CompanyReport, cited_by_figure, company_report
from warehouse.home import Home

TRILLION = Target(1e12, "HKD")
DESK, PHONE = 1000, 360


@pytest.fixture(scope="module")
def report(sample_home: Home) -> CompanyReport:
    return company_report(sample_home, "xiaomi", instant_of("2024-12-31"))


@pytest.fixture(scope="module")
def html(report: CompanyReport) -> str:
    return as_html(report, TRILLION)


@pytest.mark.parametrize(
    "says",
    [
        "Xiaomi +121.2 % since the last close of 2023; Tesla +68.0 %",
        "861 bn HKD on 2024-12-31, 139 bn HKD short of it, +16.1 %",
        "2024Q3: revenue 92.5 bn CNY (+30.5 % on the year before), adjusted net profit 6.25 bn CNY.",
        "9.7 bn CNY at a gross margin of 17.1 %",
        "Lei Jun, weibo: 22.8 m followers on 2022-10-27.",
    ],
)
def test_each_part_says_its_newest_figures(html: str, says: str) -> None:
    assert says in html


def test_every_part_has_a_picture_and_the_same_as_a_table(report: CompanyReport) -> None:
    for part in parts(report, TRILLION):
        assert part.picture is not None, part.heading
        assert part.picture.svg.startswith("<svg ") and part.picture.rows
        assert {len(row) for row in part.picture.rows} == {len(part.picture.columns)}


def test_every_figure_leads_to_its_evidence_on_the_page(report: CompanyReport, html: str) -> None:
    anchors = set(re.findall(r'id="([^"]+)"', html))
    led_to = set(re.findall(r'href="#([^"]+)"', html))
    assert led_to <= anchors
    assert {f"why-{place}" for place in range(1, len(report.evidence) + 1)} <= led_to
    close = next(row for row in report.sheet if row["figure"] == "close_price")
    snapshots = [chain.snapshot for chain in report.evidence[cited_by_figure(close)]]
    assert any(one and one["sha256"] in html for one in snapshots)


def test_a_figure_leads_to_its_own_cell_and_to_no_other_of_the_row(report: CompanyReport, html: str) -> None:
    cells = {row["figure"]: cited_by_figure(row) for row in report.sheet if row["section"] == "market"}
    assert cells["close_price"].column == "close_price"
    assert cells["distance_to_a_trillion_hkd"].column == "market_value_hkd"
    assert "dragongate why mart.company_daily company_id=xiaomi,trade_date=2024-12-31 -c close_price<" in html
    sources = {name: {one.reading["source_id"] for one in report.evidence[cell]} for name, cell in cells.items()}
    assert "ecb_rates" not in sources["close_price"] and "ecb_rates" in sources["market_value_usd"]


def test_an_answer_is_named_once_for_each_figure(html: str) -> None:
    for told in re.findall(r"</dt>(.*?)(?=<dt|</dl>)", html, re.DOTALL):
        lines = re.findall(r"<dd.*?</dd>", told)
        assert lines and len(lines) == len(set(lines))


def test_the_page_needs_nothing_from_outside(html: str) -> None:
    assert re.findall(r"<(?:script|link|img|iframe|object|embed)\b", html) == []
    assert re.findall(r'(?:src|href|xlink:href)="(?!#)', html) == []
    assert re.findall(r"url\((?!#)", html) == []
    assert len(html.encode()) < 2_000_000


def test_what_was_not_public_yet_is_not_on_it(sample_home: Home) -> None:
    before = company_report(sample_home, "xiaomi", instant_of("2024-02-29"))
    assert [row for row in before.sheet if row["section"] == "results"] == []
    assert max(row["trade_date"] for row in before.prices) == before.day
    assert {part.anchor for part in parts(before, TRILLION) if part.picture is None} >= {"results", "segments", "news"}
    assert "Nothing of it was public here by 2024-02-29." in as_html(before, TRILLION)


@pytest.mark.parametrize(
    ("company", "day", "says"),
    [
        ("byd", "2024-12-31", "No close of BYD of December 2023 is here, so it has no line"),
        ("seres", "2024-12-31", "No close of Seres of December 2023 is here"),
        ("xiaomi", "2024-01-05", "Xiaomi -4.2 % since the last close of 2023"),
        ("xiaomi", "2026-03-01", "Nothing of the sessions of 2026 was public here by 2026-03-01."),
        ("xiaomi", "2010-01-01", "Nothing was known of this company by then."),
    ],
)
def test_little_known_is_said_and_drawn_by_nobody(sample_home: Home, company: str, day: str, says: str) -> None:
    found = company_report(sample_home, company, instant_of(day))
    assert says in as_html(found, TRILLION)
    assert [part.anchor for part in parts(found, TRILLION) if part.picture and not part.picture.rows] == []


def test_one_value_is_a_point_and_no_empty_picture(sample_home: Home) -> None:
    found = company_report(sample_home, "byd", instant_of("2024-12-31"))
    assert len(found.market_values) == 1
    (road,) = (part.picture for part in parts(found, TRILLION) if part.anchor == "road")
    assert road and all("mark-symbol" in one for one in (road.svg, road.narrow))
    points = re.search(r'<g class="mark-symbol[^>]*>(.*?)</g>', road.svg, re.DOTALL)
    assert points and points[1].count("<path") == 1


def test_against_the_index_alone_leaves_the_rivals_out(sample_home: Home) -> None:
    alone = company_report(sample_home, "Xiaomi", instant_of("2024-12-31"), against="index")
    assert {row["name"] for row in alone.prices if not row["is_index"]} == {"Xiaomi"}


def test_what_somebody_else_wrote_stays_text(report: CompanyReport) -> None:
    hostile = "<script>alert('x')</script> | `y`"
    stories = [{**report.stories[0], "title": hostile}]
    claims = [{**report.claims[0], "text_as_written": hostile}]
    changed = replace(report, name=hostile, stories=stories, claims=claims)
    assert "<script" not in as_html(changed, TRILLION)
    rows = [
        line for line in as_markdown(changed, TRILLION).splitlines() if hostile[:8] in line and line.startswith("| ")
    ]
    assert rows and all("\\|" in row for row in rows)


def test_markdown_says_the_same_in_tables_of_equal_width(report: CompanyReport) -> None:
    text = as_markdown(report, TRILLION)
    assert "861 bn HKD on 2024-12-31" in text and "| Close | 34.50 HKD | 2024-12-31 |" in text
    for block in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
        assert len({len(re.findall(r"(?<!\\)\|", line)) for line in block.splitlines()}) == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--target-value", "a lot"], "is no market value like 1e12HKD"),
        (["--as-of", "2024-12-31 12:00"], "names no zone"),
        (["--against", "nobody"], "nobody"),
        (["--target-value", "0HKD"], "is no market value like 1e12HKD"),
        (["--target-value", "1e400HKD"], "is no market value like 1e12HKD"),
        (["--as-of", "9999-12-31T23:59:59-12:00"], "no time with a zone"),
        (["--markdown", "--pdf"], "ask for one of them"),
        (["-o", "."], "is a directory"),
    ],
)
def test_bad_use_is_told(sample_home: Home, arguments: list[str], message: str) -> None:
    done = CliRunner().invoke(app, ["report", "xiaomi", "--home", str(sample_home.root), *arguments])
    assert done.exit_code == 2 and message in " ".join(done.output.replace("│", " ").split())


def test_a_time_within_a_day_is_said_as_one(sample_home: Home) -> None:
    found = company_report(sample_home, "xiaomi", instant_of("2024-12-31T10:00:00+08:00"))
    assert max(row["trade_date"].isoformat() for row in found.prices if row["is_main"]) == "2024-12-30"
    assert "10:00 on 2024-12-31 in Hong Kong" in as_html(found, TRILLION)
    assert "What was public by 10:00 on 2024-12-31 in Hong Kong" in as_markdown(found, TRILLION)


def test_the_command_writes_the_page(sample_home: Home, tmp_path: Path) -> None:
    target = tmp_path / "page.html"
    arguments = ["report", "xiaomi", "--as-of", "2024-12-31", "--home", str(sample_home.root), "-o", str(target)]
    done = CliRunner().invoke(app, [*arguments, "--target-value", "100e9 USD"])
    assert done.exit_code == 0, done.output
    assert "The road to 100 bn USD" in target.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as started:
        yield started


@pytest.fixture(scope="module")
def written(html: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(html, encoding="utf-8")
    return path


def opened(browser: Browser, path: Path, width: int, scheme: str) -> tuple[Page, list[str]]:
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme="dark" if scheme == "dark" else "light"
    )
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    return page, asked


@NEEDS_CHROMIUM
@pytest.mark.parametrize(
    ("name", "width", "scheme"), [("light", DESK, "light"), ("dark", DESK, "dark"), ("phone", PHONE, "light")]
)
def test_anybody_can_read_it(browser: Browser, written: Path, name: str, width: int, scheme: str) -> None:
    page, asked = opened(browser, written, width, scheme)
    assert asked == [written.as_uri()]
    assert page.evaluate("document.documentElement.scrollWidth") == width, "it scrolls sideways"
    keep(page, f"report-{name}")
    found = Axe().run(page)
    serious = [one["id"] for one in found.response["violations"] if one["impact"] in ("serious", "critical")]
    assert serious == [], found.generate_report()
    page.context.close()


@NEEDS_CHROMIUM
@pytest.mark.parametrize("width", [PHONE, DESK])
def test_the_text_of_each_picture_is_large_enough_to_read(browser: Browser, written: Path, width: int) -> None:
    page, _ = opened(browser, written, width, "light")
    sizes = page.evaluate(
        """() => [...document.querySelectorAll('.picture svg')].filter((svg) => svg.getBoundingClientRect().width)
            .map((svg) => 12 * svg.getBoundingClientRect().width / svg.viewBox.baseVal.width)"""
    )
    assert len(sizes) == 7 and min(sizes) >= 10
    page.context.close()


@NEEDS_CHROMIUM
def test_no_two_words_of_a_picture_lie_over_each_other(browser: Browser, written: Path) -> None:
    page, _ = opened(browser, written, DESK, "light")
    over = page.evaluate(
        """() => [...document.querySelectorAll('.picture svg')].flatMap((svg) => {
            const boxes = [...svg.querySelectorAll('text')].filter((one) => one.textContent.trim() &&
                getComputedStyle(one).opacity !== '0').map((one) => [one.textContent, one.getBoundingClientRect()])
            return boxes.flatMap(([text, a], place) => boxes.slice(place + 1).filter(([, b]) =>
                a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 3 && b.top < a.bottom - 3
            ).map(([other]) => `${text} / ${other}`))
        })"""
    )
    assert over == []
    cut = page.evaluate(
        """() => [...document.querySelectorAll('.picture svg')].flatMap((svg) => {
            const edge = svg.getBoundingClientRect()
            return [...svg.querySelectorAll('text')].filter((one) => {
                const box = one.getBoundingClientRect()
                return box.left < edge.left - 1 || box.right > edge.right + 1 || box.bottom > edge.bottom + 1
            }).map((one) => one.textContent)
        })"""
    )
    assert cut == []
    page.context.close()


@NEEDS_CHROMIUM
def test_it_prints_into_a_pdf(sample_home: Home, tmp_path: Path) -> None:
    target = tmp_path / "page.pdf"
    arguments = [
        "report",
        "xiaomi",
        "--as-of",
        "2024-12-31",
        "--home",
        str(sample_home.root),
        "--pdf",
        "-o",
        str(target),
    ]
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 0, done.output
    assert target.read_bytes().startswith(b"%PDF-")
