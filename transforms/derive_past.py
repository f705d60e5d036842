"""What followed from articles in the past: from former versions of each, and from those that were there by then.

A mention, a link or a number follows from one version of its article. A story follows from several articles, so it is
told anew for every moment at which one of them came, changed or went. Only articles that could ever have been of one
story are told together; nearly all stand alone, and have no past beside themselves.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest

import pyarrow as pa

from transforms.derive_stories import Pair, order, same_headlines, same_texts, told
from transforms.near_duplicates import components
from transforms.past_spans import Span
from transforms.tidy import Tidy
from warehouse.tables.news import STORIES, STORY_ARTICLES

Found = Mapping[str, list[Span]]
"""Spans of rows by table."""


def past_of_each(versions: pa.Table, spans: Sequence[Span], derive: Callable[[pa.Table], Tidy]) -> Found:
    """Derive rows from each version of an article by itself; `versions` has the rows of `spans` in their order."""
    place = versions.schema.get_field_index("article_id")
    numbered = versions.set_column(place, "article_id", pa.array([str(number) for number in range(len(spans))]))
    found: dict[str, list[Span]] = {}
    for name, rows in derive(numbered).rows.items():
        found[name] = []
        for row in rows.to_pylist():
            version = spans[int(row["article_id"])]
            whole = {**row, "article_id": version.row["article_id"]}
            found[name].append(Span(whole, version.begins, version.ends))
    return found


def past_of_stories(versions: Iterable[Span]) -> Found:
    """Tell every story of several articles, or of several versions of one, at every moment of its past."""
    ordered = sorted(versions, key=lambda span: (*order(span.row), span.begins))
    texts = list(same_texts([span.row for span in ordered]))
    found: dict[str, list[Span]] = {STORIES.name: [], STORY_ARTICLES.name: []}
    for places, mine in _ever_together(ordered, texts):
        for name, span in _told_over_time({place: ordered[place] for place in places}, mine):
            found[name].append(span)
    return found


def _ever_together(ordered: Sequence[Span], texts: Sequence[Pair]) -> Iterator[tuple[list[int], list[Pair]]]:
    """Group the places of versions that may at some time have told one story; leave out what was always alone."""
    rows = [span.row for span in ordered]
    versions: dict[str, int] = {}
    joins = [(one, other) for one, other, _ in (*texts, *same_headlines(rows))]
    joins += [(versions.setdefault(row["article_id"], place), place) for place, row in enumerate(rows)]
    groups = components(len(rows), joins)
    members: dict[int, list[int]] = defaultdict(list)
    shared: dict[int, list[Pair]] = defaultdict(list)
    for place, group in enumerate(groups):
        members[group].append(place)
    for pair in texts:
        shared[groups[pair[0]]].append(pair)
    yield from ((places, shared[group]) for group, places in members.items() if len(places) > 1)


def _told_over_time(versions: Mapping[int, Span], texts: Sequence[Pair]) -> Iterator[tuple[str, Span]]:
    moments = sorted({moment for one in versions.values() for moment in (one.begins, one.ends) if moment})
    for moment, following in zip_longest(moments, moments[1:]):
        there = [place for place, version in versions.items() if version.holds(moment)]
        number = {place: index for index, place in enumerate(there)}
        mine = [(number[one], number[other], share) for one, other, share in texts if {one, other} <= number.keys()]
        stories, tellings = told([versions[place].row for place in there], mine)
        yield from ((STORIES.name, Span(row, moment, following)) for row in stories)
        yield from ((STORY_ARTICLES.name, Span(row, moment, following)) for row in tellings)
