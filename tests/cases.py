"""Saved answers with what we expect of them: adding a case needs no new test code.

A case is a file `tests/fixtures/<source>/<name>.toml` beside the body that it names. Bodies are written
by hand for this project, small, in the source's true wire format. The file says what the case is for,
the address, the outcome, and, for data, every tidy row that it must give (only the columns named are
compared, in the table's key order).
"""

import tomllib
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from extractors.snapshot import Snapshot

FIXTURES = Path(__file__).parent / "fixtures"


@dataclass(frozen=True)
class Case:
    """One saved answer."""

    source_id: str
    name: str
    snapshot: Snapshot
    outcome: str
    reason: str
    drift: list[str]
    rows: dict[str, list[dict[str, Any]]]
    counts: dict[str, int] = field(default_factory=dict)
    """For long answers: how many rows a table must get, where they are not all written out."""

    def __str__(self) -> str:
        return f"{self.source_id}/{self.name}"


def cases() -> list[Case]:
    """List every case of every source."""
    paths = sorted(FIXTURES.glob("*/*.toml"))
    return [_case(path) for path in paths if "." not in path.stem]  # name.list.toml is the body of a case


def _case(path: Path) -> Case:
    text = tomllib.loads(path.read_text(encoding="utf-8"))
    assert text["about"], f"{path} does not say what it is for"
    fetched_at: datetime = text["fetched_at"]
    headers = {"content-type": text.get("content_type", ""), **text.get("headers", {})}
    snapshot = Snapshot(
        id=f"urn:case:{path.parent.name}:{path.stem}",
        url=text["url"],
        body=(path.parent / text["body"]).read_bytes() if text.get("body") else b"",
        fetched_at=fetched_at,
        first_seen_at=fetched_at,
        status=text.get("status", 200),
        headers=headers,
    )
    return Case(
        source_id=path.parent.name,
        name=path.stem,
        snapshot=snapshot,
        outcome=text["outcome"],
        reason=text.get("reason", ""),
        drift=text.get("drift", []),
        rows=text.get("rows", {}),
        counts=text.get("counts", {}),
    )
