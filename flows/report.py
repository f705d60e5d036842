"""What a run did, for a person, for a program and for the exit code."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from extractors.source import Window
from warehouse.load import Loaded


class State(StrEnum):
    """How a run ended."""

    COMPLETED = "completed"
    COMPLETED_WITH_GAPS = "completed_with_gaps"
    FAILED = "failed"


MENDS: Mapping[str, str] = {
    "robots": "The site's robots.txt forbids it; leave it, or ask the publisher.",
    "robots_unavailable": "The site's robots.txt cannot be had, which forbids everything; the next run asks again.",
    "login": "The source wants a login: set DRAGONGATE_SECRET_ and its id in capitals to your key, or turn it off.",
    "forbidden": "The source turned us away; it is asked again in the next run. If it lasts, turn it off.",
    "block_page": "The source showed a block page; it is asked again in the next run. If it lasts, turn it off.",
    "banned": "The source banned this address for a while; leave it alone for a day.",
    "bad_request": "The source did not take the call: see that its codes on the watch list are right.",
    "address": "The address is not public; allow the host by name in the settings if it is yours.",
    "contact": "Set `contact` in dragongate.toml or DRAGONGATE_CONTACT: this source must know whom to write to.",
    "not_recorded": "The archive does not hold this answer; run without --offline, or with another window.",
    "circuit": "The host had turned us away earlier in this run; the next run asks again.",
    "too_large": "The answer is larger than the limit in the settings.",
    "timeout": "No answer in time; it is asked again in the next run.",
    "dns": "The name does not resolve: check the network.",
    "crashed": "A mistake in our own code: the log has its place; please report it.",
}
"""What a person can do about a gap, by its reason."""

MENDS_BY_OUTCOME: Mapping[str, str] = {
    "rate_limited": "We asked too often; it is asked again in the next run. A longer pace in the settings helps.",
    "unavailable": "The source did not answer; it is asked again in the next run.",
    "refused": "The source will not have us; see `dragongate sources` for its terms and needs.",
    "shape_changed": "The source has changed: `dragongate why` shows the bytes; its parser needs a look.",
}


def mend(outcome: str, reason: str) -> str:
    """Say what to do about a gap."""
    return MENDS.get(reason) or MENDS_BY_OUTCOME.get(outcome, "")


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that a run should have had and has not."""

    source_id: str
    chunk: str
    outcome: str
    reason: str
    message: str
    is_required: bool
    muted: str = ""
    """Until when its source may be missing, by whose word; empty when it may not."""

    @property
    def mend(self) -> str:
        """What to do about it."""
        return mend(self.outcome, self.reason)


@dataclass(frozen=True, slots=True)
class RunReport:
    """The result of one run."""

    run_id: str
    flow: str
    mode: str
    state: State
    started_at: datetime
    ended_at: datetime
    window: Window | None = None
    by_source: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    loaded: Mapping[str, Loaded] = field(default_factory=dict)
    gaps: Sequence[Gap] = ()
    off: Mapping[str, str] = field(default_factory=dict)
    """Sources that would be asked and lack something of the operator's, with what to do."""
    kept_back: Mapping[str, str] = field(default_factory=dict)
    """Tables that keep their last good content, with the check that failed."""
    freshness: Sequence[Mapping[str, Any]] = ()
    muted: Mapping[str, str] = field(default_factory=dict)
    """Sources that may be missing for a while, until when and by whose word."""
    generation: int | None = None
    message: str = ""
    broken: int = 0
    """Records of an archive that could not be read."""
    finished: Sequence[str] = ()
    """Earlier runs that had not ended whole, and whose answers this run took in first."""

    @property
    def responses(self) -> int:
        """How many answers were counted, those of no source included."""
        return sum(sum(outcomes.values()) for outcomes in self.by_source.values())

    @property
    def unmatched(self) -> int:
        """How many answers no source claims."""
        return sum(self.by_source.get("unmatched", {}).values())

    @property
    def exit_code(self) -> int:
        """0 when everything required is here, 1 otherwise."""
        return 1 if self.state is State.FAILED else 0

    def as_json(self) -> dict[str, Any]:
        """Give the report in the shape that programs rely on."""
        return {
            "run_id": self.run_id,
            "flow": self.flow,
            "mode": self.mode,
            "state": self.state,
            "message": self.message,
            "window": str(self.window) if self.window else None,
            "started_at": self.started_at.isoformat(),
            "ended_at": self.ended_at.isoformat(),
            "responses": self.responses,
            "unmatched": self.unmatched,
            "broken": self.broken,
            "finished": list(self.finished),
            "by_source": {
                source: {str(outcome): number for outcome, number in outcomes.items()}
                for source, outcomes in sorted(self.by_source.items())
                if source != "unmatched"
            },
            "loaded": {name: _counts(loaded) for name, loaded in sorted(self.loaded.items())},
            "gaps": [{**asdict(gap), "mend": gap.mend} for gap in self.gaps],
            "off": dict(self.off),
            "muted": dict(self.muted),
            "kept_back": dict(self.kept_back),
            "generation": self.generation,
        }


def _counts(loaded: Loaded) -> dict[str, int]:
    return {
        "inserted": loaded.inserted,
        "updated": loaded.updated,
        "unchanged": loaded.unchanged,
        "rejected": loaded.rejected,
    }


def loaded_rows(report: RunReport) -> list[dict[str, object]]:
    """List what was loaded by table, for a table that people read."""
    return [{"table": name, **_counts(loaded)} for name, loaded in sorted(report.loaded.items())]
