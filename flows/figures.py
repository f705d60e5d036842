"""Read the documents of the warehouse for figures, and load what they state.

A document is read once by each version of the readers, after the lists and the documents of a run are in: only then
is it known whose it is and when it was public.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from extractors.filings.document import Document, Page
from extractors.watchlist import Company, WatchList
from flows.taking import rejected
from transforms.authority import FILING
from transforms.document_figures import check_document, read_figures, reader_version
from transforms.figure_issuers import About
from transforms.registry import RANKS
from transforms.tidy import SetAside, Tidy
from transforms.tidy_figure_checks import tidy_figure_checks
from transforms.tidy_figures import tidy_figures
from transforms.tidy_tagged_facts import map_tagged_facts
from warehouse.tables.catalog import BY_NAME
from warehouse.tables.documents import FILING_DOCUMENT_PAGES, FILING_DOCUMENTS
from warehouse.unread_figures import documents_to_read, pages_of, tagged_facts_of

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
        read = [(row, *_read(job, row, pages[row["document_id"]])) for row in batch]
        tidy = Tidy.join(part for _, part, _ in read)
        loaded = job.warehouse.load(
            tidy.rows,
            run_id=job.run.run_id,
            loaded_at=job.now(),
            ranks=RANKS,
            ledger={
                "ops.document_readings": _readings(job, read, version),
                "ops.figure_checks": BY_NAME["ops.figure_checks"].arrow(
                    row for *_, (_, _, checks) in read for row in checks
                ),
            },
            set_aside=[rejected(one) for one in tidy.set_aside],
        )
        job.tally.add((), loaded)


def tidy_document(
    document: Document, row: Mapping[str, Any], watchlist: WatchList, tagged: pa.Table | None = None
) -> tuple[Tidy, int, str]:
    """Read one document; give its rows, how many figures it has, and why it has none.

    Where figures are tagged, tags are read and not the text beside them. A document that a reader fails on is set
    aside with the reason: it stays in the archive, and a mended reader heals it.
    """
    company = _company(row["company_id"], watchlist)
    if company is None:
        return Tidy(), 0, "not_followed"
    about = about_of(row, company)
    try:
        if tagged is not None and tagged.num_rows:
            return map_tagged_facts(tagged, about), tagged.num_rows, ""
        figures = read_figures(document, published=about.published, company=company, language=row["language"] or "")
        tidy = tidy_figures(figures, about, watchlist)
    except Exception as error:
        log.exception("no figures can be read of %s", row["document_id"])
        reason = f"unreadable: {type(error).__name__}: {error}"[:200]
        named = {"document_id": row["document_id"], "document_url": row["document_url"]}
        aside = SetAside(FILING_DOCUMENTS.name, reason, named, row["snapshot_id"], row["source_id"])
        return Tidy({}, (aside,)), 0, reason
    return tidy, len(figures), "" if figures else "no_figures"


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
        parts.append(tidy_document(_document(known, own), known, watchlist)[0])
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


Checks = Sequence[dict[str, Any]]


def _read(job: "Job", row: Mapping[str, Any], pages: Sequence[tuple[int, str]]) -> tuple[Tidy, tuple[int, str, Checks]]:
    tagged = None
    if row["tagged_fact_count"]:
        tagged = tagged_facts_of(job.warehouse, row["snapshot_id"], row["filing_id"])
    document = _document(row, pages)
    tidy, count, reason = tidy_document(document, row, job.taker.watchlist, tagged)
    is_by_text = count > 0 and tagged is None
    return tidy, (count, reason, _checks(job, document, row) if is_by_text else ())


def _document(row: Mapping[str, Any], pages: Sequence[tuple[int, str]]) -> Document:
    return Document(
        url=row["document_url"],
        file_name=row["file_name"],
        media_type=row["media_type"],
        pages=tuple(Page(number, text) for number, text in pages),
        kind=row["kind"] or "",
        title=row["title"] or "",
    )


def _checks(job: "Job", document: Document, row: Mapping[str, Any]) -> Checks:
    """Try whether the figures of a document that was read add up."""
    company = _company(row["company_id"], job.taker.watchlist)
    if company is None:
        return ()
    published, language = about_of(row, company).published, row["language"] or ""
    checks = check_document(document, published=published, company=company, language=language)
    named = {"document_id": row["document_id"], "snapshot_id": row["snapshot_id"], "run_id": job.run.run_id}
    return tidy_figure_checks(checks, **named)


def _company(company_id: str, watchlist: WatchList) -> Company | None:
    return next((one for one in watchlist.companies if one.id == company_id), None)


def _readings(job: "Job", read: Sequence[tuple[Mapping[str, Any], Tidy, tuple[int, str, Checks]]], version: str) -> Any:
    return BY_NAME["ops.document_readings"].arrow(
        {
            "document_id": row["document_id"],
            "snapshot_id": row["snapshot_id"],
            "reader_version": version,
            "filing_available_at": row["public_at"],
            "figure_count": count,
            "reason": reason or None,
            "run_id": job.run.run_id,
        }
        for row, _, (count, reason, _) in read
    )


def _batches(rows: Sequence[dict[str, Any]]) -> Iterator[Sequence[dict[str, Any]]]:
    for start in range(0, len(rows), AT_ONCE):
        yield rows[start : start + AT_ONCE]
