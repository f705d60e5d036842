"""Filings as the other lists have them: indexes, feeds and searches of the SEC, the feed of HKEXnews, CNINFO."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc

from extractors.filings import sec
from extractors.filings.cninfo import SHANGHAI
from extractors.filings.cninfo_announcements import MainlandNotice
from extractors.filings.hkexnews_latest import LatestNotice
from extractors.filings.sec_feeds import Entry
from extractors.filings.sec_filing_index import FilingIndex
from extractors.filings.sec_folders import Folder
from extractors.filings.sec_indexes import FilingIndexFile
from extractors.filings.sec_search import Hit
from extractors.reading import Read
from extractors.watchlist import WatchList
from transforms.filing_events import with_events
from transforms.tidy import SetAside, Tidy, origin
from warehouse.tables.documents import FILING_EXHIBITS
from warehouse.tables.filings import FILINGS_BY_SOURCE

_HKEXNEWS = "https://www1.hkexnews.hk"
_STATIC = "http://static.cninfo.com.cn/"
_EVENING = time(22, tzinfo=sec.NEW_YORK)
"""By then a filing of the day was public: EDGAR closes."""
_ITEMS = re.compile(r"\[([^\]]*)\]")
_ABOVE_ITEMS = re.compile(r"\s*-?\s*\[")
_NIGHT = time(23, 59, 59)

Rows = Iterable[tuple[Mapping[str, Any], str | None]]
"""Rows without provenance, each with the company that it belongs to."""


def tidy_sec_indexes(reads: Sequence[Read[FilingIndexFile | Folder]], watchlist: WatchList) -> Tidy:
    """Make a row of each filing of a company that we follow; lists of folders give none."""
    companies = _filers(watchlist)
    tidy = Tidy.of(FILINGS_BY_SOURCE, [])
    for read in reads:
        for index in read.records:
            if not isinstance(index, FilingIndexFile):
                continue
            is_followed = pc.is_in(index.filings["cik"], value_set=_numbers(companies, index))
            kept = index.filings.filter(is_followed).to_pylist()
            others = index.filings.num_rows - len(kept)
            rows = ((_of_index(row), companies[row["cik"]]) for row in kept)
            tidy |= _tidy(rows, read, "sec_indexes")
            if others:
                aside = SetAside(
                    FILINGS_BY_SOURCE.name, "not_followed", {"rows": others}, read.snapshot.id, "sec_indexes"
                )
                tidy |= Tidy({}, (aside,))
    return tidy


def tidy_sec_feeds(reads: Sequence[Read[Entry]], watchlist: WatchList) -> Tidy:
    """Make a row of each filing of a company that we follow, whichever role it has in it."""
    companies = _filers(watchlist)
    return Tidy.join(
        [
            Tidy.of(FILINGS_BY_SOURCE, []),
            *(
                _tidy(((_of_entry(one), companies.get(one.cik)) for one in read.records), read, "sec_feeds")
                for read in reads
            ),
        ]
    )


def tidy_sec_search(reads: Sequence[Read[Hit]], watchlist: WatchList) -> Tidy:
    """Make a row of each filing of a company that we follow, of which any document was found."""
    companies = _filers(watchlist)
    parts = [Tidy.of(FILINGS_BY_SOURCE, [])]
    for read in reads:
        rows = (
            (_of_hit(one), next((companies[cik] for cik in one.ciks if cik in companies), None)) for one in read.records
        )
        parts.append(_tidy(rows, read, "sec_search"))
    return Tidy.join(parts)


def tidy_sec_filing_index(reads: Sequence[Read[FilingIndex]], watchlist: WatchList) -> Tidy:
    """Make a row of each document that an index binds to a kind, and of the filing where the index describes it."""
    companies = _filers(watchlist)
    parts = [Tidy.of(FILINGS_BY_SOURCE, []), Tidy.of(FILING_EXHIBITS, [])]
    for read in reads:
        for index in read.records:
            company_id = next((companies[cik] for cik in (index.cik, *index.ciks) if cik in companies), None)
            if index.form and index.filed:
                parts.append(_tidy([(_of_filing_index(index), company_id)], read, "sec_filing_index"))
            parts.append(_exhibits(index, company_id, read))
    return Tidy.join(parts)


def tidy_hkexnews_latest(reads: Sequence[Read[LatestNotice]], watchlist: WatchList) -> Tidy:
    """Make a row of each announcement of a company that we follow, and of each event that it shows."""
    companies = _by_code(watchlist, ("XHKG",))
    parts = [Tidy.of(FILINGS_BY_SOURCE, [])]
    for read in reads:
        rows = ((_of_notice(one), _company(one.stock_codes, companies)) for one in read.records)
        parts.append(_tidy(rows, read, "hkexnews_latest"))
    return with_events(Tidy.join(parts))


def tidy_cninfo_announcements(reads: Sequence[Read[MainlandNotice]], watchlist: WatchList) -> Tidy:
    """Make a row of each announcement of a company that we follow."""
    companies = _by_code(watchlist, ("XSHE", "XSHG"))
    parts = [Tidy.of(FILINGS_BY_SOURCE, [])]
    for read in reads:
        rows = ((_of_mainland(one), companies.get(one.code)) for one in read.records)
        parts.append(_tidy(rows, read, "cninfo_announcements"))
    return Tidy.join(parts)


def _tidy(rows: Rows, read: Read[Any], source_id: str) -> Tidy:
    """Give followed rows their provenance, once each; what is not followed is counted."""
    provenance = origin(read.snapshot, source_id)
    kept: dict[str, dict[str, Any]] = {}
    others = 0
    for row, company_id in rows:
        if company_id is None:
            others += 1
        else:
            kept.setdefault(row["filing_id"], {**provenance, **row, "company_id": company_id})
    aside = [SetAside(FILINGS_BY_SOURCE.name, "not_followed", {"rows": others}, read.snapshot.id, source_id)]
    return Tidy.of(FILINGS_BY_SOURCE, kept.values(), aside if others else ())


def _of_index(row: Mapping[str, Any]) -> dict[str, Any]:
    return _sec_row(row["accession"], row["form"], row["filed"])


def _of_entry(entry: Entry) -> dict[str, Any]:
    row = _sec_row(entry.accession, entry.form, entry.filed, entry.updated_at)
    return {**row, "item_codes": list(entry.items) or None}


def _of_hit(hit: Hit) -> dict[str, Any]:
    row = _sec_row(hit.accession, hit.form, hit.filed)
    return {**row, "item_codes": list(hit.items) or None, "period_end_date": hit.period_end}


def _of_filing_index(index: FilingIndex) -> dict[str, Any]:
    assert index.filed
    main = next((one.file_name for one in index.documents if one.sequence == 1), "")
    return {
        **_sec_row(index.accession, index.form, index.filed, index.accepted_at),
        "item_codes": list(index.items) or None,
        "period_end_date": index.period_end,
        "accepted_text": index.accepted_text or None,
        "document_url": sec.filing_folder(index.cik, index.accession) + main if main else None,
    }


def _sec_row(accession: str, form: str, filed: date, accepted_at: datetime | None = None) -> dict[str, Any]:
    return {
        "filing_id": f"sec:{accession}",
        "publisher": "sec",
        "form": form,
        "language": "en",
        "filed_date": filed,
        "available_at": accepted_at or datetime.combine(filed, _EVENING),
    }


def _exhibits(index: FilingIndex, company_id: str | None, read: Read[Any]) -> Tidy:
    named = {one.file_name: one for one in index.documents if one.kind and one.file_name}
    if company_id is None:
        about = {"accession": index.accession, "rows": len(named)}
        aside = SetAside(FILING_EXHIBITS.name, "not_followed", about, read.snapshot.id, "sec_filing_index")
        return Tidy.of(FILING_EXHIBITS, [], [aside])
    return Tidy.of(
        FILING_EXHIBITS,
        (
            {
                **origin(read.snapshot, "sec_filing_index"),
                "document_id": f"sec:{index.accession}/{one.file_name}",
                "filing_id": f"sec:{index.accession}",
                "company_id": company_id,
                "document_url": sec.filing_folder(index.cik, index.accession) + one.file_name,
                "file_name": one.file_name,
                "sequence": one.sequence,
                "kind": one.kind,
                "description": one.description or None,
                "available_at": index.accepted_at or read.snapshot.fetched_at,
            }
            for one in named.values()
        ),
    )


def _of_notice(notice: LatestNotice) -> dict[str, Any]:
    items = [item for group in _ITEMS.findall(notice.category) for item in group.split(" / ") if item]
    return {
        "filing_id": f"hkex:{notice.news_id}",
        "publisher": "hkex",
        "form": _ABOVE_ITEMS.split(notice.category, maxsplit=1)[0],
        "item_codes": items or None,
        "title": notice.title,
        "language": notice.language,
        "filed_date": notice.released_at.date(),
        "accepted_text": notice.released_text,
        "document_url": f"{_HKEXNEWS}{notice.web_path}" if notice.web_path.startswith("/") else None,
        "available_at": notice.released_at.astimezone(UTC),
    }


def _of_mainland(notice: MainlandNotice) -> dict[str, Any]:
    """Announcements dated at midnight carry a day only: they were public by the end of it."""
    local = notice.announced_at.astimezone(SHANGHAI)
    is_a_day = local.timetz().replace(tzinfo=None) in (time(0), _NIGHT)
    return {
        "filing_id": f"cninfo:{notice.announcement_id}",
        "publisher": "cninfo",
        "form": ",".join(notice.type_codes) or "announcement",
        "title": notice.title,
        "language": "zh-Hans",
        "filed_date": local.date(),
        "document_url": f"{_STATIC}{notice.document_path.lstrip('/')}",
        "available_at": _end_of_day(local.date(), SHANGHAI) if is_a_day else notice.announced_at,
    }


def _end_of_day(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(0), zone)


def _filers(watchlist: WatchList) -> dict[int, str]:
    return {company.sec_cik: company.id for company in watchlist.companies if company.sec_cik is not None}


def _numbers(companies: Mapping[int, str], index: FilingIndexFile) -> Any:
    return pa.array(list(companies), index.filings["cik"].type)


def _by_code(watchlist: WatchList, exchanges: tuple[str, ...]) -> dict[str, str]:
    return {line.code: line.company for line in watchlist.securities if line.exchange in exchanges and line.company}


def _company(codes: Sequence[str], companies: Mapping[str, str]) -> str | None:
    """Find the company; of a joint announcement the first that we follow, in the order of the list."""
    found = [company for code, company in companies.items() if code in codes]
    return found[0] if found else None
