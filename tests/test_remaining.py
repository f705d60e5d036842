"""How long a backfill still takes, with a clock that the test moves."""

import pytest

from flows.backfilling.remaining import Remaining, told


class Watch:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def left(watch: Watch) -> Remaining:
    """Two chunks: in the first hosts a and b side by side, then a alone; in the second a alone."""
    return Remaining.of([[{"a": 10, "b": 3}, {"a": 2}], [{"a": 5}]], {"a": 1.0, "b": 4.0}, watch)


def test_before_anything_is_measured_it_goes_by_the_pace_of_the_slowest_host_in_each_stage(left: Remaining) -> None:
    assert left.left == 20
    assert left.seconds == 12.0 + 2.0 + 5.0


def test_a_host_that_is_slower_than_its_pace_counts_as_it_was_measured(left: Remaining, watch: Watch) -> None:
    for _ in range(3):
        left.answered("a", 0)
        watch.at += 3.0
    assert left.done == 3 and left.left == 17
    assert left.seconds == 7 * 3.0 + 2 * 3.0 + 5 * 3.0
    for _ in range(3):
        left.answered("b", 0)
        watch.at += 0.1
    assert left.seconds == 7 * 3.0 + 2 * 3.0 + 5 * 3.0, "nobody is asked faster than at the pace that is set"


def test_what_the_archive_answers_costs_nothing_and_what_was_not_planned_takes_nothing_away(left: Remaining) -> None:
    left.recalled("a", 1)
    left.recalled("a", 1)
    left.recalled("a", 1)
    left.answered("c", 7)
    assert left.seconds == 12.0 + 5.0 and left.done == 1


def test_a_chunk_that_is_done_has_nothing_left_and_what_it_took_to_load_is_expected_of_the_others(
    left: Remaining, watch: Watch
) -> None:
    left.answered("a", 0)
    watch.at += 30.0
    left.finished()
    assert left.left == 5 and left.seconds == 30.0 + 5.0
    left.answered("a", 0)
    watch.at += 2.0
    left.answered("a", 0)
    assert left.seconds == 30.0 + 3 * 2.0, "the pause between two chunks is no request"
    left.finished()
    assert (left.left, left.seconds) == (0, 0.0)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0.4, "0 s"), (89, "89 s"), (90, "2 min"), (3600, "60 min"), (7800, "2 h 10 min"), (200_000, "2 d 7 h")],
)
def test_times_are_told_as_people_do(seconds: float, said: str) -> None:
    assert told(seconds) == said
