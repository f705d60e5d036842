"""Many pages at once, on as many processors as there are.

A page is read by itself: nothing of one page is known to the next, so the answers are the same whoever reads them and
come in the order of the pages.
"""

import multiprocessing
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor

from extractors.news import articles
from extractors.reader import Answer, read_snapshot
from extractors.snapshot import Snapshot
from extractors.source import Extractor

ARTICLES = Extractor(articles.SOURCE, articles.matches, articles.fetch, articles.parse)
_PAGES_AT_ONCE = 8
_FEWEST_FOR_TWO = 40
"""Pages from which the start of another process, half a second, is worth it."""


def read_pages(snapshots: Sequence[Snapshot], *, processes: int) -> list[Answer]:
    """Read pages of articles with at most so many processes, and give the answers in the order of the pages.

    A few pages are read in this process; an answer names every way in which a page is no article.
    """
    if processes < 2 or len(snapshots) < _FEWEST_FOR_TWO:
        return [_read(one) for one in snapshots]
    with ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("forkserver")) as pool:
        return list(pool.map(_read, snapshots, chunksize=_PAGES_AT_ONCE))


def _read(snapshot: Snapshot) -> Answer:
    return read_snapshot(ARTICLES, snapshot)
