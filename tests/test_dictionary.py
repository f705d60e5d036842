"""The committed data dictionary says what the definitions say."""

import re

import pytest

from warehouse.dictionary import PAGE, data_dictionary
from warehouse.home import Home
from warehouse.published import query
from warehouse.tables.catalog import TABLES
from warehouse.tables.marts import VIEWS
from warehouse.tables.table import Example, Table, View

MARTS = [view for view in VIEWS if view.schema == "mart"]


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


@pytest.mark.parametrize("mart", MARTS, ids=lambda one: one.name)
def test_each_mart_shows_two_examples(mart: View) -> None:
    section = data_dictionary().partition(f"\n## {mart.name}\n")[2].partition("\n## ")[0]
    assert len(mart.examples) == 2
    for one in mart.examples:
        assert f"{one.asked}\n\n```sql\n{one.sql}\n```\n" in section
        assert mart.base in one.sql and "\n\n" not in one.sql


@pytest.mark.parametrize("example", [one for view in VIEWS for one in view.examples], ids=lambda one: one.asked)
def test_each_example_has_an_answer_in_the_sample(example: Example, sample_home: Home) -> None:
    assert query(sample_home, example.sql).num_rows > 0


def test_examples_stand_in_the_comments_of_their_views(sample_home: Home) -> None:
    comments = query(
        sample_home, "SELECT view_name, comment FROM duckdb_views() WHERE schema_name = 'mart'"
    ).to_pylist()
    said = {row["view_name"]: row["comment"] for row in comments}
    assert all(one.sql in said[mart.base] for mart in MARTS for one in mart.examples)


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
