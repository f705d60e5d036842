"""Which filings are events, and of which kind."""

from datetime import UTC, date, datetime

import pytest

from transforms.filing_events import with_events
from transforms.tidy import Tidy
from warehouse.tables.filings import FILINGS_BY_SOURCE

AT = datetime(2025, 1, 2, 14, 6, 39, tzinfo=UTC)


def filing(**changes: object) -> dict[str, object]:
    row: dict[str, object] = {
        "filing_id": "sec:1",
        "company_id": "tesla",
        "publisher": "sec",
        "form": "8-K",
        "item_codes": ["2.02", "9.01"],
        "language": "en",
        "filed_date": date(2025, 1, 2),
        "source_id": "sec_submissions",
        "snapshot_id": "urn:x",
        "available_at": AT,
        "fetched_at": AT,
        "first_seen_at": AT,
    }
    return {**row, **changes}


@pytest.mark.parametrize(
    ("changes", "kinds"),
    [
        ({}, ["deliveries"]),
        ({"filed_date": date(2025, 1, 29)}, ["results"]),
        ({"filed_date": date(2025, 2, 3)}, ["results"]),
        ({"item_codes": ["5.02"]}, []),
        ({"item_codes": None}, []),
        ({"form": "10-K"}, []),
        ({"publisher": "hkex", "form": "Announcements and Notices", "item_codes": ["Final Results"]}, ["results"]),
        ({"publisher": "hkex", "item_codes": ["Date of Board Meeting"]}, ["board_meeting"]),
        ({"publisher": "hkex", "item_codes": ["Final Results"], "language": "zh-Hant"}, []),
        ({"publisher": "hkex", "item_codes": ["Share Buyback"]}, []),
    ],
)
def test_a_filing_shows_an_event(changes: dict[str, object], kinds: list[str]) -> None:
    tidy = with_events(Tidy.of(FILINGS_BY_SOURCE, [filing(**changes)]))
    events = tidy.rows["core.events"].to_pylist()
    assert [one["kind"] for one in events] == kinds
    assert all(one["happened_at"] == AT and one["filing_id"] == one["event_id"] for one in events)
    assert tidy.rows[FILINGS_BY_SOURCE.name].num_rows == 1
