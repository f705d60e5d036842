"""Where each answer lies in the archive, by what was asked for: for replay, conditional requests and revisits.

Made by one pass over each file and kept beside the archive, so that a run does not read years of answers again.
The kept form is a cache: it may be deleted at any time.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from threading import RLock

from extractors.settings import Limits
from extractors.urls import url_key
from extractors.warc_answers import Answer, answers

CACHE = ".index"
_VERSION = 1


@dataclass(frozen=True, slots=True)
class Entry:
    """One archived answer, without its body."""

    kind: str
    id: str
    method: str
    url: str
    key: str
    """The address in the form under which it is compared."""
    body_hash: str
    fetched_at: datetime
    status: int
    digest: str
    file: str
    offset: int
    length: int
    is_cut: bool = False
    etag: str = ""
    last_modified: str = ""

    @property
    def is_final(self) -> bool:
        """Whether it says what is there, rather than "not now", "not you" or "not modified"."""
        return not self.is_cut and (200 <= self.status < 304 or self.status in (307, 308, 404, 410))


def entry_of(answer: Answer, file: str) -> Entry:
    """Index one answer."""
    return Entry(
        kind=answer.kind,
        id=answer.id,
        method=answer.method,
        url=answer.url,
        key=url_key(answer.url),
        body_hash=answer.body_hash,
        fetched_at=answer.fetched_at,
        status=answer.status,
        digest=answer.digest,
        file=file,
        offset=answer.frame.offset,
        length=answer.frame.length,
        is_cut=answer.is_cut,
        etag=answer.headers.get("etag", ""),
        last_modified=answer.headers.get("last-modified", ""),
    )


class ReplayIndex:
    """Finds answers by method, address and request body, the newest first. Safe to share between threads."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self._lock = RLock()
        self._asked: dict[tuple[str, str, str], list[Entry]] = defaultdict(list)
        self._by_id: dict[str, Entry] = {}
        self._by_digest: dict[tuple[str, str], Entry] = {}
        self._by_place: dict[tuple[str, int], Entry] = {}
        for entry in entries:
            self.add(entry)

    def add(self, entry: Entry) -> None:
        """Take one more answer in."""
        with self._lock:
            self._asked[entry.method, entry.key, entry.body_hash].append(entry)
            self._by_place[entry.file, entry.offset] = entry
            if entry.kind != "revisit" and not entry.is_cut:
                self._by_id.setdefault(entry.id, entry)
                self._by_digest.setdefault((entry.key, entry.digest), entry)

    def find(
        self, method: str, url: str, *, body_hash: str = "", until: datetime | None = None
    ) -> list[tuple[datetime, str, int]]:
        """List time, file and offset of the answers to a request, the newest first, up to a time."""
        return [(one.fetched_at, one.file, one.offset) for one in self.answers(method, url, body_hash, until)]

    def answers(self, method: str, url: str, body_hash: str = "", until: datetime | None = None) -> list[Entry]:
        """List the answers to a request, the newest first, up to a time."""
        with self._lock:
            found = list(self._asked.get((method, url_key(url), body_hash), ()))
        known = [one for one in found if until is None or one.fetched_at <= until]
        return sorted(known, key=lambda one: (one.fetched_at, one.file, one.offset), reverse=True)

    def best(self, method: str, url: str, body_hash: str = "", until: datetime | None = None) -> Entry | None:
        """Find the newest answer that says what is there; where every answer is a refusal, the newest of those."""
        known = self.answers(method, url, body_hash, until)
        final = next((one for one in known if one.is_final), None)
        return final or next((one for one in known if one.status != 304), None)

    def newest(self, method: str, url: str, accept: Callable[[Entry], bool] = bool) -> Entry | None:
        """Find the newest answer that `accept` takes."""
        return next((one for one in self.answers(method, url) if accept(one)), None)

    def same_bytes(self, url: str, digest: str) -> Entry | None:
        """Find the first whole answer of an address whose body has this digest."""
        with self._lock:
            return self._by_digest.get((url_key(url), digest)) if digest else None

    def by_id(self, record_id: str) -> Entry | None:
        """Find a whole answer by its record id."""
        with self._lock:
            return self._by_id.get(record_id)

    def drop(self, file: str, ids: Collection[str]) -> None:
        """Forget answers of one file, which were taken out of it."""
        with self._lock:
            gone = [one for one in self._by_place.values() if one.file == file and one.id in ids]
            for one in gone:
                self._asked[one.method, one.key, one.body_hash].remove(one)
                del self._by_place[one.file, one.offset]
                if self._by_id.get(one.id) == one:
                    del self._by_id[one.id]
                if self._by_digest.get((one.key, one.digest)) == one:
                    del self._by_digest[one.key, one.digest]

    def entries(self) -> list[Entry]:
        """List every answer, in no order."""
        with self._lock:
            return list(self._by_place.values())

    def urls(self) -> list[str]:
        """List every address that was asked, in the form in which it is compared."""
        with self._lock:
            return [key for (_, key, _), found in self._asked.items() if found]

    def newest_time(self) -> datetime | None:
        """Give the time of the newest answer."""
        with self._lock:
            return max((one.fetched_at for one in self._by_place.values()), default=None)

    def at(self, file: str, offset: int) -> Entry | None:
        """Find the answer at a place."""
        with self._lock:
            return self._by_place.get((file, offset))


def drop_kept_form(path: Path) -> None:
    """Remove the kept index of a file that is written anew: its length is the same, and the kept form goes by that."""
    (path.parent / CACHE / f"{path.name}.jsonl").unlink(missing_ok=True)


def index_file(path: Path, *, arrival: datetime | None, limits: Limits, keep: bool) -> list[Entry]:
    """Index one file, from the kept form where that is of this file; `keep` writes it.

    Raises OSError when the file cannot be read; a kept form that cannot be read or written is done without.
    """
    cache = path.parent / CACHE / f"{path.name}.jsonl"
    mark = {"version": _VERSION, "size": path.stat().st_size, "arrival": arrival and arrival.isoformat()}
    kept = _kept(cache, mark, path.name)
    if kept is not None:
        return kept
    found = [
        entry_of(one, path.name) for one in answers(path, arrival=arrival, limits=limits) if isinstance(one, Answer)
    ]
    if keep:
        _keep(cache, mark, found)
    return found


def _kept(cache: Path, mark: Mapping[str, object], file: str) -> list[Entry] | None:
    try:
        lines = cache.read_text(encoding="utf-8").splitlines()
        if json.loads(lines[0]) != mark:
            return None
        return [_entry(json.loads(line), file) for line in lines[1:]]
    except (OSError, ValueError, TypeError, KeyError, IndexError):
        return None


def _entry(values: dict[str, object], file: str) -> Entry:
    known = {**values, "fetched_at": datetime.fromisoformat(str(values["fetched_at"])), "file": file}
    return Entry(**known)  # type: ignore[arg-type]


def _keep(cache: Path, mark: Mapping[str, object], entries: list[Entry]) -> None:
    lines = [json.dumps(mark), *(json.dumps(_plain(one)) for one in entries)]
    half = cache.with_suffix(".tmp")
    try:
        cache.parent.mkdir(exist_ok=True)
        half.write_text("\n".join(lines) + "\n", encoding="utf-8")
        half.replace(cache)
    except OSError:
        half.unlink(missing_ok=True) if cache.parent.is_dir() else None


def _plain(entry: Entry) -> dict[str, object]:
    values = asdict(entry)
    del values["file"]
    return {**values, "fetched_at": entry.fetched_at.isoformat()}
