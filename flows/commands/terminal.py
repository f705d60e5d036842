"""How commands speak: tables and bars for people on a terminal, JSON for programs, errors with what to do."""

import json
import math
import shlex
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

_PLACES, _MOST_PLACES = 2, 8
_DIGITS = 4
"""Digits that are shown at least of a number below one."""
OUT = Console(highlight=False, soft_wrap=True)
ERR = Console(stderr=True, highlight=False, soft_wrap=True)


def as_json(value: object) -> None:
    """Print one value as JSON on standard output, and nothing else."""
    sys.stdout.write(json_text(value))


def json_text(value: object) -> str:
    """Write one value as JSON; what is no number is null there."""
    return json.dumps(_finite(value), default=_plain, ensure_ascii=False, indent=2) + "\n"


def table(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print a table; numbers stand to the right."""
    shown = Table(title=title, title_justify="left", title_style="bold", header_style="bold", box=None, pad_edge=False)
    cells = []
    for n, name in enumerate(columns):
        values = [row[n] for row in rows]
        right = bool(rows) and all(_is_number(value) or value is None for value in values)
        shown.add_column(Text(name), justify="right" if right else "left", overflow="fold")
        cells.append(written(name, values))
    for row_of_cells in zip(*cells, strict=True):
        shown.add_row(*map(Text, row_of_cells))
    OUT.print(shown)
    OUT.print()


def written(name: str, values: Sequence[object]) -> list[str]:
    """Write the cells of a column: its numbers with the same decimal places, a year without a comma."""
    form = "" if name.rpartition("_")[2] == "year" else f",.{_places(values)}f"
    return [format(value, form) if _is_number(value) else _shown(value) for value in values]


def program() -> str:
    """Say how this program is called here: by its name where the shell finds it, else as it was called."""
    return "dragongate" if shutil.which("dragongate") else shlex.quote(sys.argv[0])


@contextmanager
def bar(text: str, *, quiet: bool) -> Iterator[Progress]:
    """Show a progress bar on standard error while the block works."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=ERR, transient=False, disable=quiet) as progress:
        progress.add_task(text, total=None)
        yield progress


def _is_number(value: object) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def _places(values: Sequence[object]) -> int:
    """Count a column's decimal places: all that a decimal has, two of what was computed, more where all is small."""
    exact = [value for value in values if isinstance(value, Decimal) and value.is_finite()]
    computed = [value for value in values if isinstance(value, float) and math.isfinite(value)]
    largest = max(map(abs, computed), default=0.0)
    seen = _DIGITS - 1 - math.floor(math.log10(largest)) if 0 < largest < 1 else _PLACES
    needed = max(
        (_places_of(value) for value in (*exact, *(Decimal(f"{one:.{seen}f}") for one in computed))), default=0
    )
    return min(max(needed, _PLACES), _MOST_PLACES) if needed else 0


def _places_of(value: Decimal) -> int:
    """Count the decimal places that are no zeros at the end."""
    exponent = value.normalize().as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0


def _shown(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}Z"
    return str(value)


def _finite(value: Any) -> Any:
    """Take NaN and infinity out of what a query gave; JSON has neither."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {name: _finite(one) for name, one in value.items()}
    return [_finite(one) for one in value] if isinstance(value, list | tuple) else value


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if hasattr(value, "to_pylist"):
        return _finite(value.to_pylist())
    if hasattr(value, "__dataclass_fields__"):
        return {name: _finite(getattr(value, name)) for name in value.__dataclass_fields__}
    return str(value)
