"""A table of counts that somebody brings in: what it may say, and how a mistake is told."""

from datetime import UTC, datetime

import pytest

from extractors.social.followers import METRICS
from extractors.social.followers_table import BadTable, read_table
from transforms.metrics import METRICS as DEFINED

HEADER = "account,metric,count,observed_at,source,author,precision,method"
LINE = "weibo:1,followers,22756103,2026-01-02T09:00:00+08:00,the profile,A. Name,,"
NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)


def table(*lines: str, header: str = HEADER) -> bytes:
    return "\n".join((header, *lines)).encode()


def told(body: bytes) -> list[str]:
    with pytest.raises(BadTable) as raised:
        read_table(body, name="mine.csv", until=NOON)
    return str(raised.value).splitlines()


@pytest.mark.parametrize(
    ("count", "precision", "expected"),
    [
        ("22756103", "", (22_756_103, 22_756_103, 22_756_103, "exact")),
        ("22756103", "exact", (22_756_103, 22_756_103, 22_756_103, "exact")),
        ("2275.6万", "", (22_756_000, 22_755_500, 22_756_999, "rounded")),
        ("2275.6万", "rounded", (22_756_000, 22_755_500, 22_756_999, "rounded")),
        ("10万+", "", (100_000, 100_000, None, "at_least")),
        ("1930000", "rounded", (1_930_000, 1_925_000, 1_939_999, "rounded")),
        ("1930000", "at_least", (1_930_000, 1_930_000, None, "at_least")),
        ("0", "", (0, 0, 0, "exact")),
    ],
)
def test_precision_is_what_the_text_shows_and_what_its_author_says(
    count: str, precision: str, expected: tuple[int, int, int | None, str]
) -> None:
    line = f"x:1,followers,{count},2026-01-02T09:00:00Z,the profile,A. Name,{precision},vendor"
    (one,) = read_table(table(line), name="mine.csv", until=NOON)
    assert (one.count.value, one.count.low, one.count.high, one.count.qualifier) == expected
    assert (one.method, one.stated_by, one.entered_by, one.count.text) == ("vendor", "the profile", "A. Name", count)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("2026-01-02T09:00:00+08:00", "2026-01-02T09:00:00", "observed_at: '2026-01-02T09:00:00' names no zone"),
        ("2026-01-02T09:00:00+08:00", "2026-01-02", "observed_at: '2026-01-02' names no zone"),
        ("2026-01-02T09:00:00+08:00", "2 January", "observed_at: '2 January' is no time"),
        ("2026-01-02T09:00:00+08:00", "2026-01-02T12:00:01Z", "observed_at: '2026-01-02T12:00:01Z' is in the future"),
        ("22756103", "many", "count: 'many' is not a count"),
        ("22756103", "-5", "count: '-5' is not a count"),
        ("22756103", "", "count: is empty"),
        ("the profile", "", "source: is empty"),
        ("A. Name", "", "author: is empty"),
        ("followers", "fans", "metric: unknown 'fans'"),
        (",,", ",precise,", "precision: unknown 'precise'"),
        (",,", ",rounded,", "precision: '22756103' has no digit that was rounded away"),
        ("22756103,2026-01-02T09:00:00+08:00,the profile,A. Name,,", "24.7万,2026-01-02T09:00:00Z,p,A,exact,",
         "precision: '24.7万' is rounded, not exact"),
        (",,", ",,robot", "method: unknown 'robot'"),
        ("22756103", "22,756,103", "line: 10 cells under 8 columns"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_by_line_column_and_mend(old: str, new: str, said: str) -> None:
    (message,) = told(table(LINE.replace("weibo:1", "weibo:2"), LINE.replace(old, new, 1)))
    assert message.startswith(f"mine.csv:3: {said}; ") and len(message.rpartition("; ")[2]) > 10


def test_all_mistakes_are_told_at_once_and_lines_are_those_of_the_file() -> None:
    body = table(
        'x:1,followers,1,2026-01-02T09:00:00Z,"a page,\nwith two lines",A,,', "", LINE.replace("22756103", "?")
    )
    assert [one.split(": ")[0] for one in told(body + b"\n" + b"x,y,z")] == ["mine.csv:5", "mine.csv:6"]


def test_one_moment_of_an_account_stands_once() -> None:
    (message,) = told(table(LINE, LINE.replace("09:00:00+08:00", "01:00:00Z")))
    assert message.startswith("mine.csv:3: account: the same account, metric and time as line 2; ")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "mine.csv:1: account: is missing"),
        (table(LINE, header=HEADER.replace("author", "writer")), "mine.csv:1: writer: is unknown"),
        (table(LINE, header=HEADER.replace("method", "author")), "mine.csv:1: author: stands twice"),
        (table(LINE, header=HEADER.replace(",", ";")), "mine.csv:1: account: is missing"),
        (table(), "mine.csv:1: there is a header and no line below it"),
        (table(LINE.replace("the profile", "个人主页")).decode().encode("gb18030"), "mine.csv:2: not UTF-8"),
        (table('weibo:1,"followers'), "mine.csv:2: no CSV"),
        (table("weibo:1,followers\0"), "mine.csv:2: "),
    ],
)
def test_a_file_that_is_no_such_table_says_what_is_wrong(body: bytes, said: str) -> None:
    assert any(one.startswith(said) for one in told(body))


def test_every_count_of_people_is_defined_once() -> None:
    counted = [one.code for one in DEFINED if one.unit == "people" and one.code != "monthly_active_users"]
    assert counted == list(METRICS), "users are a company's figure, not an account's"
