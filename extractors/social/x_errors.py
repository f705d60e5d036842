"""What the errors of X mean: by number in its older interface and its pages, by kind of problem in the newer one."""

import re
from typing import Any

from extractors.answers import require_ok
from extractors.errors import NothingThere, RateLimited, Refused, SourceError, Unavailable
from extractors.reading import json_body
from extractors.snapshot import Snapshot
from extractors.social.followers import Codes, error_of, seconds_until

_RESET = "x-rate-limit-reset"
_NUMBERS: Codes = {
    17: (NothingThere, "no_such_account"),
    34: (NothingThere, "no_such_account"),
    50: (NothingThere, "no_such_account"),
    63: (NothingThere, "suspended"),
    32: (Refused, "login"),
    64: (Refused, "banned"),
    89: (Refused, "login"),
    99: (Refused, "login"),
    135: (Refused, "login"),
    215: (Refused, "login"),
    239: (Refused, "login"),
    326: (Refused, "banned"),
    453: (Refused, "forbidden"),
    130: (Unavailable, "server_error"),
    131: (Unavailable, "server_error"),
}
_SUSPENDED = re.compile(r"suspended", re.IGNORECASE)
_NOT_FOUND = re.compile(r"not[ -]found", re.IGNORECASE)


def stop_at_error(snapshot: Snapshot) -> None:
    """Raise what an answer with errors and without data means, whatever its status; let any other through.

    Raises RateLimited with the seconds until the next window, and the error that a number or a problem stands for.
    """
    body = json_body(snapshot) if snapshot.body.lstrip().startswith(b"{") else {}
    errors = body.get("errors") if isinstance(body, dict) else None
    first = errors[0] if isinstance(errors, list) and errors and isinstance(errors[0], dict) else {}
    if snapshot.status == 429 or first.get("code") == 88:
        message = snapshot.at(f"status {snapshot.status}: too many requests")
        raise RateLimited("too_many_requests", message, after_seconds=seconds_until(snapshot, _RESET))
    if first and not body.get("data"):
        raise _meaning(first, snapshot)
    if snapshot.status == 404 and not body:
        # The call moved, which says nothing about the account.
        raise Refused("bad_request", snapshot.at("status 404 without words: the call is not known any more"))
    require_ok(snapshot)


def _meaning(error: dict[str, Any], snapshot: Snapshot) -> SourceError:
    code = error.get("code")
    words = str(error.get("message") or error.get("detail") or error.get("title") or "")
    if isinstance(code, int):
        return error_of(_NUMBERS, code, snapshot, words)
    kind = f"{error.get('type') or ''} {error.get('title') or ''}"
    if _SUSPENDED.search(words):
        return NothingThere("suspended", snapshot.at(words))
    if _NOT_FOUND.search(kind):
        return NothingThere("no_such_account", snapshot.at(words))
    return Refused("forbidden" if "forbidden" in kind.lower() else "bad_request", snapshot.at(words or kind))
