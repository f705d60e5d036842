"""One request and what came back, as they went over the wire."""

from dataclasses import dataclass, field

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked. It may hold a key or a cookie; what is kept of it is masked."""

    url: str
    headers: Headers = field(default=(), repr=False)
    method: str = "GET"
    body: bytes = b""
    asked_url: str = ""
    """The address that was asked first, where redirects led here."""
    secrets: tuple[str, ...] = field(default=(), repr=False)
    """What must not be kept of it, wherever it stands."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """What came back: the body as it was sent, with its content encoding."""

    status: int
    headers: Headers
    body: bytes
    reason: str = ""
    version: str = "HTTP/1.1"
    cut: str = ""
    """Why the body is not whole: length (too large), time or disconnect; empty when it is."""

    def header(self, name: str) -> str:
        """Give a header, or an empty string."""
        return next((value for key, value in self.headers if key.lower() == name), "")
