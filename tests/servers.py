"""A site on 127.0.0.1 for tests: answers what it is told and remembers what it was asked."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any


@dataclass(frozen=True)
class Reply:
    """One answer. `cut` says how many bytes of the body really go out; without a status the connection just ends."""

    body: bytes = b"[1]"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None


Answer = Reply | Callable[[BaseHTTPRequestHandler], None]


class Site:
    """What the site answers, path by path: each answer once, the last for ever."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.sent: list[bytes] = []
        self._answers: dict[str, list[Answer]] = defaultdict(list)
        self.says("/robots.txt", Reply(b"", 404))

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def says(self, path: str, *answers: Answer) -> str:
        self._answers[path] = list(answers)
        return self.url(path)

    def paths(self) -> list[str]:
        return [path for path, _ in self.asked if path != "/robots.txt"]

    def answer(self, path: str) -> Answer:
        left = self._answers.get(path) or [Reply(b"nothing here", 404)]
        return left.pop(0) if len(left) > 1 else left[0]


@contextmanager
def site() -> Iterator[Site]:
    """Run a site for the length of a test."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            it.sent.append(self.rfile.read(int(self.headers.get("content-length", 0))))
            self.do_GET()

        def do_GET(self) -> None:
            it.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
            answer = it.answer(self.path)
            if isinstance(answer, Reply):
                send(self, answer)
            else:
                answer(self)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    it = Site(server.server_address[1])
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield it
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def send(handler: BaseHTTPRequestHandler, reply: Reply) -> None:
    """Send one answer as it is written."""
    if not reply.status:
        handler.close_connection = True
        return
    handler.send_response(reply.status)
    headers = {"Content-Length": str(len(reply.body)), "Connection": "close", **reply.headers}
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(reply.body[: reply.cut])
    handler.close_connection = True
