"""What the warehouse has on prices: closes, opens, changes, market values, trade of a day."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from extractors.watchlist import Security
from transforms.claims.units import MONEY
from transforms.verdicts.asked import INTRADAY, Asked
from transforms.verdicts.known import ACTIONS, NO_DATA, RATES, SHARES, Answer, Answers, Cited, Unanswered
from transforms.verdicts.numbers import EXACTLY

_COLUMNS = {
    "share_price": ("close_price",),
    "share_price_close": ("close_price",),
    "share_price_open": ("open_price",),
    "share_price_high": ("high_price",),
    "share_price_low": ("low_price",),
}
Finder = Callable[[Security, date], Iterable[Answer]]
_WEEK = 7
_FRESH_SHARES = 400
_BEYOND = 30
_FOREVER = date(9999, 12, 31)
_SPLITS = "split"


def price(asked: Asked) -> Answers:
    """Give the price of a day: close, open, high or low; where words say so, any price of the day."""
    if not asked.claim.unit.startswith(MONEY):
        return Unanswered("not_comparable", f"a price in {asked.claim.unit}")
    find = _prices if asked.lines else _translated
    found = _each(asked, lambda line, day: find(asked, line, day), asked.lines or _primary(asked))
    if isinstance(found, tuple) and all(_is_beyond(asked.claim.normalised, one.value) for one in found):
        return Unanswered("not_comparable", "no price of a share")
    return found


def _is_beyond(stated: Decimal, value: Decimal) -> bool:
    """Tell a number that cannot be the price, as a count of shares beside it, from a wrong one."""
    return not value / _BEYOND < abs(stated) < value * _BEYOND


def change(asked: Asked) -> Answers:
    """Give the change of the close, of which a year's is counted from its first open or from the last close before."""
    if asked.claim.comparison == "since":
        return Unanswered("not_comparable", "since an event")
    return _each(asked, lambda line, day: _changes(asked, line, day, is_rate=True))


def step(asked: Asked) -> Answers:
    """Give the change of the close in money."""
    return _each(asked, lambda line, day: _changes(asked, line, day, is_rate=False))


def market_value(asked: Asked) -> Answers:
    """Give close times shares in issue, in the currency of the claim; for a distance, what lacks to a trillion."""
    if asked.claim.unit != MONEY:
        return Unanswered("not_comparable", "a change of market value")
    return market_values(asked)


def market_values(asked: Asked) -> Answers:
    """Give the market values of the days that a claim can be of."""
    found = [one for line in _primary(asked) for day in _days(asked, line) for one in _market_values(asked, line, day)]
    return tuple(found) or NO_DATA


def turnover(asked: Asked) -> Answers:
    """Give the value traded in a session."""
    return _each(asked, lambda line, day: _column(asked, line, day, "turnover_amount", "value traded"))


def volume(asked: Asked) -> Answers:
    """Give the shares traded in a session."""
    return _each(asked, lambda line, day: _column(asked, line, day, "volume", "shares traded"))


def shares(asked: Asked) -> Answers:
    """Give the shares in issue."""
    until = asked.day if asked.is_unplaced else asked.claim.period_end or asked.day
    counted = _share_count(asked, until)
    if counted is None:
        return NO_DATA
    return (Answer(counted[0], f"shares in issue on {counted[1][0].row['as_of_date']}", counted[1]),)


def _each(asked: Asked, find: Finder, lines: tuple[Security, ...] | None = None) -> Answers:
    for line in asked.lines if lines is None else lines:
        found = [one for day in _days(asked, line) for one in find(line, day)]
        if found:
            return tuple(found)
    if not asked.lines:
        return Unanswered("not_comparable", f"no line of it trades in {asked.claim.currency}")
    return NO_DATA


def _primary(asked: Asked) -> tuple[Security, ...]:
    return tuple(one for one in asked.known.watchlist.securities_of(asked.claim.company_id) if one.is_primary)


def _translated(asked: Asked, line: Security, day: date) -> Iterator[Answer]:
    """Give the prices of a day in the money of the claim, where no line trades in it, at the rate of that day."""
    rate = rate_on(asked, line.currency, asked.claim.currency, day)
    if rate is None:
        return
    for one in _prices(asked, line, day):
        value, low, high = (EXACTLY.multiply(number, rate.row["rate"]) for number in (one.value, *one.bounds))
        how = f"{one.how} in {asked.claim.currency} at the rate of {rate.row['rate_date']}"
        yield replace(one, value=value, low=low, high=high, how=how, cited=(*one.cited, rate))


def _days(asked: Asked, line: Security) -> list[date]:
    """Name the sessions that a claim can be of: a text that names none may mean the last one or the one before."""
    claim, known = asked.claim, asked.known
    if claim.period.startswith("first_trading_day") and claim.period_start and claim.period_end:
        first = known.first_day(line.id, claim.period_start, claim.period_end)
        return [first] if first else []
    if claim.period_kind == "instant" and claim.period_start and claim.period_end and not asked.is_unplaced:
        within = [one for one in known.days(line.id) if claim.period_start <= one <= claim.period_end]
        if within:
            return within
    until = asked.day if asked.is_unplaced else claim.period_end or asked.day
    last = known.last_day(line.id, until, within=_WEEK)
    if last is None:
        return []
    bar = known.bar(line.id, last, asked.at)
    is_open = asked.names_no_day or (asked.is_unplaced and bar is not None and not bar.is_known_then)
    before = known.day_before(line.id, last, within=_WEEK) if is_open else None
    return [last, before] if before else [last]


def _prices(asked: Asked, line: Security, day: date) -> Iterator[Answer]:
    bar = asked.known.bar(line.id, day, asked.at)
    if bar is None:
        return
    for column in _COLUMNS[asked.claim.metric]:
        value = _as_traded(asked, bar, column)
        if value is not None:
            yield Answer(value, f"{column.removesuffix('_price')} of {line.id} on {day}", (bar,))
    if INTRADAY in (asked.claim.period, asked.scope) or (asked.claim.metric == "share_price" and not bar.is_known_then):
        low, high = _as_traded(asked, bar, "low_price"), _as_traded(asked, bar, "high_price")
        if low is not None and high is not None:
            yield Answer(low, f"prices of {line.id} on {day}", (bar,), low, high, is_span=True)


def _column(asked: Asked, line: Security, day: date, column: str, what: str) -> Iterator[Answer]:
    bar = asked.known.bar(line.id, day, asked.at)
    if bar is not None and bar.row[column] is not None:
        yield Answer(Decimal(bar.row[column]), f"{what}, {line.id} on {day}", (bar,))


def close_change(asked: Asked, security_id: str, day: date) -> Answer | None:
    """Give the change of a close since the last close of the year before; none where either is missing."""
    base = asked.known.last_day(security_id, date(day.year - 1, 12, 31), within=12)
    return _change(asked, security_id, day, base, "close_price", is_rate=True) if base else None


def _changes(asked: Asked, line: Security, day: date, *, is_rate: bool) -> Iterator[Answer]:
    for base_day, column in _bases(asked, line, day):
        found = _change(asked, line.id, day, base_day, column, is_rate=is_rate)
        if found is not None:
            yield found


def _change(asked: Asked, security_id: str, day: date, base_day: date, column: str, *, is_rate: bool) -> Answer | None:
    """Compare a close with an earlier price; splits in between are taken in."""
    bar, base = (asked.known.bar(security_id, one, asked.at) for one in (day, base_day))
    if bar is None or base is None:
        return None
    close, before = _as_traded(asked, bar, "close_price"), _as_traded(asked, base, column)
    if not close or not before:
        return None
    then = EXACTLY.divide(before, _splits(asked, security_id, base_day, day))
    ratio = EXACTLY.divide(close, then)
    value = (ratio if asked.claim.unit == "multiple" else ratio - 1) if is_rate else close - then
    what = "open" if column == "open_price" else "close"
    return Answer(value, f"close of {security_id} on {day} against its {what} on {base_day}", (bar, base))


def _bases(asked: Asked, line: Security, day: date) -> Iterator[tuple[date, str]]:
    """Name what a change is counted from."""
    claim, known = asked.claim, asked.known
    start = claim.period_start
    if claim.comparison == "since_year_start" or claim.period_kind == "to_date":
        found = known.last_day(line.id, date(day.year - 1, 12, 31), within=12)
        yield from [(found, "close_price")] if found else []
        found = known.first_day(line.id, date(day.year, 1, 1), date(day.year, 1, 12))
        yield from [(found, "open_price")] if found else []
        return
    if claim.comparison == "yoy":
        found = known.last_day(line.id, day - timedelta(days=365), within=_WEEK)
    elif start is None or claim.period_kind in ("day", "instant") or claim.comparison in ("day", "vs_last_close"):
        found = known.day_before(line.id, day, within=2 * _WEEK)
    else:
        found = known.day_before(line.id, start, within=12)
    if found:
        yield found, "close_price"


def _as_traded(asked: Asked, bar: Cited, column: str) -> Decimal | None:
    """Give a price in the money of its day: what a source has restated for later splits is put back."""
    value = bar.row[column]
    if value is None or bar.row["price_basis"] == "as_traded":
        return value if value is None else Decimal(value)
    until = bar.row["basis_date"] or _FOREVER
    return Decimal(value) * _splits(asked, bar.row["security_id"], bar.row["trade_date"], until)


def _splits(asked: Asked, security_id: str, after: date, until: date) -> Decimal:
    """Give how many units one became by splits after a day up to another."""
    product = Decimal(1)
    for one in asked.known.rows(ACTIONS, security_id, at=asked.at):
        if one.row["kind"] == _SPLITS and after < one.row["ex_date"] <= until:
            product = EXACTLY.multiply(
                product, EXACTLY.divide(one.row["ratio_numerator"], one.row["ratio_denominator"])
            )
    return product


def _market_values(asked: Asked, line: Security, day: date) -> Iterator[Answer]:
    bar = asked.known.bar(line.id, day, asked.at)
    close = None if bar is None else _as_traded(asked, bar, "close_price")
    counted = _share_count(asked, day)
    if bar is None or close is None or counted is None:
        return
    value = EXACTLY.multiply(EXACTLY.divide(close, Decimal(line.shares_per_unit)), counted[0])
    cited: tuple[Cited, ...] = (bar, *counted[1])
    if asked.claim.currency not in ("", bar.row["currency"]):
        rate = rate_on(asked, bar.row["currency"], asked.claim.currency, day)
        if rate is None:
            return
        value, cited = EXACTLY.multiply(value, rate.row["rate"]), (*cited, rate)
    how = f"close of {line.id} on {day} times shares in issue"
    if asked.claim.comparison == "distance":
        value, how = Decimal(10) ** 12 - value, f"a trillion less {how}"
    yield Answer(value, how, cited)


def _share_count(asked: Asked, day: date) -> tuple[Decimal, tuple[Cited, ...]] | None:
    """Sum the newest counts of all classes, or take the one of every class together where it is no older."""
    newest: dict[str, Cited] = {}
    for one in asked.known.rows(SHARES, asked.claim.company_id, at=asked.at):
        counted = one.row["as_of_date"]
        if day - timedelta(days=_FRESH_SHARES) <= counted <= day:
            held = newest.get(one.row["share_class"])
            if held is None or held.row["as_of_date"] < counted:
                newest[one.row["share_class"]] = one
    whole = newest.pop("all", None)
    classes = tuple(newest.values())
    oldest = min((one.row["as_of_date"] for one in classes), default=None)
    if whole and (oldest is None or len(classes) == 1 or whole.row["as_of_date"] >= oldest):
        classes = (whole,)
    elif len(classes) < 2 and whole is None and not classes:
        return None
    return Decimal(sum(_restated(asked, one, day) for one in classes)), classes


def _restated(asked: Asked, counted: Cited, day: date) -> Decimal:
    security = counted.row["security_id"]
    units = _splits(asked, security, counted.row["as_of_date"], day) if security else Decimal(1)
    return EXACTLY.multiply(Decimal(counted.row["share_count"]), units)


def rate_on(asked: Asked, base: str, quote: str, day: date) -> Cited | None:
    """Give the rate of a pair on a day, or the last before it within five days."""
    rows = [
        one
        for one in asked.known.rows(RATES, base, quote, at=asked.at)
        if day - timedelta(days=5) <= one.row["rate_date"] <= day
    ]
    return max(rows, key=lambda one: one.row["rate_date"], default=None)


def exchange_rate(asked: Asked) -> Answers:
    """Give the price of one unit of a currency on a day."""
    base, quote = asked.scope, asked.claim.currency
    if asked.claim.normalised == 1:
        return Unanswered("not_comparable", "the unit that is priced")
    day = asked.day if asked.is_unplaced else asked.claim.period_end or asked.day
    one = rate_on(asked, base, quote, day)
    if one is None:
        return NO_DATA
    return (Answer(Decimal(one.row["rate"]), f"{quote} for one {base} on {one.row['rate_date']}", (one,)),)
