"""What an error of Meta's Graph API means: the documented codes, the same for Facebook and Instagram."""

import re

from extractors.errors import NothingThere, RateLimited, Refused, SourceError, Unavailable
from extractors.reading import Record, json_body
from extractors.snapshot import Snapshot
from extractors.social.followers import Codes, error_of

_TOO_OFTEN = (RateLimited, "too_many_requests")
_NO_SUCH = (NothingThere, "no_such_account")
_CODES: Codes = {
    1: (Unavailable, "server_error"),
    2: (Unavailable, "server_error"),
    3: (Refused, "forbidden"),
    4: _TOO_OFTEN,
    10: (Refused, "forbidden"),
    17: _TOO_OFTEN,
    32: _TOO_OFTEN,
    80002: _TOO_OFTEN,
    100: (Refused, "bad_request"),
    102: (Refused, "login"),
    104: (Refused, "login"),
    110: _NO_SUCH,
    190: (Refused, "login"),
    368: (Refused, "banned"),
    613: _TOO_OFTEN,
    803: _NO_SUCH,
    **dict.fromkeys(range(200, 300), (Refused, "forbidden")),
}
_ABSENT = re.compile(r"does not exist|cannot be found|invalid user id", re.IGNORECASE)


def stop_at_error(snapshot: Snapshot) -> None:
    """Raise what an answer with `error` in it means, whatever its status; let any other through.

    Code 100 is a wrong call as well as an object that is not there, which its words tell; those that name a missing
    permission beside it say neither, and are a refusal. Raises the error.
    """
    if not snapshot.body.lstrip().startswith(b"{"):
        return
    body = json_body(snapshot)
    if isinstance(body, dict) and isinstance(body.get("error"), dict):
        raise _meaning(Record(body["error"], snapshot, "error"), snapshot)


def _meaning(error: Record, snapshot: Snapshot) -> SourceError:
    words, code = str(error.optional("message") or ""), error.optional("code")
    if code == 100 and _ABSENT.search(words) and "permission" not in words:
        return NothingThere("no_such_account", snapshot.at(words))
    return error_of(_CODES, code if isinstance(code, int) else str(code), snapshot, words)
