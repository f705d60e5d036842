"""Documents of mainland listings on CNINFO: reports, monthly sales.

Published by   the issuers, through Shenzhen Securities Information
Read from      the address that the list of announcements gives, a PDF whose name is the announcement's number
Know that      the extension may be written in capitals; the documents belong to the issuers
"""

import re
from collections.abc import Iterator

from extractors.answers import refuse_html, require_ok
from extractors.client import Client, Fetched
from extractors.errors import ShapeChanged
from extractors.filings import cninfo
from extractors.filings.document import FIGURE_TABLES, Document, numbered
from extractors.filings.pdf_pages import is_pdf, pdf_pages
from extractors.reading import Reading
from extractors.snapshot import Snapshot
from extractors.source import Query, Source

SOURCE = Source(
    "cninfo_documents",
    title="Documents on CNINFO",
    publisher=cninfo.PUBLISHER,
    kind="filings",
    home_url="http://static.cninfo.com.cn/finalpage/",
    pace=cninfo.PACE,
    tables=FIGURE_TABLES,
    terms=f"{cninfo.TERMS} Documents belong to their issuers.",
    is_on_by_default=False,
    why_off=cninfo.WHY_OFF,
)

_ADDRESS = re.compile(
    r"https?://static\.cninfo\.com\.cn/finalpage/\d{4}-\d\d-\d\d/(?P<file>\d+\.pdf)(?:\?.*)?$", re.IGNORECASE
)


def matches(url: str) -> bool:
    """Tell whether this is a document of an announcement."""
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
    return Reading((Document(snapshot.url, asked["file"], "application/pdf", numbered(pdf_pages(snapshot))),))
