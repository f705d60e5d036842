"""A page as PDF, printed by Chromium where one is installed."""

import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Nothing of the page needs a network, and the browser shall ask for none of its own.
_QUIET = (
    "--headless", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-pdf-header-footer",
)  # fmt: skip
LONGEST_SECONDS = 60


class NoBrowser(Exception):
    """There is no Chromium here, or it could not print; the message says which, and the mend."""


def print_pdf(page: Path, target: Path, *, as_root: bool) -> None:
    """Print a page of this machine into a PDF. Raises NoBrowser."""
    browser = next((found for name in _NAMES if (found := shutil.which(name))), None)
    if browser is None:
        raise NoBrowser("no Chromium is installed: install the package chromium, or print the page from any browser")
    with TemporaryDirectory() as profile:
        # Chromium's sandbox does not start for root, as in most containers; the page is our own.
        command = [browser, *_QUIET, *(("--no-sandbox",) if as_root else ()), f"--user-data-dir={profile}"]
        command += [f"--print-to-pdf={target}", page.resolve().as_uri()]
        done = subprocess.run(  # noqa: S603
            command, capture_output=True, text=True, timeout=LONGEST_SECONDS, check=False
        )
    if done.returncode or not target.exists():
        raise NoBrowser(f"{browser} could not print {page}: {done.stderr.strip()[-300:]}")
