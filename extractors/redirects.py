"""Where an answer sends us, and what of a request goes with it."""

from dataclasses import replace
from urllib.parse import urldefrag, urljoin

from extractors.addresses import require_web
from extractors.errors import Refused
from extractors.exchange import Request
from extractors.snapshot import Snapshot
from extractors.urls import SECRET_HEADERS, masked, origin

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_SENT_AGAIN = frozenset({307, 308})


def redirect_target(url: str, snapshot: Snapshot) -> str | None:
    """Give the address that a redirect leads to; none where the answer is not one.

    Raises Refused with the reason `address` where that is no web address.
    """
    location = snapshot.headers.get("location", "")
    if snapshot.status not in _REDIRECTS or not location:
        return None
    try:
        target = urldefrag(urljoin(url, location)).url
    except ValueError as error:
        raise Refused("address", f"{masked(url)} leads to what is no web address: {error}") from error
    require_web(target)
    return target


def redirected(request: Request, target: str, status: int) -> Request:
    """Ask the same elsewhere; keys and cookies stay with the host that they are for.

    A form is sent again only where the status says so (307, 308); otherwise its answer is fetched (RFC 9110, 15.4).
    """
    headers = request.headers
    if request.method == "POST" and status not in _SENT_AGAIN:
        headers = tuple(one for one in headers if one[0] != "content-type")
        request = replace(request, method="GET", body=b"")
    if origin(target) != origin(request.url):
        headers = tuple(one for one in headers if not _is_secret(one, request.secrets))
    return replace(request, url=target, headers=headers, asked_url=request.asked_url or request.url)


def _is_secret(header: tuple[str, str], secrets: tuple[str, ...]) -> bool:
    name, value = header
    return name.lower() in SECRET_HEADERS or any(secret in value for secret in secrets)
