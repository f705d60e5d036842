"""The pages in a real browser, with scripts turned off: how they look, where they lead, and that they ask nobody else.

Screenshots are kept in the folder that DRAGONGATE_SCREENSHOTS names, where it is set.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, Page

from extractors.settings import Settings
from flows.service.app import create_app
from tests.browsing import NEEDS_CHROMIUM, keep, launched
from tests.served import served
from tests.watched_homes import HOSTILE, NOW, crowded, troubled
from warehouse.home import Home

PHONE, DESK = 360, 1200
SOURCES = 500
pytestmark = [
    NEEDS_CHROMIUM,
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as started:
        yield started


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    folder = tmp_path_factory.mktemp("browser")
    made = {"troubled": troubled(Home(folder / "one")), "crowded": crowded(Home(folder / "two"), SOURCES)}
    with ExitStack() as stack:
        yield {
            name: stack.enter_context(served(create_app(home, Settings(), now=lambda: NOW)))
            for name, home in made.items()
        }


class Seen:
    """A page, with all that it asked for and complained of."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.asked: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))


Open = Callable[..., Seen]


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Open]:
    with ExitStack() as stack:

        def opened(width: int = DESK, scheme: str = "light", *, scripts: bool = False) -> Seen:
            context = browser.new_context(
                viewport={"width": width, "height": 900},
                color_scheme="dark" if scheme == "dark" else "light",
                java_script_enabled=scripts,
            )
            stack.callback(context.close)
            return Seen(context.new_page())

        yield opened


def colour(page: Page, what: str) -> int:
    """Give how light a colour of the page is, from 0 to 765."""
    found = page.evaluate(f"getComputedStyle(document.body).{what}")
    return sum(int(one) for one in re.findall(r"\d+", found)[:3])


@pytest.mark.parametrize(
    ("name", "width", "scheme"), [("light", DESK, "light"), ("dark", DESK, "dark"), ("phone", PHONE, "light")]
)
def test_it_is_readable_in_light_in_dark_and_on_a_phone(
    homes: dict[str, str], open_page: Open, name: str, width: int, scheme: str
) -> None:
    seen = open_page(width, scheme, scripts=True)
    for path in ("/", "/why/source/tencent_daily", "/why/run/daily-2", "/why/table/core.daily_quotes"):
        seen.page.goto(homes["troubled"] + path)
        assert seen.page.evaluate("document.documentElement.scrollWidth") == width, f"{path} scrolls sideways"
        ground, ink = colour(seen.page, "backgroundColor"), colour(seen.page, "color")
        assert ground - ink > 450 if scheme == "light" else ink - ground > 450
        keep(seen.page, f"{name}{path.replace('/', '-').rstrip('-')}")
    assert seen.complaints == []


def test_a_hole_leads_to_its_explanation(homes: dict[str, str], open_page: Open) -> None:
    page = open_page().page
    page.goto(homes["troubled"])
    page.get_by_role("link", name="XHKG:01810", exact=True).click()
    assert page.get_by_role("heading", level=1).inner_text() == "XHKG:01810: daily closes"
    said = page.locator("main").inner_text()
    assert "4 bars: tencent_daily refused (block_page)" in said and "theirs: the source has not given it" in said
    assert "the next run asks for all of them again, from 2025-03-12 on" in said
    keep(page, "why-hole")
    page.get_by_role("link", name="2025-03-13..2025-03-18").click()
    assert "tencent_daily was last asked at 2025-03-19 13:00Z" in page.locator("main").inner_text()
    page.get_by_role("link", name="core.daily_quotes").click()
    page.get_by_label("Where a row comes from").fill("XHKG:00000,2025-03-12")
    page.get_by_role("button", name="Why?").click()
    assert "Read by tencent_daily" in page.locator("main").inner_text()


def test_a_value_with_html_in_it_stays_text_and_nobody_else_is_asked(homes: dict[str, str], open_page: Open) -> None:
    seen = open_page(scripts=True)
    for path in (
        "/",
        "/why/source/tencent_daily",
        "/why/source/ecb_rates",
        "/why/source/news_feeds",
        "/why/run/daily-2",
    ):
        seen.page.goto(homes["troubled"] + path)
        assert seen.page.title() != "owned"
        assert seen.page.locator("img, script, iframe").count() == 0
    seen.page.goto(homes["troubled"])
    assert seen.page.get_by_text(HOSTILE, exact=True).count() == 1, "as the example of a drift"
    assert len(seen.asked) >= 12 and all(one.startswith(f"{homes['troubled']}/") for one in seen.asked)
    assert seen.complaints == []


def test_many_sources_are_one_line_each_and_still_a_small_page(homes: dict[str, str], open_page: Open) -> None:
    seen = open_page(PHONE)
    answer = seen.page.goto(homes["crowded"])
    assert answer is not None and len(answer.body()) < 1_000_000
    sources = seen.page.locator("section", has=seen.page.get_by_role("heading", name="Sources")).locator("tbody tr")
    assert sources.count() == SOURCES and sources.locator("svg").count() == SOURCES
    asked = {one.removeprefix(homes["crowded"]) for one in seen.asked}
    assert {"/", "/style.css"} <= asked <= {"/", "/style.css", "/icon.svg"}


def test_it_prints_in_black_on_white_without_its_navigation(homes: dict[str, str], open_page: Open) -> None:
    page = open_page(scheme="dark", scripts=True).page
    page.goto(homes["troubled"])
    page.emulate_media(media="print")
    assert (colour(page, "backgroundColor"), colour(page, "color")) == (765, 0)
    assert not page.get_by_role("navigation").is_visible()
