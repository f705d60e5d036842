"""Where a rebuild makes its warehouse: beside the writer's file, whose place it may take in one step."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from warehouse.generations import make_durable
from warehouse.home import Home


@contextmanager
def fresh_file(home: Home) -> Iterator[Path]:
    """Give a place for the new warehouse; whatever happens, nothing is left there. Hold the lease."""
    sweep_rebuild(home)
    home.rebuilding.mkdir(parents=True)
    try:
        yield home.rebuilding / home.warehouse.name
    finally:
        sweep_rebuild(home)


def sweep_rebuild(home: Home) -> None:
    """Remove what a rebuild that was killed left. Hold the lease."""
    if home.rebuilding.exists():
        shutil.rmtree(home.rebuilding)


def take_the_place(home: Home, path: Path) -> None:
    """Let a rebuilt file, closed, become the writer's. Hold the lease."""
    make_durable(path)
    # What stands beside the old file belongs to it, and would be replayed into the new one.
    home.warehouse.with_name(home.warehouse.name + ".wal").unlink(missing_ok=True)
    path.replace(home.warehouse)
    make_durable(home.warehouse.parent)
