"""Which sources may be missing for a while, by whose word."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from warehouse.database import Warehouse


@dataclass(frozen=True, slots=True)
class Muted:
    """Until when a source may be missing, that day included, and why."""

    until: date
    because: str
    author: str

    def __str__(self) -> str:
        return f"muted until {self.until} by {self.author}: {self.because}"


ACTIVE = "SELECT * FROM ops.mutes QUALIFY row_number() OVER (PARTITION BY source_id ORDER BY muted_at DESC) = 1"
"""The last word about each source: a mute that ends earlier takes the one before it back."""


def muted_on(warehouse: Warehouse, day: date) -> Mapping[str, Muted]:
    """Give the sources that may be missing on a day."""
    rows = warehouse.frame(f"SELECT * FROM ({ACTIVE}) WHERE until_date >= ? ORDER BY source_id", (day,)).to_pylist()
    return {row["source_id"]: Muted(row["until_date"], row["because"], row["author"]) for row in rows}
