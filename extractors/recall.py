"""What the archive can answer in place of a source: days that are over do not change by asking again."""

from collections.abc import Callable
from datetime import datetime
from hashlib import sha256

from extractors.archive import Archive, ArchiveError
from extractors.archive_index import Entry
from extractors.exchange import Request
from extractors.redirects import redirect_target, redirected
from extractors.snapshot import Snapshot
from extractors.source import Source
from extractors.urls import masked, masked_body

_MOST_STEPS = 5


class Recall:
    """Finds the newest archived answer to a request that was given since a time. Safe to share between threads.

    `is_good` tells whether a source reads an answer as what it is: a block page is no answer.
    """

    def __init__(self, archive: Archive, *, since: datetime, is_good: Callable[[Source, Snapshot], bool]) -> None:
        self._archive = archive
        self._since = since
        self._is_good = is_good

    def find(self, source: Source, request: Request) -> Snapshot | None:
        """Give the answer at the end of all redirects, or nothing where any step of it must be asked."""
        for _ in range(_MOST_STEPS):
            entry = self._entry(request)
            if entry is None:
                return None
            try:
                snapshot = self._archive.snapshot(entry.file, entry.offset)
            except ArchiveError:
                return None
            target = redirect_target(request.url, snapshot)
            if target is None:
                return snapshot if self._is_good(source, snapshot) else None
            request = redirected(request, target, snapshot.status)
        return None

    def holds(self, method: str, url: str, body: bytes = b"") -> bool:
        """Tell whether there is an answer to a request that has no secrets, good or not."""
        return self._entry(Request(url, method=method, body=body)) is not None

    def _entry(self, request: Request) -> Entry | None:
        body = masked_body(request.body, request.secrets)
        body_hash = sha256(body).hexdigest() if body else ""
        known = self._archive.index.answers(request.method, masked(request.url, *request.secrets), body_hash)
        return next((one for one in known if one.is_final and one.fetched_at >= self._since), None)
