"""A document of a filing: its text by page, whatever it was written in."""

import re
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa

FIGURE_TABLES = (
    "core.filing_documents", "core.filing_document_pages", "core.reported_facts", "core.financial_facts_by_source",
    "core.operating_kpis_by_source", "core.shares_outstanding_by_source", "core.targets", "core.estimates",
)  # fmt: skip
"""The tables that documents fill, with themselves and with the figures that they state."""
_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff]")
_LETTER = re.compile("[A-Za-z]")
_FEWEST = 80
"""Letters below which a text is no document: an empty shell, or the apology of a server."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page. Cells of a row are parted by tabs, lines by line breaks; a page without text is empty."""

    number: int
    """From 1."""
    text: str


@dataclass(frozen=True, slots=True)
class Document:
    """One document that was read. What it does not say of itself is empty."""

    url: str
    """Where it lies; of a part of a submission, where it lies by itself."""
    file_name: str
    media_type: str
    """application/pdf, text/html or text/plain."""
    pages: tuple[Page, ...]
    kind: str = ""
    """What it says that it is, such as 10-Q or EX-99.1."""
    sequence: int | None = None
    title: str = ""
    accession: str = ""
    """Number of the filing at the SEC."""
    cik: int | None = None
    accepted_at: datetime | None = None
    """When the filing was accepted, where the document comes with its header; aware."""
    company: str = ""
    """Id of the company on the watch list, where whoever brought the document said it."""
    said_by: str = ""
    """filing, release, agency or media; empty for a document of a regulator or an exchange."""
    digest: str = ""
    """The hash that names a document which has no number of its own."""
    facts: pa.Table | None = None
    """Tagged facts that it carries, in the columns of `inline_xbrl.SCHEMA`."""
    unreadable_facts: int = 0
    """Tagged facts whose context, unit or number could not be read."""

    @property
    def text(self) -> str:
        """All pages, one after the other."""
        return "\n".join(page.text for page in self.pages)


def numbered(texts: list[str]) -> tuple[Page, ...]:
    """Number pages from 1."""
    return tuple(Page(number, text) for number, text in enumerate(texts, start=1))


def has_substance(texts: list[str]) -> bool:
    """Tell whether there is enough text for a document."""
    found = 0
    for text in texts:
        found += 3 * len(_HAN.findall(text)) + len(_LETTER.findall(text))
        if found >= _FEWEST:
            return True
    return False


def is_chinese(text: str) -> bool:
    """Tell whether most of a text is Chinese: a Han character counts for about three letters."""
    return 3 * len(_HAN.findall(text)) > len(_LETTER.findall(text))
