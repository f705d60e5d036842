"""Strict reading: every field is taken by name or reported, and nothing is guessed."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Generic, TypeVar
from zoneinfo import ZoneInfo

from extractors.errors import ShapeChanged
from extractors.snapshot import Snapshot

R = TypeVar("R")
_HALF_ESCAPED = re.compile(rb"\\u[dD][89a-fA-F]")
"""The escape of half a character; two of them make one."""


@dataclass(frozen=True, slots=True)
class Drift:
    """A field that we do not know, with an example of what stood there."""

    field: str
    example: str


@dataclass(frozen=True, slots=True)
class Reading(Generic[R]):
    """What one answer says. A series is one record that holds an Arrow table with the source's column names."""

    records: tuple[R, ...]
    drift: tuple[Drift, ...] = ()


@dataclass(frozen=True, slots=True)
class Read(Generic[R]):
    """A reading together with the bytes that it was read from: the input of a transform."""

    snapshot: Snapshot
    records: tuple[R, ...]


def json_body(snapshot: Snapshot, *, exact: bool = False) -> Any:
    """Decode the body as JSON; `exact` reads fractions as Decimal instead of binary floats.

    Raises ShapeChanged when it is not JSON; sources that send a block page in its place check for one first.
    """
    try:
        value = json.loads(snapshot.body, parse_float=Decimal if exact else None)
        return whole_characters(value) if _HALF_ESCAPED.search(snapshot.body) else value
    except (ValueError, UnicodeDecodeError, RecursionError) as error:
        raise ShapeChanged("body", f"not JSON: {error}; {snapshot.at('body')}") from error


def whole_characters(value: Any) -> Any:
    """Put a mark in place of every half of a character: sites cut texts in the middle of one, and no table takes it."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [whole_characters(one) for one in value]
    if isinstance(value, dict):
        return {whole_characters(name): whole_characters(one) for name, one in value.items()}
    return value


class Record:
    """One JSON object or table row whose fields are taken by name, so that what is left over is news.

    Every taker raises ShapeChanged, naming the field and the saved bytes, when a mandatory field is
    missing or of another kind. The `optional_` takers give None for a missing or null field.
    """

    def __init__(self, values: object, snapshot: Snapshot, path: str = "") -> None:
        if not isinstance(values, Mapping):
            raise ShapeChanged(
                path or "body", f"expected an object, got {_kind(values)} at {snapshot.at(path or 'body')}"
            )
        self._values: Mapping[str, Any] = values
        self._snapshot = snapshot
        self._path = path
        self._taken: set[str] = set()

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def names(self) -> tuple[str, ...]:
        """List the fields, for an object whose names are values, such as currencies or days."""
        return tuple(self._values)

    def take(self, name: str) -> Any:
        """Take a mandatory value of any kind, null included."""
        self._taken.add(name)
        if name not in self._values:
            raise self._shape(name, "is missing")
        return self._values[name]

    def optional(self, name: str) -> Any:
        """Take a value that may be missing or null."""
        self._taken.add(name)
        return self._values.get(name)

    def text(self, name: str) -> str:
        """Take a string, as the source wrote it."""
        value = self.take(name)
        if not isinstance(value, str):
            raise self._shape(name, f"expected text, got {_kind(value)}")
        return value

    def optional_text(self, name: str) -> str | None:
        """Take a string that may be missing, null or empty."""
        value = self.optional(name)
        if value is None or value == "":
            return None
        return self.text(name)

    def integer(self, name: str) -> int:
        """Take a whole number, or a string of digits."""
        value = self.take(name)
        if isinstance(value, bool) or not isinstance(value, int | str):
            raise self._shape(name, f"expected a whole number, got {_kind(value)}")
        try:
            return int(value)
        except ValueError:
            raise self._shape(name, f"expected a whole number, got {value!r}") from None

    def optional_integer(self, name: str) -> int | None:
        """Take a whole number that may be missing or null."""
        return None if self.optional(name) is None else self.integer(name)

    def decimal(self, name: str) -> Decimal:
        """Take a number exactly as its text says."""
        value = self.take(name)
        if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
            raise self._shape(name, f"expected a number, got {_kind(value)}")
        try:
            number = Decimal(str(value))
        except InvalidOperation:
            raise self._shape(name, f"expected a number, got {value!r}") from None
        if not number.is_finite():
            raise self._shape(name, f"expected a number, got {value!r}")
        return number

    def flag(self, name: str) -> bool:
        """Take a boolean, or 0 and 1."""
        value = self.take(name)
        if value not in (0, 1, True, False):
            raise self._shape(name, f"expected true or false, got {value!r}")
        return bool(value)

    def day(self, name: str, pattern: str = "%Y-%m-%d") -> date:
        """Take a calendar day written in `pattern`."""
        return self._time(name, pattern).date()

    def local_time(self, name: str, zone: ZoneInfo, pattern: str) -> datetime:
        """Take a wall-clock time of `zone` written in `pattern`; the answer is aware."""
        return self._time(name, pattern).replace(tzinfo=zone)

    def one_of(self, name: str, known: Sequence[str] | Mapping[str, str] | frozenset[str]) -> str:
        """Take a string from a closed list; an unknown one is a change of shape."""
        value = self.text(name)
        if value not in known:
            raise self._shape(name, f"unknown value {value!r}")
        return value

    def record(self, name: str) -> "Record":
        """Take an object within this one."""
        return Record(self.take(name), self._snapshot, self._inside(name))

    def records(self, name: str) -> list["Record"]:
        """Take a list of objects."""
        values = self.take(name)
        if not isinstance(values, list):
            raise self._shape(name, f"expected a list, got {_kind(values)}")
        return [Record(value, self._snapshot, f"{self._inside(name)}[{n}]") for n, value in enumerate(values)]

    def ignore(self, *names: str) -> None:
        """Mark fields that we know and do not want."""
        self._taken.update(names)

    def drift(self) -> tuple[Drift, ...]:
        """List the fields that nobody took."""
        left = [name for name in self._values if name not in self._taken]
        return tuple(Drift(self._inside(name), str(self._values[name])[:80]) for name in left)

    @contextmanager
    def exhausted(self, into: list[Drift], ignore: frozenset[str] = frozenset()) -> Iterator[None]:
        """Collect what is left over after the block into `into`."""
        yield
        self._taken.update(ignore)
        into.extend(self.drift())

    def _time(self, name: str, pattern: str) -> datetime:
        value = self.text(name)
        try:
            return datetime.strptime(value, pattern)  # noqa: DTZ007  the caller names the zone
        except ValueError:
            raise self._shape(name, f"expected a time like {pattern}, got {value!r}") from None

    def _inside(self, name: str) -> str:
        return f"{self._path}.{name}" if self._path else name

    def _shape(self, name: str, what: str) -> ShapeChanged:
        place = self._inside(name)
        return ShapeChanged(place, f"{place} {what} (snapshot {self._snapshot.id}, {self._snapshot.url})")


def _kind(value: object) -> str:
    return {type(None): "null", dict: "an object", list: "a list", str: "text", bool: "a boolean"}.get(
        type(value), type(value).__name__
    )
