"""What a warehouse that was rebuilt from the archive cannot share with the one that was published, and why.

Everything else is compared. A difference by nature is named with its reason wherever a comparison is shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from warehouse.tables.catalog import TABLES


@dataclass(frozen=True, slots=True)
class ByNature:
    """Tables or columns that are not compared."""

    what: str
    """A table, or columns of one; `every table` where they stand in all."""
    reason: str


RESTLESS = ("confirmed_at", "confirmed_snapshot_id", "confirmed_seen_at")
"""When a source last said the same: it moves without a new generation."""
FOLLOWING = (
    "ops.rejects", "ops.drift", "ops.corrections", "ops.mutes", "ops.tombstones", "ops.document_readings",
    "ops.figure_checks",
)  # fmt: skip
"""Tables of the ledger that follow from the archive; the others tell what runs did."""
DEEDS = tuple(one.name for one in TABLES if one.schema == "ops" and one.name not in FOLLOWING)
"""What runs did. A rebuild is one run; what was published keeps all of it."""
OF_THE_FILE = ("ops.schema_versions",)
"""What tells of the file itself."""
LEFT_OUT: Mapping[str, str] = {
    **dict.fromkeys(DEEDS, "tells of runs, and a rebuild is another run; it is carried over when published"),
    "ops.verdict_changes": "tells at which run a verdict changed, and a rebuild judges once; it is carried over",
    "core.sources": "written from the settings and from what was asked of robots.txt, not from answers",
    **dict.fromkeys(OF_THE_FILE, "tells when a file was brought up to the definitions, and this is another file"),
}
"""Tables that do not follow from the archive."""
LOOSE: Mapping[str, tuple[str, ...]] = {
    "ops.rejects": ("run_id", "rejected_at"),
    "ops.drift": ("run_id", "first_seen_at"),
    "ops.corrections": ("marts",),
    "ops.document_readings": ("run_id", "reader_version"),
    "ops.figure_checks": ("run_id",),
}
"""Columns that tell of the run, its code or the hour of loading; rows that agree in all others count once."""
KNOWN = ("known_from", "known_to", "known_settled_at")
"""When this warehouse knew: where an older version of the code had misread the bytes, only from its mending on."""
BY_ORDER = ("first", "source", "late")
"""Values of version_cause that tell of two versions which of them was loaded first."""

REASONS: tuple[ByNature, ...] = (
    *(ByNature(name, reason) for name, reason in LEFT_OUT.items()),
    *(
        ByNature(f"{name}: {', '.join(loose)}", "the run, its code and the hour of loading")
        for name, loose in LOOSE.items()
    ),
    ByNature(f"every table: {', '.join(RESTLESS)}", "a run in which nobody said anything new publishes no generation"),
    ByNature(
        "history: rows with the version_cause parser",
        "what an older version of the code misread stands in no archive; nor does, for those keys, "
        f"when we knew better: {', '.join(KNOWN)}",
    ),
    ByNature(
        f"every table: version_cause, between {', '.join(BY_ORDER)}",
        "it tells in which order answers were loaded: a run asks sources side by side, a rebuild reads file by file",
    ),
    ByNature(
        "raw.snapshots, ops.document_readings, ops.figure_checks: rows of answers that came after the publication",
        "they brought nothing that readers would see, so no generation was published for them",
    ),
)
LATER_ROWS = ("raw.snapshots", "ops.document_readings", "ops.figure_checks")
"""Tables of a generation to which runs add without publishing."""


def is_kept_by_ledger(name: str) -> bool:
    """Tell whether the newest rows of a table are in the ledger's own copy rather than in a generation."""
    return name.startswith("ops.") and name not in LATER_ROWS
