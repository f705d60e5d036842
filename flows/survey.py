"""What a source would ask for, found without asking it: its own `fetch`, with a client that notes and gives nothing."""

import logging
from collections.abc import Mapping
from datetime import UTC, datetime

from extractors.client import Client, Fetched
from extractors.errors import Outcome, SourceError
from extractors.source import Extractor, Query, Source

log = logging.getLogger("dragongate")

_NO_TIME = datetime(1970, 1, 1, tzinfo=UTC)


def asked_chunks(extractor: Extractor, query: Query) -> frozenset[str]:
    """Name the chunks that a source asks for; what only its answers would lead to is not known."""
    survey = _Survey()
    try:
        for _ in extractor.fetch(survey, query):
            pass
    except SourceError as error:
        log.debug("%s says beforehand: %s", extractor.source.id, error)
    return frozenset(survey.chunks)


class _Survey(Client):
    """Stands in for the client."""

    def __init__(self) -> None:
        self.chunks: set[str] = set()

    def get(self, source: Source, url: str, *, chunk: str = "", headers: Mapping[str, str] | None = None) -> Fetched:
        """Note what would be asked for."""
        del headers
        return self._noted(source, url, chunk, "GET")

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
        del body, media_type, headers
        return self._noted(source, url, chunk, "POST")

    def keep(self, source: Source, uri: str, body: bytes, media_type: str, *, chunk: str = "") -> Fetched:
        """Note what would be kept."""
        del body, media_type
        return self._noted(source, uri, chunk, "RESOURCE")

    def secret(self, source: Source) -> str:
        """Give something that stands for a key or cookie: nothing is sent."""
        del source
        return "surveyed"

    def close(self) -> None:
        """Do nothing: there is nothing to let go of."""

    def _noted(self, source: Source, url: str, chunk: str, method: str) -> Fetched:
        self.chunks.add(chunk)
        return Fetched(source.id, chunk, method, url, _NO_TIME, 0.0, 0, Outcome.UNAVAILABLE, "not_asked")
