"""Archives and clocks for tests: small WARC files written by hand, and a time that stands still."""

import gzip
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from extractors.exchange import Exchange, Request

NOON = datetime(2026, 3, 2, 12, 0, 0, 250_000, tzinfo=UTC)
URL = "https://news.example.com/feed?b=2&a=1"


@dataclass
class Clock:
    """A clock that moves only when it is told to; sleeping moves it and is noted."""

    at: datetime = NOON
    ticks: float = 0.0

    def __post_init__(self) -> None:
        self.slept: list[float] = []

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.ticks

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.move(seconds)

    def move(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)
        self.ticks += seconds


def asked(url: str = URL) -> Request:
    return Request(url, (("User-Agent", "Dragongate/0 (+a@example.org)"), ("Cookie", "hush-hush")))


def answered(body: bytes = b"[1]", status: int = 200, **headers: str) -> Exchange:
    named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Exchange(status, (("Content-Type", "application/json"), *named), body, reason="OK")


def http(body: bytes = b"[1]", *, status: str = "200 OK", head: str = "") -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\n{head}\r\n".encode() + body


def record(
    kind: str = "response",
    block: bytes | None = None,
    *,
    url: str = URL,
    date: str = "2026-01-05T08:00:00Z",
    number: int = 1,
    length: int | None = None,
    more: str = "",
    version: str = "1.0",
) -> bytes:
    """Write one record as another tool would; `length` may lie."""
    block = http() if block is None else block
    head = (
        f"WARC/{version}\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-{number:012}>\r\n"
        f"WARC-Target-URI: {url}\r\nWARC-Date: {date}\r\n{more}"
        f"Content-Length: {len(block) if length is None else length}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def info(software: str = "OtherTool/1.0", date: str = "2026-01-05T07:59:00Z") -> bytes:
    return record("warcinfo", f"software: {software}\r\n".encode(), url="", date=date, number=999).replace(
        b"WARC-Target-URI: \r\n", b""
    )


def members(*records: bytes) -> bytes:
    """Compress each record by itself, as WARC files are."""
    return b"".join(gzip.compress(one, mtime=0) for one in records)
