"""A table of counts that somebody brings in: its columns, and what is wrong with it by line, column and mend.

Know that    spreadsheets write a mark before UTF-8, or another encoding; a time without a zone is nobody's time; what
             one cell says about precision may not be finer than what its number shows
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from io import StringIO

from extractors.social.count_text import CountText, NotACount, Qualifier, read_count, shortened
from extractors.social.followers import METRICS

MANDATORY = ("account", "metric", "count", "observed_at", "source", "author")
OPTIONAL = ("precision", "method")
METHODS = ("manual", "vendor")
_EXAMPLE = "2026-01-31T09:00:00+08:00"


class BadTable(Exception):
    """The table cannot be taken in; the message names each line, column and mend."""


@dataclass(frozen=True, slots=True)
class BroughtCount:
    """One line: a count that somebody states and somebody wrote down."""

    line: int
    """Line of the file that it ends on, from 1."""
    account: str
    """Platform and id or handle, as `weibo:1749127163`."""
    metric: str
    count: CountText
    observed_at: datetime
    """When the platform showed it; aware."""
    stated_by: str
    entered_by: str
    method: str


@dataclass(frozen=True, slots=True)
class _Wrong(Exception):
    column: str
    what: str
    mend: str


def read_table(body: bytes, *, name: str, until: datetime) -> tuple[BroughtCount, ...]:
    """Read every line, or none.

    `until` is when the table came: no count is from later. Raises BadTable with everything that is wrong at once.
    """
    lines = _lines(body, name)
    _, header = next(lines, (0, []))
    _require_columns(header, name)
    counts: list[BroughtCount] = []
    wrong: list[str] = []
    seen: dict[tuple[str, str, datetime], int] = {}
    for number, cells in lines:
        try:
            counts.append(_count(number, header, cells, until))
            _require_new(counts[-1], seen)
        except _Wrong as error:
            wrong.append(f"{name}:{number}: {error.column}: {error.what}; {error.mend}")
    if wrong:
        raise BadTable("\n".join(wrong))
    if not counts:
        raise BadTable(f"{name}:1: there is a header and no line below it; write one line for each count")
    return tuple(counts)


def _lines(body: bytes, name: str) -> Iterator[tuple[int, list[str]]]:
    """Give each line that is not blank with its number."""
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = body[: error.start].count(b"\n") + 1
        raise BadTable(f"{name}:{line}: not UTF-8 at byte {error.start}; save the table as CSV in UTF-8") from error
    reader = csv.reader(StringIO(text, newline=""), strict=True)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, [cell.strip() for cell in cells]
    except csv.Error as error:
        raise BadTable(f"{name}:{reader.line_num}: no CSV ({error}); mend the quotes of that line") from error


def _require_columns(header: list[str], name: str) -> None:
    known = (*MANDATORY, *OPTIONAL)
    problems = {
        "is missing": [one for one in MANDATORY if one not in header],
        "is unknown": [one for one in header if one not in known],
        "stands twice": sorted({one for one in header if header.count(one) > 1}),
    }
    wrong = [f"{name}:1: {column or 'a column'}: {what}" for what, columns in problems.items() for column in columns]
    if wrong:
        mend = f"the first line names the columns, with commas between them: {','.join(known)}"
        raise BadTable("\n".join(f"{one}; {mend}" for one in wrong))


def _count(number: int, header: list[str], cells: list[str], until: datetime) -> BroughtCount:
    if len(cells) != len(header):
        what = f"{len(cells)} cells under {len(header)} columns"
        raise _Wrong("line", what, "write an empty cell where there is nothing, and quote a cell with a comma")
    row = dict(zip(header, cells, strict=True))
    for column in MANDATORY:
        if not row[column]:
            raise _Wrong(column, "is empty", "every line needs one")
    return BroughtCount(
        line=number,
        account=row["account"],
        metric=_one_of(row, "metric", METRICS),
        count=_precise(row),
        observed_at=_time(row["observed_at"], until),
        stated_by=row["source"],
        entered_by=row["author"],
        method=_one_of(row, "method", METHODS) if row.get("method") else METHODS[0],
    )


def _one_of(row: Mapping[str, str], column: str, known: tuple[str, ...]) -> str:
    if row[column] not in known:
        raise _Wrong(column, f"unknown {row[column]!r}", f"write one of {', '.join(known)}")
    return row[column]


def _precise(row: Mapping[str, str]) -> CountText:
    """Read a count with what its line says about its precision; without a word its own text decides."""
    try:
        count = read_count(row["count"])
    except NotACount as error:
        mend = "write a number as the platform shows it, such as 22756103, 24.7万, 10.5M or 10万+"
        raise _Wrong("count", str(error), mend) from error
    stated = row.get("precision") or str(count.qualifier)
    if stated not in tuple(Qualifier):
        raise _Wrong("precision", f"unknown {stated!r}", f"write one of {', '.join(Qualifier)}, or nothing")
    if stated == count.qualifier:
        return count
    if count.qualifier is not Qualifier.EXACT:
        what = f"{count.text!r} is {count.qualifier}, not {stated}"
        raise _Wrong("precision", what, "leave it empty, or write the count with every digit")
    if stated == Qualifier.AT_LEAST:
        return replace(count, high=None, qualifier=Qualifier.AT_LEAST)
    return _rounded(count)


def _rounded(count: CountText) -> CountText:
    """Take the zeros at the end of a number for the digits that were lost."""
    step = 10 ** (len(str(count.value)) - len(str(count.value).rstrip("0")))
    if step == 1 or not count.value:
        mend = "write exact, or the number with zeros in place of the digits that are not known"
        raise _Wrong("precision", f"{count.text!r} has no digit that was rounded away", mend)
    return shortened(count.value, step, count.text)


def _time(text: str, until: datetime) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise _Wrong("observed_at", f"{text!r} is no time", f"write one like {_EXAMPLE}") from None
    if found.tzinfo is None:
        mend = f"write the offset of the zone as well, as in {_EXAMPLE}, or Z for UTC"
        raise _Wrong("observed_at", f"{text!r} names no zone", mend)
    if found > until:
        raise _Wrong("observed_at", f"{text!r} is in the future", "write when the platform showed it")
    return found


def _require_new(one: BroughtCount, seen: dict[tuple[str, str, datetime], int]) -> None:
    key = (one.account, one.metric, one.observed_at)
    first = seen.setdefault(key, one.line)
    if first != one.line:
        what = f"the same account, metric and time as line {first}"
        raise _Wrong("account", what, "keep one of them; two services at one moment are two files at two times")
