"""The archive of a home: every answer and every other input as WARC files, from which everything can be rebuilt."""

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from itertools import count
from json import dumps
from pathlib import Path
from threading import RLock
from typing import TypeVar

from extractors.adoption import SHORT, SUFFIXES, AdoptedFile, adopt, short_hash_of, sweep, unsafe
from extractors.archive_index import Entry, ReplayIndex, index_file
from extractors.settings import Limits
from extractors.snapshot import Snapshot
from extractors.warc_answers import Answer, Broken, answer_of, is_own
from extractors.warc_copying import frames_with_request
from extractors.warc_frames import Frame
from extractors.warc_reading import read_archive, read_record, refers_to
from extractors.warc_writing import ArchiveError, ArchiveWriter, NoArchive

__all__ = [
    "AdoptedFile", "Archive", "ArchiveError", "ArchiveWriter", "Broken", "NoArchive", "ReplayIndex", "is_own",
    "read_archive",
]  # fmt: skip

ARRIVAL = "urn:dragongate:arrival:"
_T = TypeVar("_T")


class Archive:
    """A folder of WARC files: one for each run, and each file that was taken in. Safe to share between threads."""

    def __init__(self, folder: Path, *, limits: Limits | None = None) -> None:
        self.folder = folder
        self.limits = limits or Limits()
        self._lock = RLock()
        self._writer: ArchiveWriter | None = None
        self._own: dict[str, bool] = {}

    def start(self, run_id: str, now: Callable[[], datetime]) -> ArchiveWriter:
        """Begin the file of a run; a run that was begun before gets another file beside the first.

        Raises ArchiveError for a run id that cannot name a file.
        """
        if not run_id or unsafe(run_id) or run_id.startswith("."):
            raise ArchiveError(f"{run_id!r} cannot name a file; use letters, digits, dots and dashes")
        name = next(name for name in _numbered(run_id) if not (self.folder / name).exists())
        with self._lock:
            self._writer = ArchiveWriter(
                self.folder / name, run_id=run_id, now=now, index=self.index, limits=self.limits
            )
            return self._writer

    def files(self) -> list[Path]:
        """List the files of the archive, our own first and each kind by name."""
        if not self.folder.is_dir():
            return []
        found = sorted(path for path in self.folder.iterdir() if path.name.endswith(SUFFIXES) and path.is_file())
        return sorted(found, key=lambda path: not self.is_own(path.name))

    def is_own(self, file: str) -> bool:
        """Tell whether a file of the archive was written by Dragongate.

        Raises ArchiveError when it cannot be read.
        """
        if file not in self._own:
            self._own[file] = self._reading(is_own, self.folder / file)
        return self._own[file]

    def arrivals(self) -> dict[str, datetime]:
        """Tell when each foreign file of the archive came to this warehouse."""
        by_hash = self._arrivals_by_hash
        known = {path.name: by_hash.get(short_hash_of(path.name)) for path in self.files()}
        return {name: at for name, at in known.items() if at is not None and not self.is_own(name)}

    @cached_property
    def index(self) -> ReplayIndex:
        """Every answer in the archive, by what was asked; a run's writer adds what it archives."""
        with self._lock:
            own = [path for path in self.files() if self.is_own(path.name)]
            entries = [entry for path in own for entry in self._entries(path, None)]
            index = ReplayIndex(entries)
            self._note_arrivals(entries)
            arrivals = self.arrivals()
            for path in self.files():
                if path not in own:
                    for entry in self._entries(path, arrivals.get(path.name)):
                        index.add(entry)
            return index

    def read(self, file: str) -> Iterator[Snapshot | Broken]:
        """Read a file of the archive in order, as `read_archive` does; revisits are resolved in the whole archive.

        Raises ArchiveError when the file cannot be read.
        """
        arrival = self.arrivals().get(file)
        try:
            yield from read_archive(self.folder / file, arrival=arrival, limits=self.limits, earlier=self._earlier)
        except OSError as error:
            raise _cannot_read(self.folder / file, error) from error

    def snapshot(self, file: str, offset: int) -> Snapshot:
        """Read the one answer at a place.

        Raises ArchiveError when there is none or it cannot be read.
        """
        found = self._at(file, offset)
        if isinstance(found, Broken):
            raise ArchiveError(f"{self.folder / file}: byte {offset}: {found.reason}: {found.message}")
        return found

    def place_of(self, record_id: str, file: str, offset: int) -> tuple[str, int]:
        """Say where an answer lies now: where it was, unless its file was written anew since."""
        stated = self.index.at(file, offset)
        if stated is not None and stated.id == record_id:
            return file, offset
        found = self.index.by_id(record_id)
        return (found.file, found.offset) if found else (file, offset)

    def records(self, file: str, offset: int) -> list[Frame]:
        """Give the records of the answer at a place: what was asked, the answer, and before a revisit its original.

        Raises ArchiveError when the file cannot be read. Where no whole record stands there, the list is empty.
        """
        found = self._reading(lambda path: frames_with_request(path, offset, self.limits), self.folder / file)
        revisits = [one for one in found if one.kind == "revisit"]
        for one in revisits:
            answer = answer_of(one, file)
            original = self._earlier(answer) if isinstance(answer, Answer) else None
            if isinstance(original, Snapshot):
                found = [*self.records(original.archive_file, original.archive_offset), *found]
        return found

    def adopt(
        self,
        path: Path,
        now: Callable[[], datetime],
        writer: ArchiveWriter | None = None,
        noted: Callable[[str], None] = lambda name: None,
    ) -> AdoptedFile:
        """Take a WARC file into the archive under a name of its own; the same bytes twice are one file.

        `noted` is told the name before the file stands under it, so that whoever is killed in between can be
        followed. When a foreign file came is archived too, in the file of the run. Raises ArchiveError when the
        file cannot be read or is no WARC file, or when the archive cannot be written.
        """
        adopted = adopt(self, path, now, writer, noted)
        if adopted.is_new:
            self._index_new(adopted.name)
        return adopted

    @property
    def writing(self) -> str:
        """The name of the file that is being written; empty when none is."""
        return self._writer.name if self._writer and self._writer.is_open else ""

    def sweep(self) -> None:
        """Remove what a process that was killed left half copied; for whoever writes this archive alone."""
        sweep(self.folder)

    def note_arrival(
        self, name: str, original: str, content_hash: str, now: Callable[[], datetime], writer: ArchiveWriter | None
    ) -> None:
        """Archive when a foreign file came; done before the file itself is there, so that none is without."""
        short_hash = content_hash[:SHORT]
        if short_hash in self._arrivals_by_hash:
            return
        about = {"file": name, "original_name": original, "sha256": content_hash}
        open_writer = writer or (self._writer if self._writer and self._writer.is_open else None)
        used = open_writer or self.start(f"arrival-{short_hash}", now)
        kept = used.resource(f"{ARRIVAL}{content_hash}", dumps(about).encode(), "application/json")
        used.sync()
        self._arrivals_by_hash[short_hash] = kept.fetched_at
        if open_writer is None:
            used.close()

    @cached_property
    def _arrivals_by_hash(self) -> dict[str, datetime]:
        with self._lock:
            own = [path for path in self.files() if self.is_own(path.name)]
            return _arrivals_in(entry for path in own for entry in self._entries(path, None))

    def _note_arrivals(self, entries: list[Entry]) -> None:
        for short, at in _arrivals_in(iter(entries)).items():
            self._arrivals_by_hash[short] = min(at, self._arrivals_by_hash.get(short, at))

    def _index_new(self, name: str) -> None:
        index = self.index
        own = self.is_own(name)
        entries = self._entries(self.folder / name, None if own else self.arrivals().get(name))
        if own:
            self._note_arrivals(entries)
        for entry in entries:
            index.add(entry)

    def _entries(self, path: Path, arrival: datetime | None) -> list[Entry]:
        return self._reading(
            lambda one: index_file(one, arrival=arrival, limits=self.limits, keep=os.access(self.folder, os.W_OK)), path
        )

    def _at(self, file: str, offset: int) -> Snapshot | Broken:
        arrival = None if self.is_own(file) else self.arrivals().get(file)
        found = self._reading(
            lambda path: read_record(path, offset, arrival=arrival, limits=self.limits, earlier=self._earlier),
            self.folder / file,
        )
        entry = self.index.at(file, offset)
        return replace(found, method=entry.method) if entry and isinstance(found, Snapshot) else found

    def _earlier(self, revisit: Answer) -> Snapshot | Broken | None:
        """Find what a revisit refers to, anywhere in the archive."""
        target = revisit.frame.get("WARC-Refers-To-Target-URI").strip("<>") or revisit.url
        entry = next((one for name in refers_to(revisit) if (one := self.index.by_id(name))), None)
        entry = entry or self.index.same_bytes(target, revisit.digest)
        if entry is None and not revisit.digest:
            entry = self.index.best(revisit.method, target, until=revisit.fetched_at)
        if entry is None or entry.kind == "revisit":
            return None
        return self._at(entry.file, entry.offset)

    def _reading(self, read: Callable[[Path], _T], path: Path) -> _T:
        try:
            return read(path)
        except OSError as error:
            raise _cannot_read(path, error) from error


def _numbered(run_id: str) -> Iterator[str]:
    yield f"{run_id}.warc.gz"
    yield from (f"{run_id}-{number}.warc.gz" for number in count(2))


def _arrivals_in(entries: Iterable[Entry]) -> dict[str, datetime]:
    """Tell the first arrival of each foreign file that these records note, by the short hash of its bytes."""
    found: dict[str, datetime] = {}
    for entry in entries:
        if entry.url.startswith(ARRIVAL):
            short = entry.url.removeprefix(ARRIVAL)[:SHORT]
            found[short] = min(entry.fetched_at, found.get(short, entry.fetched_at))
    return found


def _cannot_read(path: Path, error: OSError) -> ArchiveError:
    return ArchiveError(f"{path}: cannot be read ({error.strerror}); see that it is there and that you may read it")
