"""The one client for all sources: it asks gently, and archives every answer before anyone reads it.

A source that is not turned on is not asked. For the others asking.py keeps the manners; in a replay the archive
answers (replay.py), and the snapshots are the recorded ones.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from urllib3.util.connection import create_connection

from extractors.addresses import Resolve, resolve
from extractors.archive import Archive, ArchiveWriter
from extractors.asking import Asker, Trail
from extractors.decoding import ACCEPTED
from extractors.errors import Outcome, Refused, SourceError
from extractors.exchange import Request
from extractors.recall import Recall
from extractors.replay import ReplayTransport
from extractors.settings import Settings
from extractors.snapshot import Snapshot
from extractors.source import Source
from extractors.transport import Connect, LiveTransport, Transport
from extractors.urls import masked
from extractors.warc_records import payload_digest

_STANDING = {"accept": "*/*", "accept-encoding": ACCEPTED, "accept-language": "en, zh;q=0.9"}
_NOT_NEEDED_IN_REPLAY = frozenset({"contact", "login"})


@dataclass(frozen=True, slots=True)
class Fetched:
    """One request with all its attempts: a row of `ops.fetches`."""

    source_id: str
    chunk: str
    method: str
    url: str
    requested_at: datetime
    seconds: float
    attempts: int
    outcome: Outcome
    """Of the fetch alone: `ok` means that an answer of any status is in the archive; reading it may say otherwise."""
    reason: str = ""
    message: str = ""
    robots_rule: str = ""
    snapshot: Snapshot | None = None
    """The last answer; of one that did not change, the earlier one with its body."""


class Client:
    """Asks sources gently and archives every answer before anyone reads it. Safe to share between threads."""

    def __init__(
        self,
        settings: Settings,
        transport: Transport,
        writer: ArchiveWriter,
        archive: Archive,
        *,
        now: Callable[[], datetime],
        monotonic: Callable[[], float],
        sleep: Callable[[float], None],
        recall: Recall | None = None,
    ) -> None:
        self._settings = settings
        self._recall = recall
        self._transport = transport
        self._writer = writer
        self._archive = archive
        self._now = now
        self._monotonic = monotonic
        self._asker = Asker(settings, transport, writer, archive, now=now, monotonic=monotonic, sleep=sleep)

    def get(self, source: Source, url: str, *, chunk: str = "", headers: Mapping[str, str] | None = None) -> Fetched:
        """Ask once, with retries. Never raises for what a source does; the outcome says it.

        Raises ArchiveError when an answer cannot be archived, and ValueError for a user agent of the caller's own.
        """
        return self._ask(source, Request(url, self._headers(headers or {}), secrets=self._secrets(source)), chunk)

    def post(
        self,
        source: Source,
        url: str,
        body: bytes,
        media_type: str,
        *,
        chunk: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> Fetched:
        """Ask with a body, such as a form, otherwise as `get`; a replay finds the answer by the body too.

        Raises what `get` raises.
        """
        named = self._headers({**(headers or {}), "content-type": media_type})
        return self._ask(source, Request(url, named, "POST", body, secrets=self._secrets(source)), chunk)

    def keep(self, source: Source, uri: str, body: bytes, media_type: str, *, chunk: str = "") -> Fetched:
        """Archive an input that did not come over HTTP as a WARC resource; the same bytes again are not kept twice.

        Raises ArchiveError when it cannot be written.
        """
        kept_at, started = self._now(), self._monotonic()
        newest = self._archive.index.newest("RESOURCE", uri)
        is_same = newest is not None and newest.digest == payload_digest(body)
        if newest is not None and is_same:
            snapshot = self._archive.snapshot(newest.file, newest.offset)
        else:
            snapshot = self._writer.resource(uri, body, media_type)
        return Fetched(
            source_id=source.id,
            chunk=chunk,
            method="RESOURCE",
            url=uri,
            requested_at=kept_at,
            seconds=self._monotonic() - started,
            attempts=1,
            outcome=Outcome.UNCHANGED if is_same else Outcome.OK,
            reason="same_bytes" if is_same else "",
            snapshot=snapshot,
        )

    def brought(self, source: Source, matches: Callable[[str], bool]) -> Iterator[Fetched]:
        """Give what people once brought in for a source, as a replay finds it; live they bring it themselves."""
        for snapshot in self._transport.brought(matches):
            at = snapshot.fetched_at
            yield Fetched(source.id, "", "RESOURCE", snapshot.url, at, 0.0, 1, Outcome.OK, snapshot=snapshot)

    def secret(self, source: Source) -> str:
        """Give the key or cookie that the operator configured for a source, or an empty string."""
        return self._settings.secret(source).reveal()

    def close(self) -> None:
        """Let go of connections; the writer is whoever made it's to close."""
        self._transport.close()

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _ask(self, source: Source, request: Request, chunk: str) -> Fetched:
        started_at, started = self._now(), self._monotonic()
        trail = Trail()
        outcome, reason, message = Outcome.OK, "", ""
        recalled: Snapshot | None = None
        try:
            self._require_enabled(source)
            recalled = self._recall.find(source, request) if self._recall else None
            if recalled is not None:
                trail.robots_rule = "not asked: the archive answers"
            trail.snapshot = recalled or self._asker.ask(source, request, trail)
            if trail.unchanged:
                outcome, reason, message = Outcome.UNCHANGED, "not_modified", trail.unchanged
        except SourceError as error:
            outcome, reason, message = error.outcome, error.reason, str(error)
        is_replayed = trail.snapshot is not None and (recalled is not None or not self._transport.is_live)
        return Fetched(
            source_id=source.id,
            chunk=chunk,
            method=request.method,
            url=masked(request.url, *request.secrets),
            requested_at=trail.snapshot.fetched_at if trail.snapshot and is_replayed else started_at,
            seconds=self._monotonic() - started,
            attempts=trail.attempts,
            outcome=outcome,
            reason=reason,
            message=masked(message, *request.secrets),
            robots_rule=trail.robots_rule,
            snapshot=trail.snapshot,
        )

    def _require_enabled(self, source: Source) -> None:
        """Refuse a source that the operator did not turn on; a replay needs neither contact nor login."""
        reason = self._settings.off_reason(source)
        if reason and (self._transport.is_live or reason not in _NOT_NEEDED_IN_REPLAY):
            raise Refused(reason, self._settings.why_off(source))

    def _headers(self, asked: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
        if any(name.lower() == "user-agent" for name in asked):
            raise ValueError("the user agent says who we are, and no source changes it")
        named = {**_STANDING, **{name.lower(): value for name, value in asked.items()}}
        return (("user-agent", self._settings.user_agent), *named.items())

    def _secrets(self, source: Source) -> tuple[str, ...]:
        secret = self.secret(source)
        return (secret,) if secret else ()


def open_client(
    settings: Settings,
    archive: Archive,
    writer: ArchiveWriter,
    *,
    now: Callable[[], datetime],
    monotonic: Callable[[], float],
    sleep: Callable[[float], None],
    until: datetime | None = None,
    resolve: Resolve = resolve,
    connect: Connect = create_connection,
    recall: Recall | None = None,
) -> Client:
    """Make the client that the settings ask for: live, or with the archive in place of the sources.

    `until` is the time up to which a replay knows answers; `resolve` and `connect` find and reach the hosts;
    `recall` gives what need not be asked.
    """
    transport: Transport = (
        ReplayTransport(archive, until=until)
        if settings.offline
        else LiveTransport(settings, monotonic=monotonic, resolve=resolve, connect=connect)
    )
    return Client(settings, transport, writer, archive, now=now, monotonic=monotonic, sleep=sleep, recall=recall)
