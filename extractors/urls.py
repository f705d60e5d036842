"""Addresses as text: one form for comparing, one form that may be shown."""

import re
from urllib.parse import quote, quote_plus, urlsplit, urlunsplit

from w3lib.url import canonicalize_url

MASK = "xxx"
SECRET_HEADERS = frozenset({"authorization", "cookie", "proxy-authorization", "x-api-key", "api-key", "x-auth-token"})
_SECRET_KEYS = (
    "key", "apikey", "api_key", "api-key", "token", "access_token", "auth_token", "auth", "password", "passwd",
    "secret", "client_secret", "sig", "signature", "session", "sessionid", "sessdata",
)  # fmt: skip
_SECRET_PARAMETER = re.compile(rf"(?i)(?<=[?&;])({'|'.join(map(re.escape, _SECRET_KEYS))})=[^&;#]*")

_SECRET_IN_TEXT = re.compile(rf"(?i)(?<=[?&;])({'|'.join(map(re.escape, _SECRET_KEYS))})=[^&;#\s'\"]*")


def masked_parameters(text: str) -> str:
    """Give a text in which the addresses carry no keys."""
    return _SECRET_IN_TEXT.sub(rf"\1={MASK}", text)


def masked(url: str, *secrets: str) -> str:
    """Give an address that may be shown and kept: no user, no key, no token, none of `secrets`."""
    text = _SECRET_PARAMETER.sub(rf"\1={MASK}", url)
    for secret in secrets:
        text = without(text, secret)
    try:
        parts = urlsplit(text)
    except ValueError:
        return text
    if "@" in parts.netloc:
        text = urlunsplit(parts._replace(netloc=f"{MASK}@{parts.netloc.rpartition('@')[2]}"))
    return text


def masked_body(body: bytes, secrets: tuple[str, ...]) -> bytes:
    """Give what was sent with a request as it may be kept: without keys."""
    for secret in secrets:
        for form in _forms(secret):
            body = body.replace(form.encode(), MASK.encode())
    return body


def without(text: str, secret: str) -> str:
    """Give a text in which a secret does not stand, in whatever form addresses write it."""
    for form in _forms(secret):
        text = text.replace(form, MASK)
    return text


def _forms(secret: str) -> tuple[str, ...]:
    """Give a secret as it stands, and as addresses and forms write its signs."""
    return tuple(dict.fromkeys((secret, quote(secret, safe=""), quote_plus(secret)))) if secret else ()


def url_key(url: str) -> str:
    """Give the form under which an address is compared: keys sorted, escapes normalised, no fragment, no secret."""
    try:
        return str(canonicalize_url(masked(url)))
    except ValueError:
        return url


def origin(url: str) -> str:
    """Give scheme, host and port, which robots.txt and the secrets of a request go by."""
    parts = urlsplit(url)
    port = parts.port or {"http": 80, "https": 443}.get(parts.scheme, 0)
    return f"{parts.scheme}://{parts.hostname or ''}:{port}"


def netloc(url: str) -> str:
    """Give host and port in lower case, which pace and circuit go by; empty when there is none."""
    try:
        return urlsplit(url).netloc.rpartition("@")[2].lower()
    except ValueError:
        return ""
