"""The watch list: what it says, and what it may not say, with the line where it stands."""

from datetime import date
from pathlib import Path

import pytest

from extractors.schedule import without_schedules
from extractors.watchlist import BadWatchList, Security, parse_watchlist, read_watchlist

FIXTURE = Path(__file__).parent / "fixtures" / "watchlist.toml"
SHIPPED = Path(__file__).parents[1] / "watchlist.toml"

LIST = """
[[company]]
id = "xiaomi"
name = "Xiaomi"
reporting_currency = "CNY"
followed_since = 2018-07-09
is_main = true

[[company]]
id = "li-auto"
name = "Li Auto"
reporting_currency = "CNY"

[[person]]
id = "lei-jun"
name = "Lei Jun"
aliases = [
    "雷軍",
    "Jun Lei",
]

[[product]]
id = "su7"
company = "xiaomi"
name = "SU7"

[[security]]
company = "xiaomi"
exchange = "XHKG"
code = "01810"
currency = "HKD"
is_primary = true
yahoo = "1810.HK"
tencent = "hk01810"

[[security]]
company = "li-auto"
exchange = "XNAS"
code = "LI"
kind = "ads"
currency = "USD"
shares_per_unit = 2
tencent = "usLI"
tencent_daily = "usLI.OQ"

[[security]]
exchange = "XHKG"
code = "HSTECH"
kind = "index"
currency = "HKD"

[[account]]
platform = "weibo"
owner = "lei-jun"
handle = "雷军"
platform_id = "1749127163"

[[account]]
platform = "github"
owner = "xiaomi"
handle = "XiaoMi"

[[feed]]
id = "paper"
url = "https://paper.example/rss"
outlet = "Paper"

[[relation]]
subject = "lei-jun"
relation = "executive_of"
object = "xiaomi"
"""


def _line(number: int, section: str, field: str = "") -> str:
    return f"watchlist.toml:{number}: [[{section}]]" + (f" {field}" if field else "") + ":"


@pytest.mark.parametrize("path", [FIXTURE, SHIPPED], ids=["fixture", "shipped"])
def test_reads_the_lists_that_we_keep(path: Path) -> None:
    watchlist = read_watchlist(path)
    assert [one.id for one in watchlist.companies if one.is_main] == ["xiaomi"]
    assert watchlist.text == without_schedules(path.read_text(encoding="utf-8"))


def test_reads_every_section() -> None:
    watchlist = parse_watchlist(LIST)
    assert watchlist.companies[0].followed_since == date(2018, 7, 9)
    assert watchlist.companies[1].fiscal_year_end == "12-31"
    assert watchlist.people[0].aliases == ("雷軍", "Jun Lei")
    assert [line.id for line in watchlist.securities] == ["XHKG:01810", "XNAS:LI", "XHKG:HSTECH"]
    assert [account.id for account in watchlist.accounts] == ["weibo:1749127163", "github:XiaoMi"]
    assert watchlist.feeds[0].read_pages and not watchlist.feeds[0].keep_full_text


def test_finds_lines_by_company_vendor_and_platform() -> None:
    watchlist = parse_watchlist(LIST)
    assert [line.code for line in watchlist.securities_of("li-auto")] == ["LI"]
    assert watchlist.by_code("tencent_daily") == {"usLI.OQ": watchlist.securities[1]}
    assert [account.handle for account in watchlist.accounts_on("github")] == ["XiaoMi"]


def test_keeps_codes_exactly_as_written() -> None:
    assert Security("XHKG", "01810", "HKD").id == "XHKG:01810"
    assert set(parse_watchlist(LIST).by_code("yahoo")) == {"1810.HK"}


def test_a_list_without_entries_is_a_list() -> None:
    assert parse_watchlist("# nothing yet\n").companies == ()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('name = "Xiaomi"\n', "", _line(2, "company") + " the field name is missing"),
        ('name = "Xiaomi"\n', 'name = ""\n', _line(2, "company") + " the field name is missing"),
        ('name = "Xiaomi"\n', 'title = "Xiaomi"\n', _line(4, "company", "title") + " unknown field; known are id"),
        ('name = "Xiaomi"\n', "name = 7\n", _line(4, "company", "name") + " expected text, got 7"),
        ("is_main = true", 'is_main = "yes"', _line(7, "company", "is_main") + " expected true or false, got 'yes'"),
        ("2018-07-09", '"2018-07-09"', _line(6, "company", "followed_since") + " expected a date like 2024-12-31"),
        ("2018-07-09", "2018-07-09T09:30:00", _line(6, "company", "followed_since") + " expected a date"),
        ("is_main = true", "sec_cik = true", _line(7, "company", "sec_cik") + " expected a whole number, got True"),
        ('aliases = [\n    "雷軍",', "aliases = [\n    7,", _line(17, "person", "aliases") + " expected a list"),
        ('kind = "ads"', 'kind = "adr"', _line(40, "security", "kind") + " unknown kind 'adr'; known are share, ads"),
        ('exchange = "XNAS"', 'exchange = "NASDAQ"', _line(38, "security", "exchange") + " unknown exchange 'NASDAQ'"),
        ('platform = "weibo"', 'platform = "myspace"', "unknown platform 'myspace'"),
        ('relation = "executive_of"', 'relation = "runs"', "unknown relation 'runs'"),
        ("[[person]]", "[person]", _line(14, "person") + " write [[person]] with two brackets"),
        ("[[person]]", "[[people]]", _line(14, "people") + " unknown section [[people]]; known are company, person"),
        ('company = "xiaomi"\nname', 'company = "mi"\nname', _line(24, "product", "company") + " there is no 'mi'"),
        ('owner = "lei-jun"', 'owner = "lei"', "there is no 'lei' in this list"),
        ('object = "xiaomi"', 'object = "mi"', "there is no 'mi' in this list"),
        ('id = "li-auto"', 'id = "xiaomi"', _line(9, "company") + " 'xiaomi' stands twice"),
        ('id = "su7"', 'id = "lei-jun"', _line(22, "product") + " 'lei-jun' stands twice"),
        ('reporting_currency = "CNY"\nfoll', 'reporting_currency = "RMB "\nfoll', "expected a currency like CNY"),
        ("is_main = true", 'fiscal_year_end = "31-12"', "expected a month and day like 12-31, got '31-12'"),
        ("is_main = true", 'fiscal_year_end = "02-30"', "expected a month and day like 12-31, got '02-30'"),
        ("shares_per_unit = 2", "shares_per_unit = 0", "expected one or more shares, got 0"),
        ('url = "https://', 'url = "', "expected an address that begins with https://"),
        ('outlet = "Paper"', 'outlet = "Paper"\ntime_zone = "Beijing"', "expected a zone like Asia/Shanghai"),
        ('code = "01810"', 'code = "1810"', _line(30, "security", "code") + " XHKG has codes of 5 digits, got '1810'"),
        ('tencent = "usLI"', 'tencent = "hk01810"', "'hk01810' is the code of 'XHKG:01810' too"),
        ('company = "li-auto"\nexchange', "exchange", "the field company is missing; only an index has none"),
        ('name = "Li Auto"', 'name = "Li Auto"\nis_main = true', "there is one main company"),
        ('company = "li-auto"\n', 'company = "xiaomi"\nis_primary = true\n', "'xiaomi' has one primary line"),
        ('subject = "lei-jun"', 'subject = "su7"', "the subject of executive_of is a person, 'su7' is a product"),
    ],
)  # fmt: skip
def test_names_the_line_and_the_mend(old: str, new: str, message: str) -> None:
    assert LIST.count(old) == 1
    with pytest.raises(BadWatchList) as raised:
        parse_watchlist(LIST.replace(old, new))
    assert message in str(raised.value)


@pytest.mark.parametrize("text", ['company = ["xiaomi"]', 'company = "xiaomi"', "company = 7"])
def test_a_section_that_is_no_section_says_how_to_write_it(text: str) -> None:
    with pytest.raises(BadWatchList, match=r"write \[\[company\]\] with two brackets"):
        parse_watchlist(text)


def test_says_where_the_syntax_breaks() -> None:
    with pytest.raises(BadWatchList, match=r"watchlist.toml: .*line 2"):
        parse_watchlist('[[company]]\nid = "xiaomi\n')


def test_lists_every_problem_at_once() -> None:
    wrong = LIST.replace('owner = "lei-jun"', 'owner = "lei"').replace('code = "01810"', 'code = "1810"')
    with pytest.raises(BadWatchList) as raised:
        parse_watchlist(wrong)
    assert len(str(raised.value).splitlines()) == 2


RATIO = """
[[security]]
company = "li-auto"
exchange = "XNAS"
code = "LI"
kind = "ads"
currency = "USD"
shares_per_unit = 4
valid_from = 2026-01-01
"""


def test_one_line_may_hold_with_other_terms_later() -> None:
    before = LIST.replace("shares_per_unit = 2", "shares_per_unit = 2\nvalid_to = 2026-01-01")
    assert [line.shares_per_unit for line in parse_watchlist(before + RATIO).securities_of("li-auto")] == [2, 4]


def test_terms_of_one_line_may_not_overlap() -> None:
    with pytest.raises(BadWatchList, match="'XNAS:LI' has two entries that hold on the same day"):
        parse_watchlist(LIST + RATIO)


def test_a_span_ends_after_it_begins() -> None:
    with pytest.raises(BadWatchList, match="the span ends before it begins"):
        parse_watchlist(LIST + RATIO + "valid_to = 2026-01-01\n")


def test_a_relation_stands_once_per_span() -> None:
    again = '\n[[relation]]\nsubject = "lei-jun"\nrelation = "executive_of"\nobject = "xiaomi"\n'
    with pytest.raises(BadWatchList, match="'lei-jun executive_of xiaomi' stands twice"):
        parse_watchlist(LIST + again)
    assert len(parse_watchlist(LIST + again + "valid_from = 2030-01-01\n").relations) == 2


def test_reads_a_file_with_a_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "list.toml"
    path.write_bytes(b"\xef\xbb\xbf" + LIST.encode())
    assert read_watchlist(path) == parse_watchlist(LIST)


def test_a_file_in_another_encoding_says_so(tmp_path: Path) -> None:
    path = tmp_path / "list.toml"
    path.write_bytes(LIST.encode("gb18030"))
    with pytest.raises(BadWatchList, match="not UTF-8"):
        read_watchlist(path)


def test_a_missing_file_says_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(BadWatchList, match="`dragongate init` writes one"):
        read_watchlist(tmp_path / "none.toml")


def test_names_the_file_that_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("[[company]]\n", encoding="utf-8")
    with pytest.raises(BadWatchList, match=r"^mine.toml:1: \[\[company\]\]: the field id is missing"):
        read_watchlist(path)
