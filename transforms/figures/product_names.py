"""Which brand, model or class a number in a sentence is of."""

import re
from dataclasses import dataclass

from transforms.figures.figure import ALL

_NAMES: tuple[tuple[str, str], ...] = (
    ("Model 3/Y", r"Models? 3(?:/Y| and (?:Model )?Y| & (?:Model )?Y|, ?Y)"),
    ("Model S/X", r"Models? S(?:/X| and (?:Model )?X| & (?:Model )?X)"),
    ("Other Models", r"(?:all )?other (?:Tesla )?(?:vehicle )?models?"),
    ("Model 3", r"Model 3\b(?!/)"),
    ("Model Y", r"Model Y\b"),
    ("Model S", r"Model S\b(?!/)"),
    ("Model X", r"Model X\b"),
    ("Cybertruck", r"Cybertrucks?"),
    ("ONVO", r"ONVO|乐道|樂道"),
    ("FIREFLY", r"FIREFLY|萤火虫|螢火蟲"),
    ("NIO", r"NIO[- ]brand(?:ed)?|brand NIO|under (?:the|its) NIO|NIO 品牌|蔚来品牌|蔚來品牌"),
    (
        "Battery electric passenger vehicles",
        r"passenger BEVs?|BEV passenger (?:vehicles?|cars?)|(?:pure|battery|fully|"
        r"all)[- ]electric passenger (?:vehicles?|cars?)|"
        r"纯电动乘用车|純電動乘用車",
    ),
    (
        "Plug-in hybrid passenger vehicles",
        r"passenger PHEVs?|PHEV passenger (?:vehicles?|cars?)|"
        r"plug-?in hybrid(?: electric)? passenger (?:vehicles?|cars?)|"
        r"插电式混合动力乘用车|插電式混合動力乘用車",
    ),
    ("Battery electric vehicles", r"BEVs?|(?:pure|battery|fully|all)[- ]electric(?: (?:vehicles?|cars?|models?))?|"
        r"纯电动?|純電動?"),
    (
        "Plug-in hybrid vehicles",
        r"PHEVs?|plug-?in hybrids?(?: electric)?(?: (?:vehicles?|cars?|models?))?|插电式?混合?动力?|插電式?混合?動力?",
    ),
    ("Passenger vehicles", r"passenger (?:vehicles?|cars?|NEVs?)|乘用车|乘用車"),
    ("Commercial vehicles", r"commercial (?:vehicles?|NEVs?)|商用车|商用車"),
    ("", r"(?:premium |smart |electric |mid-?size |large |flagship |family |sports )*(?:SUV|sedan|MPV|crossover|"
        r"coupe|truck)s?"),
    ("", r"(?:Li |理想)(?:ONE|MEGA|[Li][6-9])"),
    ("", r"(?:MONA M03|MONA|P7i|P7\+|P7|P5|G3i|G3|G6|G7|G9|X9)(?![A-Za-z\d+])"),
    ("", r"(?:SU7 Ultra|SU7|YU7)"),
    ("", r"(?:ES[678]|EC[67]|ET[579]T?)(?![A-Za-z\d])"),
    ("Denza", r"Denza|腾势|騰勢"),
    ("Yangwang", r"Yangwang|仰望"),
    ("Fangchengbao", r"Fang ?Cheng ?Bao|方程豹"),
)  # fmt: skip
_COMPILED = tuple((name, re.compile(rf"(?<![A-Za-z\d]){words}(?![A-Za-z])", re.IGNORECASE)) for name, words in _NAMES)
PARTS = re.compile(
    r"consist(?:s|ed|ing) of|includ(?:es?|ed|ing)|compris(?:es?|ed|ing)|(?:made|broken) (?:up|down)|of which|"
    r"of whom|among (?:which|them|these)|"
    r"breakdown|breaking down|其中|包括|当中|當中|分别|分別",
    re.IGNORECASE,
)
"""Words after which numbers are of parts."""
_RELATIVE = re.compile(
    r"[,(]\s?(?:which|that) (?:also )?(?:includes?|consists? of|comprises?)[^,)]*[,)]", re.IGNORECASE
)
_ELSEWHERE = re.compile(
    r"overseas|abroad|outside|export|international|domestic|in (?:china|europe|norway|germany|the u\.?s|israel|"
    r"hong kong)\b|"
    r"mainland|海外|出口|境外|国内|國內|欧洲|歐洲",
    re.IGNORECASE,
)
_OF_WHAT = re.compile(
    r"[Dd]eliver(?:ies|ed|y)?(?: volumes?)? (?:of|for) (?:the |its |our |their |all )?(?:all-new |"
    r"new )?(?P<name>[A-Z\d][\w+-]*)|"
    r"(?P<before>\b[A-Z][\w+-]*(?: [A-Z\d][\w+-]*)?) (?:deliver(?:ies|y)|sales|production)\b"
)
_NO_PRODUCT = re.compile(
    r"^(?:Total|Vehicle|Quarterly|Monthly|Annual|Full|Q[1-4]|Cumulative|The|In|For|As|Company|Group|NEVs?|EVs?|"
    r"Smart|New|Its|Our|"
    r"Global|Record|January|February|March|April|May|June|July|August|September|October|November|December|20\d\d|"
    r"Fourth|Third|"
    r"Second|First|Key|Overall|Combined|This|Such|Worldwide|Year|Strong|Operating|Car|And|With)\b"
)
_JOINED = re.compile(
    r"^\s?(?:units?|vehicles?|cars?)?\s?(?:were |was )?(?:of (?:the |its |our )?|came from |from |were )?\s?$"
)


@dataclass(frozen=True, slots=True)
class Named:
    """A product that is named, with its place."""

    product: str
    start: int
    end: int


def products_in(text: str) -> list[Named]:
    """List the products that a text names, in order; where two overlap the one that stands first in our list holds."""
    taken: list[Named] = []
    for name, pattern in _COMPILED:
        for found in pattern.finditer(text):
            if not any(one.start < found.end() and found.start() < one.end for one in taken):
                taken.append(Named(name or found[0].strip(), *found.span()))
    return sorted(taken, key=lambda one: one.start)


def product_of(
    sentence: str, start: int, end: int, before: int, after: int, company_names: frozenset[str], *, is_new_metric: bool
) -> str | None:
    """Give the product of the number at `start`, between the numbers before and after it; None where it is open.

    What a sentence says before its first number is of the whole; after `including` each number is of a part, which
    must be named, as must be what follows a number in a list of parts. A number of another metric than the one before
    it is of the same product.
    """
    plain = _RELATIVE.sub(lambda found: " " * len(found[0]), sentence)
    left, right = plain[:start], plain[end:after]
    if _ELSEWHERE.search(left) or _ELSEWHERE.search(right):
        return None
    marks = list(PARTS.finditer(left))
    if marks:
        own = products_in(right.split(";")[0]) or products_in(plain[max(before, marks[-1].end()) : start])
        if not own and is_new_metric:
            own = products_in(plain[marks[-1].end() : start])
            own = own if len({one.product for one in own}) == 1 else []
        return own[0].product if own else None
    named = products_in(left[_clause(left) :])
    close = [one for one in products_in(right) if _JOINED.match(right[: one.start])]
    between = {one.product for one in products_in(plain[before:start])} if before else set()
    found = between if len(between) == 1 else {one.product for one in named} | {one.product for one in close[:1]}
    if len(found) > 1:
        return None
    if found:
        return found.pop()
    return None if _names_unknown(plain, company_names) else ALL


def _clause(left: str) -> int:
    """Give where the clause of a number begins: at the last stop that no list of products can hold."""
    return max((found.end() for found in re.finditer(r"[;；]|, while |, but |，而", left)), default=0)


def _names_unknown(sentence: str, company_names: frozenset[str]) -> bool:
    """Tell whether deliveries are of something with a name that is none of ours: a new brand or model perhaps."""
    for found in _OF_WHAT.finditer(sentence):
        name = found["name"] or found["before"]
        words = name.split()
        rest = [
            one
            for one in words
            if not _NO_PRODUCT.match(one) and one.lower() not in company_names and not one.isdigit()
        ]
        if rest:
            return True
    return False
