"""What the warehouse has on followers, and on places among the members of an index."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from transforms.verdicts.asked import INDEX, Asked
from transforms.verdicts.known import FOLLOWERS, MEMBERS, NO_DATA, Answer, Answers, Cited, Unanswered
from transforms.verdicts.numbers import EXACTLY
from transforms.verdicts.prices import close_change

_METRICS = frozenset({"followers", "subscribers"})
_NEAR, _FAR = timedelta(days=3), timedelta(days=45)
_DRIFT = Decimal("0.02")
"""By how much a count may have moved between a reading some weeks away and the day of the claim."""
_DAY = timedelta(days=1)
_ENOUGH = Decimal("0.8")
"""Share of an index's members whose change must be known for a place among them."""


def followers(asked: Asked) -> Answers:
    """Give the followers of whom a claim is about: read within three days; else, less surely, within some weeks."""
    claim = asked.claim
    if claim.period_start is None or claim.period_end is None:
        return Unanswered("period_unknown")
    if claim.comparison in ("yoy", "change", "multiple", "share_of"):
        return Unanswered("not_comparable", claim.comparison)
    return tuple(_counts(asked, claim.period_start, claim.period_end)) or NO_DATA


def _counts(asked: Asked, first: date, last: date) -> Iterator[Answer]:
    platform = asked.claim.metric.removesuffix("followers").rstrip("_")
    owner = asked.claim.subject_id or asked.claim.company_id
    start, end = _midnight(first), _midnight(last + _DAY)
    for account in asked.known.watchlist.accounts:
        if account.owner != owner or platform not in ("", account.platform):
            continue
        readings = [
            one for one in asked.known.rows(FOLLOWERS, account.id, at=asked.at) if one.row["metric"] in _METRICS
        ]
        inside = [one for one in readings if start <= one.row["observed_at"] < end]
        near = [one for one in readings if _distance(one, start, end) <= _NEAR]
        far = sorted(
            (one for one in readings if _distance(one, start, end) <= _FAR), key=lambda one: _distance(one, start, end)
        )
        for one in inside or near:
            yield _count(one, Decimal(0))
        if not inside and not near and far:
            yield _count(far[0], _DRIFT)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _distance(one: Cited, start: datetime, end: datetime) -> timedelta:
    seen: datetime = one.row["observed_at"]
    return max(start - seen, seen - end, timedelta())


def _count(one: Cited, drift: Decimal) -> Answer:
    row = one.row
    value = Decimal(row["value"])
    high = value * 2 if row["value_high"] is None else Decimal(row["value_high"])
    how = f"{row['metric']} of {row['account_id']} read on {row['observed_at']:%Y-%m-%d}"
    return Answer(value, how, (one,), Decimal(row["value_low"]) * (1 - drift), high * (1 + drift))


def rank(asked: Asked) -> Answers:
    """Give the place of a company's line among the members of its index, by the change since the year began."""
    if asked.scope != INDEX:
        return Unanswered("not_comparable", "a rank among others than the members of an index")
    found = [one for line in asked.lines for index in _indexes(asked) for one in _places(asked, line.id, index)]
    return tuple(found) or Unanswered("no_data_for_period", "too few members have a price")


def _indexes(asked: Asked) -> list[str]:
    return [one.id for one in asked.known.watchlist.securities if one.kind == "index"]


def _places(asked: Asked, security_id: str, index: str) -> Iterator[Answer]:
    until = asked.day if asked.is_unplaced else asked.claim.period_end or asked.day
    day = asked.known.last_day(security_id, until, within=7)
    if day is None:
        return
    members = [
        one
        for one in asked.known.rows(MEMBERS, index, at=asked.at)
        if one.row["valid_from_date"] <= day and (one.row["valid_to_date"] is None or day < one.row["valid_to_date"])
    ]
    changes = {one.row["security_id"]: close_change(asked, one.row["security_id"], day) for one in members}
    priced = {name: found for name, found in changes.items() if found is not None}
    if security_id not in priced or EXACTLY.divide(len(priced), len(members)) < _ENOUGH:
        return
    own = priced[security_id]
    above = sum(one.value > own.value for one in priced.values())
    cited = (*own.cited, *(one for one in members if one.row["security_id"] == security_id))
    yield Answer(Decimal(1 + above), f"place among {len(priced)} of {len(members)} members on {day}", cited)
