"""How a source is asked: robots.txt, pace, circuit, conditional requests, retries, redirects.

Every answer is archived before anyone looks at it, also one that is asked for again and each step of a redirect.
In a replay the archive answers and none of the manners apply.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from tenacity import Retrying, retry_if_exception, stop_after_attempt

from extractors.addresses import require_web
from extractors.archive import Archive, ArchiveError, ArchiveWriter
from extractors.archive_index import Entry
from extractors.errors import NothingThere, RateLimited, Refused, Retry, SourceError, Unavailable
from extractors.exchange import Exchange, Headers, Request
from extractors.pace import Hosts
from extractors.redirects import redirect_target, redirected
from extractors.robots import RobotsFile, RobotsFiles, read_robots, robots_url
from extractors.settings import Settings
from extractors.snapshot import Snapshot
from extractors.source import Source
from extractors.tombstones import forgotten_keys
from extractors.transport import Transport
from extractors.urls import masked, netloc, origin, url_key
from extractors.waiting import is_worth_it, pause, retry_after
from extractors.warc_answers import Broken

_PATIENCE = {"timeout": 2, "dns": 2, "tls": 2, "connection": 2, "server_error": 5}
"""How many requests in a row, with all their attempts, a host may fail before it is left alone for the run.

An answer of trouble may be about one page only, so that more of those are borne than silences.
"""
_TURNED_AWAY = frozenset({403, 412, 418, 432})
"""Statuses with which hosts turn away the asker rather than the question."""
_CUT = {"time": "timeout", "disconnect": "connection", "length": "too_large"}


@dataclass(slots=True)
class Trail:
    """What has happened so far in one request."""

    attempts: int = 0
    robots_rule: str = ""
    delay_seconds: float = 0.0
    unchanged: str = ""
    """Why the snapshot is an earlier one."""
    snapshot: Snapshot | None = None


class Asker:
    """Asks with manners. Safe to share between threads."""

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
    ) -> None:
        self._settings = settings
        self._transport = transport
        self._writer = writer
        self._archive = archive
        self._now = now
        self._sleep = sleep
        self._hosts = Hosts(monotonic=monotonic, sleep=sleep)
        self._robots = RobotsFiles(now)
        self._forgotten = forgotten_keys(archive)

    def ask(self, source: Source, request: Request, trail: Trail) -> Snapshot:
        """Give the answer at the end of all redirects.

        Raises the SourceError that says why there is none.
        """
        if not self._transport.is_live:
            return self._follow(source, request, trail)
        require_web(request.url)
        snapshot = self._follow(source, request, trail)
        if snapshot.status in _TURNED_AWAY and not any(mark in snapshot.body for mark in source.missing_marks):
            refusal = Refused("turned_away", f"it answered with status {snapshot.status}")
            self._hosts.trip(lane(source, snapshot.url), refusal)
        return snapshot

    def _follow(self, source: Source, request: Request, trail: Trail, *, for_robots: bool = False) -> Snapshot:
        """Go from address to address, each with its own robots.txt, pace and check."""
        seen = [request.url]
        while True:
            if self._transport.is_live and not for_robots:
                self._require_permission(source, request.url, trail)
            snapshot = self._unless_unchanged(source, request, trail)
            target = redirect_target(request.url, snapshot)
            if target is None:
                return snapshot
            if target in seen:
                raise Unavailable("redirects", f"{masked(seen[0])} leads back to itself")
            if len(seen) > self._settings.limits.redirects:
                raise Unavailable("redirects", f"{masked(seen[0])} redirects more than {len(seen) - 1} times")
            seen.append(target)
            request = redirected(request, target, snapshot.status)

    def _require_permission(self, source: Source, url: str, trail: Trail) -> None:
        """Ask robots.txt, unless the publisher means programs to call or the operator decided otherwise.

        Raises Refused with the reason `robots`, or `robots_unavailable` where trouble of the host forbids everything.
        """
        if not self._settings.robots or not source.honours_robots:
            trail.robots_rule = "not asked: " + (
                "the operator turned it off" if source.honours_robots else "the publisher offers this to programs"
            )
            return
        verdict = self._robots.of(origin(url), lambda: self._fetch_robots(source, url)).verdict(url)
        trail.robots_rule, trail.delay_seconds = verdict.rule, verdict.delay_seconds
        if not verdict.is_allowed:
            raise Refused(verdict.reason, f"{masked(url)}: {verdict.rule}")

    def _fetch_robots(self, source: Source, url: str) -> RobotsFile:
        """Fetch and archive robots.txt; without any answer there is none to the request itself either."""
        trail = Trail()
        headers = (("user-agent", self._settings.user_agent), ("accept", "text/plain, */*;q=0.5"))
        try:
            snapshot = self._follow(source, Request(robots_url(url), headers), trail, for_robots=True)
        except Unavailable as error:
            if error.reason == "redirects":
                return read_robots(404, b"")
            if error.reason == "server_error" and trail.snapshot:
                return read_robots(trail.snapshot.status, b"")
            raise
        return read_robots(snapshot.status, snapshot.body)

    def _unless_unchanged(self, source: Source, request: Request, trail: Trail) -> Snapshot:
        """Ask for what is newer than what is archived; where nothing is, give that.

        Raises NothingThere for an address whose document was taken down: nobody asks for it again.
        """
        if self._forgotten and url_key(masked(request.url, *request.secrets)) in self._forgotten:
            raise NothingThere(
                "forgotten", f"{masked(request.url, *request.secrets)} was taken down and is not asked for"
            )
        if not self._transport.is_live:
            return self._judged(lane(source, request.url), self._transport.ask(request), trail)
        earlier = None
        if request.method == "GET":
            earlier = self._archive.index.newest("GET", masked(request.url, *request.secrets), _is_good)
        snapshot = self._answer(source, _conditional(request, earlier), trail)
        if snapshot.status != 304:
            return snapshot
        if earlier is None:
            trail.unchanged = "the answer says that nothing is new, though it was not asked so"
            return snapshot
        try:
            found = self._archive.snapshot(earlier.file, earlier.offset)
        except ArchiveError:
            return self._answer(source, request, trail)
        trail.unchanged = f"not modified since {earlier.fetched_at:%Y-%m-%d %H:%M} UTC"
        return found

    def _answer(self, source: Source, request: Request, trail: Trail) -> Snapshot:
        """Ask, and again while that makes sense."""
        limits = self._settings.limits
        retrying = Retrying(
            stop=stop_after_attempt(limits.attempts),
            wait=pause,
            retry=retry_if_exception(lambda error: is_worth_it(error, limits.retry_after_seconds)),
            sleep=self._sleep,
            reraise=True,
        )
        try:
            return retrying(self._attempt, source, request, trail)
        except SourceError as error:
            self._note(lane(source, request.url), error)
            raise

    def _note(self, name: str, error: SourceError) -> None:
        """Leave a host alone that limits us, that wants a longer pause than we wait, or that is not there."""
        longest = self._settings.limits.retry_after_seconds
        if isinstance(error, RateLimited) or (isinstance(error, Retry) and (error.after_seconds or 0) > longest):
            self._hosts.trip(name, error)
        elif error.reason in _PATIENCE:
            self._hosts.failed(name, error, limit=_PATIENCE[error.reason])

    def _attempt(self, source: Source, request: Request, trail: Trail) -> Snapshot:
        name = lane(source, request.url)
        with self._hosts.turn(name, max(self._settings.pace_seconds(source), trail.delay_seconds)):
            trail.attempts += 1
            found = self._transport.ask(request)
        if isinstance(found, Snapshot) or found.status < 500:
            self._hosts.answered(name)
        archived = self._writer.response(request, found) if isinstance(found, Exchange) else found
        if isinstance(archived, Broken):
            cut = found.cut if isinstance(found, Exchange) else ""
            reason = _CUT.get(cut, archived.reason)
            raise Unavailable(reason, f"{masked(request.url, *request.secrets)}: {archived.message}")
        return self._judged(name, archived, trail)

    def _judged(self, name: str, answer: Exchange | Snapshot, trail: Trail) -> Snapshot:
        """Let through what is an answer; "not now" is raised."""
        assert isinstance(answer, Snapshot)
        trail.snapshot = answer
        if answer.status != 429 and answer.status < 500:
            return answer
        after = retry_after(answer.headers.get("retry-after", ""), self._now())
        if after is not None:
            self._hosts.hold(name, min(after, self._settings.limits.retry_after_seconds))
        wish = f", and asks for a pause of {after:g} s" if after is not None else ""
        if answer.status == 429:
            raise RateLimited("too_many_requests", f"{answer.url} answers with status 429{wish}", after_seconds=after)
        message = f"{answer.url} answers with status {answer.status}{wish}"
        raise Unavailable("server_error", message, after_seconds=after)


def lane(source: Source, url: str) -> str:
    """Name the queue that a request stands in: that of its host, or one for all hosts that are counted together."""
    host, across = netloc(url), source.pace.across
    name = host.partition(":")[0]
    return across if across and (name == across or name.endswith(f".{across}")) else host


def _is_good(entry: Entry) -> bool:
    return entry.status == 200 and not entry.is_cut


def _conditional(request: Request, earlier: Entry | None) -> Request:
    """Send the marks of the newest archived answer back, byte for byte."""
    marks: Headers = ()
    if earlier is not None and earlier.etag:
        marks += (("if-none-match", earlier.etag),)
    if earlier is not None and earlier.last_modified:
        marks += (("if-modified-since", earlier.last_modified),)
    return replace(request, headers=(*request.headers, *marks))
