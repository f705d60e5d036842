"""Rows that followed for a while: as many as there were, each with the span of time in which it did."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import pyarrow as pa

from warehouse.tables.table import PAST, Table

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Span:
    """A row, from when it was so and until when, exclusive; no end where it still is."""

    row: Row
    begins: datetime
    ends: datetime | None

    def holds(self, moment: datetime) -> bool:
        """Tell whether it was so at a moment."""
        return self.begins <= moment and (self.ends is None or moment < self.ends)


def spans_of(states: pa.Table, axis: str) -> list[Span]:
    """Read rows of all times, as the warehouse keeps them along one axis, `public` or `known`."""
    begins, ends = f"{axis}_from", f"{axis}_to"
    rows = states.to_pylist()
    return [Span({k: v for k, v in row.items() if k not in (begins, ends)}, row[begins], row[ends]) for row in rows]


def joined(spans: Iterable[Span], key: Sequence[str]) -> Iterator[Span]:
    """Join spans of one row that follow each other."""
    by_key: dict[tuple[Any, ...], list[Span]] = defaultdict(list)
    for span in spans:
        by_key[tuple(span.row[name] for name in key)].append(span)
    for mine in by_key.values():
        mine.sort(key=lambda span: span.begins)
        last = mine[0]
        for span in mine[1:]:
            if span.row == last.row and span.begins == last.ends:
                last = replace(last, ends=span.ends)
            else:
                yield last
                last = span
        yield last


def past_table(table: Table, spans: Mapping[str, Iterable[Span]]) -> pa.Table:
    """Make the past of a derived table out of the spans along each axis."""
    rows = [
        {**span.row, f"{axis}_from": span.begins, f"{axis}_to": span.ends}
        for axis, found in spans.items()
        for span in joined(found, table.key)
    ]
    return replace(table, columns=(*table.columns, *PAST)).arrow(rows)
