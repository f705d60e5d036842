"""What became of every recorded body, area by area: `python -m tests.recorded_report`.

What is right is stated beside the tests of each area, taken from the bytes and from the tables beside them by hand.
"""

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from fnmatch import fnmatch
from math import isclose

from extractors.news.site_map_xml import FurtherMap
from extractors.reader import Answer, read_snapshot
from extractors.registry import BY_ID
from extractors.robots import read_robots
from tests import recorded_filings, recorded_news, recorded_quotes
from tests import test_recorded_feeds as feeds
from tests import test_recorded_filings as filings
from tests import test_recorded_fx as rates
from tests import test_recorded_quotes as quotes
from tests import test_recorded_robots as robots
from tests import test_recorded_social as social

RIGHT, NO_DATA, WRONG, UNSUPPORTED = "right", "no data and why", "wrong", "unsupported"
VERDICTS = (RIGHT, NO_DATA, WRONG, UNSUPPORTED)
Stated = Iterator[tuple[str, str]]
"""For each body of an area its file and its verdict."""


def judge(answer: Answer, outcome: str, reason: str, *, has_values: Callable[[], bool]) -> str:
    """Say whether an answer is what was stated: data with its values, or none with the reason why."""
    if (answer.outcome.value, answer.reason) != (outcome, reason):
        return WRONG
    if outcome != "ok":
        return NO_DATA if answer.reading.records == () else WRONG
    return RIGHT if has_values() else WRONG


def of_quotes() -> Stated:
    """Judge prices by their count, last day and close."""
    for row in quotes.stated_rows():
        if any(fnmatch(row["file"], pattern) for pattern in quotes.UNSUPPORTED):
            yield row["file"], UNSUPPORTED
            continue
        line = recorded_quotes.recorded_index()[row["file"]]
        extractor = recorded_quotes.extractor_of(line)
        answer = read_snapshot(extractor, recorded_quotes.recorded_snapshot(line))
        yield row["file"], judge(answer, row["outcome"], row["reason"], has_values=_prices(answer, row))


def _prices(answer: Answer, row: Mapping[str, str]) -> Callable[[], bool]:
    def has() -> bool:
        count, day, value = quotes.key_values(answer.reading.records)
        is_value = (value is None) if not row["value"] else isclose(value or 0, float(row["value"]), rel_tol=1e-6)
        return (count, str(day or "")) == (int(row["count"]), row["day"]) and is_value

    return has


_REASONS = {
    "ecb_eurofxref-hist_empty.xml": "no_rates",
    "ecb_html_block_page_instead_of_xml.html": "block_page",
}


def of_rates() -> Stated:
    """Judge rates by their number, and by those that were read in the bytes."""
    for name, (outcome, number) in rates.EXPECTED.items():
        _, answer = rates.read_of_ecb(name)
        yield name, judge(answer, outcome, _REASONS.get(name, ""), has_values=_rates(answer, number, name))
    for name, (_, outcome, reason, number) in rates.OTHERS.items():
        _, answer = rates.read_of_others(name)
        yield name, judge(answer, outcome, reason, has_values=_rates(answer, number, name))
    yield from ((name, UNSUPPORTED) for name in rates.UNSUPPORTED)


def _rates(answer: Answer, number: int, name: str) -> Callable[[], bool]:
    def has() -> bool:
        given = [(base, quote, day, Decimal(rate)) for base, quote, day, rate in rates.GIVEN.get(name, ())]
        is_given = not given or rates.rates_like_given(name) == given
        return sum(one.table.num_rows for one in answer.reading.records) == number and is_given

    return has


def of_followers() -> Stated:
    """Judge counts by account, metric, value, range, precision, text and method."""
    for file in social.RECORDED:
        answer = social.answer(file)
        outcome, reason = {**social.NO_COUNT, **social.REFUSALS_OF_OTHER_CALLS}.get(file, ("ok", ""))
        yield file, judge(answer, outcome, reason, has_values=_counts(answer, file))


def _counts(answer: Answer, file: str) -> Callable[[], bool]:
    if file in social.A_STEP:
        return lambda: answer.reading.records == (social.A_STEP[file],)
    return lambda: social.counts(answer) == social.COUNTS[file]


def of_filings() -> Stated:
    """Judge filings by what they hold: rows of a list, pages of a document, facts."""
    for row in recorded_filings.stated():
        if not row["file"].startswith("filings/"):
            continue
        if row["outcome"] == recorded_filings.UNSUPPORTED:
            yield row["file"], UNSUPPORTED
            continue
        answer = read_snapshot(BY_ID[row["source"]], recorded_filings.snapshot_of(row))
        yield row["file"], judge(answer, row["outcome"], row["reason"], has_values=_size(answer, int(row["count"])))


def _size(answer: Answer, number: int) -> Callable[[], bool]:
    return lambda: filings.size_of(answer.reading.records) == number


def of_feeds(kind: str) -> Stated:
    """Judge feeds by the number of entries that other readers found, or that begin in the bytes."""
    truth = recorded_news.feeds_truth()
    for file in recorded_news.files(kind):
        outcome, reason = feeds.stated_of(file)
        found = recorded_news.read(file, "news_feeds")
        others = [int(number) for name, number in truth.get(file, {}).items() if name.startswith("entries_")]
        number = max(others) if others else feeds.in_bytes(file)
        yield file, judge(found, outcome, reason, has_values=_length(found, number))


def _length(answer: Answer, number: int) -> Callable[[], bool]:
    return lambda: len(answer.reading.records) == number


def of_site_maps() -> Stated:
    """Judge maps by the number of their addresses and further maps."""
    for file in recorded_news.files("sitemaps"):
        answer = recorded_news.read(file, "news_site_maps")
        yield file, judge(answer, "ok", "", has_values=_addresses(answer, file))


def _addresses(answer: Answer, file: str) -> Callable[[], bool]:
    name = file.rpartition("/")[2]
    is_index = name in feeds.INDEXES
    number = feeds.INDEXES[name][0] if is_index else feeds.SITE_MAPS[name][0]
    wanted = number if number >= 0 else recorded_news.body(file).count(b"<loc>")
    return lambda: sum(isinstance(one, FurtherMap) is is_index for one in answer.reading.records) == wanted


def of_robots() -> Stated:
    """Judge robots.txt by what it allows."""
    for name, (addresses, delay, _) in robots.VERDICTS.items():
        found = read_robots(200, recorded_news.body(f"robots/{name}"))
        said = {path: found.verdict(f"https://host.example{path}") for path in addresses}
        is_right = all(
            said[path].is_allowed is allowed and said[path].delay_seconds == delay
            for path, allowed in addresses.items()
        )
        yield name, RIGHT if is_right else WRONG


def of_challenges() -> Stated:
    """Judge pages that ask for a proof of being human: each is refused."""
    for file in recorded_news.files("block_pages"):
        yield file, NO_DATA if recorded_news.read(file, "news_articles").outcome == "refused" else WRONG


AREAS: Mapping[str, tuple[int, Callable[[], Stated]]] = {
    "quotes": (85, of_quotes),
    "exchange rates": (37, of_rates),
    "followers": (75, of_followers),
    "filings": (71, of_filings),
    "feeds": (41, lambda: of_feeds("feeds")),
    "small feeds": (154, lambda: of_feeds("feeds_small")),
    "site maps": (16, of_site_maps),
    "robots.txt": (47, of_robots),
    "challenge pages": (13, of_challenges),
}
"""For each area how many bodies were recorded, and how they are judged."""


def report() -> dict[str, Counter[str]]:
    """Count the verdicts of each area."""
    return {name: Counter(verdict for _, verdict in judged()) for name, (_, judged) in AREAS.items()}


def lines(found: Mapping[str, Counter[str]]) -> Iterator[str]:
    """Write the report as a table with a sum."""
    everything: Counter[str] = sum(found.values(), Counter())
    yield f"{'':16}{'bodies':>8}{'covered':>9}" + "".join(f"{one:>{len(one) + 2}}" for one in VERDICTS)
    for name, counted in {**found, "all": everything}.items():
        covered = counted.total() - counted[UNSUPPORTED]
        cells = "".join(f"{counted[one]:>{len(one) + 2}}" for one in VERDICTS)
        yield f"{name:16}{counted.total():>8}{covered:>9}{cells}"


def main() -> None:
    """Print the report."""
    sys.stdout.write("\n".join(lines(report())) + "\n")


if __name__ == "__main__":
    main()
