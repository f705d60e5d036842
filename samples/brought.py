"""What people brought in: a table of follower counts, and what companies and newspapers said outside of filings.

The words of the documents are written for this project; the figures are published ones, each with its origin.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from extractors.client import Client, Fetched
from extractors.filings import added_documents
from extractors.filings.added_documents import Added
from extractors.social import followers_file
from samples.published import FIGURES, rows_of

AUTHOR = "Dragongate Sample"
_WRITTEN = (
    "The words are written for a sample of Dragongate, those of the company or the newspaper are others; "
    "the figures are published."
)


def _followers(client: Client) -> Iterator[Fetched]:
    yield from followers_file.keep(client, (FIGURES / "followers_import.csv").read_bytes())


def _documents(client: Client) -> Iterator[Fetched]:
    for row in rows_of("added_documents"):
        said = Added(row["url"], datetime.fromisoformat(row["available_at"]), row["company"], row["said_by"], AUTHOR)
        yield from added_documents.keep(client, f"{row['text']}\n\n{_WRITTEN}\n".encode(), said)


BROUGHT: Mapping[str, Callable[[Client], Iterator[Fetched]]] = {
    followers_file.SOURCE.id: _followers,
    added_documents.SOURCE.id: _documents,
}
"""By source: what archives its inputs."""
