"""Have a watcher look at what a home publishes for the length of a block."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.end_to_end.commands import environment


@dataclass
class Seen:
    """What the watcher saw; filled when the block ends."""

    looks: dict[str, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    seen: list[dict[str, int]] = field(default_factory=list)
    """Each different set of row counts that it met."""


@contextmanager
def watched(home: Path) -> Iterator[Seen]:
    """Watch a home while the block works."""
    process = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("watcher.py")), str(home / "published")],
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    seen = Seen()
    try:
        yield seen
        out, _ = process.communicate(timeout=60)
    finally:
        process.kill()
        process.communicate()
    for name, value in json.loads(out).items():
        setattr(seen, name, value)
