"""Follower counts that were taken by hand or bought from a service.

Published by   whoever wrote them down, with the page, person or service that states each
Read from      a table that `dragongate import followers FILE.csv` keeps in the archive
Know that      it is for platforms that no program may ask; each count names its own time, precision, source and
               author. The same bytes are kept once, under the hash that names them; a mended table is another one,
               and the newer says what holds.
"""

from collections.abc import Iterator
from hashlib import sha256

from extractors.client import Client, Fetched
from extractors.errors import ShapeChanged
from extractors.reading import Reading
from extractors.snapshot import Snapshot
from extractors.social.followers_table import BadTable, BroughtCount, read_table
from extractors.source import Pace, Query, Source

_URI = "urn:dragongate:import:followers:"

SOURCE = Source(
    "followers_file",
    title="Follower counts that were taken by hand or bought",
    publisher="the operator",
    kind="reference",
    home_url="urn:dragongate:import:followers",
    pace=Pace(0),
    tables=("core.follower_counts",),
    terms="The operator's own; of a count from a paid service, that service's.",
)


def matches(url: str) -> bool:
    """Tell whether this is a table that was brought in."""
    return url.startswith(_URI)


def fetch(client: Client, query: Query) -> Iterator[Fetched]:
    """Ask nobody: a table comes when somebody brings it, and a replay has those that were brought."""
    del query
    yield from client.brought(SOURCE, matches)


def keep(client: Client, body: bytes) -> Iterator[Fetched]:
    """Archive a table that was read already.

    Raises ArchiveError when it cannot be written.
    """
    yield client.keep(SOURCE, f"{_URI}{sha256(body).hexdigest()}", body, "text/csv")


def parse(snapshot: Snapshot) -> Reading[BroughtCount]:
    """Read a kept table.

    Raises ShapeChanged where it is none.
    """
    try:
        return Reading(read_table(snapshot.body, name="table", until=snapshot.fetched_at))
    except BadTable as error:
        raise ShapeChanged("table", snapshot.at(str(error))) from error
