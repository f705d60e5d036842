"""When to ask again, and after how long."""

from datetime import datetime
from email.utils import parsedate_to_datetime

from tenacity import RetryCallState, wait_exponential_jitter

from extractors.errors import Retry

_WORTH_RETRYING = frozenset({"timeout", "dns", "connection", "server_error", "too_many_requests"})
_back_off = wait_exponential_jitter(initial=1, max=30, jitter=1)


def is_worth_it(error: BaseException, longest: float) -> bool:
    """Tell whether to ask again in this run: not where the source wishes for a pause longer than `longest`."""
    return isinstance(error, Retry) and error.reason in _WORTH_RETRYING and (error.after_seconds or 0) <= longest


def pause(state: RetryCallState) -> float:
    """Wait as long as the source asks, or a little longer each time."""
    error = state.outcome.exception() if state.outcome else None
    asked = error.after_seconds if isinstance(error, Retry) else None
    return float(_back_off(state)) if asked is None else asked


def retry_after(text: str, now: datetime) -> float | None:
    """Read `Retry-After`, in seconds or as a date."""
    if text.strip().isdecimal():
        return float(text)
    try:
        at = parsedate_to_datetime(text)
        return max(0.0, (at - now).total_seconds())
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
