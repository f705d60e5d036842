"""The list of a folder at the SEC, as JSON or as a page: which files there are."""

import re
from dataclasses import dataclass

from lxml.etree import LxmlError

from extractors.errors import Refused, ShapeChanged
from extractors.filings import sec
from extractors.news.page_tree import tree_of, visible_text
from extractors.news.text_decoding import decode
from extractors.reading import Drift, Reading, Record, json_body
from extractors.snapshot import Snapshot

_TITLE = re.compile(rb"<title>\s*Directory listing of ([^<]+?)\s*</title>", re.IGNORECASE)
_NOT_NAMES = frozenset({"", ".", "..", "Parent Directory"})


@dataclass(frozen=True, slots=True)
class Folder:
    """The files of one folder, by name; the folders in it end in a slash on a page."""

    name: str
    names: tuple[str, ...]
    sizes: tuple[int | None, ...] = ()
    """In bytes where the list says them."""


def read_folder(snapshot: Snapshot) -> Reading[Folder]:
    """Read the list of a folder.

    Raises Refused for another page in its place, ShapeChanged where names are missing.
    """
    sec.require_sec_ok(snapshot, pages_are_data=True)
    if snapshot.body.lstrip().startswith(b"{"):
        return _from_json(snapshot)
    title = _TITLE.search(snapshot.body[:20_000])
    if title is None:
        if snapshot.body.lstrip().startswith(b"<"):
            raise Refused("block_page", snapshot.at("a page that is no list of a folder"))
        raise ShapeChanged("body", snapshot.at("neither JSON nor a page"))
    try:
        tables = tree_of(decode(snapshot)).iter("table")
    except (LxmlError, ValueError) as error:
        raise ShapeChanged("body", snapshot.at(f"not HTML: {error}")) from error
    names = tuple(
        name for table in tables for link in table.iter("a") if (name := visible_text(link)) not in _NOT_NAMES
    )
    if not names:
        raise ShapeChanged("table", snapshot.at("no file in the list"))
    return Reading((Folder(title[1].decode("latin-1"), names),))


def _from_json(snapshot: Snapshot) -> Reading[Folder]:
    drift: list[Drift] = []
    body = Record(json_body(snapshot), snapshot)
    with body.exhausted(drift):
        directory = body.record("directory")
    with directory.exhausted(drift, ignore=frozenset({"parent-dir"})):
        items = directory.records("item")
        name = directory.text("name")
    names, sizes = [], []
    for item in items:
        with item.exhausted(drift, ignore=frozenset({"last-modified", "type", "href"})):
            names.append(item.text("name"))
            sizes.append(_bytes(item.optional_text("size") or ""))
    if not names:
        raise ShapeChanged("directory.item", snapshot.at("no file in the list"))
    return Reading((Folder(name, tuple(names), tuple(sizes)),), tuple(drift))


def _bytes(text: str) -> int | None:
    """Read a size: bytes for a filing's files, a rounded `1234 KB` for indexes."""
    found = re.fullmatch(r"(\d{1,15})\s*(KB)?", text)
    return int(found[1]) * (1024 if found[2] else 1) if found else None
