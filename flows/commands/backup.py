"""`dragongate backup` and `dragongate restore`: a whole home in one file, and back."""

from pathlib import Path
from typing import Annotated

import typer

from flows.clock import utc_now
from flows.commands.options import DEFAULT_HOME, HomeOption, JsonOption
from flows.commands.terminal import OUT, as_json, bar
from flows.keeping.backup import back_up
from flows.keeping.backup_manifest import Manifest
from flows.keeping.restore import restore as restore_home
from warehouse.home import Home


def backup(
    file: Annotated[Path, typer.Argument(dir_okay=False, help="The file to write, such as home.tar.gz.")],
    home: HomeOption = DEFAULT_HOME,
    wait: Annotated[float, typer.Option(min=0, help="Seconds to wait for a run that writes.")] = 0.0,
    json: JsonOption = False,
) -> None:
    """Put archive, warehouse, ledger, what is published, settings and watch list into one file; never secrets."""
    with bar("Backing up", quiet=json) as progress:
        task = progress.task_ids[0]
        manifest = back_up(
            Home(home),
            file,
            now=utc_now,
            wait_seconds=wait,
            said=lambda done, total: progress.update(task, completed=done, total=total),
        )
    _show(manifest, file, json, f"{file}: {file.stat().st_size:,} bytes, in which are")


def restore(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A file that `dragongate backup` wrote.")],
    home: HomeOption = DEFAULT_HOME,
    json: JsonOption = False,
) -> None:
    """Make a home of a backup; it must not be there yet, or be an empty folder. Whole or not at all."""
    with bar("Restoring", quiet=json) as progress:
        task = progress.task_ids[0]
        manifest = restore_home(
            file, Home(home), said=lambda done, total: progress.update(task, completed=done, total=total)
        )
    _show(manifest, file, json, f"restored into {home}:")


def _show(manifest: Manifest, file: Path, is_json: bool, lead: str) -> None:
    if is_json:
        as_json({"file": str(file), "bytes": file.stat().st_size, "manifest": manifest})
        return
    shown = f"generation {manifest.generation}" if manifest.generation else "nothing published"
    OUT.print(f"{lead} {len(manifest.files)} files of {manifest.size:,} bytes, {shown}", markup=False)
    OUT.print(f"made {manifest.made_at:%Y-%m-%d %H:%M}Z by version {manifest.code_version}", markup=False)
