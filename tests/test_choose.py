"""The one row that an analyst wants, chosen among what several sources say."""

from collections.abc import Iterator
from decimal import Decimal

import pytest

from tests.loading import LATER, Sighting, empty, load, notes, open_notes, rows
from warehouse.database import Warehouse
from warehouse.loaded import Loaded
from warehouse.tables import ops, quotes
from warehouse.tables.quotes import DAILY_QUOTES, DAILY_QUOTES_BY_SOURCE

RANKS = {"core.notes_by_source": ("anna", "bert")}


@pytest.fixture(scope="module")
def shared() -> Iterator[Warehouse]:
    with open_notes() as warehouse:
        yield warehouse


@pytest.fixture
def warehouse(shared: Warehouse) -> Warehouse:
    empty(shared)
    return shared


def chosen(warehouse: Warehouse) -> list[tuple[object, ...]]:
    return rows(warehouse, "SELECT said, source_id, is_disputed, reading_count FROM core.notes ORDER BY note_id")


def choose(warehouse: Warehouse, *sightings: Sighting | dict[str, object], **more: object) -> Loaded:
    batch = {"core.notes_by_source": notes(sightings)}
    return warehouse.load(batch, run_id="run", loaded_at=LATER, **{"ranks": RANKS, **more})["core.notes"]


def test_the_preferred_source_is_chosen_whichever_came_first(warehouse: Warehouse) -> None:
    assert choose(warehouse, Sighting(5, "b", source="bert")) == Loaded(inserted=1)
    assert chosen(warehouse) == [("b", "bert", False, 1)]
    assert choose(warehouse, Sighting(1, "a", source="anna")) == Loaded(updated=1)
    assert chosen(warehouse) == [("a", "anna", False, 2)]


def test_a_source_that_nobody_ranked_comes_last_and_a_person_first(warehouse: Warehouse) -> None:
    everyone = [Sighting(1, source[0], source=source) for source in ("aaron", "bert", "anna", "manual")]
    choose(warehouse, everyone[0])
    assert chosen(warehouse) == [("a", "aaron", False, 1)]
    choose(warehouse, everyone[1])
    assert chosen(warehouse) == [("b", "bert", False, 2)]
    choose(warehouse, *everyone)
    assert chosen(warehouse) == [("m", "manual", False, 4)]


def test_readings_in_one_batch_and_in_two_give_the_same_choice(warehouse: Warehouse) -> None:
    both = [Sighting(5, "b", source="bert"), Sighting(1, "a"), Sighting(1, "c", note="lone")]
    assert choose(warehouse, *both) == Loaded(inserted=2)
    at_once = rows(warehouse, "SELECT * FROM core.notes ORDER BY note_id")
    empty(warehouse)
    for one in both:
        choose(warehouse, one)
    assert rows(warehouse, "SELECT * FROM core.notes ORDER BY note_id") == at_once


def test_what_was_not_touched_is_not_written(warehouse: Warehouse) -> None:
    choose(warehouse, Sighting(1, "a"), Sighting(1, "x", note="m"))
    assert choose(warehouse, Sighting(1, "a"), Sighting(2, "x", note="m")) == Loaded()
    assert choose(warehouse, Sighting(3, "b")) == Loaded(updated=1)


def test_readings_that_differ_too_much_are_disputed_until_they_agree(warehouse: Warehouse) -> None:
    choose(warehouse, Sighting(1, "a").row(weight=1), Sighting(1, "b", source="bert").row(weight=3))
    assert chosen(warehouse) == [("a", "anna", True, 2)]
    choose(warehouse, Sighting(2, "b", source="bert").row(weight=2))
    assert chosen(warehouse) == [("a", "anna", False, 2)]


def test_a_reading_without_the_number_disputes_nothing(warehouse: Warehouse) -> None:
    choose(warehouse, Sighting(1, "a").row(weight=1), Sighting(1, "b", source="bert"))
    assert chosen(warehouse) == [("a", "anna", False, 2)]


def test_another_order_of_sources_chooses_everything_anew(warehouse: Warehouse) -> None:
    choose(warehouse, Sighting(1, "a"), Sighting(1, "b", source="bert"), Sighting(1, "x", note="m"))
    turned = {"core.notes_by_source": ("bert", "anna")}
    assert choose(warehouse, Sighting(9, "y", note="z"), ranks=turned) == Loaded(inserted=1, updated=1, unchanged=1)
    assert chosen(warehouse)[1] == ("b", "bert", False, 2)
    assert rows(warehouse, "SELECT source_id, source_rank FROM core.source_ranks ORDER BY 2") == [
        ("bert", 1),
        ("anna", 2),
    ]


def test_a_batch_that_was_turned_away_chooses_nothing(warehouse: Warehouse) -> None:
    batch = {"core.notes_by_source": notes([Sighting(1, "forged")])}
    assert "core.notes" not in warehouse.load(batch, run_id="run", loaded_at=LATER)
    assert chosen(warehouse) == []


def test_choosing_everything_anew_changes_nothing(warehouse: Warehouse) -> None:
    choose(warehouse, Sighting(1, "a"), Sighting(2, "b", source="bert"), Sighting(1, "x", note="m"))
    load(warehouse, Sighting(0.5, "z"), ranks=RANKS)
    before = rows(warehouse, "SELECT * FROM core.notes ORDER BY note_id")
    assert warehouse.choose_all() == {"core.notes": Loaded(unchanged=2)}
    assert rows(warehouse, "SELECT * FROM core.notes ORDER BY note_id") == before


def _bar(source: str, close: str, basis: str = "as_traded", *, is_final: bool = True) -> dict[str, object]:
    provenance = Sighting(3, "", source=source).row()
    return {
        "security_id": "XHKG:01810",
        "trade_date": LATER.date(),
        "price_basis": basis,
        "close_price": Decimal(close),
        "currency": "HKD",
        "is_final": is_final,
        **{name: value for name, value in provenance.items() if name not in ("note_id", "said")},
    }


@pytest.mark.parametrize(
    ("bars", "choice"),
    [
        ([_bar("y", "10", "split_adjusted"), _bar("t", "100")], ("t", "100.000000", False, 2)),
        ([_bar("y", "10", "split_adjusted")], ("y", "10.000000", False, 1)),
        ([_bar("a", "100", is_final=False), _bar("z", "104")], ("z", "104.000000", False, 2)),
        ([_bar("a", "100"), _bar("b", "100.05")], ("a", "100.000000", False, 2)),
        ([_bar("a", "100"), _bar("b", "100.2")], ("a", "100.000000", True, 2)),
        (
            [_bar("a", "100"), _bar("b", "100"), _bar("a", "50", "split_adjusted"), _bar("b", "10", "split_adjusted")],
            ("a", "100.000000", False, 2),
        ),
    ],
    ids=["traded before adjusted", "adjusted alone", "final first", "close enough", "disputed", "disputed elsewhere"],
)
def test_only_prices_of_one_kind_are_compared(bars: list[dict[str, object]], choice: tuple[object, ...]) -> None:
    batch = {DAILY_QUOTES_BY_SOURCE.name: DAILY_QUOTES_BY_SOURCE.arrow(bars)}
    with Warehouse.open_memory((*ops.TABLES, *quotes.TABLES)) as warehouse:
        warehouse.load(batch, run_id="run", loaded_at=LATER)
        found = rows(
            warehouse,
            f"SELECT source_id, CAST(close_price AS VARCHAR), is_disputed, reading_count FROM {DAILY_QUOTES.name}",
        )
    assert found == [choice]
