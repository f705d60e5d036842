"""What a person corrected, as a row of the table that was corrected."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from extractors.mending import Correction, Mended
from extractors.reading import Read
from extractors.watchlist import WatchList
from transforms.tidy import SetAside, Tidy, origin
from warehouse.tables.catalog import BY_NAME
from warehouse.tables.table import Kind, Load, Table

MANUAL = "manual"
_READ: Mapping[Kind, Callable[[Any], Any]] = {
    Kind.DAY: date.fromisoformat,
    Kind.INSTANT: datetime.fromisoformat,
    Kind.PRICE: Decimal,
    Kind.AMOUNT: Decimal,
    Kind.RATE: Decimal,
    Kind.INTEGER: int,
    Kind.NUMBER: float,
}


def tidy_mending(reads: Sequence[Read[Mended]], watchlist: WatchList) -> Tidy:
    """One row per correction, public from when it was made; the other records are no rows of `core`."""
    del watchlist
    return Tidy.join(_tidy(read, one) for read in reads for one in read.records if isinstance(one, Correction))


def _tidy(read: Read[Mended], correction: Correction) -> Tidy:
    table = BY_NAME.get(correction.table)
    said = {"available_at": read.snapshot.fetched_at, **origin(read.snapshot, MANUAL)}
    try:
        if table is None or table.load is not Load.MERGE:
            raise ValueError(f"{correction.table} is no table of versions")
        return Tidy.of(table, [{**typed(table, correction.row), **said}])
    except (ValueError, KeyError, TypeError, OverflowError) as error:
        aside = SetAside(correction.table, f"does_not_fit: {error}", correction.row, read.snapshot.id, MANUAL)
        return Tidy({}, (aside,))


def typed(table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    """Read the texts of a row by the kinds of its columns.

    Raises ValueError, naming the column, for a text that is none of its kind, KeyError for an unknown column.
    """
    kinds = {one.name: one.kind for one in table.columns}
    return {name: _value(name, kinds[name], value) for name, value in row.items()}


def _value(name: str, kind: Kind, value: Any) -> Any:
    if kind not in _READ or not isinstance(value, str):
        return value
    try:
        return _READ[kind](value)
    except (ValueError, InvalidOperation) as error:
        raise ValueError(f"{name}: {value!r} is no {kind.name.lower()}") from error
