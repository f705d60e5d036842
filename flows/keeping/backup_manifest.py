"""What a backup says of itself: each file with its size and hash, and when and by which version it was made."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from typing import IO

MANIFEST = "manifest.json"
"""The last file of a backup."""
_FORMAT = "dragongate-backup"
_VERSION = 1
Said = Callable[[int, int], None]
"""Told how many bytes are done, and of how many."""


class BackupError(Exception):
    """A backup cannot be made or taken back; the message says what is wrong and what to do."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One file of a backup."""

    name: str
    """Its path in the home, with slashes."""
    size: int
    """In bytes."""
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds."""

    made_at: datetime
    code_version: str
    generation: int | None
    """The generation that readers saw; none where nothing was published."""
    files: tuple[Kept, ...]

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(one.size for one in self.files)


def written(manifest: Manifest) -> bytes:
    """Write a manifest as JSON."""
    about = {"format": _FORMAT, "version": _VERSION, **asdict(manifest), "made_at": manifest.made_at.isoformat()}
    return json.dumps(about, indent=1).encode()


def read(body: bytes) -> Manifest:
    """Read a manifest. Raises BackupError for one that cannot be read, or that a newer version wrote."""
    try:
        found = json.loads(body)
        if found["format"] != _FORMAT:
            raise ValueError(found["format"])
        if found["version"] > _VERSION:
            raise BackupError(
                f"a newer version of Dragongate ({found['code_version']}) made this backup: restore it with that one"
            )
        files = tuple(Kept(str(one["name"]), int(one["size"]), str(one["sha256"])) for one in found["files"])
        made_at = datetime.fromisoformat(found["made_at"])
        return Manifest(made_at, str(found["code_version"]), found["generation"], files)
    except (ValueError, TypeError, KeyError) as error:
        raise BackupError(f"the manifest of the backup cannot be read: {error!r}") from error


class Hashed:
    """A file that is read once, from front to back, while its hash and size are taken."""

    def __init__(self, file: IO[bytes], told: Callable[[int], None] = lambda size: None) -> None:
        self._file = file
        self._told = told
        self._hash = sha256()
        self.size = 0

    def read(self, size: int = -1) -> bytes:
        """Read on, at most `size` bytes."""
        piece = self._file.read(size)
        self._hash.update(piece)
        self.size += len(piece)
        self._told(self.size)
        return piece

    @property
    def sha256(self) -> str:
        """The hash of what was read so far, in hex."""
        return self._hash.hexdigest()
