"""How a message gets to an address: our own body to a web address, everything else through Apprise.

An address holds passwords and tokens. Nothing here shows more of it than its form and its host: what libraries log
and raise while they send is caught, and only what is named below comes out.
"""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

import requests

from extractors.settings import Secret, Settings
from flows.alerting.notification import Notification, Reason

TIMEOUT_SECONDS = (5.0, 10.0)
"""To connect, and between two pieces of the answer: a run ends soon whatever becomes of its message."""
_MASK = "***"
_SHORTEST_SECRET = 3
_LOGGERS = ("apprise", "urllib3")
_OF_THE_SERVER = "Socket Exception:"
"""Begins the line in which Apprise logs what a mail server, or the connection to it, said."""
_KNOWN_FORM = "Dragongate knows no such form of address; see the forms of Apprise: mailto://, slack://, tgram://, …"


@dataclass(frozen=True, slots=True)
class Address:
    """Where messages go."""

    secret: Secret
    label: str
    """Its form and its host; with several of one kind, also which of them."""


@dataclass(frozen=True, slots=True)
class Sent:
    """Whether a message arrived."""

    address: Address
    failure: str = ""
    """Why not; empty when it did."""

    def __str__(self) -> str:
        return f"{self.address.label}: {self.failure or 'arrived'}"


def addresses_of(settings: Settings) -> list[Address]:
    """Give the addresses of the settings with what may be shown of each."""
    found: list[Address] = []
    for secret in settings.notify.addresses:
        name = _shown(secret)
        same = sum(one.label.partition(" #")[0] == name for one in found)
        found.append(Address(secret, f"{name} #{same + 1}" if same else name))
    return found


def send(address: Address, message: Notification, settings: Settings) -> Sent:
    """Send a message to one address, and say whether it arrived; whatever goes wrong is no error of the caller's."""
    with _hushed() as said:
        try:
            failure = _send(address.secret, message, settings, said)
        except Exception as error:  # noqa: BLE001  a plugin may raise anything, and its text may show the address
            failure = type(error).__name__
    return Sent(address, failure)


def _send(secret: Secret, message: Notification, settings: Settings, said: Sequence[logging.LogRecord]) -> str:
    notifier = _apprise(secret)
    if notifier is None:
        form, host = _form_and_host(secret.reveal())
        return _post(secret, message, settings) if host and form in ("http", "https") else _KNOWN_FORM
    if notifier.notify(body=message.text, title=message.title, body_format="text", notify_type=_type(message)):
        return ""
    return masked_text(_cause(said), secret)


def _cause(said: Sequence[logging.LogRecord]) -> str:
    """Give Apprise's last warning, with what the mail server answered where it did."""
    warned = [one.getMessage() for one in said if one.levelno >= logging.WARNING]
    answered = [one.getMessage() for one in said if one.getMessage().startswith(_OF_THE_SERVER)]
    found = [*warned[-1:], *(one.removeprefix(_OF_THE_SERVER).strip() for one in answered[-1:])]
    return "; ".join(found) or "it did not arrive"


def _apprise(secret: Secret) -> Any:
    """Make Apprise's notifier for an address; none for one that is not in a form that it knows."""
    import apprise  # takes half a second, which only a run that has something to tell needs

    asset = apprise.AppriseAsset(app_id="Dragongate", app_desc="Dragongate", app_url="", async_mode=False)
    notifier: Any = apprise.Apprise.instantiate(secret.reveal(), asset=asset, suppress_exceptions=True)
    if notifier is None:
        return None
    if hasattr(notifier, "include_image"):
        notifier.include_image = False  # its picture lies at a host of Apprise's
    if "format=" not in secret.reveal() and notifier.notify_format == "html":
        notifier.notify_format = "text"
    return notifier


def _type(message: Notification) -> str:
    if message.reason is not Reason.CHANGE:
        return "info"
    return "warning" if any(one.is_open for one in message.entries) else "success"


def _post(secret: Secret, message: Notification, settings: Settings) -> str:
    proxies = {"http": settings.proxy, "https": settings.proxy} if settings.proxy else None
    try:
        answer = requests.post(
            secret.reveal(),
            json=message.as_json(),
            headers={"User-Agent": settings.user_agent},
            timeout=TIMEOUT_SECONDS,
            allow_redirects=False,
            proxies=proxies,
            verify=settings.ca_bundle or True,
        )
    except requests.Timeout:
        return "no answer in time"
    except requests.ConnectionError:
        return "it cannot be reached"
    return "" if answer.ok and not answer.is_redirect else f"it answered {answer.status_code}"


def masked_text(text: str, secret: Secret) -> str:
    """Take everything of an address out of a text but its form and its host."""
    for part in sorted(_parts(secret.reveal()), key=len, reverse=True):
        text = text.replace(part, _MASK)
    return text


def _parts(address: str) -> set[str]:
    """List what may be secret in an address: all but its form and host, as written and decoded."""
    form, host = _form_and_host(address)
    found = {address.partition("://")[2]}
    for mark in "/@:?&=#,":
        found = {piece for one in found for piece in one.split(mark)}
    found |= {unquote(one) for one in found}
    return {one for one in found if len(one) >= _SHORTEST_SECRET and one.lower() not in f"{form} {host}"}


def _form_and_host(address: str) -> tuple[str, str]:
    try:
        parts = urlsplit(address)
        return parts.scheme.lower(), parts.hostname or ""
    except ValueError:
        return address.partition("://")[0].lower(), ""


def _shown(secret: Secret) -> str:
    """Name an address by its form and host; of forms whose host is a token too, by their form alone."""
    form, host = _form_and_host(secret.reveal())
    name = {"mailto": "e-mail", "mailtos": "e-mail"}.get(form, form)
    return f"{name} {host}" if host and form in ("http", "https", "mailto", "mailtos") else name


@contextmanager
def _hushed() -> Iterator[list[logging.LogRecord]]:
    """Keep what the libraries log while they send from every other log, and hand it over."""
    caught = _Caught()
    loggers = [logging.getLogger(name) for name in _LOGGERS]
    before = [(one.propagate, one.level) for one in loggers]
    for one in loggers:
        one.propagate = False
        one.setLevel(logging.DEBUG)
        one.addHandler(caught)
    try:
        yield caught.records
    finally:
        for one, (propagates, level) in zip(loggers, before, strict=True):
            one.removeHandler(caught)
            one.setLevel(level)
            one.propagate = propagates


class _Caught(logging.Handler):
    """Keeps what is logged."""

    def __init__(self) -> None:
        super().__init__()
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)
