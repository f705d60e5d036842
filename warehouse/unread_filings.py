"""Which documents of filings nobody has read yet: what the lists of this run and of earlier ones named."""

from collections.abc import Collection, Sequence
from datetime import date

from warehouse.database import Warehouse


def settled_urls(warehouse: Warehouse, source_id: str) -> set[str]:
    """Name the addresses that a source has asked for and need not ask for again.

    What could not be had at the time is asked for again, and so is what was not asked since its host turned others
    away or was in trouble.
    """
    rows = warehouse.frame(
        """
        SELECT DISTINCT url FROM ops.fetches
        WHERE source_id = ? AND outcome NOT IN ('unavailable', 'rate_limited')
          AND (reason IS NULL OR reason NOT IN ('circuit', 'robots_unavailable'))
        """,
        (source_id,),
    )
    return set(rows.column("url").to_pylist())


def filings_without_exhibits(warehouse: Warehouse, start: date, end: date) -> list[tuple[str, str]]:
    """List filing and company of each report to the SEC whose exhibits are not known: 6-K, and 8-K with item 9.01."""
    rows = warehouse.frame(
        """
        SELECT filing_id, company_id FROM core.filings
        WHERE publisher = 'sec' AND filed_date BETWEEN ? AND ?
          AND (form IN ('6-K', '6-K/A') OR (form IN ('8-K', '8-K/A') AND list_contains(item_codes, '9.01')))
          AND filing_id NOT IN (SELECT filing_id FROM core.filing_exhibits)
        ORDER BY filed_date, filing_id
        """,
        (start, end),
    ).to_pylist()
    return [(row["filing_id"], row["company_id"]) for row in rows]


def unread_sec_documents(warehouse: Warehouse, start: date, end: date) -> list[str]:
    """List the reports of periods, and of 8-K and 6-K the press releases (EX-99) and the covers of 6-K."""
    return _urls(
        warehouse,
        """
        SELECT url FROM (
            SELECT document_url AS url, filed_date FROM core.filings
            WHERE publisher = 'sec' AND form IN ('10-K', '10-Q', '20-F', '10-K/A', '10-Q/A', '20-F/A')
              AND filed_date BETWEEN ? AND ?
            UNION ALL
            SELECT exhibit.document_url, filing.filed_date
            FROM core.filing_exhibits AS exhibit JOIN core.filings AS filing USING (filing_id)
            WHERE filing.filed_date BETWEEN ? AND ?
              AND ((filing.form IN ('8-K', '8-K/A', '6-K', '6-K/A') AND exhibit.kind LIKE 'EX-99%')
                OR (filing.form IN ('6-K', '6-K/A') AND exhibit.sequence = 1))
        )
        WHERE regexp_matches(lower(url), '\\.(htm|html|txt|pdf)$')
          AND url NOT IN (SELECT document_url FROM core.filing_documents)
        ORDER BY filed_date, url
        """,
        (start, end, start, end),
    )


def unread_documents(
    warehouse: Warehouse, publisher: str, titles: str, categories: Sequence[str], start: date, end: date
) -> list[str]:
    """List the PDFs of announcements of one publisher in one of the categories, or whose title fits a pattern."""
    return _urls(
        warehouse,
        """
        SELECT document_url AS url FROM core.filings
        WHERE publisher = ? AND filed_date BETWEEN ? AND ? AND lower(document_url) LIKE '%.pdf'
          AND (list_contains(?, form) OR list_has_any(coalesce(item_codes, []), ?)
            OR (? <> '' AND regexp_matches(title, ?)))
          AND document_url NOT IN (SELECT document_url FROM core.filing_documents)
        ORDER BY filed_date, document_url
        """,
        (publisher, start, end, list(categories), list(categories), titles, titles),
    )


def documents_of(warehouse: Warehouse, companies: Collection[str]) -> set[str]:
    """Name the documents of all filings of some companies."""
    rows = warehouse.frame(
        """
        SELECT document_url FROM core.filings WHERE list_contains(?, company_id)
        UNION SELECT exhibit.document_url FROM core.filing_exhibits AS exhibit JOIN core.filings USING (filing_id)
        WHERE list_contains(?, company_id)
        """,
        (list(companies), list(companies)),
    )
    return set(rows.column("document_url").to_pylist())


def _urls(warehouse: Warehouse, sql: str, values: tuple[object, ...]) -> list[str]:
    urls: list[str] = warehouse.frame(sql, values).column("url").to_pylist()
    return list(dict.fromkeys(urls))
