"""The saved bytes of one answer, and where they lie."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One archived record. `body` has transfer and content encoding undone; times are aware and in UTC."""

    id: str
    """The WARC record id without brackets, such as `urn:uuid:5376d8c8-…`."""
    url: str
    body: bytes
    fetched_at: datetime
    """When the source gave these bytes (WARC-Date). Versions of a row are ordered by it."""
    first_seen_at: datetime
    """When this warehouse first had them: `fetched_at` in our own archive, the arrival in a foreign one."""
    method: str = "GET"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    """Names in lower case."""
    archive_file: str = ""
    """File name within the home's archive folder."""
    archive_offset: int = 0
    archive_length: int = 0

    @property
    def media_type(self) -> str:
        """The declared media type without parameters, in lower case; empty when none was sent."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def sha256(self) -> str:
        """The hash of the body, in hex."""
        return sha256(self.body).hexdigest()

    def at(self, place: str) -> str:
        """Name a place in these bytes for a message: `TITLE (snapshot urn:uuid:…)`."""
        return f"{place} (snapshot {self.id}, {self.url})"
