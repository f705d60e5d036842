"""The ECB's rates as Frankfurter hands them out.

Published by   the Frankfurter project, from the ECB's files, soon after each comes out; free of a key
Read from      the first version of its interface, one calendar year a call; the second is read when an archive holds it
Know that      a day without rates is answered with the last one that has some, and `date` says which; an unknown
               currency and an empty range are both a 404; rates from another base than the euro are crosses of its
               own; the second version blends many banks unless a provider is named
"""

import re
from collections.abc import Iterator
from datetime import date
from urllib.parse import parse_qs, urlsplit

from extractors.answers import refuse_html, require_ok
from extractors.client import Client, Fetched
from extractors.errors import Refused, ShapeChanged
from extractors.fx.currencies import currencies_of
from extractors.fx.given_rates import (
    Given,
    GivenRates,
    by_currency,
    currency_of,
    day_of,
    one_news_each,
    rates_table,
)
from extractors.reading import Drift, Reading, Record, json_body
from extractors.snapshot import Snapshot
from extractors.source import Pace, Query, Source, Window

SOURCE = Source(
    "frankfurter",
    title="Euro reference rates, handed out by Frankfurter",
    publisher="Frankfurter, from the European Central Bank",
    kind="fx",
    home_url="https://frankfurter.dev/",
    pace=Pace(seconds=1),
    tables=("core.fx_rates_by_source",),
    terms="Open source and free to use; the rates are the ECB's, to be named as their source.",
    may_be_redistributed=True,
    honours_robots=False,  # a documented interface, made for programs
)

_ADDRESS = "https://api.frankfurter.dev/v1/{start}..{end}?base=EUR&symbols={symbols}"
_HOSTS = ("api.frankfurter.dev", "api.frankfurter.app", "frankfurter.app", "www.frankfurter.app")
_DAY = r"\d{4}-\d\d-\d\d"
_PATH = re.compile(rf"(/v1)?/(latest|{_DAY}(\.\.({_DAY})?)?)/?")
_SECOND = re.compile(r"/v2/rates?(/[A-Za-z]{3}/[A-Za-z]{3})?/?")
_KNOWN = frozenset({"start_date", "end_date"})


def matches(url: str) -> bool:
    """Tell whether this is a call for rates, of either version."""
    parts = urlsplit(url)
    is_ours = parts.hostname in _HOSTS
    return is_ours and bool(_PATH.fullmatch(parts.path) or _SECOND.fullmatch(parts.path))


def fetch(client: Client, query: Query) -> Iterator[Fetched]:
    """Ask for our currencies against the euro, one calendar year a call."""
    symbols = ",".join(one for one in currencies_of(query.watchlist) if one != "EUR")
    for year in range(query.window.start.year, query.window.end.year + 1):
        window = Window(max(query.window.start, date(year, 1, 1)), min(query.window.end, date(year, 12, 31)))
        yield client.get(SOURCE, _ADDRESS.format(start=window.start, end=window.end, symbols=symbols))


def parse(snapshot: Snapshot) -> Reading[GivenRates]:
    """Read one answer of either version.

    Raises NothingThere for a currency or a range without rates, Refused for a question that it does not take,
    ShapeChanged when a field that we rely on is missing or of another kind.
    """
    if snapshot.status == 422:
        raise Refused("bad_request", snapshot.at("status 422"))
    require_ok(snapshot)
    refuse_html(snapshot)
    drift: list[Drift] = []
    answer = json_body(snapshot, exact=True)
    if urlsplit(snapshot.url).path.startswith("/v2/"):
        record = _second(answer if isinstance(answer, list) else [answer], snapshot, drift)
    else:
        record = _first(Record(answer, snapshot), snapshot, drift)
    return Reading((record,), one_news_each(drift))


def _first(body: Record, snapshot: Snapshot, drift: list[Drift]) -> GivenRates:
    with body.exhausted(drift, _KNOWN):
        base, amount = currency_of(body, "base", snapshot), body.decimal("amount")
        if amount <= 0:
            raise ShapeChanged("amount", snapshot.at(f"amount is {amount}"))
        if "date" in body:
            days = [(body.day("date"), body, "rates")]
        else:
            by_day = body.record("rates")
            days = [(day_of(one, "%Y-%m-%d", "rates", snapshot), by_day, one) for one in by_day.names()]
        rows = [
            (day, base, quote, rate / amount)
            for day, place, name in days
            for quote, rate in by_currency(place, name, drift)
            if quote != base
        ]
    is_crossed = base != "EUR" or amount != 1
    return GivenRates(SOURCE.id, base, "reference", rates_table(rows, snapshot), is_crossed=is_crossed)


def _second(answer: list[object], snapshot: Snapshot, drift: list[Drift]) -> GivenRates:
    rows: list[Given] = []
    for number, one in enumerate(answer):
        row = Record(one, snapshot, f"[{number}]")
        with row.exhausted(drift, frozenset({"providers"})):
            base, quote = currency_of(row, "base", snapshot), currency_of(row, "quote", snapshot)
            rows.append((row.day("date"), base, quote, row.decimal("rate")))
    table = rates_table([row for row in rows if row[1] != row[2]], snapshot)
    bases = {row[1] for row in rows}
    if len(bases) > 1:
        raise ShapeChanged("base", snapshot.at(f"rates from {', '.join(sorted(bases))} in one answer"))
    providers = parse_qs(urlsplit(snapshot.url).query).get("providers", [""])[0].lower()
    is_pinned = providers == "ecb"
    (base,) = bases
    kind = "reference" if is_pinned else "blend"
    return GivenRates(SOURCE.id, base, kind, table, is_crossed=base != "EUR" if is_pinned else False)
