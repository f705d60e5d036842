"""The one place that reads the clock, and whose days count where nobody names a zone."""

from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

Now = Callable[[], datetime]
DAY_ZONE = ZoneInfo("Asia/Hong_Kong")
"""The zone whose calendar day is `today`: the main company's exchange."""


def utc_now() -> datetime:
    """Read the clock; everything else is handed what it says."""
    return datetime.now(UTC)
