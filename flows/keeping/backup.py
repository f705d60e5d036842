"""Put a whole home into one file, while nothing writes it, and say with a hash what each part of it is.

    backup.tar.gz
      dragongate.toml, watchlist.toml     settings and watch list; never .env, keys or cookies
      archive/…                           every WARC file
      private/warehouse.duckdb            the writer's warehouse, with the log that a killed run left beside it
      published/…                         the generation that readers see, and the ledger's copy
      manifest.json                       last: name, size and SHA-256 of every file before it

Read once from front to back and never held in memory; so is `flows.keeping.restore`.
"""

import gzip
import tarfile
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from uuid import uuid4

from extractors.archive import Archive
from flows.clock import Now
from flows.keeping.backup_manifest import MANIFEST, BackupError, Hashed, Kept, Manifest, Said, written
from warehouse.generations import Generations, make_durable
from warehouse.home import Home
from warehouse.lease import Lease

_FAST = 1
"""Level of compression: most of a home is compressed already."""


def back_up(
    home: Home, target: Path, *, now: Now, wait_seconds: float = 0.0, said: Said = lambda done, total: None
) -> Manifest:
    """Write the backup of a home. The file is there whole or not at all.

    Raises BackupError where there is no home, or the file is there already, LeaseHeld when a run still writes after
    the wait, OSError when the file cannot be written.
    """
    if not home.archive.is_dir():
        raise BackupError(f"{home.root} is no home: it has no archive folder; give the right one with --home")
    if target.exists():
        raise BackupError(f"{target} is there already; give another name, or move it away")
    at = now()
    run_id = f"backup-{at:%Y%m%dT%H%M%SZ}-{uuid4().hex[:6]}"
    half = target.with_name(f".{target.name}.part")
    with Lease(home, flow="backup", run_id=run_id, now=now, wait_seconds=wait_seconds):
        try:
            manifest = _write(home, half, at, said)
            make_durable(half)
            half.replace(target)
            make_durable(target.parent)
        finally:
            half.unlink(missing_ok=True)
    return manifest


def files_of(home: Home) -> Iterator[Path]:
    """List what a backup holds. Hold the lease."""
    shown = Generations(home.published).shown()
    generation = [Generations(home.published).path(shown)] if shown is not None else []
    log = home.warehouse.with_name(home.warehouse.name + ".wal")
    single = (home.settings, home.watchlist, home.warehouse, log, *generation, home.published_ops)
    yield from (one for one in single if one.is_file())
    yield from Archive(home.archive).files()


def _write(home: Home, half: Path, at: datetime, said: Said) -> Manifest:
    paths = list(files_of(home))
    total, done = sum(one.stat().st_size for one in paths), 0
    kept = []
    with (
        half.open("wb") as raw,
        gzip.GzipFile("", "wb", _FAST, raw, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w|") as tar,
    ):
        for path in paths:
            name = path.relative_to(home.root).as_posix()
            kept.append(_add(tar, path, name, partial(_tell, said, done, total)))
            done += kept[-1].size
        manifest = Manifest(at, version("dragongate"), Generations(home.published).shown(), tuple(kept))
        body = written(manifest)
        tar.addfile(_entry(MANIFEST, len(body)), BytesIO(body))
    said(total, total)
    return manifest


def _add(tar: tarfile.TarFile, path: Path, name: str, told: Callable[[int], None]) -> Kept:
    with path.open("rb") as file:
        hashed = Hashed(file, told)
        tar.addfile(_entry(name, path.stat().st_size), hashed)
    return Kept(name, hashed.size, hashed.sha256)


def _tell(said: Said, before: int, total: int, here: int) -> None:
    said(before + here, total)


def _entry(name: str, size: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o644
    return entry
