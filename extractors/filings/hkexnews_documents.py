"""Documents that issuers published on HKEXnews: results, monthly returns.

Published by   the issuers, through Hong Kong Exchanges and Clearing
Read from      the address that the title search or the feed gives, a PDF
Know that      the Chinese document is another one, whose name ends in _c; the documents belong to the issuers
"""

import re
from collections.abc import Iterator

from extractors.answers import refuse_html, require_ok
from extractors.client import Client, Fetched
from extractors.errors import ShapeChanged
from extractors.filings import hkexnews
from extractors.filings.document import FIGURE_TABLES, Document, numbered
from extractors.filings.pdf_pages import is_pdf, pdf_pages
from extractors.reading import Reading
from extractors.snapshot import Snapshot
from extractors.source import Need, Query, Source

SOURCE = Source(
    "hkexnews_documents",
    title="Documents on HKEXnews",
    publisher=hkexnews.PUBLISHER,
    kind="filings",
    home_url=f"{hkexnews.HOME}/listedco/listconews/",
    pace=hkexnews.PACE,
    tables=FIGURE_TABLES,
    terms=f"{hkexnews.TERMS} Documents belong to their issuers.",
    needs=Need.PERMISSION,
    is_on_by_default=False,
    why_off=hkexnews.WHY_OFF,
)

_ADDRESS = re.compile(
    r"https?://www\d?\.hkexnews\.hk/listedco/listconews/(?:sehk|gem)/\d{4}/\d{4}/(?P<file>[\w/.-]+\.pdf)(?:\?.*)?$",
    re.IGNORECASE,
)


def matches(url: str) -> bool:
    """Tell whether this is a document of an issuer."""
    return _ADDRESS.match(url) is not None


def fetch(client: Client, query: Query) -> Iterator[Fetched]:
    """Ask for the documents that lists of this run pointed to."""
    yield from (client.get(SOURCE, url) for url in query.links if matches(url))


def parse(snapshot: Snapshot) -> Reading[Document]:
    """Read one document.

    Raises ShapeChanged for what is no PDF, and what `pdf_pages` raises.
    """
    require_ok(snapshot)
    asked = _ADDRESS.match(snapshot.url)
    if not is_pdf(snapshot.body):
        refuse_html(snapshot)
        raise ShapeChanged("body", snapshot.at("not a PDF"))
    if asked is None:
        raise ShapeChanged("url", snapshot.at("not an address of a document"))
    name = asked["file"].rpartition("/")[2]
    return Reading((Document(snapshot.url, name, "application/pdf", numbered(pdf_pages(snapshot))),))
