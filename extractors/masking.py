"""Hide keys, cookies and passwords in whatever is shown or written down, wherever the text comes from."""

import logging
import re
from collections.abc import Iterable

from extractors.urls import MASK, masked_parameters, without

_HIDDEN: set[str] = set()
_USER = re.compile(r"(?<=://)[^/@\s]+(?=@)")
_SHORTEST = 8
"""A secret that is shorter stands by chance in too many words."""


def hide(secrets: Iterable[str]) -> None:
    """Remember what must not be shown by this process."""
    _HIDDEN.update(one for one in secrets if len(one) >= _SHORTEST)


def shown(text: str) -> str:
    """Give a text as it may be shown: without the secrets that are known, keys in addresses, and users of addresses."""
    text = _USER.sub(MASK, masked_parameters(text))
    for secret in sorted(_HIDDEN, key=len, reverse=True):
        text = without(text, secret)
    return text


class Masked(logging.Formatter):
    """Writes a line of a log, and the trace below it, as they may be shown."""

    def format(self, record: logging.LogRecord) -> str:
        """Write one line."""
        return shown(super().format(record))
