"""`dragongate evidence`: what stands behind a cell, in a zip for a stranger."""

import os
from pathlib import Path
from typing import Annotated

import typer

from flows.commands.options import DEFAULT_HOME, HomeOption, JsonOption
from flows.commands.terminal import OUT, as_json
from flows.evidence import pack
from warehouse.evidence import gather
from warehouse.home import Home


def evidence(
    table: Annotated[str, typer.Argument(help="A core table or a mart, such as core.daily_quotes.")],
    key: Annotated[str, typer.Argument(help="security_id=XHKG:01810,trade_date=2024-12-30, or the key's values.")],
    output: Annotated[Path, typer.Option("--output", "-o", dir_okay=False, help="The zip to write.")],
    home: HomeOption = DEFAULT_HOME,
    json: JsonOption = False,
) -> None:
    """Pack a cell's bytes, request, time, hash, terms and the way to it; exit code 1 for a hole."""
    place = Home(home)
    found = gather(place, table, key)
    if not found.explanation.rows:
        OUT.print(f"There is no such row in {found.explanation.table}: nothing to pack.")
        for sentence in found.explanation.hole:
            OUT.print(f"  {sentence}", markup=False)
        raise typer.Exit(1)
    packed = pack(place, found)
    _write(output, packed.content)
    if json:
        as_json({"file": output, "bytes": len(packed.content), "bodies": packed.bodies, "missing": packed.missing})
    else:
        OUT.print(f"wrote {output}: {packed.bodies} saved answers, {len(packed.content):,} bytes", markup=False)
        for one in packed.missing:
            OUT.print(f"not in the archive: {one}", markup=False)
    raise typer.Exit(1 if packed.missing else 0)


def _write(path: Path, content: bytes) -> None:
    """Write the file whole or not at all."""
    half = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        half.write_bytes(content)
        half.replace(path)
    finally:
        half.unlink(missing_ok=True)
