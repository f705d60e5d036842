"""How each house writes the code of a line, where that follows from the exchange's own code alone.

The watch list keeps codes as they are and derives none; these rules fill a new entry once, for a person to look at.
A ticker with a class (BRK-B) is written differently by every house, so that only Yahoo's form is filled.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

UNKNOWN_US = ""
"""The exchange of a New York ticker that does not say which one it is."""


class BadCode(Exception):
    """A code that no rule reads; the message says what codes look like."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line as an exchange names it; the exchange is empty where a ticker alone does not tell."""

    exchange: str
    code: str

    @property
    def is_us(self) -> bool:
        """Whether it is a line of New York."""
        return self.exchange in (UNKNOWN_US, "XNAS", "XNYS")


_FORMS: tuple[tuple[str, Callable[[re.Match[str]], Line]], ...] = (
    (r"(?:HK:|XHKG:)?(\d{1,5})(?:\.HK)?", lambda found: Line("XHKG", found[1].zfill(5))),
    (r"(?:XSHE:)?([023]\d{5})(?:\.SZ)?", lambda found: Line("XSHE", found[1])),
    (r"(?:XSHG:)?([69]\d{5})(?:\.S[SH])?", lambda found: Line("XSHG", found[1])),
    (r"(XNAS|XNYS):([A-Z]{1,5}(?:[.-][A-Z]{1,2})?)", lambda found: Line(found[1], _dashed(found[2]))),
    (r"([A-Z]{1,5}(?:[.-][A-Z])?)(?:\.US)?", lambda found: Line(UNKNOWN_US, _dashed(found[1]))),
)
"""What people write, in order; the first that fits holds."""


def line_of(text: str) -> Line:
    """Read a code as people write it: 9988.HK, 09988, 002594.SZ, 600519.SS, TSLA, XNYS:BABA.

    Raises BadCode for anything else.
    """
    for form, line in _FORMS:
        if found := re.fullmatch(form, text.strip().upper()):
            return line(found)
    raise BadCode(f"{text!r} is no code that we know; write it like 9988.HK, 002594.SZ, 600519.SS, TSLA or XNYS:BABA")


def vendor_codes(line: Line) -> Mapping[str, str]:
    """Write the code as each house does, by the field of the watch list; a house whose form is not sure is left out."""
    code = line.code
    if line.exchange == "XHKG":
        return {
            "yahoo": f"{int(code):04}.HK",
            "tencent": f"hk{code}",
            "sina": f"rt_hk{code}",
            "eastmoney": f"116.{code}",
        }
    if line.exchange in ("XSHE", "XSHG"):
        city, suffix, market = {"XSHE": ("sz", "SZ", 0), "XSHG": ("sh", "SS", 1)}[line.exchange]
        local = f"{city}{code}"
        return {"yahoo": f"{code}.{suffix}", "tencent": local, "sina": local, "eastmoney": f"{market}.{code}"}
    if "-" in code:
        return {"yahoo": code}
    venue, market = {"XNAS": ("OQ", 105), "XNYS": ("N", 106)}[line.exchange]
    return {
        "yahoo": code,
        "tencent": f"us{code}",
        "tencent_daily": f"us{code}.{venue}",
        "sina": f"gb_{code.lower()}",
        "eastmoney": f"{market}.{code}",
        "nasdaq": code,
        "alpha_vantage": code,
        "stooq": f"{code.lower()}.us",
    }


def _dashed(ticker: str) -> str:
    """Write a class as the SEC and Yahoo do."""
    return ticker.replace(".", "-")
