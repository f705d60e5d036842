"""How a connection is opened and read: where we say, for as long as we say; fitted into requests and urllib3."""

import io
import socket
from collections.abc import Callable
from http.client import HTTPResponse
from threading import local
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from extractors.settings import Settings


class Patience:
    """How long one answer may still take, for each thread by itself."""

    def __init__(self, settings: Settings, monotonic: Callable[[], float]) -> None:
        self._limits = settings.limits
        self._monotonic = monotonic
        self._mine = local()

    def start(self) -> None:
        """Begin to count for this thread."""
        self._mine.until = self._monotonic() + self._limits.total_seconds

    def left(self) -> float:
        """Give the seconds that the next piece may take.

        Raises TimeoutError when the whole answer has taken too long.
        """
        left = float(self._mine.until) - self._monotonic()
        if left <= 0:
            raise TimeoutError(f"the whole answer took more than {self._limits.total_seconds:g} s")
        return min(left, self._limits.read_seconds)


class _Patient(io.RawIOBase):
    """A socket's bytes, each read within what is left of our patience, so that a slow drip ends too."""

    def __init__(self, raw: Any, sock: socket.socket, patience: Patience) -> None:
        super().__init__()
        self._raw = raw
        self._sock = sock
        self._patience = patience

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._sock.settimeout(self._patience.left())
        count: int | None = self._raw.readinto(buffer)
        return count

    def close(self) -> None:
        if not self.closed:
            self._raw.close()
        super().close()


def _response_class(patience: Patience) -> type[HTTPResponse]:
    class PatientResponse(HTTPResponse):
        def __init__(self, sock: socket.socket, *more: Any, **named: Any) -> None:
            super().__init__(sock, *more, **named)
            self.fp = io.BufferedReader(_Patient(self.fp.detach(), sock, patience))

    return PatientResponse


class CheckedAdapter(HTTPAdapter):
    """Opens connections in our way, with or without a proxy."""

    def __init__(self, opened: Callable[[Any], socket.socket], patience: Patience) -> None:
        response = _response_class(patience)

        class Plain(HTTPConnection):
            response_class = response

            def _new_conn(self) -> socket.socket:
                return opened(self)

        class Secure(HTTPSConnection):
            response_class = response

            def _new_conn(self) -> socket.socket:
                return opened(self)

        class PlainPool(HTTPConnectionPool):
            ConnectionCls = Plain

        class SecurePool(HTTPSConnectionPool):
            ConnectionCls = Secure

        self._pools = {"http": PlainPool, "https": SecurePool}
        super().__init__()

    def init_poolmanager(self, *arguments: Any, **named: Any) -> None:
        """Make the pools of direct connections."""
        super().init_poolmanager(*arguments, **named)
        self.poolmanager.pool_classes_by_scheme = self._pools

    def proxy_manager_for(self, proxy: str, **named: Any) -> Any:
        """Make the pools of connections through a proxy."""
        manager = super().proxy_manager_for(proxy, **named)
        manager.pool_classes_by_scheme = self._pools
        return manager
