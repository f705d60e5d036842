"""What Yahoo's answers say in place of data: an error object, or in a download a line of plain text."""

import re
from collections.abc import Mapping

import orjson

from extractors.errors import NothingThere, Refused, Unavailable
from extractors.snapshot import Snapshot

_PLAIN = re.compile(rb"\s*[45]\d\d ([A-Z][A-Za-z ]+): ([^\r\n]+)\s*")


def error_of(snapshot: Snapshot) -> object:
    """Find the error object of an answer, under the name of the call or, from the gateway, under `finance`."""
    if found := _PLAIN.fullmatch(snapshot.body):
        code, words = (part.decode("utf-8", "replace") for part in found.groups())
        return {"code": code, "description": words}
    try:
        answer = orjson.loads(snapshot.body)
    except orjson.JSONDecodeError:
        return None
    parts = answer.values() if isinstance(answer, Mapping) else ()
    return next((part["error"] for part in parts if isinstance(part, Mapping) and part.get("error")), None)


def raise_stated_error(error: object, snapshot: Snapshot) -> None:
    """Raise what a stated error means; no error, no exception.

    Raises NothingThere, Refused or Unavailable.
    """
    if not error:
        return
    code, words = (str(error.get(name, "")) for name in ("code", "description")) if isinstance(error, Mapping) else (
        "", str(error)
    )  # fmt: skip
    message = snapshot.at(f"{code}: {words}")
    if words.startswith("Data doesn't exist"):
        raise NothingThere("empty_window", message)
    if code == "Not Found":
        raise NothingThere("unknown_symbol", message)
    if code == "Unauthorized":
        raise Refused("login", message)
    if code.lower().startswith("internal"):
        raise Unavailable("server_error", message)
    raise Refused("bad_request", message)
