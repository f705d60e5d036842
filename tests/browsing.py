"""A real browser for the pages that we write, and a place for pictures of them."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = shutil.which("chromium")
ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
NEEDS_CHROMIUM = pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium here: apt-get install chromium")


@contextmanager
def launched() -> Iterator[Browser]:
    """Start Chromium for the length of a `with` block; it asks nobody for anything of its own."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        try:
            yield started
        finally:
            started.close()


def keep(page: Page, name: str) -> None:
    """Keep a picture of a page for somebody to look at, in the folder that DRAGONGATE_SCREENSHOTS names."""
    if folder := os.environ.get("DRAGONGATE_SCREENSHOTS"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
