"""Take a WARC file into the archive: copied whole or not at all, under a name that tells its bytes."""

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from extractors.settings import Limits
from extractors.tombstones import forgotten_keys, free
from extractors.warc_answers import is_own
from extractors.warc_frames import MAGIC, Frame, frames
from extractors.warc_writing import ArchiveError, ArchiveWriter, NoArchive

if TYPE_CHECKING:
    from extractors.archive import Archive

SHORT = 12
"""How much of a hash stands in a name."""
SUFFIXES = (".warc.gz", ".warc")
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST = 80
_PIECE = 1024 * 1024
_PART = ".part"


@dataclass(frozen=True, slots=True)
class AdoptedFile:
    """A file that the archive took in, or had already."""

    name: str
    is_own: bool
    is_new: bool


def adopt(
    archive: "Archive",
    path: Path,
    now: Callable[[], datetime],
    writer: ArchiveWriter | None,
    noted: Callable[[str], None],
) -> AdoptedFile:
    """Take a file in, as `Archive.adopt` says."""
    half = archive.folder / f".{uuid4().hex}{_PART}"
    try:
        if path.parent.resolve() == archive.folder.resolve() and path.is_file():
            noted(path.name)
            free(archive, path, forgotten_keys(archive))
            return AdoptedFile(path.name, archive.is_own(path.name), is_new=False)
        _require_records(path)
        archive.folder.mkdir(parents=True, exist_ok=True)
        content_hash = _copy(path, half)
        if free(archive, half, forgotten_keys(archive)):
            content_hash = _hash(half)
        return _settle(archive, path, half, content_hash, now, writer, noted)
    except OSError as error:
        raise ArchiveError(
            f"{path} cannot be taken into {archive.folder} ({error.strerror}); free some space, or make one "
            "readable and the other writable, then ingest it again"
        ) from error
    finally:
        _discard(half)


def short_hash_of(name: str) -> str:
    """Give the piece of hash in a name, or an empty string."""
    found = re.search(rf"-([0-9a-f]{{{SHORT}}})\.warc(\.gz)?$", name)
    return found.group(1) if found else ""


def unsafe(name: str) -> bool:
    """Tell whether a text has characters that do not belong into a file name."""
    return bool(_UNSAFE.search(name))


def _settle(
    archive: "Archive",
    path: Path,
    half: Path,
    content_hash: str,
    now: Callable[[], datetime],
    writer: ArchiveWriter | None,
    noted: Callable[[str], None],
) -> AdoptedFile:
    own = is_own(half)
    there = _same(archive, half, content_hash)
    if there is not None:
        noted(there.name)
        return AdoptedFile(there.name, own, is_new=False)
    name = _name_for(path.name, content_hash, is_gzip=_is_gzip(half))
    if own and path.name.endswith(SUFFIXES) and not (archive.folder / path.name).exists():
        name = path.name
    if not own:
        archive.note_arrival(name, path.name, content_hash, now, writer)
    noted(name)
    half.replace(archive.folder / name)
    return AdoptedFile(name, own, is_new=True)


def _require_records(path: Path) -> None:
    """Refuse what holds no WARC record at all."""
    if not any(isinstance(one, Frame) for one in frames(path, limit=Limits().body_bytes)):
        raise NoArchive(f"{path}: no WARC record stands in it; give a file that ends in .warc or .warc.gz")


def _copy(path: Path, half: Path) -> str:
    found = sha256()
    with path.open("rb") as source, half.open("xb") as target:
        while piece := source.read(_PIECE):
            found.update(piece)
            target.write(piece)
        target.flush()
        os.fsync(target.fileno())
    return found.hexdigest()


def _same(archive: "Archive", half: Path, content_hash: str) -> Path | None:
    size = half.stat().st_size
    alike = [one for one in archive.files() if one.stat().st_size == size]
    return next((one for one in alike if _hash(one) == content_hash), None)


def _hash(path: Path) -> str:
    found = sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            found.update(piece)
    return found.hexdigest()


def _is_gzip(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC


def _name_for(original: str, content_hash: str, *, is_gzip: bool) -> str:
    suffix = ".warc.gz" if is_gzip else ".warc"
    stem = re.sub(r"(\.warc)?(\.gz)?$", "", original, flags=re.IGNORECASE)
    stem = _UNSAFE.sub("-", stem).strip(".-")[:_LONGEST] or "archive"
    mark = f"-{content_hash[:SHORT]}"
    return f"{stem.removesuffix(mark)}{mark}{suffix}"


def sweep(folder: Path) -> None:
    """Remove what a process that was killed left half copied."""
    for half in folder.glob(f".*{_PART}"):
        half.unlink(missing_ok=True)


def _discard(half: Path) -> None:
    """Leave no half file behind; a folder that is no folder has none."""
    if half.parent.is_dir():
        half.unlink(missing_ok=True)
