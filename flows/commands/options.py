"""Options that several commands share."""

import os
from collections.abc import Collection, Mapping
from difflib import get_close_matches
from getpass import getuser
from pathlib import Path
from typing import Annotated

import typer

from extractors.masking import hide
from extractors.settings import BadSettings, Settings
from extractors.settings_file import read_settings
from warehouse.home import Home

HomeOption = Annotated[Path, typer.Option("--home", help="Folder of this installation.", envvar="DRAGONGATE_HOME")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
BecauseOption = Annotated[str, typer.Option("--because", help="Why; it is kept and published with the data.")]
ByOption = Annotated[str, typer.Option("--by", help="Who says so; default the user of this machine.")]
DEFAULT_HOME = Path("data")


def author_of(by: str) -> str:
    """Name who mends: as told, or the user of this machine."""
    try:
        return by or getuser()
    except (KeyError, OSError):  # a container may run as a user without a name
        return "unknown"


def reason_of(because: str) -> str:
    """Give the reason. Raises BadParameter where it says nothing."""
    if not because.strip():
        raise typer.BadParameter("--because must say why")
    return because.strip()


def settings_of(home: Home) -> Settings:
    """Read the settings of a home and of the environment.

    Raises BadSettings, also for a section or a pace of a source that does not exist.
    """
    settings = checked_settings(home, os.environ)
    hide(one.reveal() for one in settings.known_secrets)
    return settings


def checked_settings(home: Home, environment: Mapping[str, str]) -> Settings:
    """Read the settings of a home and of an environment, and see that they speak of sources that exist.

    Raises BadSettings as `settings_of` does.
    """
    settings = read_settings(home.root, environment)
    for name in (*settings.permissions, *settings.paces):
        if not is_source(name):
            raise BadSettings(f"{home.settings}: {no_source(name)}")
    return settings


def is_source(name: str) -> bool:
    """Tell whether there is a source of a name."""
    return name in _sources()


def no_source(name: str) -> str:
    """Say that there is no source of a name, and which ones are near it."""
    known = _sources()
    near = ", ".join(get_close_matches(name, known, n=3))
    return f"there is no source {name!r}; " + (f"near are {near}" if near else f"there are {', '.join(known)}")


def _sources() -> Collection[str]:
    # Every reader of a source comes with it, which takes a second: a query needs none of them.
    from extractors.registry import BY_ID

    return BY_ID
