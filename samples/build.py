"""Build the sample archive: every source asks for the window as the daily flow does, and the table answers.

Run as `python -m samples.build`. The same figures, texts and watch list give the same bytes each time.
"""

import argparse
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from uuid import NAMESPACE_URL, UUID, uuid5

from extractors.archive import ArchiveWriter, Broken, ReplayIndex
from extractors.client import Client, Fetched
from extractors.errors import Outcome
from extractors.exchange import Exchange, Request
from extractors.news import feeds
from extractors.quotes.member_lines import with_members
from extractors.reader import read_snapshot
from extractors.reading import Read
from extractors.registry import EXTRACTORS
from extractors.settings import PRODUCT, Limits
from extractors.source import Extractor, Query, Source, Window
from extractors.watchlist import WatchList, read_watchlist
from flows.links import links_of
from samples.brought import BROUGHT
from samples.origin import answer
from samples.published import rows_of
from transforms.registry import RANKS, transform_of
from warehouse.database import Warehouse

ROOT = Path(__file__).parents[1]
ARCHIVE = Path(__file__).parent / "turn-of-2025.warc.gz"
WINDOW = Window(date(2023, 12, 27), date(2025, 1, 10))
RECORDED_AT = datetime(2025, 1, 11, 6, tzinfo=UTC)
"""After the closes of 10 January 2025 in Hong Kong and in New York."""
ABOUT = {
    "software": f"{PRODUCT}/samples",
    "description": "A sample in the wire formats of the sources. The figures are published ones, listed with their "
    "origins in samples/figures; the texts of feeds and articles are written for this project and are not the "
    "outlets' own.",
}
_ASKED = (
    "watchlist_file", "tencent_daily", "tencent_realtime", "trading_calendars", "index_members", "ecb_rates",
    "sec_submissions", "sec_companyfacts", "sec_filing_index", "sec_documents", "hkexnews_search", "hkexnews_documents",
    "weibo",
    "github", "mastodon", "bluesky", "news_feeds", "news_articles", "followers_file", "added_documents",
)  # fmt: skip
"""The first source of each kind; others have no published answer that could be told exactly, or say the same again."""


class Recorder(Client):
    """Stands in for the client: answers from the table, archives each answer at a time of its own."""

    def __init__(self, path: Path, watchlist: WatchList) -> None:
        self._watchlist = watchlist
        self._seconds = count()
        self._at = RECORDED_AT
        numbers = count(1)
        self._writer = ArchiveWriter(
            path,
            run_id=path.name.partition(".")[0],
            now=lambda: self._at,
            index=ReplayIndex(),
            limits=Limits(),
            new_id=lambda: _record_id(next(numbers)),
            about=ABOUT,
        )

    def get(self, source: Source, url: str, *, chunk: str = "", headers: Mapping[str, str] | None = None) -> Fetched:
        """Answer from the table and archive the answer."""
        del headers
        body = answer(url, self._watchlist)
        self._at = body.recorded_at or self._next_second()
        head = (("Content-Type", body.content_type), ("Content-Length", str(len(body.content))))
        kept = self._writer.response(Request(url, (("User-Agent", PRODUCT),)), Exchange(200, head, body.content, "OK"))
        if isinstance(kept, Broken):
            raise ValueError(f"{url}: {kept.reason}: {kept.message}")
        return Fetched(source.id, chunk, "GET", url, self._at, 0.0, 1, Outcome.OK, snapshot=kept)

    def keep(self, source: Source, uri: str, body: bytes, media_type: str, *, chunk: str = "") -> Fetched:
        """Archive an input as a resource."""
        self._at = self._next_second()
        kept = self._writer.resource(uri, body, media_type)
        return Fetched(source.id, chunk, "RESOURCE", uri, self._at, 0.0, 1, Outcome.OK, snapshot=kept)

    def brought(self, source: Source, matches: Callable[[str], bool]) -> Iterator[Fetched]:
        """Archive what people brought in for a source."""
        del matches
        yield from BROUGHT[source.id](self)

    def secret(self, source: Source) -> str:
        """Give no key or cookie."""
        del source
        return ""

    def close(self) -> None:
        """Finish the file."""
        self._writer.close()

    def _next_second(self) -> datetime:
        return RECORDED_AT + timedelta(seconds=next(self._seconds))


def build(path: Path) -> list[Fetched]:
    """Write the archive to a path that does not exist yet; give what was fetched."""
    watchlist = _with_priced_members(read_watchlist(ROOT / "watchlist.toml"))
    recorder = Recorder(path, watchlist)
    fetched = list(_fetched(recorder, watchlist))
    recorder.close()
    return fetched


def _with_priced_members(watchlist: WatchList) -> WatchList:
    """Add the members of the index of which prices are known; the others are asked for in vain, and left out."""
    priced = {bar["security"] for bar in rows_of("bars")}
    with_all = with_members(watchlist)
    return replace(with_all, members=tuple(line for line in with_all.members if line.yahoo in priced))


def _fetched(recorder: Recorder, watchlist: WatchList) -> Iterator[Fetched]:
    """Let every source ask in the order of the registry, in which lists stand before the pages that they point to."""
    entries: list[str] = []
    with Warehouse.open_memory() as warehouse:
        for extractor in EXTRACTORS:
            name = extractor.source.id
            if name not in _ASKED:
                continue
            of_filings = links_of(name, warehouse, watchlist, WINDOW) if extractor.source.kind == "filings" else ()
            fetched = []
            for one in extractor.fetch(recorder, Query(watchlist, WINDOW, of_filings or tuple(entries))):
                yield one
                fetched.append(one)
                if name == feeds.SOURCE.id and one.snapshot is not None:
                    entries += [entry.link for entry in feeds.parse(one.snapshot).records]
            if extractor.source.kind == "filings":
                _load(warehouse, extractor, fetched, watchlist)


def _load(warehouse: Warehouse, extractor: Extractor, fetched: list[Fetched], watchlist: WatchList) -> None:
    """Keep what lists say, so that the documents in them are found as a run finds them."""
    answers = [(one.snapshot, read_snapshot(extractor, one.snapshot)) for one in fetched if one.snapshot is not None]
    reads = [Read(kept, answer.reading.records) for kept, answer in answers if answer.outcome is Outcome.OK]
    rows = transform_of(extractor.source.id)(reads, watchlist).rows
    warehouse.load(rows, run_id="sample", loaded_at=RECORDED_AT, ranks=RANKS)


def _record_id(number: int) -> UUID:
    return uuid5(NAMESPACE_URL, f"urn:dragongate:sample:turn-of-2025:{number}")


def main() -> None:
    """Build the archive in its place."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--to", type=Path, default=ARCHIVE, help="where to write; the archive that ships when left out")
    target: Path = parser.parse_args().to
    half = target.parent / "half-built" / target.name
    half.unlink(missing_ok=True)
    fetched = build(half)
    half.replace(target)
    half.parent.rmdir()
    print(f"{target}: {len(fetched)} answers, {target.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
