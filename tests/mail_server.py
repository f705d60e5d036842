"""A mail server on 127.0.0.1 for tests: takes every message, or refuses whoever signs in."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread


@dataclass
class MailServer:
    """What came in."""

    port: int
    messages: list[Message] = field(default_factory=list)

    def address(self, password: str = "hunter2hunter2") -> str:
        """Give the address that a user would set."""
        return f"mailto://reporter:{password}@127.0.0.1:{self.port}?from=dragon@example.org&to=team@example.org"

    def subjects(self) -> list[str]:
        return [str(make_header(decode_header(one["subject"]))) for one in self.messages]

    def texts(self) -> list[str]:
        return [_text(one) for one in self.messages]


def _text(message: Message) -> str:
    parts = [one for one in message.walk() if one.get_content_type() == "text/plain"]
    payload = parts[0].get_payload(decode=True)
    assert isinstance(payload, bytes)
    return payload.decode("utf-8").replace("\r\n", "\n")


@contextmanager
def mail_server(*, refusal: str = "") -> Iterator[MailServer]:
    """Run a server for the length of a test; `refusal` is what it says to whoever signs in."""

    class Handler(StreamRequestHandler):
        def handle(self) -> None:
            self.say("220 here")
            while line := self.rfile.readline():
                verb = line.split(maxsplit=1)[0].upper() if line.split() else b""
                if verb == b"QUIT":
                    self.say("221 bye")
                    return
                self.answer(verb)

        def answer(self, verb: bytes) -> None:
            if verb == b"EHLO":
                self.say("250-here\r\n250 AUTH PLAIN")
            elif verb == b"AUTH":
                self.say(refusal or "235 welcome")
            elif verb == b"DATA":
                self.say("354 go on")
                it.messages.append(message_from_bytes(b"".join(self.body())))
                self.say("250 taken")
            else:
                self.say("250 fine")

        def body(self) -> Iterator[bytes]:
            while (line := self.rfile.readline()) not in (b".\r\n", b""):
                yield line.removeprefix(b".") if line.startswith(b"..") else line

        def say(self, line: str) -> None:
            self.wfile.write(line.encode() + b"\r\n")

    server = ThreadingTCPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    it = MailServer(server.server_address[1])
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield it
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
