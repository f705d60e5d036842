"""What an error of a Google interface means: the documented one and the one behind YouTube's pages say it alike."""

import re

from extractors.errors import NothingThere, RateLimited, Refused, SourceError, Unavailable
from extractors.reading import Record, json_body
from extractors.snapshot import Snapshot
from extractors.social.followers import Codes, error_of

_TOO_OFTEN = (RateLimited, "too_many_requests")
_REASONS: Codes = {
    "keyInvalid": (Refused, "login"),
    "keyExpired": (Refused, "login"),
    "authError": (Refused, "login"),
    "required": (Refused, "login"),
    "accessNotConfigured": (Refused, "forbidden"),
    "forbidden": (Refused, "forbidden"),
    "insufficientPermissions": (Refused, "forbidden"),
    "ipRefererBlocked": (Refused, "forbidden"),
    "quotaExceeded": _TOO_OFTEN,
    "dailyLimitExceeded": _TOO_OFTEN,
    "rateLimitExceeded": _TOO_OFTEN,
    "userRateLimitExceeded": _TOO_OFTEN,
    "badRequest": (Refused, "bad_request"),
    "invalidParameter": (Refused, "bad_request"),
    "missingRequiredParameter": (Refused, "bad_request"),
    "channelNotFound": (NothingThere, "no_such_account"),
    "notFound": (NothingThere, "no_such_account"),
    "backendError": (Unavailable, "server_error"),
    "internalError": (Unavailable, "server_error"),
}
_STATES: Codes = {
    "PERMISSION_DENIED": (Refused, "forbidden"),
    "UNAUTHENTICATED": (Refused, "login"),
    "RESOURCE_EXHAUSTED": _TOO_OFTEN,
    "NOT_FOUND": (NothingThere, "no_such_account"),
    "INVALID_ARGUMENT": (Refused, "bad_request"),
    "UNAVAILABLE": (Unavailable, "server_error"),
    "INTERNAL": (Unavailable, "server_error"),
}
_BAD_KEY = re.compile(r"api key (?:not valid|expired|not found)", re.IGNORECASE)


def stop_at_error(snapshot: Snapshot) -> None:
    """Raise what an answer with `error` in it means, whatever its status; let any other through.

    The reason of the first error decides, then the state of the whole. Raises the error, and Refused for one that
    we do not know.
    """
    if not snapshot.body.lstrip().startswith(b"{"):
        return
    body = json_body(snapshot)
    if isinstance(body, dict) and isinstance(body.get("error"), dict):
        raise _meaning(Record(body["error"], snapshot, "error"), snapshot)


def _meaning(error: Record, snapshot: Snapshot) -> SourceError:
    words = str(error.optional("message") or "")
    reason = next(iter(_reasons(error)), "")
    state = str(error.optional("status") or "")
    if _BAD_KEY.search(words):
        return Refused("login", snapshot.at(words))
    if reason not in _REASONS and state in _STATES:
        return error_of(_STATES, state, snapshot, words)
    return error_of(_REASONS, reason or str(error.optional("code")), snapshot, words)


def _reasons(error: Record) -> list[str]:
    listed = error.optional("errors")
    found = [one.get("reason") for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    return [one for one in found if isinstance(one, str)]
