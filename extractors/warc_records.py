"""Make WARC records with warcio: each one gzip member, heads byte for byte as received, secrets masked."""

import zlib
from base64 import b32encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from extractors.archive_index import Entry
from extractors.exchange import Exchange, Headers, Request
from extractors.urls import MASK, SECRET_HEADERS, masked, masked_body, netloc
from extractors.warc_answers import ASKED_FIELD

_LEVEL = 4

NewId = Callable[[], UUID]
"""Names a record; what must be the same in every build brings its own."""


@dataclass(frozen=True, slots=True)
class Written:
    """One record before and after compression."""

    fields: Any
    block: bytes
    member: bytes


def payload_digest(body: bytes) -> str:
    """Give the digest of a body in the form that WARC uses."""
    return f"sha256:{b32encode(sha256(body).digest()).decode('ascii')}"


def stamp(at: datetime) -> str:
    """Give an instant in the form that WARC uses, to the microsecond."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


class _RawHead(StatusAndHeaders):  # type: ignore[misc]
    """An HTTP head that is kept byte for byte, rather than in percent escapes."""

    def to_ascii_bytes(self, filter_func: object = None) -> bytes:
        """Give the head as it came over the wire."""
        lines = [f"{self.protocol} {self.statusline}", *(f"{name}: {value}" for name, value in self.headers), "", ""]
        return "\r\n".join(lines).encode("latin-1", errors="replace")


def _head(exchange: Exchange) -> _RawHead:
    """Keep the head as received, but for the chunks, which the transport has undone."""
    headers = [
        (f"X-Crawl-{name}" if name.lower() == "transfer-encoding" else name, _one_line(value))
        for name, value in exchange.headers
    ]
    return _RawHead(f"{exchange.status} {_one_line(exchange.reason)}".strip(), headers, protocol=exchange.version)


def answer_record(
    request: Request, exchange: Exchange, at: str, earlier: Entry | None, new_id: NewId = uuid4
) -> Written:
    """Make the record of an answer; a revisit where an earlier answer of the address had the same bytes."""
    more = {ASKED_FIELD: masked(request.asked_url, *request.secrets)} if request.asked_url else {}
    is_revisit = bool(exchange.body) and not exchange.cut and earlier is not None and earlier.status == exchange.status
    if exchange.cut:
        more["WARC-Truncated"] = exchange.cut
    if earlier is not None and is_revisit:
        more |= _refers(earlier)
    return record(
        "revisit" if is_revisit else "response",
        masked(request.url, *request.secrets),
        at,
        b"" if is_revisit else exchange.body,
        http=_head(exchange),
        digest=payload_digest(exchange.body),
        more=more,
        new_id=new_id,
    )


def request_record(request: Request, at: str, new_id: NewId = uuid4) -> Written:
    """Make the record of what was asked, keys and cookies masked."""
    url = masked(request.url, *request.secrets)
    parts = urlsplit(url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    head = _RawHead(
        f"{target} HTTP/1.1",
        [("Host", netloc(url)), *_shown(request.headers, request.secrets)],
        protocol=request.method,
    )
    return record("request", url, at, masked_body(request.body, request.secrets), http=head, new_id=new_id)


def _shown(headers: Headers, secrets: tuple[str, ...]) -> Headers:
    return tuple(
        (name, _without(value, secrets) if name.lower() not in SECRET_HEADERS else MASK) for name, value in headers
    )


def _without(value: str, secrets: tuple[str, ...]) -> str:
    for secret in secrets:
        value = value.replace(secret, MASK)
    return _one_line(value)


def _one_line(value: str) -> str:
    return " ".join(value.split()) if "\n" in value or "\r" in value else value


def _refers(earlier: Entry) -> dict[str, str]:
    return {
        "WARC-Profile": "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest",
        "WARC-Refers-To": f"<{earlier.id}>",
        "WARC-Refers-To-Target-URI": earlier.url,
        "WARC-Refers-To-Date": stamp(earlier.fetched_at),
    }


def record(
    kind: str,
    uri: str,
    at: str,
    body: bytes,
    *,
    http: _RawHead | None = None,
    content_type: str = "",
    digest: str = "",
    more: dict[str, str] | None = None,
    new_id: NewId = uuid4,
) -> Written:
    """Make one record, with its digests, as one gzip member."""
    fields = {"WARC-Record-ID": f"<urn:uuid:{new_id()}>", "WARC-Date": at, **(more or {})}
    if digest:
        fields["WARC-Payload-Digest"] = digest
    out = BytesIO()
    writer = WARCWriter(out, gzip=False, warc_version="WARC/1.1")
    made = writer.create_warc_record(
        uri,
        kind,
        payload=BytesIO(body),
        length=len(body),
        warc_content_type=content_type,
        warc_headers_dict=fields,
        http_headers=http,
    )
    writer.write_record(made)
    compress = zlib.compressobj(_LEVEL, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    member = compress.compress(out.getbuffer()) + compress.flush()
    head = http.to_ascii_bytes() if http else b""
    return Written(made.rec_headers, head if kind == "revisit" else head + body, member)
