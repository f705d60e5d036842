"""Parts, multiples and ranks, which are said in words more often than in digits."""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal

from transforms.claims.amounts import MULTIPLE, NUMBER, PART, RANK, STREAK, Amount
from transforms.claims.number_words import ENGLISH, ORDINALS, PARTS, chinese_number, digit
from transforms.claims.triggers import Triggered

_COUNT = "|".join(sorted((word for word in ENGLISH if " " not in word and len(word) > 2), key=len, reverse=True))
_PART = "|".join(sorted(PARTS, key=len, reverse=True))
_ORDINAL = "|".join(ORDINALS)
_CHINESE = "零一二两三四五六七八九十百"
_RANK_NOUN = (
    r"(?:place|spot|position|rank|largest|biggest|best|highest|most|in (?:the|global|worldwide|China)|globally"
    r"|worldwide)"
)
_FOLD = {
    "doubl": "2",
    "tripl": "3",
    "trebl": "3",
    "quadrupl": "4",
    "quintupl": "5",
    "halv": "0.5",
    "twice": "2",
    "thrice": "3",
}


def _part_of_ten(found: re.Match[str]) -> Decimal:
    """成 is a tenth: 三成 0.3, 四成八 0.48, 三成半 0.35."""
    tenths = Decimal(found["tenths"]) if found["tenths"][0].isascii() else chinese_number(found["tenths"])[0]
    rest = found["hundredths"]
    hundredths = 0 if not rest else 5 if rest == "半" else digit(rest)
    return tenths / 10 + Decimal(hundredths) / 100


def _english_part(found: re.Match[str]) -> Decimal:
    count = ENGLISH.get((found["count"] or "one").lower(), Decimal(1))
    return count / PARTS[found["part"].lower().removesuffix("s").replace("halve", "half")]


def _x_in_y(found: re.Match[str]) -> Decimal:
    return _count(found["some"]) / _count(found["all"])


def _count(text: str) -> Decimal:
    if text[0].isdigit():
        return Decimal(text)
    return ENGLISH[text.lower()] if text.isascii() else chinese_number(text)[0]


def _chinese_part(found: re.Match[str]) -> Decimal:
    return _count(found["some"]) / _count(found["all"])


def _fold(found: re.Match[str]) -> Decimal:
    return Decimal(_FOLD[found["stem"].lower()])


def _fan(found: re.Match[str]) -> Decimal:
    """翻番 is twice, 翻两番 four times as much."""
    return Decimal(2) ** int(chinese_number(found["times"] or "一")[0])


def _ordinal(text: str) -> Decimal:
    plain = re.sub(r"(?<=\d)(?:st|nd|rd|th)$", "", text.lower())
    if plain.isdigit():
        return Decimal(plain)
    if plain in ORDINALS:
        return Decimal(ORDINALS[plain])
    return ENGLISH[plain] if plain.isascii() else chinese_number(plain)[0]


def _ranked(found: re.Match[str]) -> Decimal:
    return _ordinal(found["rank"])


def _nothing(found: re.Match[str]) -> Decimal:
    return Decimal(0)


def _streak(found: re.Match[str]) -> Decimal:
    return _count(found["length"])


Reader = Callable[[re.Match[str]], Decimal]
_RULES: tuple[tuple[str, str, str, Reader], ...] = (
    (
        PART,
        "",
        r"(?P<tenths>\d(?:\.\d)?"
        r"|[一二两三四五六七八九])成(?P<hundredths>[一二三四五六七八九半])?(?P<more>[多余])?(?![立功员长绩都果分])",
        _part_of_ten,
    ),
    (
        PART,
        "",
        rf"(?<![{_CHINESE}])(?P<all>[{_CHINESE}]{{1,3}}|\d{{1,3}})分之(?P<some>[{_CHINESE}]{{1,4}}"
        rf"|\d+(?:\.\d+)?)(?P<more>[多余])?",
        _chinese_part,
    ),
    (
        PART,
        "",
        r"每(?P<all>[一二两三四五六七八九十百]+|\d+)(?:名|个|位|辆|台|部)?\w{0,4}?(?:中|里|当中)(?:就|约"
        r"|便)?有(?P<some>[一二两三四五六七八九十]+|\d+)(?:名|个|位|人|辆|台|部)",
        _x_in_y,
    ),
    (
        PART,
        "",
        r"(?:全球|全国|总数|其中|占)?(?:的)?(?:一半|半数)(?P<more>以上|多)?|过半(?![年月天个])",
        lambda _: Decimal("0.5"),
    ),
    (
        PART,
        "",
        rf"\b(?P<some>{_COUNT}|\d+)(?: out of| in)(?: every)? (?P<all>{_COUNT}|\d+)\b(?! (?:million|billion"
        rf"|percent|days|years|months))",
        _x_in_y,
    ),
    (
        PART,
        "",
        rf"\b(?:(?P<count>{_COUNT}|an?)[ -])(?P<part>{_PART})s?\b(?! (?:quarter|place|straight|consecutive|time"
        rf"|year|month|generation|of (?:this|last|next) year))",
        _english_part,
    ),
    (
        PART,
        "",
        r"(?P<count>)\b(?P<part>half)\b(?! (?:a|an)\b|-|-?year| of (?:the )?(?:year|20))(?=(?: of)? )",
        _english_part,
    ),
    (MULTIPLE, "up", r"\b(?P<stem>doubl|tripl|trebl|quadrupl|quintupl)(?:ed|ing|es)\b(?! down)", _fold),
    (MULTIPLE, "up", r"(?<=to |an |ly |st )(?P<stem>doubl|tripl|quadrupl)e\b(?!-| down)", _fold),
    (
        MULTIPLE,
        "",
        r"\b(?P<stem>twice|thrice)(?= as (?:much|many|high|large|big|fast|long)\b"
        r"| (?:the|its|their|what|that of|last) )"
        r"(?! the (?:year|month|week|day|time)\b)",
        _fold,
    ),
    (MULTIPLE, "down", r"\b(?P<stem>halv)(?:ed|ing|es?)\b", _fold),
    (MULTIPLE, "up", r"倍增(?!器)|翻(?P<times>[一两二三])?番|翻(?P<twice>)(?P<times2>)了?(?:一)?倍(?!多)", _fan),
    (MULTIPLE, "down", r"减半|腰斩|砍半", lambda _: Decimal("0.5")),
    (RANK, "", rf"\b(?P<rank>{_ORDINAL}|\d{{1,2}}(?:st|nd|rd|th))[ -](?={_RANK_NOUN}\b)", _ranked),
    (
        RANK,
        "",
        rf"(?:\branked|\branks|\branking|\bplaced|\bcame(?: in)?|\bfinished)(?: at"
        rf"| in)?(?: the)? (?P<rank>{_ORDINAL}|\d{{1,2}}(?:st|nd|rd|th))\b(?! (?:quarter|half))",
        _ranked,
    ),
    (
        RANK,
        "",
        r"(?:\brank(?:ed|s|ing)?(?: at)? |\bthe |\bas |\bat )?(?:No\.? ?|number |#)(?P<rank>\d{1,2}|one|two"
        r"|three|four|five)(?= (?:in|spot|position|globally|worldwide|by|among|place|brand|seller|maker"
        r"|carmaker|smartphone)\b)",
        _ranked,
    ),
    (
        RANK,
        "",
        r"(?:排名|位居|位列|排在?|名列|跻身|居|列|全球|世界|国内|全国|中国|行业"
        r"|市场)[^\d一二三四五六七八九十，。；]{0,8}?第(?P<rank>[一二三四五六七八九十]{1,2}"
        r"|\d{1,2})(?![季代届次条号期批年月个款章辆台天阶财上下轮])",
        _ranked,
    ),
    (RANK, "", r"第(?P<rank>[一二三四五六七八九十]{1,2}|\d{1,2})(?=大(?!型)|名|位(?!数))", _ranked),
    (NUMBER, "", r"(?<=\bwas )(?P<nil>nil|zero)\b|(?<=\bwere )(?P<nil2>nil|zero)\b", _nothing),
    (
        STREAK,
        "",
        r"(?<=连续)(?P<length>[二两三四五六七八九十][一二三四五六七八九十]{0,2}|\d{1,2})个?(?P<unit>季度|月"
        r"|财年|年|交易日|周)",
        _streak,
    ),
    (
        STREAK,
        "",
        rf"\b(?P<length>{_COUNT}|\d{{1,2}}) (?:straight|consecutive|successive) (?P<unit>quarter|month|year"
        rf"|week|day|session)s\b",
        _streak,
    ),
)
_STREAK_UNITS = {"季度": "quarters", "月": "months", "财年": "years", "年": "years", "交易日": "days", "周": "weeks"}
_UNITS = {PART: "fraction", MULTIPLE: "multiple", RANK: "rank"}
_COMPILED = tuple((kind, direction, Triggered.of(pattern), read) for kind, direction, pattern, read in _RULES)


def word_amounts(text: str) -> Iterator[Amount]:
    """Find parts, multiples and ranks of a sentence, in the order of the rules."""
    lowered = text.lower()
    for kind, direction, pattern, read in _COMPILED:
        for found in pattern.finditer(text, lowered):
            yield _amount(kind, direction, found, read)


def _amount(kind: str, direction: str, found: re.Match[str], read: Reader) -> Amount:
    groups = found.groupdict()
    start, end = found.span("rank") if kind == RANK else found.span()
    start -= kind == RANK and found.string[start - 1 : start] == "第"
    unit = _UNITS.get(kind, "")
    if kind == STREAK:
        unit = _STREAK_UNITS.get(found["unit"], f"{found['unit'].lower()}s")
    value = read(found)
    if groups.get("all") in ("百", "100"):
        value, unit = value * 100, "percent"
    return Amount(
        start, end, value, unit=unit, kind=kind, is_more=bool(groups.get("more")) or found[0] == "过半",
        direction=direction, reach=end, is_word=True,
    )  # fmt: skip
