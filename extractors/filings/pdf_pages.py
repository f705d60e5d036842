"""The text of a PDF, page by page, in the lines and columns that a reader sees.

Know that      PDFium reads fast and is not safe in two threads at once; results announcements of Hong Kong have no
               ruling lines, so that only gaps part their columns; their type is justified, which puts gaps between
               characters of one word; fonts without a map to Unicode give rubbish, for which there is a second reader
"""

import io
import logging
from threading import Lock

import pypdfium2
import pypdfium2.raw as pdfium

from extractors.errors import NothingThere, Refused, ShapeChanged, Unavailable
from extractors.filings.pdf_lines import lines_of, placed_characters
from extractors.snapshot import Snapshot

logging.getLogger("pdfminer").setLevel(logging.ERROR)  # it warns of every oddity of every font

_ONE_AT_A_TIME = Lock()
_START = b"%PDF-"
_END = b"%%EOF"
_HEAD, _TAIL = 1_024, 4_096
_MOST_PAGES = 3_000
_UNMAPPED = "(cid:"
_WORST_SHARE = 0.2
"""Share of characters without a map to Unicode from which on a page cannot be read."""


def is_pdf(body: bytes) -> bool:
    """Tell whether bytes are a PDF, whole or not."""
    return _START in body[:_HEAD]


def pdf_pages(snapshot: Snapshot) -> list[str]:
    """Give the text of each page; one page is open at a time.

    Raises Unavailable for a file that ends too early, Refused for one that needs a password, NothingThere for one
    that holds pictures of text only, ShapeChanged where it is broken or its fonts say nothing.
    """
    body = snapshot.body
    if _END not in body[-_TAIL:]:
        raise Unavailable("cut", snapshot.at("the PDF ends before its end"))
    with _ONE_AT_A_TIME:
        texts, unreadable = _read(snapshot)
    for number in unreadable:
        texts[number] = _second_reading(body, number)
    if any(text.strip() for text in texts):
        return texts
    if unreadable:
        raise ShapeChanged("fonts", snapshot.at("the fonts of the PDF have no map to Unicode"))
    raise NothingThere("no_text_layer", snapshot.at(f"{len(texts)} pages of pictures without text"))


def _read(snapshot: Snapshot) -> tuple[list[str], list[int]]:
    """Read all pages; give the texts, and which pages could not be read."""
    try:
        document = pypdfium2.PdfDocument(snapshot.body)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY):
            raise Refused("encrypted", snapshot.at("the PDF needs a password")) from error
        raise ShapeChanged("body", snapshot.at(f"not a PDF that can be read: {error}")) from error
    try:
        if len(document) > _MOST_PAGES:
            raise ShapeChanged("pages", snapshot.at(f"{len(document)} pages"))
        texts: list[str] = []
        unreadable = []
        for number in range(len(document)):
            text, share = _page(document, number, snapshot)
            texts.append(text)
            if share > _WORST_SHARE:
                unreadable.append(number)
        return texts, unreadable
    finally:
        document.close()


def _page(document: pypdfium2.PdfDocument, number: int, snapshot: Snapshot) -> tuple[str, float]:
    """Give the text of one page and the share of its characters that have no map to Unicode."""
    try:
        page = document[number]
        try:
            characters, unmapped = placed_characters(page)
        finally:
            page.close()
    except pypdfium2.PdfiumError as error:
        raise ShapeChanged("page", snapshot.at(f"page {number + 1} cannot be read: {error}")) from error
    total = len(characters) + unmapped
    return "\n".join(lines_of(characters)), unmapped / total if total else 0.0


def _second_reading(body: bytes, number: int) -> str:
    """Read one page with the other engine; empty where that does not know the characters either."""
    # Imported where it is needed, which is seldom: it takes a fifth of a second.
    import pdfplumber
    from pdfminer.pdfexceptions import PDFException
    from pdfplumber.utils.exceptions import PdfminerException

    try:
        with pdfplumber.open(io.BytesIO(body), pages=[number + 1]) as document:
            text = document.pages[0].extract_text() or ""
    except (PDFException, PdfminerException, ValueError, KeyError, IndexError, TypeError):
        return ""
    return "" if text.count(_UNMAPPED) > _WORST_SHARE * len(text.split()) else text
