"""Who may read the status service, and what every answer tells the browser.

On the loopback address the name that was asked for must be one of this machine, so that no page of the web can have
a browser read the service under a name of its own. Beyond it a password is asked for (RFC 7617); `/livez` is free.
"""

import base64
import binascii
import hmac
from collections.abc import Collection

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from extractors.settings import Secret

LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})
FREE = "/livez"
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
"""Nothing from elsewhere, no script at all, in nobody's frame, kept by nobody."""
_CHALLENGE = {"WWW-Authenticate": 'Basic realm="Dragongate", charset="UTF-8"'}


class Guard:
    """Turns away whom the settings do not let in; a HEAD is a GET without its body."""

    def __init__(self, app: ASGIApp, *, password: Secret, names: Collection[str]) -> None:
        self._app = app
        self._password = password
        self._names = frozenset(names)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        is_head = scope["method"] == "HEAD"

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            elif is_head:
                message = {**message, "body": b""}
            await send(message)

        answer = self._refusal(scope) or self._app
        await answer({**scope, "method": "GET"} if is_head else scope, receive, guarded)

    def _refusal(self, scope: Scope) -> ASGIApp | None:
        headers = Headers(scope=scope)
        if self._names and _name(headers.get("host", "")) not in self._names:
            said = "This service is read under the name that it listens on; ask for 127.0.0.1.\n"
            return PlainTextResponse(said, status_code=421)
        if self._password and scope["path"] != FREE and not self._is_known(headers.get("authorization", "")):
            return PlainTextResponse("The password, please.\n", status_code=401, headers=_CHALLENGE)
        return None

    def _is_known(self, authorization: str) -> bool:
        """Compare the password in constant time; the user's name is free."""
        scheme, _, given = authorization.partition(" ")
        try:
            password = base64.b64decode(given, validate=True).partition(b":")[2]
        except (binascii.Error, ValueError):
            return False
        return scheme.lower() == "basic" and hmac.compare_digest(password, self._password.reveal().encode())


def _name(host: str) -> str:
    """Leave the port away."""
    return host.lower() if host.endswith("]") else host.lower().rpartition(":")[0] or host.lower()
