"""What the operator's page says of each source is what its registration says."""

import re

import pytest

from extractors.registry import BY_ID
from extractors.source import Source
from tests.documents import ROOT, tables

PAGE = ROOT / "docs" / "operator.md"
BY_ITSELF = {True: "yes", False: "no"}
NOTHING_TO_ASK = "–"
NOT_TURNED_ON = {"watchlist_file", "manual", "trading_calendars", "added_documents"}
"""What nobody turns on or off: lists, commands of ours, and a library's calendars."""


def sources_of(cell: str) -> list[Source]:
    """Give the sources that the first cell of a row names; a row about something else has none."""
    names = re.findall(r"`(\w+)`", cell)
    return [BY_ID[name].source for name in names] if names and all(name in BY_ID for name in names) else []


def described() -> list[tuple[Source, list[str]]]:
    """List the rows of tables that are about sources, one source each, with the other cells."""
    return [(source, cells) for first, *cells in tables(PAGE) for source in sources_of(first)]


@pytest.mark.parametrize(("source", "cells"), described(), ids=lambda one: getattr(one, "id", ""))
def test_each_row_says_what_its_source_needs_and_whether_it_is_asked(source: Source, cells: list[str]) -> None:
    by_itself, needs, _ = cells
    assert by_itself in (NOTHING_TO_ASK, BY_ITSELF[source.is_on_by_default]) and needs == source.needs


def test_no_source_is_described_twice_and_each_has_a_row() -> None:
    rows = [source.id for source, _ in described()]
    assert len(rows) == len(set(rows))
    assert set(rows) == BY_ID.keys() - NOT_TURNED_ON
