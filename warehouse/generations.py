"""The numbered files that readers open, and the link that shows one of them.

A published file is never written again: a new generation is a new file, and showing it is one atomic move of the
link. Readers that have an older one open keep it. Files are read-only on disk, so that a tool which opens them for
writing is told off instead of changing what others read.
"""

import errno
import os
import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_BUILDING = ".building-"


class PublishError(Exception):
    """Nothing new was published; readers still have what they had before. The message says what to do."""


@dataclass(frozen=True, slots=True)
class Generations:
    """The generations in one published folder, by number."""

    folder: Path
    name: str = "warehouse"

    @property
    def link(self) -> Path:
        """The path that readers know."""
        return self.folder / f"{self.name}.duckdb"

    def path(self, number: int) -> Path:
        """Say where a generation lies."""
        return self.folder / f"{self.name}-{number}.duckdb"

    def building(self, name: str) -> Path:
        """Say where a file is built before it has its name."""
        return self.folder / f"{_BUILDING}{name}"

    def numbers(self) -> list[int]:
        """List the generations that are kept, oldest first."""
        pattern = re.compile(rf"{re.escape(self.name)}-(\d+)\.duckdb")
        found = (pattern.fullmatch(one.name) for one in self.folder.glob("*"))
        return sorted(int(match[1]) for match in found if match)

    def shown(self) -> int | None:
        """Say which generation the link shows; none when nothing is published yet."""
        if not self.link.exists():
            return None
        same = (number for number in self.numbers() if self.link.samefile(self.path(number)))
        return next(same, None)

    def show(self, number: int) -> None:
        """Move the link, in one step that a reader cannot meet half done."""
        step = self.building("link")
        step.unlink(missing_ok=True)
        target = self.path(number)
        try:
            step.symlink_to(target.name)
        except (OSError, NotImplementedError):
            # Windows without developer mode, and some network drives, know hard links only.
            os.link(target, step)
        step.replace(self.link)
        make_durable(self.folder)

    def take(self, built: Path, number: int) -> None:
        """Give a built file its number; its bytes are on the disk before its name is."""
        make_durable(built)
        built.chmod(0o444)
        self._stray_log(number).unlink(missing_ok=True)
        built.replace(self.path(number))
        make_durable(self.folder)

    def remove(self, number: int) -> None:
        """Remove a generation, unless the link shows it or a system that locks open files keeps it for a reader."""
        if number != self.shown():
            with suppress(PermissionError):
                self.path(number).chmod(0o644)
                self.path(number).unlink(missing_ok=True)
                self._stray_log(number).unlink(missing_ok=True)

    def keep_newest(self, count: int) -> None:
        """Remove all but the newest `count` generations and the one that is shown."""
        for number in self.numbers()[: -max(count, 1)]:
            self.remove(number)

    def _stray_log(self, number: int) -> Path:
        """Say where a tool that opened a generation for writing leaves what DuckDB would replay into the next one."""
        return self.folder / f"{self.path(number).name}.wal"

    def sweep(self) -> None:
        """Remove what a killed publication left half built."""
        for left in self.folder.glob(f"{_BUILDING}*"):
            left.unlink(missing_ok=True)


def make_durable(path: Path) -> None:
    """Have the system write a file, or a folder's names, to the disk."""
    try:
        handle = os.open(path, os.O_RDONLY)
    except PermissionError:
        return  # Windows opens no folders
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.EBADF):
            raise
    finally:
        os.close(handle)
