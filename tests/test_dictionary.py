"""The committed data dictionary says what the definitions say."""

import re

import pytest

from warehouse.dictionary import PAGE, data_dictionary
from warehouse.tables.catalog import TABLES
from warehouse.tables.marts import VIEWS
from warehouse.tables.table import Table, View


def test_the_committed_page_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == data_dictionary(), "run `python -m warehouse.dictionary`"


@pytest.mark.parametrize("one", [*TABLES, *VIEWS], ids=lambda one: one.name)
def test_every_table_and_view_is_there_with_all_its_columns(one: Table | View) -> None:
    _, heading, rest = data_dictionary().partition(f"\n## {one.name}\n")
    assert heading
    section = rest.partition("\n## ")[0]
    assert re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE) == [column.name for column in one.columns]


def test_every_link_leads_to_a_heading() -> None:
    page = data_dictionary()
    headings = {
        re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-")
        for title in re.findall(r"^## (.+)$", page, re.MULTILINE)
    }
    links = set(re.findall(r"\]\(#([^)]+)\)", page))
    assert links and links <= headings


@pytest.mark.parametrize("one", [*TABLES, *VIEWS], ids=lambda one: one.name)
def test_every_reference_leads_to_a_table(one: Table | View) -> None:
    names = {other.name for other in (*TABLES, *VIEWS)}
    assert {column.references for column in one.columns} - {""} <= names
    assert not isinstance(one, View) or set(one.reads) <= names


def test_a_table_is_described_with_its_key_history_freshness_and_checks() -> None:
    section = data_dictionary().partition("\n## core.follower_counts\n")[2].partition("\n## ")[0]
    for line in (
        "- Key: `account_id`, `metric`, `observed_at`, `source_id`",
        "- History: `history.follower_counts`",
        "- The past: `as_of.follower_counts(t)`",
        "- Fresh: `observed_at` at most 48 hours ago",
        "- Check: `count_is_within_its_bounds`",
    ):
        assert line in section
