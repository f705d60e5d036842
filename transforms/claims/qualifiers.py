"""Words before and after a number that say how it is meant: over, about, nearly, at least, reportedly."""

import re

OVER, APPROX, NEARLY, AT_LEAST, REPORTED, EXACT = "over", "approx", "nearly", "at_least", "reported", "exact"
_BEFORE: tuple[tuple[str, str], ...] = (
    (
        AT_LEAST,
        r"at least|no (?:fewer|less) than|not (?:fewer|less) than|a minimum of|minimum|至少|不少于|不低于|起码|最少"
        r"|不下于|不小于",
    ),
    (
        NEARLY,
        r"nearly|almost|close to|just under|just shy of|shy of|approaching|just below|fewer than|less than|under"
        r"|below|not quite|近|接近|将近|逼近|不到|不足|低于|少于|未及|直逼|几近",
    ),
    (
        APPROX,
        r"about|around|roughly|approximately|approx\.?|some|circa|ca\.|an estimated|estimated at|in the region of|~"
        r"|约为?|大约|大概|约莫|左右|约合|折合约|约占|约占全球|合约|估计",
    ),
    (
        OVER,
        r"(?:just |well |slightly |far )?(?:more than|over|above|upwards of|exceed(?:s|ed|ing)?|surpass(?:es|ed"
        r"|ing)?|topp(?:ed|ing)|tops|pass(?:es|ed|ing)|past|in excess of|north of|cross(?:ed|ing)|beyond"
        r"|greater than|broke(?: through)?|breaching|breached|higher than|better than)|超过|超出|超|逾|破|突破|高于"
        r"|多于|大于|迈过|迈入|跨过|冲破|越过|高过|突破了|跌逾|涨逾|升逾|首次突破",
    ),
)
_AFTER: tuple[tuple[str, str], ...] = (
    (AT_LEAST, r"\s?(?:or more|and above|and up\b|at least|及以上|以上|或以上)"),
    (APPROX, r"\s?(?:or so\b|or thereabouts|左右|上下|前后)"),
    (NEARLY, r"\s?(?:or less|以下|以内)"),
)
_BEFORE_RE = tuple(
    (
        code,
        re.compile(rf"(?:(?<![A-Za-z])|(?<=(?-i:[一-鿿])))(?:{words})(?: the| a| an| by|了|过|为)?\s?$", re.IGNORECASE),
    )
    for code, words in _BEFORE
)
_AFTER_RE = tuple((code, re.compile(words, re.IGNORECASE)) for code, words in _AFTER)
_REPORTED = re.compile(
    r"\b(?:reportedly|allegedly|rumou?red|purportedly|said to (?:be|have)|is believed to|according to (?:people"
    r"|sources|a person)"
    r"|sources said)\b|据称|据传|传闻|据说|消息称|网传|传出|消息指|据报|有消息|外媒称|据报道|知情人士",
    re.IGNORECASE,
)
_REACH = 24


def qualifier(text: str, start: int, end: int) -> tuple[str, int, int]:
    """Find how a number is meant, and where the words with its qualifier begin and end."""
    window = max(0, start - _REACH)
    before = text[window:start]
    for code, pattern in _BEFORE_RE:
        found = pattern.search(before)
        if found:
            return code, window + found.start(), end
    for code, pattern in _AFTER_RE:
        found = pattern.match(text, end)
        if found:
            return code, start, found.end()
    return EXACT, start, end


def is_reported(text: str) -> bool:
    """Tell hearsay: reportedly, 据称."""
    return bool(_REPORTED.search(text))
