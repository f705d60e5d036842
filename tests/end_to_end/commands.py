"""The command line as an operator runs it: a process of its own, from anywhere, with nothing inherited."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "samples" / "turn-of-2025.warc.gz"
WINDOW = ("--from", "2023-12-27", "--to", "2025-01-10")
LONGEST_SECONDS = 240.0
"""After which a command hangs. No test measures anything by it."""


@dataclass(frozen=True)
class Ran:
    """What a command left: exit code and both streams."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def demo(home: Path, *more: str) -> tuple[str, ...]:
    """The words of `make demo`, without a Prefect server."""
    return ("run", "--home", str(home), "--replay", str(SAMPLE), *WINDOW, "--no-server", *more)


def dragongate(*words: str, cwd: Path | None = None, **more: str) -> Ran:
    """Run one command to its end."""
    with started(*words, cwd=cwd, **more) as process:
        try:
            out, err = process.communicate(timeout=LONGEST_SECONDS)
        except subprocess.TimeoutExpired:
            kill(process)
            raise
    return Ran(process.returncode, out, err)


def started(*words: str, cwd: Path | None = None, **more: str) -> subprocess.Popen[str]:
    """Start one command in a process group of its own, and do not wait for it."""
    return subprocess.Popen(
        [sys.executable, "-m", "flows.main", *words],
        cwd=cwd or tempfile.gettempdir(),
        env=environment(**more),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def environment(**more: str) -> dict[str, str]:
    """The environment of this process without what steers Dragongate and Prefect."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DRAGONGATE_", "PREFECT_"))}
    if kept.pop("PYTHONDONTWRITEBYTECODE", ""):
        # Without compiled modules every one of the many processes here would compile all of them again.
        kept["PYTHONPYCACHEPREFIX"] = str(Path(tempfile.gettempdir()) / "dragongate-tests-compiled")
    # A file in the folder where a command starts must not stand before a module of its name.
    return {**kept, "COLUMNS": "200", "PYTHONSAFEPATH": "1", **more}


def kill(process: subprocess.Popen[str]) -> Ran:
    """Kill a command and all that it started, as a power cut would; gives what it had said until then."""
    with suppress(ProcessLookupError):  # it ended by itself
        os.killpg(process.pid, signal.SIGKILL)
    out, err = process.communicate()
    return Ran(process.returncode, out, err)


def processes_of(group: int) -> dict[int, str]:
    """Name what still runs in the process group of a command, by process id; the dead do not count."""
    found = {}
    for folder in Path("/proc").iterdir():
        try:
            state, _, process_group = (folder / "stat").read_text().rpartition(")")[2].split()[:3]
            if int(process_group) == group and state not in "ZX":
                found[int(folder.name)] = " ".join((folder / "cmdline").read_text().split("\0"))
        except (OSError, ValueError):
            continue
    return found


def words_of(columns: Sequence[str], text: str) -> list[dict[str, str]]:
    """Read the table under these headings, as a person would."""
    lines = iter(text.splitlines())
    next(line for line in lines if line.split() == list(columns))
    return [dict(zip(columns, line.split(), strict=True)) for line in iter(lambda: next(lines), "")]
