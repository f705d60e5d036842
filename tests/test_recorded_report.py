"""Of everything that was recorded next to all is covered, and nothing is read wrong in silence."""

from collections import Counter
from collections.abc import Callable

import pytest

from tests.recorded_filings import NEEDS_RECORDINGS
from tests.recorded_report import AREAS, UNSUPPORTED, WRONG, lines

pytestmark = NEEDS_RECORDINGS

SHARE_TO_COVER = 0.95


@pytest.mark.parametrize("area", AREAS)
def test_an_area_is_covered_and_nothing_in_it_is_wrong(
    area: str, record_property: Callable[[str, object], None]
) -> None:
    bodies, judged = AREAS[area]
    verdicts = dict(judged())
    assert [file for file, verdict in verdicts.items() if verdict == WRONG] == []
    report = Counter(verdicts.values())
    record_property("report", "\n".join(lines({area: report})))
    assert report.total() == bodies
    assert 1 - report[UNSUPPORTED] / bodies >= SHARE_TO_COVER
