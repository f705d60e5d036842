"""Documents that a person added by hand: a results announcement minutes after it is out, an article that was kept.

Published by   whom its address says; added by the operator with `dragongate add`
Read from      records of the home's archive: the bytes as they are, and in the record's name what the person said
Know that      the address is where it lies for others, and is not asked; a document is public from when the person
               says; PDF, HTML and plain text are read like those of any source
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from urllib.parse import parse_qs, urlencode, urlsplit

from lxml.etree import LxmlError

from extractors.client import Client, Fetched
from extractors.errors import NothingThere, ShapeChanged
from extractors.filings.document import FIGURE_TABLES, Document, has_substance, numbered
from extractors.filings.html_pages import html_pages
from extractors.filings.pdf_pages import is_pdf, pdf_pages
from extractors.filings.plain_pages import plain_pages
from extractors.news.text_decoding import decode
from extractors.reading import Reading
from extractors.snapshot import Snapshot
from extractors.source import Pace, Query, Source

SOURCE = Source(
    "added_documents",
    title="Documents that people added by hand",
    publisher="the operator",
    kind="reference",
    home_url="urn:dragongate:document",
    pace=Pace(0),
    tables=FIGURE_TABLES,
    terms="Documents stay the work of those who wrote them; facts are kept, and where they stand.",
)

_URI = "urn:dragongate:document?"
_PDF, _HTML, _TEXT = "application/pdf", "text/html", "text/plain"
_NO_TEXT = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
"""What no text holds; breaks, tabs and the escape character may stand in one."""
_MARKUP = (b"<!doctype", b"<html", b"<?xml", b"<document>", b"<body", b"<div", b"<table", b"<p>")


@dataclass(frozen=True, slots=True)
class Added:
    """What a person says of a document."""

    url: str
    available_at: datetime
    """When it was public; aware."""
    company: str
    """Id on the watch list."""
    said_by: str
    """filing, release, agency or media: whose word its figures are."""
    author: str
    """Who added it."""


def matches(url: str) -> bool:
    """Tell whether this is a document that somebody added."""
    return url.startswith(_URI)


def fetch(client: Client, query: Query) -> Iterator[Fetched]:
    """Ask nobody: a document comes when somebody adds it, and a replay has those that were added."""
    del query
    yield from client.brought(SOURCE, matches)


def keep(client: Client, body: bytes, added: Added) -> Iterator[Fetched]:
    """Archive a document with what is said of it. Raises ArchiveError when it cannot be written."""
    yield client.keep(SOURCE, uri_of(body, added), body, media_type_of(body), chunk=added.company)


def uri_of(body: bytes, added: Added) -> str:
    """Name the record: the hash of the bytes, and everything that the person said."""
    said = {
        "sha256": sha256(body).hexdigest(),
        "url": added.url,
        "available_at": added.available_at.astimezone(UTC).isoformat(),
        "company": added.company,
        "said_by": added.said_by,
        "author": added.author,
    }
    return _URI + urlencode(said)


def media_type_of(body: bytes) -> str:
    """Tell a PDF, a page and a text apart by their first bytes."""
    if is_pdf(body):
        return _PDF
    return _HTML if body[:2_000].lstrip().lower().startswith(_MARKUP) else _TEXT


def parse(snapshot: Snapshot) -> Reading[Document]:
    """Read one document.

    Raises NothingThere for one without text, ShapeChanged for a record that says not enough, and what `pdf_pages`
    raises.
    """
    said = {name: values[0] for name, values in parse_qs(snapshot.url.removeprefix(_URI)).items()}
    for name in ("url", "available_at", "company", "said_by"):
        if name not in said:
            raise ShapeChanged(name, snapshot.at(f"{name} is missing"))
    media_type = media_type_of(snapshot.body)
    document = Document(
        url=said["url"],
        file_name=urlsplit(said["url"]).path.rpartition("/")[2] or "document",
        media_type=media_type,
        pages=numbered(_pages(media_type, snapshot)),
        accepted_at=_instant(said["available_at"], snapshot),
        company=said["company"],
        said_by=said["said_by"],
        digest=snapshot.sha256,
    )
    return Reading((document,))


def _pages(media_type: str, snapshot: Snapshot) -> list[str]:
    if media_type == _PDF:
        return pdf_pages(snapshot)
    text = decode(snapshot)
    if _NO_TEXT.search(text):
        raise ShapeChanged("body", snapshot.at("neither a PDF nor a page nor a text: it holds control characters"))
    try:
        pages = html_pages(text) if media_type == _HTML else plain_pages(text)
    except (LxmlError, ValueError) as error:
        raise ShapeChanged("body", snapshot.at(f"not HTML: {error}")) from error
    if not has_substance(pages):
        raise NothingThere("no_text", snapshot.at("a document without text"))
    return pages


def _instant(text: str, snapshot: Snapshot) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise ShapeChanged("available_at", snapshot.at(str(error))) from error
    if found.tzinfo is None:
        raise ShapeChanged("available_at", snapshot.at(f"{text}: a time without a zone"))
    return found
