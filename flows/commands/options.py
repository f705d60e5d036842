"""Options that several commands share."""

import os
from pathlib import Path
from typing import Annotated

import typer

from extractors.settings import Settings
from extractors.settings_file import read_settings
from warehouse.home import Home

HomeOption = Annotated[Path, typer.Option("--home", help="Folder of this installation.", envvar="DRAGONGATE_HOME")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
DEFAULT_HOME = Path("data")


def settings_of(home: Home) -> Settings:
    """Read the settings of a home and of the environment. Raises BadSettings."""
    return read_settings(home.root, os.environ)
