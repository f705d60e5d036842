"""Shares in issue out of the returns that issuers in Hong Kong file, and out of summaries of them."""

from collections.abc import Iterable

from extractors.filings.document import Document
from transforms.figures.figure import Figure
from transforms.figures.monthly_returns import read_monthly_return
from transforms.figures.next_day_returns import read_next_day_return
from transforms.figures.share_sentences import read_share_sentences
from transforms.figures.whole import Whole


def read_returns(document: Document) -> tuple[Figure, ...]:
    """Read balances, issues and purchases of shares, by class and day; nothing for other documents."""
    whole = Whole.of(document)
    found = _agreed([*read_monthly_return(whole), *read_next_day_return(whole)])
    return found or _agreed(read_share_sentences(whole))


def _agreed(figures: Iterable[Figure]) -> tuple[Figure, ...]:
    """Leave out what a document says in two ways, and what it says again; issues of one day in several rows stay."""
    groups: dict[tuple[object, ...], list[Figure]] = {}
    for one in figures:
        key = (one.metric, one.product, one.period, one.place if one.metric == "shares_issued" else None)
        groups.setdefault(key, []).append(one)
    return tuple(group[0] for group in groups.values() if len({one.value for one in group}) == 1)
