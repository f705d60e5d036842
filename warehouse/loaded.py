"""What a load answers, and what it sets aside."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did to one table. Rejected counts rows, late counts versions, the others count keys."""

    inserted: int = 0
    """The key is new."""
    updated: int = 0
    """The current version of a known key says something else now."""
    unchanged: int = 0
    """The key is known and its current version says what it said."""
    rejected: int = 0
    """Rows that were set aside."""
    late: int = 0
    """Versions from older recordings, which went to history."""
    deleted: int = 0
    """Derived rows that no longer follow."""

    def __add__(self, other: "Loaded") -> "Loaded":
        """Add up two loads of one table."""
        return Loaded(
            self.inserted + other.inserted,
            self.updated + other.updated,
            self.unchanged + other.unchanged,
            self.rejected + other.rejected,
            self.late + other.late,
            self.deleted + other.deleted,
        )


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that never came as far as the loader: `ops.rejects` keeps it."""

    table: str
    reason: str
    row: Mapping[str, Any]
    snapshot_id: str
    source_id: str


@dataclass(frozen=True, slots=True)
class Stamp:
    """Which run loads, and when."""

    run_id: str
    loaded_at: datetime
