"""What a number was worked out from: the day of a share count or of a rate is not the day of the number."""

import re

from transforms.claims.amounts import Amount

_COUNT = r"(?:股份|股本|股数|发行股|月报表?|月度报表|证券变动)"
_ENGLISH_COUNT = (
    r"(?:shares? (?:in issue|outstanding|count|capital)|(?:issued|outstanding) shares?|number of shares|share numbers?"
    r"|monthly returns?)"
)
_RATE = r"(?:汇率|中间价|牌价)"
_OPENING = (
    r"\b(?:based|going by|according to|on the basis of|calculated|counted|counting|computed|using|multiplied by"
    r"|measured|per|taking|given|with|at|by|on)\b"
)
_ENGLISH_TIME = (
    r"[^,;.\d]{0,40}(?<![a-z])(?:at|of|for|in|on|as of|by)(?: (?:the|end|start|close|last|of|at)){0,5} [^,;.]{1,24}"
)
_BASIS = re.compile(
    rf"(?:按照?|根据|依据|基于|参照|依照|依|据|以)[^，,;；。]{{0,30}}?(?:{_COUNT}|{_RATE})"
    r"(?:[^，,;；。\d]{0,12}?(?:计算?|推算|折算|换算|估算|测算|显示|所示|为准|为基准|为基础))?"
    rf"|月(?:\d{{1,2}}日|[底末份])?的?(?:已|总)?{_COUNT}"
    rf"|{_OPENING}[^,;.]{{0,40}}?(?:{_ENGLISH_COUNT}|exchange rates?)(?:{_ENGLISH_TIME})?"
    rf"|{_ENGLISH_COUNT}{_ENGLISH_TIME}",
    re.IGNORECASE,
)
_KEPT_UNITS = frozenset({"shares"})
_KEPT_METRICS = frozenset({"shares_outstanding", "exchange_rate"})


def basis_spans(text: str) -> list[tuple[int, int]]:
    """List the places that say from which count of shares, or at which rate, a number was worked out."""
    return [found.span() for found in _BASIS.finditer(text)]


def is_worked_out(amount: Amount, code: str) -> bool:
    """Tell a number that can be worked out so from a count of shares or a rate itself."""
    return amount.unit not in _KEPT_UNITS and code not in _KEPT_METRICS
