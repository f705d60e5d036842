"""Taking one field of a line whose fields have no names, by the position that stands for a name."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from extractors.errors import ShapeChanged
from extractors.snapshot import Snapshot

_LARGEST = 10**14
_LARGEST_PRICE = 10**11
_FINEST = -12


class NamelessFields:
    """The fields of one line by name; a field beyond the end of the line is not there."""

    def __init__(self, name: str, fields: list[str], positions: Mapping[str, int], snapshot: Snapshot) -> None:
        self._name, self._fields, self._positions, self._snapshot = name, fields, positions, snapshot

    def text(self, field: str) -> str:
        """Take a text; empty where the line has none."""
        position = self._positions.get(field, len(self._fields))
        return self._fields[position].strip() if position < len(self._fields) else ""

    def number(self, field: str) -> Decimal | None:
        """Take a number that a line may lack.

        Raises ShapeChanged for what is no number of this world.
        """
        text = self.text(field)
        try:
            value = Decimal(text) if text else None
        except InvalidOperation:
            raise self.shape(field, f"expected a number, got {text!r:.40}") from None
        if value is not None and not is_plain(value):
            raise self.shape(field, f"expected a number, got {text!r:.40}")
        return value

    def price(self, field: str) -> Decimal:
        """Take a price that every line has; an empty one is a zero, which means that nothing traded yet.

        Raises ShapeChanged where the line ends before it, and for a number that is no price.
        """
        position = self._positions[field]
        if position >= len(self._fields):
            raise self.shape(field, f"the line ends before field {position}")
        value = self.number(field) or Decimal(0)
        if abs(value) >= _LARGEST_PRICE:
            raise self.shape(field, f"expected a price, got {value}")
        return value

    def shape(self, field: str, what: str) -> ShapeChanged:
        """Make the error that names a field of this line."""
        return ShapeChanged(f"{self._name}.{field}", self._snapshot.at(f"{self._name}.{field}: {what}"))


def is_plain(value: Decimal) -> bool:
    """Tell a number of this world: finite, not too large, without digits that nobody measures."""
    exponent = value.as_tuple().exponent
    return isinstance(exponent, int) and exponent >= _FINEST and abs(value) < _LARGEST
