"""Take in a document that a person has: archived first, then read from the archive like any other."""

from pathlib import Path

from extractors.filings import added_documents
from extractors.filings.added_documents import Added
from extractors.settings import Settings
from extractors.watchlist import WatchList
from flows.clock import Now, utc_now
from flows.importing import bring_in
from flows.report import RunReport
from warehouse.home import Home


def add_document(
    home: Home, path: Path, added: Added, settings: Settings, watchlist: WatchList, *, now: Now = utc_now
) -> RunReport:
    """Archive a document and load its pages and figures; one that cannot be read stays archived, and is a gap."""
    body = path.read_bytes()
    return bring_in(
        home, settings, watchlist, lambda client: added_documents.keep(client, body, added), now=now, flow="add"
    )
