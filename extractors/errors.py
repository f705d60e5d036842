"""What can go wrong between us and a source, named by what the caller should do.

SourceError
├── Retry                 ask again later; carries how long
│   ├── RateLimited         we asked too often
│   └── Unavailable         no answer, or one that says "not now"
├── Refused               do not ask again in this run: robots, login, block page, terms, address
├── NothingThere          a clear answer that there is no data
└── ShapeChanged          the source is not what we know; a person should look
"""

from enum import StrEnum


class Outcome(StrEnum):
    """The one result of a fetch, as `ops.fetches` keeps it."""

    OK = "ok"
    UNCHANGED = "unchanged"
    NOTHING_THERE = "nothing_there"
    RATE_LIMITED = "rate_limited"
    UNAVAILABLE = "unavailable"
    REFUSED = "refused"
    SHAPE_CHANGED = "shape_changed"


class SourceError(Exception):
    """A source did not give what we asked for. `reason` is one short word, the message is for a person."""

    outcome = Outcome.UNAVAILABLE

    def __init__(self, reason: str, message: str = "") -> None:
        super().__init__(message or reason)
        self.reason = reason


class Retry(SourceError):
    """Ask again later; `after_seconds` is what the source asked for, if it said."""

    def __init__(self, reason: str, message: str = "", *, after_seconds: float | None = None) -> None:
        super().__init__(reason, message)
        self.after_seconds = after_seconds


class RateLimited(Retry):
    """We asked too often."""

    outcome = Outcome.RATE_LIMITED


class Unavailable(Retry):
    """No answer, or one that says "not now": timeout, dns, tls, server_error, too_large, not_recorded."""

    outcome = Outcome.UNAVAILABLE


class Refused(SourceError):
    """The source will not have us: robots, login, block_page, terms, address, key."""

    outcome = Outcome.REFUSED


class NothingThere(SourceError):
    """The source says clearly that there is no data: unknown_symbol, no_such_account, empty_window, not_found."""

    outcome = Outcome.NOTHING_THERE


class ShapeChanged(SourceError):
    """A field that we rely on is missing, renamed or of another kind; `reason` names the field."""

    outcome = Outcome.SHAPE_CHANGED
