"""Write the WARC file of a run: each answer with its request, one gzip member per record, nothing half.

Know that    a record goes out in one piece and is handed to the system at once, so that a process killed at any
             moment leaves at most its last record cut; after a failed write the file is as it was before it
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from threading import RLock
from uuid import uuid4

from extractors.archive_index import ReplayIndex, entry_of
from extractors.exchange import Exchange, Request
from extractors.settings import PRODUCT, Limits, version
from extractors.snapshot import Snapshot
from extractors.urls import masked
from extractors.warc_answers import Answer, Broken, answer_of
from extractors.warc_frames import Frame
from extractors.warc_reading import snapshot_of
from extractors.warc_records import NewId, Written, answer_record, payload_digest, record, request_record, stamp

_SYNC_EVERY = 32
_FORMAT = "WARC File Format 1.1"
_STANDARD = "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"


class ArchiveError(Exception):
    """The archive cannot be read or written; the message says where and how to mend it."""


class NoArchive(ArchiveError):
    """The file that somebody gave is no WARC file."""


class ArchiveWriter:
    """Writes the file of one run; made by `Archive.start`. Safe to share between threads.

    The file comes into being with its first record, so a run that archives nothing leaves none. `about` adds
    fields to what the file says of itself.
    """

    def __init__(
        self,
        path: Path,
        *,
        run_id: str,
        now: Callable[[], datetime],
        index: ReplayIndex,
        limits: Limits,
        new_id: NewId = uuid4,
        about: Mapping[str, str] | None = None,
    ) -> None:
        self.path = path
        self._run_id = run_id
        self._now = now
        self._index = index
        self._limits = limits
        self._new_id = new_id
        self._about = dict(about or {})
        self._lock = RLock()
        self._file: int | None = None
        self._size = 0
        self._unsynced = 0
        self._is_closed = False
        self._told: tuple[str, str, bytes] | None = None

    @property
    def name(self) -> str:
        """The name of the file within the archive folder."""
        return self.path.name

    @property
    def has_records(self) -> bool:
        """Whether anything has been archived, and so whether the file exists."""
        return self._file is not None or self._size > 0

    @property
    def is_open(self) -> bool:
        """Whether more may be written."""
        return not self._is_closed

    def response(self, request: Request, exchange: Exchange) -> Snapshot | Broken:
        """Archive an answer with its request and read it back; Broken when its body is cut, too large or unreadable.

        Raises ArchiveError when it cannot be written.
        """
        at = stamp(self._now())
        earlier = self._index.same_bytes(masked(request.url, *request.secrets), payload_digest(exchange.body))
        asked = request_record(request, at, self._new_id)
        answer = answer_record(request, exchange, at, earlier, self._new_id)
        offset = self._append(asked, answer)
        frame = Frame(offset, len(answer.member), answer.fields, answer.block)
        found = answer_of(frame, self.name)
        if isinstance(found, Broken):
            return found
        found = replace(found, method=request.method, payload=exchange.body)
        self._index.add(entry_of(found, self.name))
        return snapshot_of(found, self.name, arrival=None, limits=self._limits)

    def resource(self, uri: str, body: bytes, media_type: str) -> Snapshot:
        """Archive an input that did not come over HTTP.

        Raises ArchiveError when it cannot be written.
        """
        written = record(
            "resource", uri, stamp(self._now()), body,
            content_type=media_type, digest=payload_digest(body), new_id=self._new_id,
        )  # fmt: skip
        offset = self._append(written)
        found = answer_of(Frame(offset, len(written.member), written.fields, written.block), self.name)
        snapshot = found if isinstance(found, Broken) else self._indexed(found)
        if isinstance(snapshot, Broken):
            raise ArchiveError(f"{self.path}: {uri} cannot be read back ({snapshot.message})")
        return snapshot

    def describe(self, uri: str, body: bytes, media_type: str) -> None:
        """Tell in a metadata record what the run is about, before its first answer, and again whenever that changes.

        It does not bring the file into being. Raises ArchiveError when it cannot be written.
        """
        with self._lock:
            is_new, self._told = self._told != (uri, media_type, body), (uri, media_type, body)
            if is_new and self._file is not None:
                self._tell()

    def sync(self) -> None:
        """Make sure that everything written so far survives a power cut. Call it before rows are loaded.

        Raises ArchiveError when the system cannot.
        """
        with self._lock:
            if self._file is not None and self._unsynced:
                try:
                    os.fsync(self._file)
                except OSError as error:
                    raise _cannot_write(self.path, error) from error
                self._unsynced = 0

    def close(self) -> None:
        """Finish the file."""
        with self._lock:
            self.sync()
            self._is_closed = True
            if self._file is not None:
                os.close(self._file)
                self._file = None

    def __enter__(self) -> "ArchiveWriter":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _indexed(self, answer: Answer) -> Snapshot | Broken:
        self._index.add(entry_of(answer, self.name))
        return snapshot_of(answer, self.name, arrival=None, limits=self._limits)

    def _append(self, *records: Written) -> int:
        """Write records in one piece; the offset is that of the last."""
        with self._lock:
            if self._is_closed:
                raise ArchiveError(f"{self.path}: the file of this run is finished; start another run")
            if self._file is None:
                self._open()
            before = self._size
            self._write(b"".join(one.member for one in records))
            self._unsynced += 1
            if self._unsynced >= _SYNC_EVERY:
                self.sync()
            return before + sum(len(one.member) for one in records[:-1])

    def _open(self) -> None:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._file = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o644)
        except OSError as error:
            raise _cannot_write(self.path, error) from error
        about = {
            "software": f"{PRODUCT}/{version()}",
            "format": _FORMAT,
            "conformsTo": _STANDARD,
            "isPartOf": self._run_id,
            **self._about,
        }
        text = "".join(f"{name}: {value}\r\n" for name, value in about.items())
        self._write(
            record(
                "warcinfo", "", stamp(self._now()), text.encode(), content_type="application/warc-fields",
                more={"WARC-Filename": self.name}, new_id=self._new_id,
            ).member
        )  # fmt: skip
        self._tell()

    def _tell(self) -> None:
        if self._told is None:
            return
        uri, media_type, body = self._told
        told = record("metadata", uri, stamp(self._now()), body, content_type=media_type, new_id=self._new_id)
        self._write(told.member)

    def _write(self, data: bytes) -> None:
        """Write all of it, or leave the file as it was."""
        assert self._file is not None
        left = memoryview(data)
        try:
            while left:
                left = left[os.write(self._file, left) :]
        except OSError as error:
            os.ftruncate(self._file, self._size)
            os.lseek(self._file, self._size, os.SEEK_SET)
            raise _cannot_write(self.path, error) from error
        self._size += len(data)


def _cannot_write(path: Path, error: OSError) -> ArchiveError:
    return ArchiveError(
        f"{path}: cannot be written ({error.strerror}); nothing is read that is not archived first, so free some "
        "space or make the folder writable, then run again: what is archived already is not asked for twice"
    )
