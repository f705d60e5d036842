"""Go out to a source: one request, one answer, within bounds of address, size and time.

One adapter of requests and nothing above it: a session would read the body of a redirect to its end, keep
cookies and listen to the environment.
"""

import socket
from collections.abc import Callable, Iterable
from typing import Any, Protocol
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NameResolutionError, NewConnectionError, ReadTimeoutError
from urllib3.util.connection import create_connection

from extractors.addresses import Resolve, checked_addresses, refuse_literal, require_web, resolve
from extractors.connections import CheckedAdapter, Patience
from extractors.errors import Refused, SourceError, Unavailable
from extractors.exchange import Exchange, Request
from extractors.settings import Settings
from extractors.snapshot import Snapshot
from extractors.urls import masked

Connect = Callable[..., socket.socket]
_PIECE = 64 * 1024
_VERSIONS = {10: "HTTP/1.0", 11: "HTTP/1.1"}


class Transport(Protocol):
    """Where answers come from: the network, or the archive."""

    @property
    def is_live(self) -> bool:
        """Whether it asks sources, so that manners matter and answers must be archived."""

    def ask(self, request: Request) -> Exchange | Snapshot:
        """Give the answer to one request; raise a SourceError where there is none."""

    def brought(self, matches: Callable[[str], bool]) -> Iterable[Snapshot]:
        """Give the inputs of people whose names match, oldest first: a replay has them, the network has none."""

    def close(self) -> None:
        """Let go of connections."""


class LiveTransport:
    """Asks sources over HTTP. Safe to share between threads."""

    is_live = True

    def __init__(
        self,
        settings: Settings,
        *,
        monotonic: Callable[[], float],
        resolve: Resolve = resolve,
        connect: Connect = create_connection,
    ) -> None:
        self._settings = settings
        self._patience = Patience(settings, monotonic)
        self._resolve = resolve
        self._connect = connect
        self._adapter = CheckedAdapter(self.open, self._patience)

    def ask(self, request: Request) -> Exchange:
        """Give the answer to one request, redirects included; a body that ends early is marked as cut.

        Raises Unavailable (timeout, dns, tls, connection, not_recorded) and Refused (address).
        """
        if self._settings.offline:
            raise Unavailable("not_recorded", f"offline is on, and {masked(request.url)} is not asked")
        require_web(request.url)
        if self._settings.proxy:
            refuse_literal(urlsplit(request.url).hostname or "", self._settings.allowed_addresses)
        self._patience.start()
        proxy = self._settings.proxy
        limits = self._settings.limits
        try:
            wanted = requests.Request(request.method, request.url, dict(request.headers), data=request.body or None)
            response = self._adapter.send(
                wanted.prepare(),
                stream=True,
                timeout=(limits.connect_seconds, limits.read_seconds),
                proxies={"http": proxy, "https": proxy} if proxy else None,
                verify=self._settings.ca_bundle or True,
            )
        except requests.RequestException as error:
            raise _no_answer(error, request) from error
        with response:
            return self._received(response.raw)

    def brought(self, matches: Callable[[str], bool]) -> Iterable[Snapshot]:
        """Give nothing: people bring their inputs to the archive themselves."""
        del matches
        return ()

    def close(self) -> None:
        """Close the connections that are kept open."""
        self._adapter.close()

    def open(self, connection: Any) -> socket.socket:
        """Open a connection to a checked address; stands in for the way in which urllib3 opens one."""
        host, port = connection._dns_host, connection.port
        try:
            if connection.proxy is not None:
                addresses = self._resolve(host, port)
            else:
                addresses = checked_addresses(host, port, self._settings.allowed_addresses, self._resolve)
            return self._first_that_answers(connection, addresses)
        except socket.gaierror as error:
            raise NameResolutionError(host, connection, error) from error
        except TimeoutError as error:
            raise ConnectTimeoutError(connection, f"no connection to {host} in time") from error
        except OSError as error:
            raise NewConnectionError(connection, f"no connection to {host}: {error}") from error

    def _first_that_answers(self, connection: Any, addresses: list[str]) -> socket.socket:
        failure: OSError = socket.gaierror(socket.EAI_NONAME, "the name has no address")
        for address in addresses:
            try:
                return self._connect(
                    (address, connection.port),
                    connection.timeout,
                    source_address=connection.source_address,
                    socket_options=connection.socket_options,
                )
            except OSError as error:
                failure = error
        raise failure

    def _received(self, raw: Any) -> Exchange:
        body, cut = self._body(raw)
        headers = tuple((str(name), str(value)) for name, value in raw.headers.items())
        return Exchange(raw.status, headers, body, raw.reason or "", _VERSIONS.get(raw.version, "HTTP/1.1"), cut)

    def _body(self, raw: Any) -> tuple[bytes, str]:
        """Read the body as it is sent, up to the limits; a piece that came before it was cut is kept."""
        limit = self._settings.limits.body_bytes
        announced = raw.headers.get("content-length", "")
        body = bytearray()
        if announced.isdecimal() and int(announced) > limit:
            return b"", "length"
        try:
            while piece := raw.read1(_PIECE, decode_content=False):
                body += piece
                if len(body) > limit:
                    return bytes(body[:limit]), "length"
        except ReadTimeoutError:
            return bytes(body), "time"
        except (HTTPError, OSError):
            return bytes(body), "disconnect"
        return bytes(body), ""


def _no_answer(error: requests.RequestException, request: Request) -> SourceError:
    """Name why there was no answer."""
    url = masked(request.url, *request.secrets)
    if isinstance(error, requests.exceptions.InvalidURL | requests.exceptions.InvalidSchema):
        return Refused("address", f"{url} is no web address")
    if isinstance(error, requests.Timeout):
        return Unavailable("timeout", f"{url}: no answer in time")
    if isinstance(error, requests.exceptions.SSLError):
        return Unavailable("tls", f"{url}: no secure connection: {_cause(error, request)}")
    if _is_by_name(error):
        return Unavailable("dns", f"{url}: the host name has no address")
    return Unavailable("connection", f"{url}: {_cause(error, request)}")


def _is_by_name(error: BaseException | None) -> bool:
    inner = error.args[0] if error is not None and error.args else None
    return isinstance(getattr(inner, "reason", None), NameResolutionError)


def _cause(error: requests.RequestException, request: Request) -> str:
    inner = error.args[0] if error.args else error
    return masked(str(getattr(inner, "reason", inner))[:200], *request.secrets)
