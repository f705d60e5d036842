"""The one client for all sources."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from extractors.errors import Outcome
from extractors.snapshot import Snapshot
from extractors.source import Source


@dataclass(frozen=True, slots=True)
class Fetched:
    """One request with all its attempts: a row of `ops.fetches`."""

    source_id: str
    chunk: str
    method: str
    url: str
    requested_at: datetime
    seconds: float
    attempts: int
    outcome: Outcome
    """Of the fetch alone: `ok` means that an answer of any status is in the archive; reading it may say otherwise."""
    reason: str = ""
    message: str = ""
    robots_rule: str = ""
    snapshot: Snapshot | None = None


class Client:
    """Asks sources gently and archives every answer before anyone reads it."""

    def get(self, source: Source, url: str, *, chunk: str = "", headers: Mapping[str, str] | None = None) -> Fetched:
        """Ask once, with retries. Never raises for what a source does; the outcome says it."""
        raise NotImplementedError

    def keep(self, source: Source, uri: str, body: bytes, media_type: str, *, chunk: str = "") -> Fetched:
        """Archive an input that did not come over HTTP as a WARC resource; the same bytes again are not kept twice."""
        raise NotImplementedError

    def secret(self, source: Source) -> str:
        """Give the key or cookie that the operator configured for a source, or an empty string."""
        raise NotImplementedError
