"""Read the documents of the warehouse for figures, and load what they state.

A document is read once by each version of the readers, after the lists and the documents of a run are in: only then
is it known whose it is and when it was public. What does not add up, and a month far above those known before, is held
back: it is set aside and counted, not loaded.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from extractors.filings.document import Document, Page
from extractors.watchlist import Company, WatchList
from flows.taking import rejected
from transforms.authority import FILING
from transforms.document_figures import check_document, read_figures, reader_version
from transforms.figure_issuers import About
from transforms.figures.arithmetic import Check
from transforms.figures.doubts import doubts_in
from transforms.figures.holding import hold_back
from transforms.known_months import known_months
from transforms.registry import RANKS
from transforms.tidy import SetAside, Tidy
from transforms.tidy_doubts import tidy_doubts
from transforms.tidy_figure_checks import tidy_figure_checks
from transforms.tidy_figures import tidy_figures
from transforms.tidy_tagged_facts import map_tagged_facts
from warehouse.tables.catalog import BY_NAME
from warehouse.tables.documents import FILING_DOCUMENT_PAGES, FILING_DOCUMENTS
from warehouse.tables.filings import OPERATING_KPIS_BY_SOURCE
from warehouse.unread_figures import documents_to_read, months_of, pages_of, tagged_facts_of

if TYPE_CHECKING:
    from flows.job import Job

log = logging.getLogger("dragongate")

AT_ONCE = 20
"""Documents whose pages are in memory together."""
_PROVENANCE = ("source_id", "snapshot_id", "fetched_at", "first_seen_at")


def read_documents(job: "Job") -> None:
    """Read what no reader of this version has read, some documents at a time, and load each batch at once."""
    version = reader_version()
    waiting = documents_to_read(job.warehouse, version)
    for batch in _batches(waiting):
        pages = pages_of(job.warehouse, [row["document_id"] for row in batch])
        months = months_of(job.warehouse, sorted({row["company_id"] for row in batch}))
        read = []
        for row in batch:
            one = _read(job, row, pages[row["document_id"]], months)
            read.append((row, one))
            months.extend(_months_in(one.tidy))
        tidy = Tidy.join(one.tidy for _, one in read)
        loaded = job.warehouse.load(
            tidy.rows,
            run_id=job.run.run_id,
            loaded_at=job.now(),
            ranks=RANKS,
            ledger={
                "ops.document_readings": _readings(job, read, version),
                "ops.figure_checks": BY_NAME["ops.figure_checks"].arrow(
                    check for row, one in read for check in _checks(job, row, one)
                ),
            },
            set_aside=[rejected(one) for one in tidy.set_aside],
        )
        job.tally.add((), loaded)


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """What came of one document."""

    tidy: Tidy = field(default_factory=Tidy)
    figure_count: int = 0
    """Figures that it states, those included that are held back."""
    reason: str = ""
    """Why it has none."""
    checks: tuple[Check, ...] = ()


def tidy_document(
    document: Document,
    row: Mapping[str, Any],
    watchlist: WatchList,
    tagged: pa.Table | None = None,
    months: Sequence[Mapping[str, Any]] = (),
) -> ReadDocument:
    """Read one document beside the rows of months known before.

    Where figures are tagged, tags are read and not the text beside them. A document that a reader fails on is set
    aside with the reason: it stays in the archive, and a mended reader heals it.
    """
    company = _company(row["company_id"], watchlist)
    if company is None:
        return ReadDocument(reason="not_followed")
    about = about_of(row, company)
    try:
        if tagged is not None and tagged.num_rows:
            return ReadDocument(map_tagged_facts(tagged, about), tagged.num_rows)
        return _by_text(document, row, about, watchlist, months)
    except Exception as error:
        log.exception("no figures can be read of %s", row["document_id"])
        reason = f"unreadable: {type(error).__name__}: {error}"[:200]
        named = {"document_id": row["document_id"], "document_url": row["document_url"]}
        aside = SetAside(FILING_DOCUMENTS.name, reason, named, row["snapshot_id"], row["source_id"])
        return ReadDocument(Tidy({}, (aside,)), reason=reason)


def figures_in(tidy: Tidy, watchlist: WatchList) -> Tidy:
    """Give the rows that a run would make of the figures of documents just read, as far as they alone tell."""
    parts = []
    pages = tidy.rows[FILING_DOCUMENT_PAGES.name].to_pylist() if FILING_DOCUMENT_PAGES.name in tidy.rows else []
    rows = tidy.rows[FILING_DOCUMENTS.name].to_pylist() if FILING_DOCUMENTS.name in tidy.rows else []
    for row in rows:
        if row["company_id"] is None or row["tagged_fact_count"]:
            continue
        own = [(one["page_number"], one["text"]) for one in pages if one["document_id"] == row["document_id"]]
        known = {**row, "listed_filing_id": None, "filing_form": None, "public_at": row["available_at"]}
        parts.append(tidy_document(_document(known, own), known, watchlist).tidy)
    return Tidy.join(parts)


def about_of(row: Mapping[str, Any], company: Company) -> About:
    """Gather what is known of a document from its row in the warehouse."""
    return About(
        document_id=row["document_id"],
        filing_id=row["listed_filing_id"] or row["filing_id"] or row["document_id"],
        company=company,
        publisher=row["publisher"],
        kind=row["filing_form"] or row["kind"] or "",
        language=row["language"] or "",
        provenance={**{name: row[name] for name in _PROVENANCE}, "available_at": row["public_at"]},
        authority=row["authority"] or FILING,
    )


def _read(
    job: "Job", row: Mapping[str, Any], pages: Sequence[tuple[int, str]], months: Sequence[Mapping[str, Any]]
) -> ReadDocument:
    tagged = None
    if row["tagged_fact_count"]:
        tagged = tagged_facts_of(job.warehouse, row["snapshot_id"], row["filing_id"])
    return tidy_document(_document(row, pages), row, job.taker.watchlist, tagged, months)


def _by_text(
    document: Document, row: Mapping[str, Any], about: About, watchlist: WatchList, months: Sequence[Mapping[str, Any]]
) -> ReadDocument:
    published, company, language = about.published, about.company, row["language"] or ""
    figures = read_figures(document, published=published, company=company, language=language)
    checks = check_document(document, published=published, company=company, language=language)
    kept, held = hold_back(figures, checks, known_months(months, figures, company, watchlist))
    doubts = doubts_in(document, language=language)
    tidy = tidy_figures(kept, about, watchlist, held) | tidy_doubts(doubts, about)
    return ReadDocument(tidy, len(figures), "" if figures else "no_figures", checks)


def _months_in(tidy: Tidy) -> list[dict[str, Any]]:
    """Give the months that a document just added, which the warehouse is yet to load."""
    data = tidy.rows.get(OPERATING_KPIS_BY_SOURCE.name)
    return [one for one in data.to_pylist() if one["period_kind"] == "month"] if data is not None else []


def _document(row: Mapping[str, Any], pages: Sequence[tuple[int, str]]) -> Document:
    return Document(
        url=row["document_url"],
        file_name=row["file_name"],
        media_type=row["media_type"],
        pages=tuple(Page(number, text) for number, text in pages),
        kind=row["kind"] or "",
        title=row["title"] or "",
    )


def _checks(job: "Job", row: Mapping[str, Any], read: ReadDocument) -> Sequence[dict[str, Any]]:
    named = {"document_id": row["document_id"], "snapshot_id": row["snapshot_id"], "run_id": job.run.run_id}
    return tidy_figure_checks(read.checks, **named)


def _company(company_id: str, watchlist: WatchList) -> Company | None:
    return next((one for one in watchlist.companies if one.id == company_id), None)


def _readings(job: "Job", read: Sequence[tuple[Mapping[str, Any], ReadDocument]], version: str) -> Any:
    return BY_NAME["ops.document_readings"].arrow(
        {
            "document_id": row["document_id"],
            "snapshot_id": row["snapshot_id"],
            "reader_version": version,
            "filing_available_at": row["public_at"],
            "figure_count": one.figure_count,
            "reason": one.reason or None,
            "run_id": job.run.run_id,
        }
        for row, one in read
    )


def _batches(rows: Sequence[dict[str, Any]]) -> Iterator[Sequence[dict[str, Any]]]:
    for start in range(0, len(rows), AT_ONCE):
        yield rows[start : start + AT_ONCE]
