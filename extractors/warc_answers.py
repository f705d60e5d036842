"""What each record of a WARC file says before its body is decoded: address, method, status, headers, time.

Know that    real files carry dates like the 15th day of the 20th month; the next best time stands in, and the
             answer says so. A request lies before or after its response, or is missing: then it was a GET.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

from warcio.statusandheaders import StatusAndHeadersParser, StatusAndHeadersParserException

from extractors.settings import PRODUCT, Limits
from extractors.warc_frames import Fault, Frame, frame_at, frames

ASKED_FIELD = "WARC-Dragongate-Asked-URI"
"""A field of our own on an answer that redirects led to: the address that was asked first."""
HEAD_ROOM = 1024 * 1024
_HTTP = ["HTTP/1.1", "HTTP/1.0", "HTTP/0.9", "HTTP/2.0", "HTTP/2", "HTTP/3.0", "HTTP/3"]
_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Broken:
    """A record that could not be read, and why.

    The reason is truncated, garbage, length, head, damaged, too_large, undecodable, http, date, url, segmented or
    no_original.
    """

    file: str
    offset: int
    reason: str
    message: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """One response, resource or revisit, its body as it was sent."""

    frame: Frame
    kind: str
    id: str
    url: str
    fetched_at: datetime
    method: str
    status: int
    headers: dict[str, str]
    """Names in lower case; of a header that came twice the values are joined."""
    payload: bytes
    note: str = ""
    """What stood in for a time that was missing or no time."""
    body_hash: str = ""
    """Hash of the request's body; empty when there was none."""

    @property
    def digest(self) -> str:
        """The hash of the body as it was sent, as the record states it."""
        return self.frame.get("WARC-Payload-Digest")

    @property
    def is_cut(self) -> bool:
        """Whether the body is shorter than it was announced, or was said to be cut."""
        announced = self.headers.get("content-length", "")
        is_short = announced.isdecimal() and 0 < len(self.payload) < int(announced)
        return bool(self.frame.get("WARC-Truncated")) or (self.kind == "response" and is_short)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A request record, to be paired with the response beside it."""

    id: str
    concurrent_to: str
    url: str
    method: str
    body_hash: str

    def belongs_to(self, answer: Answer) -> bool:
        if self.url != answer.url:
            return False
        back = answer.frame.get("WARC-Concurrent-To")
        return (
            not (self.concurrent_to or back)
            or self.concurrent_to == answer.frame.get("WARC-Record-ID")
            or back == self.id
        )


def answers(path: Path, *, arrival: datetime | None, limits: Limits) -> Iterator[Answer | Broken]:
    """Read every answer of a file in order.

    Raises OSError when the file cannot be opened or read.
    """
    context = _Context(path.name, arrival)
    asked: _Asked | None = None
    held: Answer | None = None
    for frame in frames(path, limit=limits.body_bytes + HEAD_ROOM):
        found = context.read(frame)
        if isinstance(found, _Asked) and held and found.belongs_to(held):
            yield replace(held, method=found.method, body_hash=found.body_hash)
            held = None
            continue
        if held:
            yield held
            held = None
        if isinstance(found, _Asked):
            asked = found
        elif isinstance(found, Answer) and asked and asked.belongs_to(found):
            yield replace(found, method=asked.method, body_hash=asked.body_hash)
            asked = None
        elif isinstance(found, Answer) and found.kind == "response":
            held = found
        elif found is not None:
            yield found
    if held:
        yield held


def answer_at(path: Path, offset: int, *, arrival: datetime | None, limits: Limits) -> Answer | Broken:
    """Read the one answer at an offset; its request, which lies elsewhere, is not looked for.

    Raises OSError when the file cannot be opened or read.
    """
    found = _Context(path.name, arrival).read(frame_at(path, offset, limit=limits.body_bytes + HEAD_ROOM))
    if isinstance(found, Answer | Broken):
        return found
    return Broken(path.name, offset, "kind", "the record is neither a response nor a resource")


def answer_of(frame: Frame, file: str) -> Answer | Broken:
    """Read one record that was just written."""
    found = _Context(file, None).read(frame)
    return found if isinstance(found, Answer | Broken) else Broken(file, frame.offset, "kind", "no answer")


def software_of(frame: Frame) -> str:
    """Give what a warcinfo record says about the tool that wrote the file."""
    for line in frame.block.decode("utf-8", errors="replace").splitlines():
        name, _, value = line.partition(":")
        if name.strip().lower() == "software":
            return value.strip()
    return ""


def is_own(path: Path) -> bool:
    """Tell whether a WARC file was written by Dragongate, going by its first record.

    Raises OSError when the file cannot be opened or read.
    """
    first = next(frames(path, limit=HEAD_ROOM), None)
    return isinstance(first, Frame) and first.kind == "warcinfo" and software_of(first).startswith(f"{PRODUCT}/")


class _Context:
    """What the records before this one said."""

    def __init__(self, file: str, arrival: datetime | None) -> None:
        self._file = file
        self._arrival = arrival
        self._file_date: datetime | None = None
        self._readers = {
            "request": self._request,
            "response": self._response,
            "revisit": self._revisit,
            "resource": self._resource,
            "warcinfo": self._warcinfo,
        }

    def read(self, frame: Frame | Fault) -> Answer | _Asked | Broken | None:
        """Read one record; None for a kind that holds no answer."""
        if isinstance(frame, Fault):
            return Broken(self._file, frame.offset, frame.reason, frame.message, frame.url)
        reader = self._readers.get(frame.kind)
        return reader(frame) if reader else None

    def _warcinfo(self, frame: Frame) -> None:
        self._file_date = _instant(frame.get("WARC-Date")) or self._file_date

    def _request(self, frame: Frame) -> _Asked | None:
        head, _, body = frame.block.replace(b"\r\n", b"\n", 64).partition(b"\n\n")
        method = head.split(b" ", 1)[0].decode("latin-1").upper()
        body_hash = sha256(body).hexdigest() if body else ""
        return _Asked(frame.get("WARC-Record-ID"), frame.get("WARC-Concurrent-To"), frame.url, method, body_hash)

    def _response(self, frame: Frame) -> Answer | Broken | None:
        if not frame.url.lower().startswith(("http:", "https:")) and "application/http" not in frame.get(
            "Content-Type"
        ):
            return None
        if frame.get("WARC-Segment-Number"):
            return self._broken(frame, "segmented", "the answer is spread over several records")
        head = _http_head(frame.block)
        if head is None:
            return self._broken(frame, "http", "the record does not begin with an HTTP status line")
        status, headers, payload = head
        return self._answer(frame, status, headers, payload)

    def _revisit(self, frame: Frame) -> Answer | Broken:
        status, headers, _ = _http_head(frame.block) or (0, {}, b"")
        return self._answer(frame, status, headers, b"")

    def _resource(self, frame: Frame) -> Answer | Broken:
        return self._answer(frame, 200, {"content-type": frame.get("Content-Type")}, frame.block)

    def _answer(self, frame: Frame, status: int, headers: dict[str, str], payload: bytes) -> Answer | Broken:
        if not frame.url:
            return self._broken(frame, "url", "the record names no address")
        fetched_at, note = self._time(frame, headers)
        if fetched_at is None:
            return self._broken(frame, "date", note)
        method = "RESOURCE" if frame.kind == "resource" else "GET"
        return Answer(
            frame, frame.kind, _id(frame, self._file), frame.url, fetched_at, method, status, headers, payload, note
        )

    def _time(self, frame: Frame, headers: dict[str, str]) -> tuple[datetime | None, str]:
        stated = frame.get("WARC-Date")
        if found := _instant(stated):
            return found, ""
        others = {
            "the Date header": _http_date(headers.get("date", "")),
            "the date of the file": self._file_date,
            "the arrival of the file": self._arrival,
        }
        name, found = next(((name, at) for name, at in others.items() if at), ("nothing", None))
        return found, f"WARC-Date {stated!r} is no time; {name} stands in"

    def _broken(self, frame: Frame, reason: str, message: str) -> Broken:
        return Broken(self._file, frame.offset, reason, message, frame.url)


def _http_head(block: bytes) -> tuple[int, dict[str, str], bytes] | None:
    stream = BytesIO(block)
    try:
        parsed: Any = StatusAndHeadersParser(_HTTP).parse(stream)
    except (StatusAndHeadersParserException, EOFError):
        return None
    status = parsed.statusline.strip().partition(" ")[0]
    if not (status.isdecimal() and len(status) == 3):
        return None
    headers: dict[str, str] = {}
    for name, value in parsed.headers:
        key = name.lower()
        headers[key] = f"{headers[key]}, {value}" if key in headers else value
    return int(status), headers, block[stream.tell() :]


def _id(frame: Frame, file: str) -> str:
    """Give the record id; one that is missing is made from the place, so that it is the same in every reading."""
    stated = frame.get("WARC-Record-ID").strip("<> ")
    return stated or f"urn:dragongate:record:{sha256(f'{file} {frame.offset}'.encode()).hexdigest()}"


def _instant(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return _plausible(found)


def _http_date(text: str) -> datetime | None:
    try:
        return _plausible(parsedate_to_datetime(text))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _plausible(found: datetime) -> datetime | None:
    aware = found if found.tzinfo else found.replace(tzinfo=UTC)
    try:
        aware = aware.astimezone(UTC)
    except OverflowError:
        return None
    return aware if aware >= _EARLIEST else None
