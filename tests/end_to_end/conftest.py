"""One home in which the demo has run once, made once for all processes of a test run."""

import shutil
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from filelock import FileLock

from tests.end_to_end.commands import Ran, demo, dragongate


@dataclass(frozen=True)
class Demo:
    """A home that nobody may change, and what the run that made it said."""

    home: Path
    first: Ran
    seconds: float
    """How long the run took here, imports included."""


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Demo:
    """The demo, run once without any disturbance."""
    own = tmp_path_factory.getbasetemp()
    shared = own if worker_id == "master" else own.parent
    home, said = shared / "undisturbed", shared / "undisturbed.said"
    with FileLock(shared / "undisturbed.lock"):
        if not said.exists():
            dragongate("sources", "--home", str(home))  # the first process of all compiles every module
            began = time.monotonic()
            ran = dragongate(*demo(home))
            said.write_text(f"{time.monotonic() - began}\n{ran.code}\n{ran.out}", encoding="utf-8")
    seconds, code, out = said.read_text(encoding="utf-8").split("\n", 2)
    return Demo(home, Ran(int(code), out, ""), float(seconds))


@pytest.fixture
def home(undisturbed: Demo, tmp_path: Path) -> Path:
    """A copy of that home, to do with as a test likes."""
    return Path(shutil.copytree(undisturbed.home, tmp_path / "home", symlinks=True))


@pytest.fixture(scope="session")
def worker_id(request: pytest.FixtureRequest) -> str:
    """Name this process of a parallel test run; `master` where there is one."""
    return getattr(request.config, "workerinput", {}).get("workerid", "master")
