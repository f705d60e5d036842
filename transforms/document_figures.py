"""All figures that a document states, by every reader of documents."""

from collections.abc import Callable, Iterator
from datetime import date
from functools import cache, lru_cache
from hashlib import sha256
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from extractors.filings.document import Document
from extractors.watchlist import Company
from transforms.figures.arithmetic import Check, check_figures
from transforms.figures.deliveries import read_delivery_tables
from transforms.figures.figure import Figure
from transforms.figures.prose import read_prose, read_rates
from transforms.figures.returns import read_returns
from transforms.figures.tables import read_tables

Reader = Callable[[Document, date, Company, str], tuple[Figure, ...]]

_REPORTS = ("10-K", "10-Q", "20-F", "40-F", "S-", "F-", "424B", "DEF 14A")
_MOST_PAGES = 60
"""Pages from which on a document is a report, not a release."""
_READ_BY = ("transforms.figures", "transforms.claims")


def _tables(document: Document, published: date, company: Company, language: str) -> tuple[Figure, ...]:
    del company
    return read_tables(document, published=published, language=language)


def _deliveries(document: Document, published: date, company: Company, language: str) -> tuple[Figure, ...]:
    return read_delivery_tables(document, published=published, company=company, language=language)


def _returns(document: Document, published: date, company: Company, language: str) -> tuple[Figure, ...]:
    del published, company, language
    return read_returns(document)


def _prose(document: Document, published: date, company: Company, language: str) -> tuple[Figure, ...]:
    if not has_prose(document):
        return ()
    return read_prose(document, published=published, company=company, language=language)


READERS: tuple[Reader, ...] = (_tables, _deliveries, _returns, _prose)
"""Tables before sentences: a table is more exact."""


def has_prose(document: Document) -> bool:
    """Tell a release from a whole report, whose sentences are of notes, risks and other years."""
    return not document.kind.upper().startswith(_REPORTS) and len(document.pages) <= _MOST_PAGES


def read_figures(document: Document, *, published: date, company: Company, language: str) -> tuple[Figure, ...]:
    """Read a document with every reader; what two of them find at one place is given once."""
    return _read_once(document, published, company, language)


def check_document(document: Document, *, published: date, company: Company, language: str) -> tuple[Check, ...]:
    """Try every sum and every stated growth of the figures of a document."""
    figures = _read_once(document, published, company, language)
    if not has_prose(document):
        return check_figures(figures)
    return check_figures(figures, read_rates(document, published=published, company=company, language=language))


@lru_cache(maxsize=1)
def _read_once(document: Document, published: date, company: Company, language: str) -> tuple[Figure, ...]:
    """Read a document for both its rows and its checks."""
    found: dict[tuple[object, ...], Figure] = {}
    for reader in READERS:
        for figure in reader(document, published, company, language):
            found.setdefault(_identity(figure), figure)
    return tuple(found.values())


def _identity(figure: Figure) -> tuple[object, ...]:
    place, period = figure.place, figure.period
    return (place.page, place.start, place.end, figure.metric, period, figure.segment, figure.product, figure.currency)


@cache
def reader_version() -> str:
    """Give a short hash of the code of all readers: a document that another version read is read again."""
    digest = sha256()
    for path in _sources():
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _sources() -> Iterator[Path]:
    for package in _READ_BY:
        module = import_module(package)
        for folder in module.__path__:
            yield from sorted(Path(folder).glob("*.py"))
    spec = find_spec("transforms.metrics")
    if spec and spec.origin:
        yield Path(spec.origin)
