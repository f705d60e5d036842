"""All the sources on one port of 127.0.0.1, over TLS: a live run against the answers of the sample archive.

A name resolves to 127.0.0.1 and a connection to port 443 ends here; the certificates are made when the server
starts. An address answers what a test says, else what the archive holds, else what the archive was built from.
"""

import gzip
import json
import socket
import ssl
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock, Thread
from typing import Any
from urllib.parse import urlsplit

import trustme

from extractors.fx import ecb_rates
from extractors.snapshot import Snapshot
from extractors.urls import url_key
from extractors.warc_reading import read_archive
from extractors.watchlist import WatchList
from flows.clients import Means
from samples.build import ARCHIVE
from samples.origin import Unknown, answer
from samples.published import rows_of
from tests.servers import Reply, send
from tests.threaded_clock import ThreadedClock

OPEN = Reply(b"User-agent: *\nDisallow:\n", headers={"Content-Type": "text/plain"})
_PACKED = "data.sec.gov"
"""The host that compresses what it sends, as the real one does."""


@dataclass(frozen=True)
class Asked:
    """One request as it came in."""

    host: str
    path: str
    headers: dict[str, str]
    status: int

    @property
    def url(self) -> str:
        return f"https://{self.host}{self.path}"


@dataclass
class Internet:
    """Every host there is; what a test says comes before what the archive holds."""

    port: int
    ca_bundle: str
    watchlist: WatchList
    names: frozenset[str]
    asked: list[Asked] = field(default_factory=list)
    connected: list[tuple[str, float]] = field(default_factory=list)
    """Each host that was reached, with the time of the thread that did."""
    robots: dict[str, Reply] = field(default_factory=dict)
    pages: dict[str, Reply] = field(default_factory=dict)
    """By address."""
    troubles: dict[str, list[Reply]] = field(default_factory=dict)
    """By host: each answer once, whatever is asked but robots.txt, the last for ever."""
    marked: frozenset[str] = frozenset()
    """Hosts that send an ETag and answer 304 to it."""
    _lock: Any = field(default_factory=Lock)

    def means(self, clock: ThreadedClock) -> Means:
        """Give a run the clock, and this server in place of every host."""

        def resolve(host: str, port: int) -> list[str]:
            if host not in self.names:
                raise socket.gaierror(socket.EAI_NONAME, f"{host} is not of this world")
            with self._lock:
                self.connected.append((host, clock.monotonic()))
            return ["127.0.0.1"]

        def connect(address: tuple[str, int], timeout: float, **_: Any) -> socket.socket:
            assert address == ("127.0.0.1", 443), "every source is asked over TLS"
            return socket.create_connection(("127.0.0.1", self.port), timeout)

        return Means(clock.monotonic, clock.sleep, resolve, connect)

    def begin(self) -> None:
        """Forget what was asked so far."""
        self.asked, self.connected = [], []

    def answer(self, host: str, path: str, headers: dict[str, str]) -> Reply:
        """Answer one request."""
        url = f"https://{host}{path}"
        if path == "/robots.txt":
            return self.robots.get(host, OPEN)
        with self._lock:
            if left := self.troubles.get(host):
                return left.pop(0) if len(left) > 1 else left[0]
        reply = self.pages.get(url) or (recorded(url) if url_key(url) in _ARCHIVED else self._made(url))
        if host == _PACKED:
            packed = gzip.compress(reply.body, mtime=0)
            reply = Reply(packed, reply.status, {**reply.headers, "Content-Encoding": "gzip"})
        return self._marked(host, reply, headers)

    def note(self, asked: Asked) -> None:
        """Remember what was asked."""
        with self._lock:
            self.asked.append(asked)

    def _made(self, url: str) -> Reply:
        if url == ecb_rates.LAST_90_DAYS:
            return euro_rates(rows_of("euro_rates")[:60])
        try:
            made = answer(url, self.watchlist)
        except (Unknown, KeyError, StopIteration):
            return Reply(b"no such page", 404)
        return Reply(made.content, headers={"Content-Type": made.content_type})

    def _marked(self, host: str, reply: Reply, headers: dict[str, str]) -> Reply:
        if host not in self.marked or reply.status != 200:
            return reply
        mark = f'"{sha256(reply.body).hexdigest()[:16]}"'
        if headers.get("if-none-match") == mark:
            return Reply(b"", 304, {"ETag": mark})
        return Reply(reply.body, 200, {**reply.headers, "ETag": mark})


_ARCHIVED = {url_key(one.url): one for one in read_archive(ARCHIVE, arrival=None) if isinstance(one, Snapshot)}


def archived_hosts() -> frozenset[str]:
    """Name every host that the sample archive has an answer of."""
    return frozenset(host for one in _ARCHIVED.values() if (host := urlsplit(one.url).hostname))


def recorded(url: str) -> Reply:
    """Give the answer that the sample archive has for an address."""
    found = _ARCHIVED[url_key(url)]
    return Reply(found.body, headers={"Content-Type": found.headers["content-type"]})


def euro_rates(days: Iterable[Mapping[str, str]]) -> Reply:
    """Write days of rates as the ECB does in its daily file, and in the one of the last 90 days."""
    written = "".join(
        f'<Cube time="{day["date"]}">'
        + "".join(f'<Cube currency="{name}" rate="{rate}"/>' for name, rate in day.items() if name != "date")
        + "</Cube>"
        for day in days
    )
    body = (
        '<?xml version="1.0" encoding="UTF-8"?><gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" '
        'xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref"><gesmes:subject>Reference rates</gesmes:subject>'
        "<gesmes:Sender><gesmes:name>European Central Bank</gesmes:name></gesmes:Sender>"
        f"<Cube>{written}</Cube></gesmes:Envelope>"
    )
    return Reply(body.encode(), headers={"Content-Type": "text/xml"})


def daily_bars(code: str, *bars: tuple[str, str, str, str, str, str]) -> Reply:
    """Write bars as Tencent does: day, open, CLOSE, high, low, volume."""
    line = {"day": [list(bar) for bar in bars], "qt": {code: ["100", code, code[2:]]}, "prec": "1.000", "version": "16"}
    return as_json({"code": 0, "msg": "", "data": {code: line}})


def as_json(document: object) -> Reply:
    """Answer with JSON."""
    return Reply(json.dumps(document).encode(), headers={"Content-Type": "application/json; charset=utf-8"})


@contextmanager
def internet(
    folder: Path, watchlist: WatchList, *more_names: str, make: Callable[..., Internet] = Internet
) -> Iterator[Any]:
    """Run the server for the length of a block; nothing of it is left afterwards."""
    names = archived_hosts() | set(more_names)
    authority = trustme.CA()
    ca_bundle = folder / "authority.pem"
    authority.cert_pem.write_to_path(ca_bundle)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*sorted(names)).configure_cert(context)
    server = _server(context)
    it = make(server.server_address[1], str(ca_bundle), watchlist, names)
    server.internet = it  # type: ignore[attr-defined]
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield it
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _server(context: ssl.SSLContext) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            it: Internet = self.server.internet  # type: ignore[attr-defined]
            headers = {name.lower(): value for name, value in self.headers.items()}
            host = headers["host"]
            reply = it.answer(host, self.path, headers)
            it.note(Asked(host, self.path, headers, reply.status))
            send(self, reply)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = False
    # The handshake belongs to the thread of the connection, not to the one that accepts.
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    return server
