"""Hand one saved answer to its source and name the outcome."""

from dataclasses import dataclass
from typing import Any

from extractors.errors import Outcome, SourceError
from extractors.reading import Reading
from extractors.snapshot import Snapshot
from extractors.source import Extractor


@dataclass(frozen=True, slots=True)
class Answer:
    """What a source made of one snapshot."""

    outcome: Outcome
    reason: str
    message: str
    reading: Reading[Any]


NOTHING: Reading[Any] = Reading(())


def read_snapshot(extractor: Extractor, snapshot: Snapshot) -> Answer:
    """Parse one snapshot; every way in which it is not data becomes an outcome with its reason.

    A parser that fails in a way nobody foresaw is a change of shape too: one answer never stops a run.
    """
    if snapshot.status == 304:
        return Answer(Outcome.UNCHANGED, "not_modified", "", NOTHING)
    try:
        reading = extractor.parse(snapshot)
    except SourceError as error:
        return Answer(error.outcome, error.reason, str(error), NOTHING)
    except Exception as error:  # noqa: BLE001  a parser's own mistake, kept visible with its place
        message = f"{extractor.source.id}: {type(error).__name__}: {error}"
        return Answer(Outcome.SHAPE_CHANGED, type(error).__name__, snapshot.at(message), NOTHING)
    return Answer(Outcome.OK, "", "", reading)
