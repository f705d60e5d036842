"""A client for tests that answers from a table and remembers what it was asked."""

from collections.abc import Mapping
from datetime import UTC, datetime

from extractors.client import Client, Fetched
from extractors.errors import Outcome
from extractors.snapshot import Snapshot
from extractors.source import Source

NOW = datetime(2026, 2, 3, 12, tzinfo=UTC)


def snapshot(url: str, body: bytes, status: int = 200) -> Snapshot:
    return Snapshot("urn:test:1", url, body, fetched_at=NOW, first_seen_at=NOW, status=status)


class TableClient(Client):
    """Answers each address with the first body whose key stands in it; without one, with nothing at all."""

    def __init__(self, answers: Mapping[str, bytes]) -> None:
        self._answers = answers
        self.asked: list[tuple[str, str]] = []

    def get(self, source: Source, url: str, *, chunk: str = "", headers: Mapping[str, str] | None = None) -> Fetched:
        self.asked.append((chunk, url))
        body = next((body for key, body in self._answers.items() if key in url), None)
        outcome = Outcome.UNAVAILABLE if body is None else Outcome.OK
        answer = None if body is None else snapshot(url, body)
        return Fetched(source.id, chunk, "GET", url, NOW, 0.0, 1, outcome, snapshot=answer)
