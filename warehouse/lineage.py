"""Which views rest on which tables."""

from collections.abc import Iterable

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
