"""Many pages at once, on as many processors as there are.

A page is read by itself: nothing of one page is known to the next, so the answers are the same whoever reads them and
come in the order of the pages.
"""

import multiprocessing
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from types import TracebackType

from extractors.news import articles
from extractors.reader import Answer, read_snapshot
from extractors.snapshot import Snapshot
from extractors.source import Extractor

ARTICLES = Extractor(articles.SOURCE, articles.matches, articles.fetch, articles.parse)
_PAGES_AT_ONCE = 6
_FEWEST_FOR_TWO = 40
"""Pages from which the start of other processes, about a second, is worth it."""


class PageReaders:
    """Processes that read pages and stay for the next ones; they end with the block.

    They are started from a server of their own and not forked from this process, which may have threads.
    """

    def __init__(self, processes: int) -> None:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload([__name__])
        self._pool = ProcessPoolExecutor(processes, mp_context=context)

    def __enter__(self) -> "PageReaders":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(cancel_futures=True)

    def read(self, snapshots: Sequence[Snapshot]) -> list[Answer]:
        """Read pages of articles, and give the answers in the order of the pages."""
        return list(self._pool.map(_read, snapshots, chunksize=_PAGES_AT_ONCE))


def read_pages(snapshots: Sequence[Snapshot], *, processes: int) -> list[Answer]:
    """Read pages of articles with at most so many processes, and give the answers in the order of the pages.

    A few pages are read in this process; an answer names every way in which a page is no article.
    """
    if processes < 2 or len(snapshots) < _FEWEST_FOR_TWO:
        return [_read(one) for one in snapshots]
    with PageReaders(processes) as readers:
        return readers.read(snapshots)


def _read(snapshot: Snapshot) -> Answer:
    return read_snapshot(ARTICLES, snapshot)
