"""Pack what stands behind one cell into a zip that a stranger can check: the row, the way to it, the bytes, the terms.

The same archive and the same published data give the same zip, byte for byte.
"""

import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from typing import Any

from extractors.archive import Archive, ArchiveError
from extractors.warc_copying import small_warc
from extractors.warc_frames import Frame
from flows.commands.terminal import json_text
from warehouse.evidence import Evidence
from warehouse.home import Home

WARC = "evidence.warc.gz"
SUMS = "SHA256SUMS"
_ENDINGS: Mapping[str, str] = {
    "application/atom+xml": "xml",
    "application/json": "json",
    "application/pdf": "pdf",
    "application/rss+xml": "xml",
    "application/toml": "toml",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/xml": "xml",
    "application/zip": "zip",
    "text/csv": "csv",
    "text/html": "html",
    "text/plain": "txt",
    "text/xml": "xml",
}
_README = """# Evidence for {table}
{key}

Packed by Dragongate from its archive. Nothing in here was changed after it came from its source; bodies have the
transfer's compression undone and are otherwise as sent.

| file | what it is |
| --- | --- |
| row.json | the row, the readings that it was chosen from, the documents that it leads to, what it said before |
| chain.json | the way to the bytes: address, time, hash, place in the archive, run, version, robots rule |
| terms.json | who published it, on what terms, and whether it may be passed on |
| {warc} | the records as they were archived, each with what was asked, as WARC 1.1 (ISO 28500) |
{bodies}
| {sums} | SHA-256 of all the files above |

To check that nothing was changed since:

    sha256sum --check {sums}

To check that a body is what the archive holds: its SHA-256 stands in chain.json as `sha256`, and the record in
{warc} with the same id holds the bytes as they came over the wire, with their own digest, which any tool for WARC
checks (`warcio check {warc}`). `dragongate ingest {warc}` reads it again.

{terms}
"""


@dataclass(frozen=True, slots=True)
class Packed:
    """A zip, and what could not go into it."""

    content: bytes
    bodies: int
    missing: list[str]
    """Saved answers that are not in the archive any more, with the reason."""


def pack(home: Home, evidence: Evidence) -> Packed:
    """Make the zip. Raises ArchiveError when a file of the archive cannot be read."""
    archive = Archive(home.archive)
    frames: dict[tuple[str, str], Frame] = {}
    bodies: list[tuple[str, Mapping[str, Any], bytes]] = []
    missing: list[str] = []
    for row in evidence.snapshots:
        place = archive.place_of(str(row["snapshot_id"]), str(row["archive_file"]), int(row["archive_offset"]))
        try:
            snapshot = archive.snapshot(*place)
            for frame in archive.records(*place):
                frames.setdefault((frame.kind, frame.get("WARC-Record-ID")), frame)
        except ArchiveError as error:
            missing.append(f"{row['snapshot_id']}: {error}")
            continue
        bodies.append((_name(len(bodies) + 1, row), row, snapshot.body))
    files = {
        "row.json": json_text(_row(evidence)).encode(),
        "chain.json": json_text(_chain(evidence)).encode(),
        "terms.json": json_text(evidence.sources).encode(),
        **{name: body for name, _, body in bodies},
    }
    if frames:
        newest = max(row["fetched_at"] for row in evidence.snapshots)
        files[WARC] = small_warc(
            frames.values(), name=WARC, about=f"evidence for {evidence.explanation.table}", at=newest
        )
    files["README.md"] = _readme(evidence, bodies, missing).encode()
    sums = "".join(f"{sha256(content).hexdigest()}  {name}\n" for name, content in sorted(files.items()))
    return Packed(_zipped({**files, SUMS: sums.encode()}), len(bodies), missing)


def _name(number: int, row: Mapping[str, Any]) -> str:
    ending = _ENDINGS.get(str(row["media_type"]), "bin")
    return f"bodies/{number:02}-{row['source_id'] or 'unmatched'}.{ending}"


def _row(evidence: Evidence) -> dict[str, Any]:
    found = evidence.explanation
    return {
        "table": found.table,
        "key": found.key,
        "rows": found.rows,
        "readings": [chain.reading for chain in found.chains],
        "documents": [{"table": table, **row} for table, row in evidence.beneath],
        "earlier_versions": found.history,
    }


def _chain(evidence: Evidence) -> list[dict[str, Any]]:
    fetches = {str(chain.reading["snapshot_id"]): chain.fetches for chain in evidence.explanation.chains}
    return [{**row, "fetches": fetches.get(str(row["snapshot_id"]), [])} for row in evidence.snapshots]


def _readme(evidence: Evidence, bodies: list[tuple[str, Mapping[str, Any], bytes]], missing: list[str]) -> str:
    found = evidence.explanation
    listed = [
        f"| {name} | what {row['url']} gave at {row['fetched_at']:%Y-%m-%d %H:%M:%S}Z, {len(body)} bytes, "
        f"record {row['snapshot_id']} |"
        for name, row, body in bodies
    ]
    return _README.format(
        table=found.table,
        key=", ".join(f"{name} = {value}" for name, value in found.key.items()),
        bodies="\n".join(listed) or "| (no body) | the archive holds none of the answers any more |",
        terms="\n".join([*_terms(evidence), *(f"Not in here, {one}" for one in missing)]),
        warc=WARC,
        sums=SUMS,
    )


def _terms(evidence: Evidence) -> Iterator[str]:
    yield "Terms, as they stand in terms.json:\n"
    for one in evidence.sources:
        may = "may be passed on" if one["may_be_redistributed"] else "is not to be passed on without its leave"
        yield f"- {one['title']} ({one['publisher']}): {one['terms']} What is from it {may}."


def _zipped(files: Mapping[str, bytes]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name)  # with the first day that a zip knows, so that no clock stands in it
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
            packed.writestr(entry, files[name])
    return out.getvalue()
