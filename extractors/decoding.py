"""Undo the content encoding of an answer, up to a hard cap of decoded bytes.

Know that    servers and archiving tools both leave `Content-Encoding` on a body that is plain already;
             such a body is taken as it is. `deflate` comes with and without the zlib wrapper. Brotli is
             not offered: its library cannot stop a bomb in the middle.
"""

import zlib
from collections.abc import Callable, Iterator
from typing import Any

_PIECE = 1024 * 1024
_GZIP_MAGIC = b"\x1f\x8b"
_PLAIN = frozenset({"", "identity", "none", "utf-8", "binary"})
ACCEPTED = "gzip, deflate"
"""What we can decode, for `Accept-Encoding`."""


class Undecodable(Exception):
    """The body cannot be decoded: `reason` is too_large, truncated or undecodable."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


def decode(body: bytes, encoding: str, limit: int) -> bytes:
    """Undo `Content-Encoding`, the last one applied first.

    Raises Undecodable when the result would be longer than `limit`, when the body ends early, is broken or
    comes in an encoding that is not known here.
    """
    for name in reversed([one.strip().lower() for one in encoding.split(",")]):
        if name not in _PLAIN:
            body = _undo(name, body, limit)
    if len(body) > limit:
        raise Undecodable("too_large", f"the body is longer than {limit} bytes")
    return body


def _undo(name: str, body: bytes, limit: int) -> bytes:
    undo = _DECODERS.get(name)
    if undo is None:
        if _is_text(body):
            return body
        raise Undecodable("undecodable", f"the content encoding {name!r} is not known here")
    try:
        _require_at_most(limit, undo(body))
        return b"".join(undo(body))
    except (zlib.error, EOFError, ValueError) as error:
        raise Undecodable("truncated" if isinstance(error, EOFError) else "undecodable", f"{name}: {error}") from error


def _require_at_most(limit: int, pieces: Iterator[bytes]) -> None:
    """Count before keeping anything, so that a bomb costs a little time and no memory."""
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > limit:
            raise Undecodable("too_large", f"the body decodes to more than {limit} bytes")


def _gunzip(body: bytes) -> Iterator[bytes]:
    """Undo gzip in pieces; several members may follow one another, and zeros may fill up the end."""
    if not body.startswith(_GZIP_MAGIC):
        yield body
        return
    rest = body
    while rest.startswith(_GZIP_MAGIC):
        unzip = zlib.decompressobj(16 + zlib.MAX_WBITS)
        yield from _inflated(unzip, rest)
        rest = unzip.unused_data
    if rest.strip(b"\0\r\n"):
        raise ValueError("something else follows the compressed data")


def _inflate(body: bytes) -> Iterator[bytes]:
    try:
        zlib.decompressobj().decompress(body[:64], 1)
        unzip = zlib.decompressobj()
    except zlib.error:
        unzip = zlib.decompressobj(-zlib.MAX_WBITS)
    if body and not _is_text(body):
        yield from _inflated(unzip, body)
    else:
        yield body


def _inflated(unzip: Any, data: bytes) -> Iterator[bytes]:
    piece = unzip.decompress(data, _PIECE)
    while not unzip.eof and (piece or unzip.unconsumed_tail):
        yield piece
        piece = unzip.decompress(unzip.unconsumed_tail, _PIECE)
    yield piece
    if not unzip.eof:
        raise EOFError("the compressed data ends early")


def _is_text(body: bytes) -> bool:
    """Tell whether a body is readable text: no compressed one is."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return "\0" not in text


_DECODERS: dict[str, Callable[[bytes], Iterator[bytes]]] = {
    "gzip": _gunzip,
    "x-gzip": _gunzip,
    "deflate": _inflate,
}
