"""How long the status page takes with many sources: from the files, from what is remembered, and in a browser.

python -m bench.service_page [--sources 500] [--repeat 5]
"""

import argparse
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import requests

from extractors.settings import Settings
from flows.service.app import create_app
from tests.served import served
from tests.watched_homes import NOW, crowded
from warehouse.home import Home

AIM_SECONDS = 1.0


@dataclass(frozen=True)
class Measured:
    """Each way to the page: the least seconds of several tries, by the clock and of this process' processor."""

    first: tuple[float, float]
    """The service has read nothing yet."""
    later: tuple[float, float]
    """What was read is remembered; the page is written anew."""
    browser: float | None
    """From the click to the load event, in a browser that has nothing in its store; none without chromium."""
    kilobytes: float


def measure(folder: Path, *, sources: int, repeat: int) -> Measured:
    """Serve a home with many sources and load its page."""
    home = crowded(Home(folder / "home"), sources)
    first = min(_first(home) for _ in range(repeat))
    with served(create_app(home, Settings(), now=lambda: NOW)) as url:
        size = len(requests.get(f"{url}/", timeout=60).content) / 1000
        later = min(_timed(lambda: requests.get(f"{url}/", timeout=60)) for _ in range(repeat))
        return Measured(first, later, _in_browser(url, repeat), size)


def _first(home: Home) -> tuple[float, float]:
    with served(create_app(home, Settings(), now=lambda: NOW)) as url:
        requests.get(f"{url}/livez", timeout=60)
        return _timed(lambda: requests.get(f"{url}/", timeout=60))


def _timed(call: Callable[[], object]) -> tuple[float, float]:
    started, worked = time.perf_counter(), time.process_time()
    call()
    return time.perf_counter() - started, time.process_time() - worked


def _in_browser(url: str, repeat: int) -> float | None:
    chromium = shutil.which("chromium")
    if chromium is None:
        return None
    from playwright.sync_api import sync_playwright

    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
        found = []
        for _ in range(repeat):
            page = browser.new_context().new_page()
            page.goto(url)
            told = "performance.getEntriesByType('navigation')[0].loadEventStart / 1000"
            found.append(float(page.evaluate(told)))
        browser.close()
    return min(found)


def show(found: Measured, sources: int) -> None:
    """Print what was measured, beside the aim."""
    shown = "no chromium here" if found.browser is None else f"{found.browser:.2f} s"
    print(f"status page of {sources} sources, {found.kilobytes:.0f} kB (the aim is under {AIM_SECONDS:.0f} s)")
    print(f"  first, from the files      {found.first[0]:.2f} s, {found.first[1]:.2f} s of processor")
    print(f"  later, from what is known  {found.later[0]:.2f} s, {found.later[1]:.2f} s of processor")
    print(f"  in a browser, to its load  {shown}")


def main() -> None:
    """Measure with the numbers of the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.service_page")
    parser.add_argument("--sources", type=int, default=500)
    parser.add_argument("--repeat", type=int, default=5)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        show(measure(Path(folder), sources=given.sources, repeat=given.repeat), given.sources)


if __name__ == "__main__":
    main()
