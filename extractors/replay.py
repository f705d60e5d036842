"""Answer from the archive: the transport of a replay, which never opens a connection."""

from collections.abc import Callable, Iterator
from datetime import datetime
from hashlib import sha256

from extractors.archive import Archive, ArchiveError
from extractors.errors import Unavailable
from extractors.exchange import Request
from extractors.snapshot import Snapshot
from extractors.urls import masked, masked_body


class ReplayTransport:
    """Gives the newest recorded answer up to a time; one that says what is there goes before a refusal."""

    is_live = False

    def __init__(self, archive: Archive, *, until: datetime | None = None) -> None:
        self._archive = archive
        self._until = until

    def ask(self, request: Request) -> Snapshot:
        """Give the recorded answer, with its own id, time and place.

        Raises Unavailable with the reason `not_recorded`.
        """
        url = masked(request.url, *request.secrets)
        body = masked_body(request.body, request.secrets)
        body_hash = sha256(body).hexdigest() if body else ""
        entry = self._archive.index.best(request.method, url, body_hash, self._until)
        if entry is None:
            raise Unavailable("not_recorded", f"{url} is not in the archive{self._up_to()}")
        try:
            return self._archive.snapshot(entry.file, entry.offset)
        except ArchiveError as error:
            raise Unavailable("not_recorded", str(error)) from error

    def brought(self, matches: Callable[[str], bool]) -> Iterator[Snapshot]:
        """Give the recorded inputs of people whose names match, oldest first."""
        held = [one for one in self._archive.index.entries() if one.method == "RESOURCE" and matches(one.url)]
        for one in sorted(held, key=lambda one: (one.fetched_at, one.file, one.offset)):
            if self._until is None or one.fetched_at <= self._until:
                yield self._archive.snapshot(one.file, one.offset)

    def close(self) -> None:
        """Do nothing: there is nothing to let go of."""

    def _up_to(self) -> str:
        return f" up to {self._until.isoformat()}" if self._until else ""
