"""Errors that services of rates state in their bodies, whatever the status: many answer 200 and store nothing."""

import json
from collections.abc import Mapping
from typing import Any

from extractors.errors import NothingThere, RateLimited, Refused, SourceError, Unavailable
from extractors.snapshot import Snapshot

_LOGIN = ("login", Refused)
_PLAN = ("plan", Refused)
_BAD = ("bad_request", Refused)
_OFTEN = ("too_many_requests", RateLimited)
_UNKNOWN = ("unknown_currency", NothingThere)
_NONE = ("no_rates", NothingThere)

_MEANINGS: Mapping[str, tuple[str, type[SourceError]]] = {
    # APILayer's services
    "missing_access_key": _LOGIN, "invalid_access_key": _LOGIN, "inactive_user": _LOGIN,
    "usage_limit_reached": _OFTEN, "rate_limit_reached": _OFTEN, "max_request_volume": _OFTEN,
    "base_currency_access_restricted": _PLAN, "function_access_restricted": _PLAN, "https_access_restricted": _PLAN,
    "invalid_base_currency": _UNKNOWN, "invalid_source_currency": _UNKNOWN, "invalid_currency_codes": _UNKNOWN,
    "no_rates_available": _NONE, "no_results": _NONE,
    # Open Exchange Rates
    "invalid_app_id": _LOGIN, "missing_app_id": _LOGIN, "not_allowed": _LOGIN, "access_restricted": _OFTEN,
    "not_available": _NONE, "invalid_base": _UNKNOWN,
    # open.er-api.com
    "unsupported-code": _UNKNOWN, "malformed-request": _BAD, "invalid-key": _LOGIN, "inactive-account": _LOGIN,
    "quota-reached": _OFTEN,
}  # fmt: skip
"""What a service's word for its error means, and what the caller should do."""
_CODES: Mapping[int, str] = {
    101: "missing_access_key", 102: "inactive_user", 104: "usage_limit_reached", 105: "function_access_restricted",
    106: "no_results", 201: "invalid_source_currency", 202: "invalid_currency_codes",
}  # fmt: skip
"""APILayer's numbers, for a word that is new."""


def error_object(snapshot: Snapshot) -> Mapping[str, Any] | None:
    """Give the JSON object that stands in an answer with a bad status; none where there is no such thing."""
    return None if snapshot.status < 400 else _object(snapshot)


def raise_stated(word: str, message: str, *, code: object = None) -> None:
    """Raise what a service's word for its error means; an unknown one is a refusal that keeps the words.

    Raises Refused, RateLimited, NothingThere, or Unavailable where the service names no reason.
    """
    known = _MEANINGS.get(word) or _MEANINGS.get(_CODES.get(code, "") if isinstance(code, int) else "")
    if known:
        reason, kind = known
        raise kind(reason, message)
    if not word and code is None:
        raise Unavailable("stated_failure", message)
    raise Refused("stated_error", message)


def raise_apilayer_error(snapshot: Snapshot) -> None:
    """Raise what `success: false` means in an answer of APILayer's services, whatever its status.

    Raises what `raise_stated` raises; nothing for an answer that is not one of those.
    """
    body = _object(snapshot)
    if body is None or body.get("success", True) is not False:
        return
    error = body.get("error")
    words = error if isinstance(error, Mapping) else {}
    word, code = str(words.get("type", "")), words.get("code")
    raise_stated(word, snapshot.at(f"{code}: {word} {words.get('info', '')}".strip()), code=code)


def raise_open_exchange_error(snapshot: Snapshot) -> None:
    """Raise what `error: true` means in an answer of Open Exchange Rates.

    Raises what `raise_stated` raises; nothing for an answer that is not one of those.
    """
    body = _object(snapshot)
    if body is None or not body.get("error"):
        return
    word = str(body.get("message", ""))
    raise_stated(word, snapshot.at(f"{word}: {body.get('description', '')}"), code=body.get("status"))


def _object(snapshot: Snapshot) -> Mapping[str, Any] | None:
    try:
        body = json.loads(snapshot.body)
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, Mapping) else None
