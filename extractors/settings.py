"""What the operator decided: who we are, which sources may be asked, within which limits.

Read once at the edge, from `dragongate.toml` in the home folder and from the environment (settings_file.py).
Keys and cookies come from the environment alone, or from `.env` in the home, and never show themselves.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed_version
from typing import NoReturn
from urllib.parse import urlsplit

from extractors.source import Need, Source

PRODUCT = "Dragongate"
FILE = "dragongate.toml"
HOW_TO_SET_CONTACT = (
    'write contact = "you@example.org" in dragongate.toml, or set DRAGONGATE_CONTACT; sites want to know who asks'
)


class BadSettings(Exception):
    """The settings cannot be used; the message names the file, the line, the field and the mend."""


class Secret:
    """A key or cookie that shows itself only when asked for by name."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Give the value, for the header or address that needs it."""
        return self._value

    def __bool__(self) -> bool:
        return bool(self._value)

    def __repr__(self) -> str:
        return "Secret(***)"

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __deepcopy__(self, memo: object) -> "Secret":
        return self

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not written down: hand over its name, and read it where it is needed")


@dataclass(frozen=True, slots=True)
class Permission:
    """What the operator says about one source: on or off, who says so, since when, and on what ground."""

    enabled: bool = True
    by: str = ""
    on: date | None = None
    because: str = ""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of anything one answer may cost."""

    body_bytes: int = 64 * 1024 * 1024
    """As sent, compressed or not."""
    decoded_bytes: int = 256 * 1024 * 1024
    """After decompression."""
    connect_seconds: float = 10.0
    read_seconds: float = 30.0
    """Between two pieces of an answer."""
    total_seconds: float = 120.0
    """For one answer from the first byte asked to the last received."""
    redirects: int = 5
    attempts: int = 4
    retry_after_seconds: float = 120.0
    """A source that asks for a longer pause is left alone for the rest of the run."""


@dataclass(frozen=True, slots=True)
class Service:
    """Where the status service listens, and what it asks of those who come from another machine."""

    host: str = "127.0.0.1"
    port: int = 4243
    password: Secret = field(default_factory=lambda: Secret(""))


@dataclass(frozen=True, slots=True)
class Keep:
    """For how long `dragongate housekeep` keeps what, and how much of it; 0 keeps everything."""

    archive_days: int = 0
    """Answers that no row, verdict, correction or other answer needs go when they came longer ago than this."""
    archive_gigabytes: float = 0.0
    """Where the archive is larger, the oldest of these answers go, whatever their age."""
    prefect_days: int = 90
    """Flow runs that ended longer ago go from Prefect's database."""
    log_days: int = 30
    """Logs of older days go."""
    generations: int = 5
    """How many published generations are kept."""


@dataclass(frozen=True, slots=True)
class Notify:
    """Who hears of what is wrong, how soon, and of what nobody wants to hear."""

    min_severity: str = "page"
    """What is told at once: page, or ticket for everything; the daily digest lists the rest."""
    digest_hour: int = 9
    digest_zone: str = "Asia/Hong_Kong"
    quiet: tuple[str, ...] = ()
    """Alerts that nobody is told of: NAME or NAME:SUBJECT."""
    settle_hours: float = 6.0
    """What comes back within this time of its end is the same trouble as before and is not told again."""
    longest_hours_without_run: float = 26.0
    """How long the schedule lets pass between the ends of two runs."""
    page_url: str = ""
    """Where people find the status page; messages name it."""
    addresses: tuple[Secret, ...] = ()
    """Where to: they hold passwords and tokens, and are never shown."""
    ping_url: Secret = field(default_factory=lambda: Secret(""))
    """What the scheduler asks while it lives, so that somebody outside hears when it does not."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The operator's decisions, complete and checked."""

    contact: str = ""
    offline: bool = False
    """Answer from the archive alone; any connection to a source is an error."""
    robots: bool = True
    allowed_addresses: frozenset[str] = frozenset()
    """Hosts, by name, that may resolve to an address that is not public."""
    proxy: str = field(default="", repr=False)
    """May hold a password, so that it is never shown."""
    ca_bundle: str = ""
    limits: Limits = field(default_factory=Limits)
    keep: Keep = field(default_factory=Keep)
    paces: Mapping[str, float] = field(default_factory=dict)
    """Seconds between two requests, by source, in place of the source's own."""
    permissions: Mapping[str, Permission] = field(default_factory=dict)
    secrets: Mapping[str, Secret] = field(default_factory=dict)
    service: Service = field(default_factory=Service)
    notify: Notify = field(default_factory=Notify)

    @property
    def user_agent(self) -> str:
        """Say who asks: product, version, contact."""
        agent = f"{PRODUCT}/{version()}"
        return f"{agent} (+{self.contact})" if self.contact else agent

    @property
    def known_secrets(self) -> tuple[Secret, ...]:
        """List everything that must be shown nowhere."""
        others = (self.service.password, self.notify.ping_url, *self.notify.addresses)
        proxy = urlsplit(self.proxy).password or ""
        return (*self.secrets.values(), *others, Secret(proxy))

    def secret(self, source: Source) -> Secret:
        """Give the key or cookie of a source; an empty one when none is set."""
        return self.secrets.get(source.id, Secret(""))

    def pace_seconds(self, source: Source) -> float:
        """Give the shortest time between two requests for a source."""
        return self.paces.get(source.id, source.pace.seconds)

    def permission(self, source: Source) -> Permission:
        """Give what the operator says about a source, or what holds when nothing is said."""
        by_default = source.is_on_by_default and source.needs in (Need.NOTHING, Need.CONTACT)
        return self.permissions.get(source.id, Permission(enabled=by_default))

    def is_enabled(self, source: Source) -> bool:
        """Tell whether a source may be asked."""
        return self.off_reason(source) == ""

    def off_reason(self, source: Source) -> str:
        """Give the reason in a word (off, contact, login, terms) why a source may not be asked, or an empty string."""
        permission = self.permission(source)
        if not permission.enabled:
            return "off"
        if source.needs is Need.CONTACT and not self.contact:
            return "contact"
        if source.needs in (Need.KEY, Need.LOGIN) and not self.secret(source):
            return "login"
        if source.needs is Need.PERMISSION and not (permission.by and permission.because):
            return "terms"
        return ""

    def why_off(self, source: Source) -> str:
        """Say in a sentence why a source may not be asked and how to change that; empty when it may."""
        reason = self.off_reason(source)
        return (
            _MENDS[reason].format(id=source.id, variable=secret_variable(source.id), why=_why(source)) if reason else ""
        )


_MENDS = {
    "off": "{id} is off: {why}; to turn it on, write [source.{id}] with enabled = true, by, on and because "
    "in dragongate.toml",
    "contact": "{id} wants to know who asks: " + HOW_TO_SET_CONTACT,
    "login": "{id} is turned on but has no key or cookie: set the environment variable {variable}",
    "terms": "{id} needs a permission that somebody stands for: write by and because under [source.{id}] "
    "in dragongate.toml",
}
_NEEDED = {
    Need.KEY: "it needs a key, and your consent to use it",
    Need.LOGIN: "it needs a login, and your consent to use it",
    Need.PERMISSION: "its publisher wants to be asked first",
}


def _why(source: Source) -> str:
    return source.why_off.rstrip(".;") or _NEEDED.get(source.needs, "the operator turned it off")


def secret_variable(source_id: str) -> str:
    """Name the environment variable that holds a source's key or cookie."""
    return f"DRAGONGATE_SECRET_{source_id.upper()}"


def version() -> str:
    """Give the version of Dragongate that runs."""
    try:
        return installed_version("dragongate")
    except PackageNotFoundError:
        return "0.0.0"
