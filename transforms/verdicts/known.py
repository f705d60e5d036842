"""What the warehouse knew, ready to be asked: rows by key, each with the time in which the public knew it."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa

from extractors.watchlist import WatchList

Row = Mapping[str, Any]

QUOTES, ACTIONS, SHARES = "core.daily_quotes", "core.corporate_actions", "core.shares_outstanding"
FACTS, KPIS, TARGETS = "core.financial_facts", "core.operating_kpis", "core.targets"
FOLLOWERS, RATES, MEMBERS = "core.follower_counts", "core.fx_rates", "core.index_members"
INDEXED_BY: Mapping[str, tuple[str, ...]] = {
    QUOTES: ("security_id",),
    ACTIONS: ("security_id",),
    SHARES: ("company_id",),
    FACTS: ("company_id", "metric", "segment"),
    KPIS: ("company_id", "metric"),
    TARGETS: ("company_id", "metric"),
    FOLLOWERS: ("account_id",),
    RATES: ("base_currency", "quote_currency"),
    MEMBERS: ("index_id",),
}
"""The tables that verdicts ask, and by which columns their rows are found."""
KEYS: Mapping[str, tuple[str, ...]] = {
    QUOTES: ("security_id", "trade_date"),
    ACTIONS: ("security_id", "ex_date", "kind"),
    SHARES: ("company_id", "share_class", "as_of_date"),
    FACTS: (
        "company_id", "metric", "segment", "period_kind", "period_start_date", "period_end_date", "currency",
        "accounting_basis",
    ),
    KPIS: ("company_id", "product_id", "metric", "period_kind", "period_start_date", "period_end_date"),
    TARGETS: (
        "company_id", "product_id", "metric", "period_kind", "period_start_date", "period_end_date", "document_id",
        "place",
    ),
    FOLLOWERS: ("account_id", "metric", "observed_at", "source_id"),
    RATES: ("base_currency", "quote_currency", "rate_date"),
    MEMBERS: ("index_id", "security_id", "valid_from_date"),
}  # fmt: skip
"""What names one row, as `dragongate why` takes it."""


@dataclass(frozen=True, slots=True)
class Cited:
    """One row that a value rests on."""

    table: str
    row: Row
    is_known_then: bool = True

    @property
    def key(self) -> str:
        """The row's key as `dragongate why` takes it; a place in a document has a comma, and the rest names the row."""
        values = {name: _written(self.row[name]) for name in KEYS[self.table]}
        return ",".join(f"{name}={value}" for name, value in values.items() if "," not in value)

    @property
    def snapshot_id(self) -> str:
        """The saved bytes."""
        return str(self.row["snapshot_id"])


def _written(value: object) -> str:
    return f"{value:%Y-%m-%d %H:%M:%S}+00" if isinstance(value, datetime) else str(value)


class Known:
    """The rows of all times of the tables that verdicts ask."""

    def __init__(self, tables: Mapping[str, pa.Table], watchlist: WatchList) -> None:
        """Index the rows; a table that is not given has none."""
        self.watchlist = watchlist
        self._rows: dict[str, dict[tuple[Any, ...], dict[tuple[Any, ...], list[Row]]]] = {}
        for name, table in tables.items():
            places: dict[tuple[Any, ...], dict[tuple[Any, ...], list[Row]]] = defaultdict(lambda: defaultdict(list))
            for row in table.to_pylist():
                own = tuple(row[column] for column in KEYS[name])
                places[tuple(row[column] for column in INDEXED_BY[name])][own].append(row)
            for rows in places.values():
                for versions in rows.values():
                    versions.sort(key=lambda row: row["public_from"])
            self._rows[name] = dict(places)
        self._days: dict[tuple[str, str], list[date]] = {}

    def rows(self, table: str, *index: str, at: datetime) -> Iterable[Cited]:
        """Give the rows under an index as they were known at a time; where none was yet, the first that came out."""
        for versions in self._rows.get(table, {}).get(index, {}).values():
            yield _at(table, versions, at)

    def bar(self, security_id: str, day: date, at: datetime) -> Cited | None:
        """Give the bar of a security and day."""
        versions = self._rows.get(QUOTES, {}).get((security_id,), {}).get((security_id, day))
        return _at(QUOTES, versions, at) if versions else None

    def days(self, security_id: str) -> Sequence[date]:
        """List the days of which there are bars of a security, in order."""
        key = (QUOTES, security_id)
        if key not in self._days:
            self._days[key] = sorted(one for _, one in self._rows.get(QUOTES, {}).get((security_id,), {}))
        return self._days[key]

    def last_day(self, security_id: str, until: date, *, within: int) -> date | None:
        """Give the last day with a bar up to a day, at most so many days before."""
        days = self.days(security_id)
        place = bisect_right(days, until) - 1
        return days[place] if place >= 0 and days[place] >= until - timedelta(days=within) else None

    def day_before(self, security_id: str, day: date, *, within: int) -> date | None:
        """Give the last day with a bar before a day, at most so many days before."""
        return self.last_day(security_id, day - timedelta(days=1), within=within)

    def first_day(self, security_id: str, since: date, until: date) -> date | None:
        """Give the first day with a bar in a span."""
        days = self.days(security_id)
        place = bisect_left(days, since)
        return days[place] if place < len(days) and days[place] <= until else None


def _at(table: str, versions: Sequence[Row], at: datetime) -> Cited:
    held = [one for one in versions if one["public_from"] <= at]
    return Cited(table, held[-1]) if held else Cited(table, versions[0], is_known_then=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the warehouse has, in the unit of the claim, and what that rests on."""

    value: Decimal
    how: str
    cited: tuple[Cited, ...]
    low: Decimal | None = None
    high: Decimal | None = None
    """What the evidence allows, where it is not exact."""
    is_span: bool = False
    """Every number from low to high occurred, as prices of a day: the claim need only meet one."""

    @property
    def bounds(self) -> tuple[Decimal, Decimal]:
        """The least and the greatest value that the evidence allows."""
        return self.value if self.low is None else self.low, self.value if self.high is None else self.high


@dataclass(frozen=True, slots=True)
class Unanswered:
    """Why the warehouse has no answer."""

    reason: str
    detail: str = field(default="")


Answers = tuple[Answer, ...] | Unanswered
"""Alternatives, as a profit with and without minorities: a claim that meets one is true."""

NO_DATA = Unanswered("no_data_for_period")
