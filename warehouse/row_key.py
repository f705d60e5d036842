"""How people name a row: by columns, by the values of its key in order, or as JSON."""

import csv
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from difflib import get_close_matches

from warehouse.published import QueryError
from warehouse.tables.table import Kind


def parse_key(name: str, known: Mapping[str, Kind], key_names: Sequence[str], text: str) -> dict[str, str]:
    """Read the key of a row of a table: `a=1,b=2`, `1,2`, or `{"a": 1, "b": 2}` where values hold commas.

    A comma at the end is forgiven.

    Raises QueryError that says what to write, for an unknown column, a value of another kind or too many of them.
    """
    key = _named(name, key_names, text)
    for column, value in key.items():
        if column not in known:
            raise QueryError(f"{name} has no column {column}; {near(column, known)}")
        _check(column, known[column], value)
    if not key:
        raise QueryError(f"say which row: {example(key_names)}")
    return key


def near(word: str, known: Mapping[str, object]) -> str:
    """Name what is near a word that is not known, or all that there is."""
    close = get_close_matches(word, known, n=3, cutoff=0.5)
    return f"near are {', '.join(close)}" if close else f"it has {', '.join(known)}"


def example(key_names: Sequence[str]) -> str:
    """Show how to write a whole key."""
    return ",".join(f"{column}=…" for column in key_names)


def _named(name: str, key_names: Sequence[str], text: str) -> dict[str, str]:
    if text.lstrip().startswith("{"):
        return _from_json(text)
    parts = [part.strip() for part in next(csv.reader([text], skipinitialspace=True), [])]
    if not any(parts):
        return {}
    if all("=" in part for part in parts if part):
        pairs = (part.partition("=") for part in parts if part)
        return {column.strip(): value.strip() for column, _, value in pairs}
    while len(parts) > len(key_names) and not parts[-1]:
        parts.pop()
    if len(parts) > len(key_names):
        raise QueryError(
            f"{name} has a key of {len(key_names)} parts and {len(parts)} were given: write {example(key_names)}, "
            "or JSON where a value holds commas"
        )
    return dict(zip(key_names, parts, strict=False))


def _from_json(text: str) -> dict[str, str]:
    try:
        read = json.loads(text)
    except ValueError as error:
        raise QueryError(f"the key is no JSON object: {error}") from error
    return {str(column): value if isinstance(value, str) else json.dumps(value) for column, value in read.items()}


def _check(column: str, kind: Kind, value: str) -> None:
    if kind is Kind.DAY and not _is(date, value):
        raise QueryError(f"{column} is a day like 2024-12-30, and {value!r} is none")
    if kind is Kind.INSTANT and not _is(datetime, value):
        raise QueryError(f"{column} is a time like 2024-12-30 08:00:00+00, and {value!r} is none")


def _is(kind: type[date], text: str) -> bool:
    try:
        read = kind.fromisoformat(text)
    except ValueError:
        return False
    return isinstance(read, datetime) or read.isoformat() == text
