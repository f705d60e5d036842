"""Make a home of a backup: unpacked beside the place, checked file by file, and only then put there."""

import gzip
import shutil
import tarfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO

from flows.keeping.backup_manifest import MANIFEST, BackupError, Hashed, Kept, Manifest, Said, read
from warehouse.generations import Generations, make_durable
from warehouse.home import Home

_SINGLE = ("dragongate.toml", "watchlist.toml", MANIFEST)
_FOLDERS = ("archive", "private", "published")
_PIECE = 1024 * 1024
_BROKEN = (tarfile.TarError, gzip.BadGzipFile, zlib.error, EOFError)


def restore(source: Path, home: Home, *, said: Said = lambda done, total: None) -> Manifest:
    """Restore a backup into a home that is not there yet, or is an empty folder; whole or not at all.

    Raises BackupError for a home that is not empty, and for a file that is cut, changed or no backup; OSError when
    something cannot be read or written.
    """
    if home.root.exists() and not (home.root.is_dir() and not any(home.root.iterdir())):
        raise BackupError(f"{home.root} is not empty: restore into a new folder, and nothing there is lost")
    root = home.root.absolute()
    half = root.with_name(f".{root.name}.restoring")
    with _gone_afterwards(half):
        manifest = _unpack(source, half, said)
        _show(Home(half), manifest)
        if root.exists():
            root.rmdir()
        half.replace(root)
        make_durable(root.parent)
    return manifest


@contextmanager
def _gone_afterwards(half: Path) -> Iterator[None]:
    """Begin with nothing, and leave nothing half done, of this restore or of one that was killed."""
    if half.exists():
        shutil.rmtree(half)
    half.mkdir(parents=True)
    try:
        yield
    finally:
        shutil.rmtree(half, ignore_errors=True)


def _unpack(source: Path, half: Path, said: Said) -> Manifest:
    total = source.stat().st_size
    try:
        with source.open("rb") as raw, gzip.GzipFile(fileobj=raw) as packed:
            with tarfile.open(fileobj=packed, mode="r|") as tar:
                found, manifest = _files(tar, half, lambda: said(raw.tell(), total))
            while packed.read(_PIECE):  # to the end, where the checksum of the whole stands
                pass
    except _BROKEN as error:
        raise BackupError(f"{source} is cut, changed or no backup ({error}); nothing was restored") from error
    if manifest is None:
        raise BackupError(f"{source} is cut: the manifest at its end is missing; nothing was restored")
    _compare(source, found, manifest)
    return manifest


def _files(tar: tarfile.TarFile, half: Path, told: Callable[[], None]) -> tuple[dict[str, Kept], Manifest | None]:
    found: dict[str, Kept] = {}
    for entry in tar:
        file = tar.extractfile(entry) if entry.isreg() and _is_ours(entry.name) else None
        if file is None or entry.name in found:
            raise BackupError(f"a backup holds no {entry.name!r}; nothing was restored")
        if entry.name == MANIFEST:
            return found, read(file.read())
        found[entry.name] = _keep(file, half, entry.name)
        told()
    return found, None


def _is_ours(name: str) -> bool:
    """Tell whether a name may stand in a backup: it leads nowhere but into the home."""
    parts = PurePosixPath(name).parts
    is_plain = "/".join(parts) == name and ".." not in parts and not set(name) & {"\\", ":", "\0"}
    return is_plain and (name in _SINGLE or (len(parts) == 2 and parts[0] in _FOLDERS))


def _keep(file: IO[bytes], half: Path, name: str) -> Kept:
    path = half / name
    path.parent.mkdir(exist_ok=True)
    hashed = Hashed(file)
    with path.open("xb") as target:
        while piece := hashed.read(_PIECE):
            target.write(piece)
    make_durable(path)
    return Kept(name, hashed.size, hashed.sha256)


def _compare(source: Path, found: dict[str, Kept], manifest: Manifest) -> None:
    named = {one.name: one for one in manifest.files}
    wrong = sorted(name for name in named.keys() | found.keys() if named.get(name) != found.get(name))
    if wrong:
        raise BackupError(f"{source} is not what its manifest says: {', '.join(wrong[:5])}; nothing was restored")


def _show(home: Home, manifest: Manifest) -> None:
    """Let readers of the new home see the generation that they saw, as read-only as it was."""
    home.make()
    for path in home.published.iterdir():
        path.chmod(0o444)
    if manifest.generation is not None:
        Generations(home.published).show(manifest.generation)
