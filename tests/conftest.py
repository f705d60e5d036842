"""What many tests share: the home that the demo makes, built once through the real flow."""

import os
from pathlib import Path

import pytest
from filelock import FileLock

from extractors.settings import Settings
from flows.collect import Request, run_daily
from flows.runner import PlainRunner
from flows.watching import default_watchlist
from samples.build import ARCHIVE, WINDOW
from warehouse.home import Home


@pytest.fixture(scope="session")
def sample_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Give a home after one replay of the sample archive. Tests read it and copy it; none writes into it.

    Workers that test side by side share one.
    """
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    home = Home(shared / "sample-home")
    with FileLock(shared / "sample-home.lock"):
        if not home.published_ops.exists():
            run_sample(home)
    return home


def run_sample(home: Home, archive: Path = ARCHIVE) -> None:
    """Do what `make demo` does, without a server."""
    request = Request(home, Settings(), default_watchlist(), window=WINDOW, replay=(archive,))
    assert run_daily(request, PlainRunner()).exit_code == 0
