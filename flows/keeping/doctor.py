"""What `dragongate doctor` looks at: checks, small functions that say what they found and how to mend it.

Nothing here asks a source or changes anything; a check that cannot be made is a finding too.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from pathlib import Path

from extractors.settings import Settings
from flows.commands.options import checked_settings
from warehouse.home import Home


class State(StrEnum):
    """How a check came out."""

    OK = "ok"
    WARN = "warn"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found; the mend is empty where nothing has to be done."""

    state: State
    found: str
    mend: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """One check with its finding."""

    name: str
    state: State
    found: str
    mend: str


@dataclass(frozen=True)
class Patient:
    """The installation that is looked at, the process around it, and the moment."""

    home: Home
    environment: Mapping[str, str]
    now: datetime

    @cached_property
    def settings(self) -> Settings:
        """The operator's settings. Raises BadSettings."""
        return checked_settings(self.home, self.environment)

    @property
    def root(self) -> Path:
        """The home's folder, or the nearest one above it that is there."""
        place = self.home.root.resolve()
        while not place.exists():
            place = place.parent
        return place


Look = Callable[[Patient], Finding]


def ok(found: str) -> Finding:
    """Say that something is as it should be."""
    return Finding(State.OK, found)


def warn(found: str, mend: str) -> Finding:
    """Say that something wants a look before it does harm."""
    return Finding(State.WARN, found, mend)


def bad(found: str, mend: str) -> Finding:
    """Say that something does not work, or soon will not."""
    return Finding(State.BAD, found, mend)


def examine(patient: Patient, checks: Mapping[str, Look]) -> list[Checked]:
    """Make every check; one that fails with an error is bad and says so, and the others are made all the same."""
    found = {name: _looked(look, patient) for name, look in checks.items()}
    return [Checked(name, one.state, one.found, one.mend) for name, one in found.items()]


def _looked(look: Look, patient: Patient) -> Finding:
    try:
        return look(patient)
    except Exception as error:  # noqa: BLE001  what is broken is what a doctor is asked about
        return bad(str(error) or type(error).__name__, "mend what the message names, then look again")
