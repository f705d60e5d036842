"""Which views rest on which tables, and what it takes to name the rows beneath one row."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from warehouse.tables.catalog import TABLES
from warehouse.tables.marts import VIEWS


def marts_over(names: Iterable[str]) -> list[str]:
    """Name the marts that read these tables, directly, or through a chosen table or another view."""
    touched = set(names)
    while True:
        more = {one.name for one in TABLES if one.chosen_from in touched}
        more |= {view.name for view in VIEWS if touched & set(view.reads)}
        if more <= touched:
            return sorted(one.name for one in VIEWS if one.name in touched and one.name.startswith("mart."))
        touched |= more


@dataclass(frozen=True, slots=True)
class Input:
    """Rows beneath one row of a view. `where` is SQL over their table; `$name` stands for a column of the view's row.

    An input of which a name is empty in the row does not apply to it.
    """

    table: str
    where: str
    feeds: tuple[str, ...] = ()
    """Columns of the view that rest on these rows; without any, all do."""
    named: Mapping[str, str] = field(default_factory=dict)
    """What a fed column is called beneath, where it has another name there."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A row that has to be there before a view has one: `keys` gives the keys of such rows, for a view's key."""

    table: str
    keys: str


@dataclass(frozen=True, slots=True)
class Lineage:
    """How a row of a view is named, what it was computed from, and what is missing where there is none."""

    key: tuple[str, ...]
    inputs: tuple[Input, ...]
    wants: tuple[Wanted, ...] = ()
