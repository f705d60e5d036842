"""Index members from the dated list and from the publisher's lists of one day."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from extractors.exchanges import EXCHANGES
from extractors.quotes.index_members import Composition, MemberSpan, shipped_spans
from extractors.quotes.member_lines import member_line
from extractors.reading import Read
from extractors.snapshot import Snapshot
from extractors.watchlist import WatchList
from transforms.tidy import SetAside, Tidy, origin
from transforms.tidy_watchlist import security_row
from warehouse.tables.quotes import INDEX_MEMBERS
from warehouse.tables.watchlist import SECURITIES

_ONE_DAY = timedelta(days=1)
_EXCHANGE = EXCHANGES["XHKG"]


def tidy_index_members(reads: Sequence[Read[MemberSpan | Composition]], watchlist: WatchList) -> Tidy:
    """One row per member and span of an index that the watch list follows.

    The dated list gives the spans. A list of one day says who is a member on that day and no more: where
    the dated list agrees it adds nothing; a member that the dated list lacks gets a row for that single day; one
    that it should not have is set aside as `not_in_published_list`, for a person to mend the dated list. The end
    of a span is written with hindsight; `available_at` is when its beginning was public. A member that is not
    followed itself is priced, so that its line stands in `core.securities`, without a company.
    """
    followed = {line.id for line in watchlist.securities}
    kept = [one for read in reads for one in read.records if isinstance(one, MemberSpan)]
    spans = kept or shipped_spans()
    members = [_tidy(read, record, followed, spans) for read in reads for record in read.records]
    return Tidy.join([*members, *(_lines(read, followed) for read in reads)])


def _tidy(
    read: Read[MemberSpan | Composition],
    record: MemberSpan | Composition,
    followed: set[str],
    spans: Sequence[MemberSpan],
) -> Tidy:
    if record.index_id not in followed:
        return Tidy(set_aside=(_aside(read.snapshot, "not_followed", {"index_id": record.index_id}),))
    if isinstance(record, Composition):
        return _compared(record, read.snapshot, spans)
    return Tidy.of(INDEX_MEMBERS, [_row(record, read.snapshot)])


def _lines(read: Read[MemberSpan | Composition], followed: set[str]) -> Tidy:
    """Give the lines of members that are not followed, each once."""
    spans = {one.exchange_code: one for one in read.records if isinstance(one, MemberSpan) and one.index_id in followed}
    kept = {"available_at": read.snapshot.fetched_at, **origin(read.snapshot, "index_members")}
    rows = [
        {**security_row(replace(line, valid_from=None, valid_to=None)), **kept}
        for line in map(member_line, spans.values())
        if line.id not in followed
    ]
    return Tidy.of(SECURITIES, rows) if rows else Tidy()


def _compared(published: Composition, snapshot: Snapshot, spans: Sequence[MemberSpan]) -> Tidy:
    day = published.as_of_date
    known = {one.exchange_code: one.name for one in spans if one.index_id == published.index_id and _holds(one, day)}
    listed = dict(published.members)
    rows = [_row(_single_day(published, code), snapshot) for code in sorted(listed.keys() - known.keys())]
    gone = [
        _aside(snapshot, "not_in_published_list", {"exchange_code": code, "name": known[code], "as_of_date": day})
        for code in sorted(known.keys() - listed.keys())
    ]
    return Tidy.of(INDEX_MEMBERS, rows, gone)


def _holds(span: MemberSpan, day: date) -> bool:
    return span.valid_from_date <= day and (span.valid_to_date is None or day < span.valid_to_date)


def _single_day(published: Composition, code: str) -> MemberSpan:
    day = published.as_of_date
    return MemberSpan(published.index_id, code, dict(published.members)[code], day, day + _ONE_DAY, None, "")


def _row(span: MemberSpan, snapshot: Snapshot) -> dict[str, Any]:
    return {
        "index_id": span.index_id,
        "security_id": f"{_EXCHANGE.mic}:{span.exchange_code}",
        "valid_from_date": span.valid_from_date,
        "valid_to_date": span.valid_to_date,
        "name": span.name,
        "announced_date": span.announced_date,
        "available_at": _public(span),
        **origin(snapshot, "index_members"),
    }


def _public(span: MemberSpan) -> datetime:
    """Announcements carry a day only, and come after the close: they count from the end of that day."""
    day = span.announced_date + _ONE_DAY if span.announced_date else span.valid_from_date
    return datetime.combine(day, time(), _EXCHANGE.zone).astimezone(UTC)


def _aside(snapshot: Snapshot, reason: str, row: Mapping[str, Any]) -> SetAside:
    return SetAside(INDEX_MEMBERS.name, reason, row, snapshot.id, "index_members")
