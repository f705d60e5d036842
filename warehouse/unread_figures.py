"""Which documents have not been read for figures yet, and what is known of them."""

from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from warehouse.database import Warehouse

_KNOWN = """
    SELECT document.*, filing.filing_id AS listed_filing_id, filing.form AS filing_form,
        least(document.available_at, coalesce(filing.available_at, document.available_at)) AS public_at
    FROM core.filing_documents AS document
    LEFT JOIN (
        SELECT filing_id, form, available_at, publisher,
            regexp_replace(lower(document_url), '^https?://[^/]+', '') AS path
        FROM core.filings
    ) AS filing
        ON filing.filing_id = document.filing_id
        OR (document.filing_id IS NULL AND filing.publisher = document.publisher
            AND filing.path = regexp_replace(lower(document.document_url), '^https?://[^/]+', ''))
    WHERE document.company_id IS NOT NULL
    QUALIFY row_number() OVER (PARTITION BY document.document_id ORDER BY filing.available_at, filing.filing_id) = 1
"""


def documents_to_read(warehouse: Warehouse, reader_version: str) -> list[dict[str, Any]]:
    """List the documents of companies that no reader of this version has seen as they stand now.

    A document is read again when its bytes changed, when the readers did, or when a list of filings came that says
    when it was public.
    """
    rows: list[dict[str, Any]] = warehouse.frame(
        f"""
        SELECT document.* FROM ({_KNOWN}) AS document
        LEFT JOIN ops.document_readings AS reading
            ON reading.document_id = document.document_id AND reading.snapshot_id = document.snapshot_id
            AND reading.reader_version = ? AND reading.filing_available_at IS NOT DISTINCT FROM document.public_at
        WHERE reading.document_id IS NULL
        ORDER BY document.fetched_at, document.document_id
        """,
        (reader_version,),
    ).to_pylist()
    return rows


def pages_of(warehouse: Warehouse, document_ids: Sequence[str]) -> dict[str, list[tuple[int, str]]]:
    """Give the pages of some documents, number and text, in their order."""
    rows = warehouse.frame(
        "SELECT document_id, page_number, text FROM core.filing_document_pages WHERE list_contains(?, document_id) "
        "ORDER BY document_id, page_number",
        (list(document_ids),),
    ).to_pylist()
    found: dict[str, list[tuple[int, str]]] = {one: [] for one in document_ids}
    for row in rows:
        found[row["document_id"]].append((row["page_number"], row["text"]))
    return found


def months_of(warehouse: Warehouse, company_ids: Sequence[str]) -> list[dict[str, Any]]:
    """Give every month's operating figure of some companies, in the order of the months."""
    rows: list[dict[str, Any]] = warehouse.frame(
        "SELECT company_id, product_id, metric, period_kind, period_start_date, period_end_date, document_id, value, "
        "value_low, value_high, qualifier, evidence FROM core.operating_kpis "
        "WHERE period_kind = 'month' AND list_contains(?, company_id) "
        "ORDER BY period_start_date, company_id, product_id, metric",
        (list(company_ids),),
    ).to_pylist()
    return rows


def tagged_facts_of(warehouse: Warehouse, snapshot_id: str, filing_id: str) -> pa.Table:
    """Give the tagged facts that were read from one saved document of a filing."""
    return warehouse.frame(
        "SELECT * FROM core.reported_facts WHERE snapshot_id = ? AND filing_id = ? AND taxonomy <> 'document' "
        "ORDER BY taxonomy, tag, dimensions, unit, period_start_date, period_end_date",
        (snapshot_id, filing_id),
    )
