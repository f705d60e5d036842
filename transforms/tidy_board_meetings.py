"""Board meetings that were announced, as events to be expected."""

from collections.abc import Sequence
from datetime import datetime, time

from extractors.filings.hkexnews import HONG_KONG
from extractors.filings.hkexnews_board_meetings import BoardMeeting
from extractors.reading import Read
from extractors.watchlist import WatchList
from transforms.tidy import SetAside, Tidy, origin
from warehouse.tables.filings import EVENTS


def tidy_board_meetings(reads: Sequence[Read[BoardMeeting]], watchlist: WatchList) -> Tidy:
    """Make an event of each meeting of a company that we follow, expected from the beginning of its last day.

    The page does not say since when a meeting is announced: it was public when the page was fetched.
    """
    companies = {line.code: line.company for line in watchlist.securities if line.exchange == "XHKG" and line.company}
    rows, aside = {}, []
    for read in reads:
        others = 0
        for meeting in read.records:
            company_id = companies.get(meeting.code)
            if company_id is None:
                others += 1
                continue
            event_id = f"hkex_board_meeting:{meeting.code}:{meeting.first_day}"
            rows[event_id] = {
                "event_id": event_id,
                "company_id": company_id,
                "kind": "board_meeting",
                "expected_at": datetime.combine(meeting.last_day, time(0), HONG_KONG),
                "period_end_date": meeting.period_end,
                "title": f"{meeting.purpose}, {meeting.period}",
                "available_at": read.snapshot.fetched_at,
                **origin(read.snapshot, "hkexnews_board_meetings"),
            }
        if others:
            about = {"rows": others}
            aside.append(SetAside(EVENTS.name, "not_followed", about, read.snapshot.id, "hkexnews_board_meetings"))
    return Tidy.of(EVENTS, rows.values(), aside)
