"""What a source would ask for, found without asking it: its own `fetch`, with a client that notes and gives nothing."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from extractors.client import Client, Fetched
from extractors.errors import Outcome, SourceError
from extractors.source import Extractor, Query, Source

log = logging.getLogger("dragongate")

KEEPING = "RESOURCE"
"""The method of what is kept and not asked for."""
_NO_TIME = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Wanted:
    """One request that a source would make."""

    method: str
    url: str
    chunk: str
    body: bytes = b""


def wanted_requests(extractor: Extractor, query: Query) -> list[Wanted]:
    """List the requests that a source would make first; what only its answers would lead to is not known."""
    survey = _Survey()
    try:
        for _ in extractor.fetch(survey, query):
            pass
    except SourceError as error:
        log.debug("%s says beforehand: %s", extractor.source.id, error)
    return survey.wanted


def asked_chunks(extractor: Extractor, query: Query) -> frozenset[str]:
    """Name the chunks that a source asks for; what only its answers would lead to is not known."""
    return frozenset(one.chunk for one in wanted_requests(extractor, query))


class _Survey(Client):
    """Stands in for the client."""

    def __init__(self) -> None:
        self.wanted: list[Wanted] = []

    def get(self, source: Source, url: str, *, chunk: str = "", headers: Mapping[str, str] | None = None) -> Fetched:
        """Note what would be asked for."""
        del headers
        return self._noted(source, Wanted("GET", url, chunk))

    def post(
        self,
        source: Source,
        url: str,
        body: bytes,
        media_type: str,
        *,
        chunk: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> Fetched:
        """Note what would be asked for."""
        del media_type, headers
        return self._noted(source, Wanted("POST", url, chunk, body))

    def keep(self, source: Source, uri: str, body: bytes, media_type: str, *, chunk: str = "") -> Fetched:
        """Note what would be kept."""
        del body, media_type
        return self._noted(source, Wanted(KEEPING, uri, chunk))

    def secret(self, source: Source) -> str:
        """Give something that stands for a key or cookie: nothing is sent."""
        del source
        return "surveyed"

    def close(self) -> None:
        """Do nothing: there is nothing to let go of."""

    def _noted(self, source: Source, wanted: Wanted) -> Fetched:
        self.wanted.append(wanted)
        return Fetched(
            source.id, wanted.chunk, wanted.method, wanted.url, _NO_TIME, 0.0, 0, Outcome.UNAVAILABLE, "not_asked"
        )
