"""What a run says of itself in its archive file: what it asked for, so that a recording knows its own days.

Written as    a WARC `metadata` record of JSON, before the first answer, and again where a run asked for more than it
              had planned: the last one holds
Know that     a file of another tool has none, and neither have files of Dragongate from before there were any
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from extractors.settings import Limits
from extractors.source import Window
from extractors.warc_answers import HEAD_ROOM
from extractors.warc_frames import Frame, frames
from extractors.warc_writing import NoArchive

URI = "urn:dragongate:run"
MEDIA_TYPE = "application/json"


@dataclass(frozen=True, slots=True)
class RunRecord:
    """One run, as its own archive file tells of it."""

    run_id: str
    flow: str
    mode: str
    code_version: str
    window: Window | None = None
    """The days that were asked of all sources; none where each was asked for what it was missing."""
    windows: Mapping[str, Window] = field(default_factory=dict)
    """The days that each source was asked for, by its id."""
    companies: tuple[str, ...] = ()
    """The only companies that were asked for; empty for all."""

    def written(self) -> bytes:
        """Write the record."""
        return json.dumps(
            {
                "run_id": self.run_id,
                "flow": self.flow,
                "mode": self.mode,
                "code_version": self.code_version,
                "window": _written(self.window) if self.window else None,
                "windows": {name: _written(one) for name, one in sorted(self.windows.items())},
                "companies": list(self.companies),
            }
        ).encode()


def read_run_record(path: Path) -> RunRecord | None:
    """Find what the run says that wrote a file; nothing where it says nothing that can be read.

    Raises NoArchive when the file cannot be read.
    """
    found = None
    try:
        for one in frames(path, limit=Limits().body_bytes + HEAD_ROOM):
            if isinstance(one, Frame) and one.kind == "metadata" and one.url == URI:
                found = _read(one.block) or found
    except OSError as error:
        raise NoArchive(f"{path}: cannot be read ({error.strerror})") from error
    return found


def days_asked(records: Sequence[RunRecord]) -> dict[str, Window]:
    """Say for each source which days it was asked for in several recordings together."""
    together: dict[str, Window] = {}
    for one in records:
        for name, window in one.windows.items():
            known = together.get(name, window)
            together[name] = Window(min(known.start, window.start), max(known.end, window.end))
    return together


def _read(block: bytes) -> RunRecord | None:
    try:
        told = json.loads(block)
        return RunRecord(
            told["run_id"],
            told["flow"],
            told["mode"],
            told["code_version"],
            _window(told["window"]) if told["window"] else None,
            {name: _window(one) for name, one in told["windows"].items()},
            tuple(told["companies"]),
        )
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def _written(window: Window) -> list[str]:
    return [window.start.isoformat(), window.end.isoformat()]


def _window(days: Sequence[str]) -> Window:
    start, end = days
    return Window(date.fromisoformat(start), date.fromisoformat(end))
