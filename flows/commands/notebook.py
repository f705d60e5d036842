"""`dragongate notebook`: a notebook with three worked questions."""

from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from flows.commands.options import DEFAULT_HOME, HomeOption
from flows.commands.terminal import OUT

FileArgument = Annotated[Path, typer.Argument(metavar="[FILE.py]", dir_okay=False, help="The notebook to write.")]
ForceOption = Annotated[bool, typer.Option("--force", help="Write it anew where there is one already.")]
_TEMPLATE = files("flows.notebook") / "worked_questions.py.txt"
_HOME = "$home"


def notebook(
    file: FileArgument = Path("dragongate_notebook.py"), home: HomeOption = DEFAULT_HOME, force: ForceOption = False
) -> None:
    """Write a marimo notebook that opens the warehouse read-only: SQL, pictures, and what was known on a day."""
    if file.suffix != ".py":
        raise typer.BadParameter("a marimo notebook is a Python file: end its name with .py", param_hint="FILE")
    text = _TEMPLATE.read_text(encoding="utf-8").replace(_HOME, f"{home.as_posix()!r}")
    try:
        with file.open("w" if force else "x", encoding="utf-8") as written:
            written.write(text)
    except FileExistsError:
        raise typer.BadParameter(f"{file} is there already; --force writes it anew", param_hint="FILE") from None
    OUT.print(f"wrote {file}, which reads {home}, or the home in DRAGONGATE_HOME", markup=False)
    OUT.print(f"Open it with `marimo edit {file}`, or read it with `marimo run {file}`.", markup=False)
    if find_spec("marimo") is None:
        OUT.print("marimo is not installed here: `pip install marimo` brings it.", markup=False)
