"""The document behind a cell, shown: a PDF at its page, anything else as a page that runs nothing and asks nobody.

A saved page from the web stands in a sandbox without scripts, forms or addresses of its own, under a policy that
lets nothing be loaded; what is no page is shown as text.
"""

import re
import tempfile
import webbrowser
from collections.abc import Callable
from html import escape
from pathlib import Path

from extractors.archive import Archive, ArchiveError
from extractors.snapshot import Snapshot
from warehouse.home import Home
from warehouse.why import Chain, Explanation

_PAGE = re.compile(r"^page (\d+)")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_CALLING = re.compile(r"<(/?)(link|meta|base)\b", re.IGNORECASE)
"""Tags that ask for something or lead elsewhere without a script: as tags of no meaning they do nothing."""
_FRAME = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; \
form-action 'none'; base-uri 'none'">
<meta http-equiv="x-dns-prefetch-control" content="off">
<title>{title}</title>
<style>html, body {{ margin: 0; height: 100%; }} body {{ display: flex; flex-direction: column; }}
header {{ padding: .5rem 1rem; font: .85rem/1.4 system-ui, sans-serif; border-bottom: 1px solid #888; \
overflow-wrap: anywhere; }}
iframe {{ flex: 1; border: 0; background: #fff; }} pre {{ flex: 1; margin: 0; padding: 1rem; overflow: auto; \
white-space: pre-wrap; overflow-wrap: anywhere; }}</style></head>
<body><header>Saved by Dragongate at {at} from {url}; sha256 {sha256}. Shown without scripts and pictures.</header>
{body}
</body></html>
"""
_HTML = frozenset({"text/html", "application/xhtml+xml"})
_LONGEST_HEAD = 4096


class NothingToShow(Exception):
    """No document stands behind the cell, or nothing here can show it; the message says which."""


def save_document(found: Explanation, home: Home, target: Path) -> Path:
    """Write the body behind a cell as it came. Raises NothingToShow."""
    _, snapshot = _document(found, home)
    target.write_bytes(snapshot.body)
    return target


def open_document(found: Explanation, home: Home, show: Callable[[str], bool] = webbrowser.open) -> str:
    """Show the body behind a cell from a private file of its own, and give its address. Raises NothingToShow."""
    chain, snapshot = _document(found, home)
    is_pdf = snapshot.body.startswith(b"%PDF-")
    folder = Path(tempfile.mkdtemp(prefix="dragongate-"))  # readable by its owner alone
    path = folder / f"saved.{'pdf' if is_pdf else 'html'}"
    path.write_bytes(snapshot.body if is_pdf else as_page(snapshot).encode())
    address = path.as_uri() + (f"#page={page_of(chain)}" if is_pdf else "")
    if not show(address):
        path.unlink()
        folder.rmdir()
        raise NothingToShow("nothing here can show it: `--save FILE` writes the body instead")
    return address


def page_of(chain: Chain) -> int:
    """Tell on which page of its document a reading stands; 1 where it says none."""
    places = chain.reading.get("evidence") or ()
    found = (_PAGE.match(one) for one in ([places] if isinstance(places, str) else places))
    return next((int(one[1]) for one in found if one), int(chain.reading.get("page_number") or 1))


def as_page(snapshot: Snapshot) -> str:
    """Write a body as a page that runs nothing and loads nothing."""
    text = text_of(snapshot)
    if snapshot.media_type in _HTML and "<" in text:
        inert = escape(_CALLING.sub(r"<\1x-\2", text), quote=True)
        body = f'<iframe sandbox="" referrerpolicy="no-referrer" title="The saved page" srcdoc="{inert}"></iframe>'
    else:
        body = f"<pre>{escape(text)}</pre>"
    return _FRAME.format(
        title=escape(snapshot.url),
        at=f"{snapshot.fetched_at:%Y-%m-%d %H:%M} UTC",
        url=escape(snapshot.url),
        sha256=snapshot.sha256,
        body=body,
    )


def text_of(snapshot: Snapshot) -> str:
    """Read a body as text: by the charset that it was sent with or states itself, else as UTF-8 or GB 18030."""
    head = snapshot.body[:_LONGEST_HEAD].decode("latin-1")
    stated = _CHARSET.search(snapshot.headers.get("content-type", "")) or _CHARSET.search(head)
    for charset in (*([stated[1]] if stated else []), "utf-8-sig", "gb18030"):
        try:
            return snapshot.body.decode(charset)
        except (LookupError, UnicodeDecodeError):
            continue
    return snapshot.body.decode("utf-8", "replace")


def _document(found: Explanation, home: Home) -> tuple[Chain, Snapshot]:
    """Choose what to show: the first reading of which the bytes are here, one of a document before all others."""
    archive = Archive(home.archive)
    for chain in sorted(found.chains, key=lambda chain: not chain.reading.get("evidence")):
        if snapshot := snapshot_of(archive, chain):
            return chain, snapshot
    raise NothingToShow("no saved answer of it is in the archive" if found.chains else "no document stands behind it")


def snapshot_of(archive: Archive, chain: Chain) -> Snapshot | None:
    """Read the saved answer behind a reading; None where the archive does not hold it any more."""
    row = chain.snapshot
    if row is None:
        return None
    place = archive.place_of(str(row["snapshot_id"]), str(row["archive_file"]), int(row["archive_offset"]))
    try:
        return archive.snapshot(*place)
    except ArchiveError:
        return None
