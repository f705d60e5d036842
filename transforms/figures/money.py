"""The currency of a document as a whole, and the units of numbers per share and of shares."""

import re
from dataclasses import dataclass
from decimal import Decimal

from extractors.filings.document import Document, is_chinese
from transforms.claims.scripts import is_traditional
from transforms.figures.cells import Number
from transforms.figures.plain import plain
from transforms.figures.units import Unit, states_unit, unit_of

_SHARES_LABEL = re.compile(r"\(([^()]*)\)")
_DOLLARS = re.compile(r"(?<![A-Z])\$\s?\d")
_OTHER_DOLLARS = re.compile(
    r"HK\$|S\$|C\$|A\$|NT\$|RMB|Canadian dollar|Hong Kong dollar|Singapore dollar|Australian dollar"
)
_FIRST = 60_000


@dataclass(frozen=True, slots=True)
class Money:
    """What a document says of its money, everywhere."""

    unit: Unit
    dollars: str
    """Whose a dollar sign alone is; empty where several may be meant."""
    yuan: str
    """Whose 元 alone is."""
    is_scaled: bool = False
    """Some caption counts in thousands or more: a table that names a currency alone may be below it."""

    def scale_of(self, unit: Unit) -> Decimal | None:
        """Give the scale of amounts; None where nothing says it."""
        if unit.scale is not None:
            return unit.scale
        return Decimal(1) if unit.is_plain and not self.is_scaled else None

    def currency_of(self, label: str, number: Number, unit: Unit) -> str:
        """Give the currency of a number: by its sign, its label's brackets, its column, its document."""
        return (
            number.currency
            or _in_brackets(label).currency
            or unit.currency
            or self.unit.currency
            or self.dollars
            or self.yuan
        )

    def per_share_scale(self, label: str, unit: Unit) -> Decimal:
        """Give 1, or a hundredth where the label or the column counts cents."""
        said = _in_brackets(label)
        is_cents = said.is_cents or (unit.is_cents and not said.currency)
        return Decimal("0.01") if is_cents else Decimal(1)

    def shares_scale(self, label: str, unit: Unit) -> Decimal | None:
        """Give how many shares one stands for; None where nothing says it."""
        said = unit_of(f"({match[1]})") if (match := _SHARES_LABEL.search(plain(label))) else Unit()
        if said.shares_scale is not None:
            return said.shares_scale
        return unit.shares_scale


def money_of(document: Document) -> Money:
    """Find the currency in which a document reports, by its captions, else by the only one that it names."""
    text = "\n".join(page.text for page in document.pages[:12])[:_FIRST]
    found = Unit()
    for line in text.split("\n"):
        if states_unit(line) and (said := unit_of(line)).currency:
            found = Unit(currency=said.currency)
            break
    dollars = "USD" if _DOLLARS.search(text) and not _OTHER_DOLLARS.search(text) else ""
    yuan = "CNY" if is_chinese(text) and not is_traditional(text[:20_000]) else ""
    is_scaled = any(states_unit(line) and (unit_of(line).scale or 1) > 1 for line in text.split("\n"))
    return Money(found, dollars, yuan, is_scaled)


def _in_brackets(label: str) -> Unit:
    found = _SHARES_LABEL.findall(plain(label))
    return unit_of(found[-1]) if found else Unit()
