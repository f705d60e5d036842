"""Options that several commands share."""

import os
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated

import typer

from extractors.registry import BY_ID
from extractors.settings import BadSettings, Settings
from extractors.settings_file import read_settings
from warehouse.home import Home

HomeOption = Annotated[Path, typer.Option("--home", help="Folder of this installation.", envvar="DRAGONGATE_HOME")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
DEFAULT_HOME = Path("data")


def settings_of(home: Home) -> Settings:
    """Read the settings of a home and of the environment.

    Raises BadSettings, also for a section or a pace of a source that does not exist.
    """
    settings = read_settings(home.root, os.environ)
    for name in (*settings.permissions, *settings.paces):
        if name not in BY_ID:
            raise BadSettings(f"{home.settings}: {no_source(name)}")
    return settings


def no_source(name: str) -> str:
    """Say that there is no source of a name, and which ones are near it."""
    near = get_close_matches(name, BY_ID, n=3)
    return f"there is no source {name!r}; " + (
        f"near are {', '.join(near)}" if near else f"there are {', '.join(BY_ID)}"
    )
