"""Find the feeds of a site: ask its page, its robots.txt and the usual places, and keep what answers as one."""

from dataclasses import dataclass, replace

from extractors.answers import refuse_block_page, require_ok
from extractors.client import Client, Fetched
from extractors.errors import Outcome, SourceError
from extractors.news import feeds
from extractors.news.discovery import Place, Site, places_of_robots, read_site, usual_places, watchlist_lines
from extractors.news.text_decoding import decode
from extractors.reader import NOTHING, Answer, read_snapshot
from extractors.registry import BY_ID
from extractors.robots import robots_url
from extractors.settings import Settings
from extractors.snapshot import Snapshot
from extractors.watchlist import WatchList
from flows.clients import SYSTEM, Means, client_of, use_recordings
from flows.clock import Now
from flows.job import Job, start
from flows.recorded import index_rest
from flows.report import State
from flows.taking import READABLE
from warehouse.home import Home
from warehouse.ledger import write_run
from warehouse.publish import publish_ops

_SOURCES = {"feed": "news_feeds", "sitemap": "news_site_maps"}
_MOST_SITE_MAPS = 3
"""How many site maps of a robots.txt are asked; those for news come first."""
_NOWHERE = Site("", "", ())


@dataclass(frozen=True, slots=True)
class Tried:
    """One place that was asked."""

    place: Place
    outcome: str
    reason: str
    entries: int


@dataclass(frozen=True, slots=True)
class FeedSearch:
    """What a search came to."""

    lines: str
    """Ready for the watch list; empty where nothing was found."""
    tried: tuple[Tried, ...]
    message: str = ""
    """Why the site itself could not be read."""


def find_feeds(
    home: Home, settings: Settings, watchlist: WatchList, url: str, *, now: Now, means: Means = SYSTEM
) -> FeedSearch:
    """Ask a site where its feeds are, archive what it answers, and write the lines; the watch list is not touched."""
    with start(home, settings, watchlist, flow="feeds", mode="feeds", now=now) as job:
        with job.archive.start(job.run.run_id, job.now) as writer:
            job.run = replace(job.run, archive_files=(writer.name,))
            if job.settings.offline:
                use_recordings(job, (), writer)
            job.taker.make_durable = writer.sync
            with client_of(job, writer, means) as client:
                found = _search(client, url, watchlist)
            if writer.has_records:
                index_rest(job, writer.name)
        _close(job, found.message)
    return found


def feeds_in(snapshot: Snapshot, watchlist: WatchList) -> FeedSearch:
    """Read which feeds a saved page names, or that it is one itself; nothing is asked.

    Raises ValueError for what is neither a page nor a feed.
    """
    itself = _itself(snapshot)
    if itself is not None:
        return FeedSearch(_lines([itself.place], _NOWHERE, snapshot.url, watchlist), (itself,))
    site = read_site(decode(snapshot), snapshot.url)
    return FeedSearch(_lines(site.places, site, snapshot.url, watchlist), ())


def _search(client: Client, url: str, watchlist: WatchList) -> FeedSearch:
    page = client.get(feeds.SOURCE, url, chunk="feeds")
    if page.snapshot is None or page.outcome not in READABLE:
        return FeedSearch("", (), f"{url}: {page.outcome} ({page.reason}) {page.message}".strip())
    itself = _itself(page.snapshot)
    if itself is not None:
        return FeedSearch(_lines([itself.place], _NOWHERE, url, watchlist), (itself,))
    try:
        refuse_block_page(page.snapshot)
        require_ok(page.snapshot)
        site = read_site(decode(page.snapshot), page.snapshot.url)
    except (SourceError, ValueError) as error:
        return FeedSearch("", (), f"{url}: {error}")
    places = [*site.places, *_in_robots(client, page.snapshot.url)] or list(usual_places(page.snapshot.url))
    tried = tuple(_try(client, place) for place in places)
    good = [one.place for one in tried if one.outcome == Outcome.OK]
    return FeedSearch(_lines(good, site, url, watchlist), tried)


def _in_robots(client: Client, url: str) -> tuple[Place, ...]:
    fetched = client.get(feeds.SOURCE, robots_url(url), chunk="feeds")
    if fetched.snapshot is None or fetched.snapshot.status != 200:
        return ()
    return places_of_robots(decode(fetched.snapshot), robots_url(url))[:_MOST_SITE_MAPS]


def _itself(snapshot: Snapshot) -> Tried | None:
    """Tell whether an address is a feed or a site map already."""
    for kind, source_id in _SOURCES.items():
        answer = read_snapshot(BY_ID[source_id], snapshot)
        if answer.outcome == Outcome.OK:
            return Tried(Place(snapshot.url, kind), answer.outcome, "", len(answer.reading.records))
    return None


def _try(client: Client, place: Place) -> Tried:
    source = BY_ID[_SOURCES[place.kind]]
    fetched = client.get(source.source, place.url, chunk="feeds")
    answer = _answer(fetched)
    return Tried(place, answer.outcome, answer.reason, len(answer.reading.records))


def _answer(fetched: Fetched) -> Answer:
    if fetched.snapshot is None or fetched.outcome not in READABLE:
        return Answer(fetched.outcome, fetched.reason, fetched.message, NOTHING)
    return read_snapshot(BY_ID[fetched.source_id], fetched.snapshot)


def _lines(places: list[Place] | tuple[Place, ...], site: Site, url: str, watchlist: WatchList) -> str:
    outlet = site.name or places[0].title if places else site.name
    taken = [feed.id for feed in watchlist.feeds]
    return watchlist_lines(places, outlet=outlet or url, language=site.language, taken=taken)


def _close(job: Job, message: str) -> None:
    ended = replace(job.run, state=State.COMPLETED, message=message or None, ended_at=job.now(), is_whole=True)
    write_run(job.warehouse, ended)
    publish_ops(job.home, job.warehouse)
