"""Where in a saved body a value of a row stands: the JSON path, the row and column of a CSV, or the line of a text.

Found by the value itself beside the row's other values, so that it holds for any source. A value that was computed,
such as a cross rate, does not stand anywhere and has no place.
"""

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from extractors.snapshot import Snapshot
from flows.showing import text_of

_PROVENANCE = frozenset(
    {
        "source_id", "snapshot_id", "available_at", "fetched_at", "first_seen_at", "confirmed_at",
        "confirmed_snapshot_id", "confirmed_seen_at", "public_from", "known_from", "version_cause",
    }
)  # fmt: skip
_LONGEST = 20_000_000
_MOST = 400
_EXCERPT = 36
_SHORTEST = 3
"""Characters of a value that can be told from others in plain text: a 1 stands in many places."""
_PDF = b"%PDF-"
"""Within its bytes nobody finds anything: its readers note the page and the words."""
_ZIP = b"PK\x03\x04"
_EPOCHS = (Decimal(10) ** 9 // 2, Decimal(10) ** 10)
Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """One place, in words."""

    where: str
    """As `$.data.hk01810.day[3][2]`, `row 17, column HKD` or `line 40, characters 12-18`."""
    text: str
    """What stands there."""


def place_of(body: bytes, text: str, row: Mapping[str, Any], column: str) -> Place | None:
    """Find where a column of a row stands in a body, of which `text` is the text; None where it does not."""
    if row.get(column) is None or len(body) > _LONGEST or body.startswith(_PDF):
        return None
    beside = [value for name, value in row.items() if name != column and name not in _PROVENANCE and value is not None]
    if body.startswith(_ZIP):
        name, text = _unzipped(body)
        found = _in_rows(text, row[column], beside) if text else None
        return Place(f"{name}, {found.where}", found.text) if found else None
    leaves = _leaves(text)
    if leaves:
        return _in_json(leaves, row[column], beside)
    return _in_rows(text, row[column], beside) or _in_text(text, row[column], beside)


def standing(snapshot: Snapshot, reading: Mapping[str, Any], column: str) -> Iterator[str]:
    """Say where a reading stands in its document: what its reader noted, and where its numbers are found."""
    noted = reading.get("evidence") or ()
    yield from [noted] if isinstance(noted, str) else noted
    text = text_of(snapshot)
    numbers = [name for name, value in reading.items() if _is_number(name, value)]
    for name in [column] if column in reading and column not in _PROVENANCE else numbers:
        if place := place_of(snapshot.body, text, reading, name):
            yield f"{name} at {place.where}: {place.text}"


def _is_number(name: str, value: Any) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool) and name not in _PROVENANCE


def _unzipped(body: bytes) -> tuple[str, str]:
    with zipfile.ZipFile(io.BytesIO(body)) as packed:
        names = [one for one in packed.infolist() if one.filename.endswith((".csv", ".txt"))]
        if len(names) != 1 or names[0].file_size > _LONGEST:
            return "", ""
        return names[0].filename, packed.read(names[0]).decode("utf-8-sig", "replace")


def _leaves(text: str) -> list[tuple[Path, Any]]:
    """List the values of a JSON document, also of one that stands in a call or an assignment."""
    start = min((at for at in (text.find("{"), text.find("[")) if at >= 0), default=-1)
    if start < 0 or start > 200 or text.lstrip().startswith("<"):
        return []
    try:
        read, _ = json.JSONDecoder(parse_float=Decimal).raw_decode(text, start)
    except ValueError:
        return []
    return list(_walk(read, ()))


def _walk(value: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    if isinstance(value, dict):
        for name, one in value.items():
            yield from _walk(one, (*path, name))
    elif isinstance(value, list):
        for number, one in enumerate(value):
            yield from _walk(one, (*path, number))
    elif isinstance(value, str) and value[:1] in ("[", "{") and value.strip() != value[:1]:
        # Some sources send JSON within a text of their JSON.
        inner = _read(value)
        yield from _walk(inner, path) if isinstance(inner, dict | list) else iter([(path, value)])
    else:
        yield path, value


def _read(text: str) -> Any:
    try:
        return json.loads(text, parse_float=Decimal)
    except ValueError:
        return None


def _in_json(leaves: Sequence[tuple[Path, Any]], value: Any, beside: Sequence[Any]) -> Place | None:
    hits = [(path, leaf) for path, leaf in leaves if says(leaf, value)][:_MOST]
    if not hits:
        return None
    others = [[path for path, leaf in leaves if says(leaf, one)][:_MOST] for one in beside]
    path, leaf = max(
        hits, key=lambda hit: sum(max((_nearness(hit[0], one) for one in each), default=0) for each in others)
    )
    return Place(_json_path(path), str(leaf))


def _nearness(one: Path, other: Path) -> int:
    """Say how near two values lie: by the part of their way that is the same, or the same place in two lists."""
    same = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        same += 1
    is_parallel = len(one) > 1 and isinstance(one[-1], int) and one[-1] == other[-1]
    return same * 2 + (3 if is_parallel and same < len(one) - 1 else 0)


def _json_path(path: Path) -> str:
    return "$" + "".join(f".{one}" if isinstance(one, str) and one.isidentifier() else f"[{one!r}]" for one in path)


def says(leaf: Any, value: Any) -> bool:
    """Tell whether a value as a source writes it is one of ours."""
    if isinstance(leaf, bool) or isinstance(value, bool):
        return leaf is value
    if isinstance(value, datetime):
        return leaf is not None and _instant(leaf) == value
    if isinstance(value, date):
        return _is_day(leaf, value)
    if isinstance(value, int | float | Decimal):
        return _number(leaf) == _number(value)
    return isinstance(leaf, str) and bool(leaf.strip()) and leaf.strip() == str(value).strip()


def _number(value: Any) -> Decimal | None:
    text = value.replace(",", "").strip() if isinstance(value, str) else str(value)
    try:
        read = Decimal(text)
    except InvalidOperation:
        return None
    return read if read.is_finite() else None


def _instant(leaf: Any) -> datetime | None:
    number = _number(leaf)
    if number is not None:
        seconds = number / 1000 if number > _EPOCHS[1] else number
        return datetime.fromtimestamp(int(seconds), UTC) if _EPOCHS[0] < seconds < _EPOCHS[1] else None
    try:
        read = datetime.fromisoformat(str(leaf).strip())
    except ValueError:
        return None
    return read if read.tzinfo else None


def _is_day(leaf: Any, day: date) -> bool:
    text = str(leaf)
    if text[:10] == day.isoformat() or text == f"{day:%Y%m%d}":
        return True
    at = _instant(leaf) if isinstance(leaf, int | Decimal) else None
    return at is not None and at.date() == day


def _in_rows(text: str, value: Any, beside: Sequence[Any]) -> Place | None:
    """Find a value in a table of lines with a head."""
    head, _, rest = text.partition("\n")
    if head.count(",") < 1 or "<" in head or "{" in head:
        return None
    names = next(csv.reader([head]))
    best: tuple[int, Place] | None = None
    for number, cells in enumerate(csv.reader(io.StringIO(rest)), start=2):
        spoken = sum(any(says(cell, one) for cell in (*cells, *names)) for one in beside)
        for name, cell in zip(names, cells, strict=False):
            # A rate of a table stands under the name of its currency.
            score = spoken * 2 + any(name.strip() == str(one) for one in beside)
            if says(cell, value) and (best is None or score > best[0]):
                best = score, Place(f"row {number}, column {name.strip()}", cell)
    return best[1] if best else None


def _in_text(text: str, value: Any, beside: Sequence[Any]) -> Place | None:
    found = (one for spelling in _spellings(value) for one in re.finditer(spelling, text))
    hits = [one for one in found if len(one[0]) >= _SHORTEST][:_MOST]
    if not hits:
        return None
    others = [
        [one.start() for spelling in _spellings(other) for one in re.finditer(spelling, text)][:_MOST]
        for other in beside
    ]
    far = len(text)
    best = min(hits, key=lambda hit: sum(min((abs(hit.start() - at) for at in each), default=far) for each in others))
    line = text.count("\n", 0, best.start()) + 1
    column = best.start() - (text.rfind("\n", 0, best.start()) + 1) + 1
    around = text[max(best.start() - _EXCERPT, 0) : best.end() + _EXCERPT]
    return Place(f"line {line}, characters {column}-{column + len(best[0]) - 1}", " ".join(around.split()))


def _spellings(value: Any) -> Iterator[str]:
    """Give patterns of the ways in which a text writes a value."""
    if isinstance(value, bool | list | dict):
        return
    if isinstance(value, date):
        yield re.escape(f"{value:%Y-%m-%d}")
        yield f"{value:%Y}[/.]?{value:%m}[/.]?{value:%d}"
    elif isinstance(value, int | float | Decimal):
        exact = Decimal(str(value))
        whole, _, rest = f"{abs(exact):f}".partition(".")
        rest = rest.rstrip("0")
        grouped = re.escape(f"{int(whole):,}").replace(",", ",?")
        point = rf"\.{rest}0*" if rest else r"(?:\.0+)?"
        yield rf"(?<![\d.,]){grouped}{point}(?!\d|\.\d|,\d{{3}})"
    elif len(str(value)) > 1:
        yield re.escape(str(value))
