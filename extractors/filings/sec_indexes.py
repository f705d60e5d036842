"""Every filing of a day, or of a quarter: the SEC's own indexes, and the lists of which indexes there are.

Published by   the SEC, daily indexes in the night after, full ones rebuilt each week
Read from      `daily-index/<year>/QTR<n>/master.<day>.idx` and `full-index/<year>/QTR<n>/master.idx`; the other
               kinds (form, company, crawler) hold the same rows in fixed columns
Know that      columns stand where the header says, another place in each kind; names may run over their column;
               days are written in two ways; a day without filings has no file and answers 403; a quarter's first
               file may hold a header only
"""

import gzip
import io
import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import pyarrow as pa

from extractors.client import Client, Fetched
from extractors.errors import NothingThere, ShapeChanged, SourceError
from extractors.filings import sec
from extractors.filings.sec_folders import Folder, read_folder
from extractors.reading import Drift, Reading
from extractors.snapshot import Snapshot
from extractors.source import Need, Query, Source, Window

SOURCE = Source(
    "sec_indexes",
    title="Daily and quarterly indexes of the SEC",
    publisher=sec.PUBLISHER,
    kind="filings",
    home_url=sec.ARCHIVES,
    pace=sec.PACE,
    tables=("core.filings_by_source",),
    terms=sec.TERMS,
    needs=Need.CONTACT,
    is_on_by_default=False,
    why_off="The submissions of each company say the same and more; the indexes of the whole market are a second list.",
    may_be_redistributed=True,
    honours_robots=False,
    missing_marks=sec.MISSING,
)

_ADDRESS = re.compile(
    r"https?://www\.sec\.gov/Archives/edgar/(?P<folder>(?:daily-index|full-index)/(?:(?P<year>\d{4})/QTR(?P<quarter>[1-4])/)?)"
    r"(?P<file>(?:(?P<kind>form|master|company|crawler)(?:\.\d{6,8})?\.(?:idx|gz|idx\.gz))|index\.json|)(?:\?.*)?$",
    re.IGNORECASE,
)
_LINE = re.compile(r"^-{20,}\s*$", re.MULTILINE)
_ROW = re.compile(
    r"^(?P<left>\S.*?)\s+(?P<cik>\d{1,10})\s+(?P<filed>\d{8}|\d{4}-\d\d-\d\d)\s+(?P<file>\S*edgar/data/\S+)\s*$"
)
_MASTER_ROW = re.compile(
    r"^(?P<cik>\d{1,10})\|(?P<company>.*)\|(?P<form>[^|]+)\|(?P<filed>\d{8}|\d{4}-\d\d-\d\d)\|(?P<file>\S*edgar/data/\S+)\s*$"
)
_MOST_BAD_ROWS = 0.01
_LARGEST = 256 * 1024 * 1024
_DAILY_FILE = re.compile(r"master\.(\d{8})\.idx", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FilingIndexFile:
    """The rows of one index: form, company_name, cik, filed (a day), accession, path."""

    kind: str
    filings: pa.Table


def matches(url: str) -> bool:
    """Tell whether this is an index of many filings, or the list of a folder of them."""
    return _ADDRESS.match(url) is not None


def fetch(client: Client, query: Query) -> Iterator[Fetched]:
    """Ask for the full index of each whole quarter, and of other days for those that the quarter's list names."""
    for quarter in _quarters(query.window):
        folder = f"{quarter.start.year}/QTR{(quarter.start.month + 2) // 3}/"
        if query.window.start <= quarter.start and quarter.end <= query.window.end:
            yield client.get(SOURCE, f"{SOURCE.home_url}full-index/{folder}master.idx")
            continue
        listed = client.get(SOURCE, f"{SOURCE.home_url}daily-index/{folder}index.json")
        yield listed
        asked = Window(max(quarter.start, query.window.start), min(quarter.end, query.window.end))
        for name in _files_within(listed, asked):
            yield client.get(SOURCE, f"{SOURCE.home_url}daily-index/{folder}{name}")


def parse(snapshot: Snapshot) -> Reading[FilingIndexFile | Folder]:
    """Read one index, or the list of a folder.

    Raises NothingThere for a day without a file and for an index without rows, ShapeChanged where the header is
    missing or more than one row in a hundred cannot be read.
    """
    asked = _ADDRESS.match(snapshot.url)
    if asked is None:
        raise ShapeChanged("url", snapshot.at("not an address of an index"))
    if asked["kind"] is None:
        folder = read_folder(snapshot)
        return Reading(folder.records, folder.drift)
    sec.require_sec_ok(snapshot)
    text = _text(snapshot)
    line = _LINE.search(text)
    if line is None:
        raise ShapeChanged("header", snapshot.at("no line of dashes under a header"))
    heading = text[: line.start()].rstrip().rpartition("\n")[2]
    kind = asked["kind"].lower()
    rows, bad = _rows(text[line.end() :], heading, kind, snapshot)
    if bad and len(bad) > _MOST_BAD_ROWS * (len(rows) + len(bad)):
        raise ShapeChanged("rows", snapshot.at(f"{len(bad)} rows cannot be read, such as {bad[0][:120]!r}"))
    if not rows:
        raise NothingThere("empty_index", snapshot.at("a header without rows"))
    return Reading((FilingIndexFile(kind, _table(rows)),), tuple(Drift("row", one[:80]) for one in bad[:1]))


def _text(snapshot: Snapshot) -> str:
    body = snapshot.body
    if body.startswith(b"\x1f\x8b"):
        try:
            with gzip.open(io.BytesIO(body)) as file:
                body = file.read(_LARGEST)
        except (OSError, EOFError, zlib.error) as error:
            raise ShapeChanged("body", snapshot.at(f"not gzip: {error}")) from error
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return body.decode("latin-1")


Row = tuple[str, str, int, date, str, str]


def _rows(text: str, heading: str, kind: str, snapshot: Snapshot) -> tuple[list[Row], list[str]]:
    """Read rows; give those that cannot be read as they stand."""
    split = _master if kind == "master" else _splitter(heading, kind, snapshot)
    rows, bad = [], []
    for line in text.splitlines():
        if not line.strip():
            continue
        if row := split(line):
            rows.append(row)
        else:
            bad.append(line)
    return rows, bad


def _master(line: str) -> Row | None:
    found = _MASTER_ROW.match(line)
    return _row(found, found["form"], found["company"]) if found else None


def _splitter(heading: str, kind: str, snapshot: Snapshot) -> Callable[[str], Row | None]:
    """Make what parts the two texts of a row, form and company, by the place of the second in the header."""
    first, second = ("Form Type", "Company Name") if kind == "form" else ("Company Name", "Form Type")
    place = heading.find(second)
    if not heading.startswith(first) or place < len(first):
        raise ShapeChanged("header", snapshot.at(f"header: expected {first} and {second}, got {heading[:80]!r}"))

    def split(line: str) -> Row | None:
        found = _ROW.match(line)
        if found is None:
            return None
        left = found["left"]
        texts = (left[:place], left[place:]) if left[place - 1 : place] == " " else tuple(re.split(r"\s{2,}", left))
        if len(texts) != 2 or not all(text.strip() for text in texts):
            return None
        one, other = (text.strip() for text in texts)
        return _row(found, one, other) if kind == "form" else _row(found, other, one)

    return split


def _row(found: re.Match[str], form: str, company: str) -> Row | None:
    accession = sec.accession_of(found["file"].rpartition("/")[2])
    try:
        filed = date.fromisoformat(found["filed"])
    except ValueError:
        return None
    return (form.strip(), company.strip(), int(found["cik"]), filed, accession, found["file"]) if accession else None


def _table(rows: list[Row]) -> pa.Table:
    names = ("form", "company_name", "cik", "filed", "accession", "path")
    return pa.table(dict(zip(names, (list(column) for column in zip(*rows, strict=True)), strict=True)))


def _quarters(window: Window) -> Iterator[Window]:
    start = date(window.start.year, (window.start.month - 1) // 3 * 3 + 1, 1)
    while start <= window.end:
        after = (start + timedelta(days=95)).replace(day=1)
        yield Window(start, after - timedelta(days=1))
        start = after


def _files_within(listed: Fetched, window: Window) -> list[str]:
    if listed.snapshot is None:
        return []
    try:
        names = parse(listed.snapshot).records[0]
    except SourceError:
        return []
    found = []
    for name in names.names if isinstance(names, Folder) else ():
        day = _DAILY_FILE.fullmatch(name)
        if day and window.start <= date.fromisoformat(day[1]) <= window.end:
            found.append(name)
    return found
