"""One command adds a company: its codes from the official lists, its lines at the end of the watch list."""

import shutil
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from extractors.filings.sec_tickers import FILER, PLAIN, WITH_EXCHANGE, TickerTable
from extractors.filings.sec_tickers import parse as parse_tickers
from extractors.quotes.code_rules import BadCode, Line, line_of, vendor_codes
from extractors.quotes.hkex_securities import ADDRESS
from extractors.quotes.hkex_securities import parse as parse_securities
from extractors.settings import Permission, Settings
from extractors.watchlist import BadWatchList, WatchList, parse_watchlist, read_watchlist
from flows.follow import Addition, Given, add, addition_of, find
from flows.main import app
from flows.official_lists import Listing, NotListed
from flows.watching import default_watchlist, shipped_watchlist
from tests.cases import FIXTURES, cases
from tests.end_to_end.rows import ledger
from tests.live_server import Internet, internet
from tests.servers import Reply
from tests.threaded_clock import ThreadedClock
from warehouse.home import Home

NOON = datetime(2026, 2, 3, 4, tzinfo=UTC)
TODAY = date(2026, 2, 3)
HONG_KONG = {"hkex_securities": Permission(by="A. Name", on=date(2026, 1, 1), because="letter of the exchange")}


def reply(source: str, name: str) -> Reply:
    (case,) = [one for one in cases() if (one.source_id, one.name) == (source, name)]
    snapshot = case.snapshot
    return Reply(snapshot.body, snapshot.status, {"Content-Type": snapshot.headers["content-type"]})


class Net:
    """The two publishers of lists on a server of our own."""

    def __init__(self, it: Internet, folder: Path) -> None:
        self.it = it
        self.home = Home(folder / "home")
        self.it.begin()
        self.it.pages = {
            WITH_EXCHANGE: reply("sec_tickers", "with_exchange"),
            FILER.format(cik=1577552): reply("sec_tickers", "filer"),
            ADDRESS: reply("hkex_securities", "list"),
        }
        self.settings = Settings(
            contact="operator@example.org",
            allowed_addresses=it.names,
            ca_bundle=it.ca_bundle,
            permissions=HONG_KONG,
        )

    def find(self, code: str, given: Given | None = None, watchlist: WatchList | None = None, **more: Any) -> Addition:
        clock = ThreadedClock(NOON)
        return find(
            self.home,
            replace(self.settings, **more),
            watchlist or default_watchlist(),
            code,
            given=given or Given(),
            now=clock.now,
            means=self.it.means(clock),
        )

    @property
    def urls(self) -> list[str]:
        return [one.url for one in self.it.asked if not one.path.endswith("/robots.txt")]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Any:
    with internet(tmp_path_factory.mktemp("net"), default_watchlist(), "www.sec.gov", "www.hkex.com.hk") as it:
        yield it


@pytest.fixture
def net(server: Internet, tmp_path: Path) -> Net:
    return Net(server, tmp_path)


def entry(lines: str) -> Any:
    """Read what would be added, on top of the shipped list."""
    shipped = shipped_watchlist().read_text(encoding="utf-8")
    after = parse_watchlist(shipped + "\n" + lines)
    return after.companies[len(default_watchlist().companies) :], after.securities[-1]


@pytest.mark.parametrize(
    ("text", "exchange", "code"),
    [
        ("9988.HK", "XHKG", "09988"), ("09988.hk", "XHKG", "09988"), ("700", "XHKG", "00700"),
        ("HK:81810", "XHKG", "81810"), ("XHKG:00005", "XHKG", "00005"),
        ("002594.SZ", "XSHE", "002594"), ("300750", "XSHE", "300750"),
        ("600519.SS", "XSHG", "600519"), ("600519.SH", "XSHG", "600519"), ("688981", "XSHG", "688981"),
        ("TSLA", "", "TSLA"), ("tsla.us", "", "TSLA"), ("BRK.B", "", "BRK-B"), ("XNYS:BABA", "XNYS", "BABA"),
    ],
)  # fmt: skip
def test_codes_are_read_as_people_write_them(text: str, exchange: str, code: str) -> None:
    assert line_of(text) == Line(exchange, code)


@pytest.mark.parametrize("text", ["", "9988.XX", "1234567", "TOOLONG", "BABA.HK", "XLON:VOD", "400001", "9988;rm"])
def test_what_is_no_code_is_told_with_examples(text: str) -> None:
    with pytest.raises(BadCode, match=r"9988\.HK, 002594\.SZ"):
        line_of(text)


@pytest.mark.parametrize("line", default_watchlist().securities, ids=lambda line: str(line.id))
def test_the_rules_write_what_the_shipped_list_has(line: Any) -> None:
    if line.kind == "index":
        pytest.skip("an index has no line of its own at an exchange")
    for house, code in vendor_codes(Line(line.exchange, line.code)).items():
        assert getattr(line, house) in ("", code), house


def test_a_class_of_shares_is_written_where_the_form_is_sure() -> None:
    assert vendor_codes(Line("XNYS", "BRK-B")) == {"yahoo": "BRK-B"}


def test_a_company_of_new_york_gets_all_its_codes(net: Net) -> None:
    found = net.find("BABA")
    (company,), security = entry(found.lines)
    assert (company.id, company.name, company.sec_cik, company.fiscal_year_end) == (
        "alibaba",
        "Alibaba",
        1577552,
        "03-31",
    )
    assert company.aliases == ("Alibaba Group Holding Ltd",) and company.followed_since == TODAY
    assert (security.id, security.company, security.currency, security.is_primary) == (
        "XNYS:BABA",
        "alibaba",
        "USD",
        True,
    )
    assert (security.yahoo, security.tencent, security.tencent_daily) == ("BABA", "usBABA", "usBABA.N")
    assert (security.sina, security.eastmoney) == ("gb_baba", "106.BABA")
    assert found.is_new_company and "by the SEC's list of tickers" in found.lines
    assert any("ads" in one for one in found.unknown) and any("reporting_currency" in one for one in found.unknown)


def test_a_company_of_hong_kong_gets_all_its_codes(net: Net) -> None:
    found = net.find("9988.HK", Given(company="alibaba", name="Alibaba", reporting_currency="CNY"))
    (company,), security = entry(found.lines)
    assert (company.id, company.name, company.aliases) == ("alibaba", "Alibaba", ("BABA-W",))
    assert company.reporting_currency == "CNY"
    assert (security.id, security.name, security.currency) == ("XHKG:09988", "BABA-W", "HKD")
    assert (security.yahoo, security.tencent, security.sina, security.eastmoney) == (
        "9988.HK", "hk09988", "rt_hk09988", "116.09988",
    )  # fmt: skip
    assert "of 2025-01-02" in found.lines
    assert any("89988.HK" in one for one in found.unknown) and any("hkex_stock_id" in one for one in found.unknown)


def test_the_line_of_a_company_that_is_followed_joins_it(net: Net) -> None:
    shipped = parse_watchlist(
        shipped_watchlist().read_text(encoding="utf-8")
        + '\n[[company]]\nid = "alibaba"\nname = "Alibaba"\naliases = ["BABA-W"]\nreporting_currency = "CNY"\n'
    )
    in_hong_kong = net.find("9988.HK", watchlist=shipped)
    assert (in_hong_kong.company_id, in_hong_kong.is_new_company) == ("alibaba", False)
    assert "[[company]]" not in in_hong_kong.lines and "is_primary = true" in in_hong_kong.lines
    in_new_york = net.find("BABA", Given(company="alibaba"), watchlist=shipped)
    assert "write sec_cik = 1577552 under [[company]] alibaba, so that its filings are read" in str(in_new_york.unknown)


def test_what_is_asked_is_kept_and_written_down(net: Net) -> None:
    net.find("BABA")
    assert net.urls == [WITH_EXCHANGE, FILER.format(cik=1577552)]
    rows = ledger(net.home.root, "SELECT url, source_id, outcome FROM fetches ORDER BY fetch_number")
    assert [(row["url"], row["source_id"], row["outcome"]) for row in rows] == [
        (url, "sec_tickers", "ok") for url in net.urls
    ]
    runs = ledger(net.home.root, "SELECT flow, state FROM runs")
    assert runs == [{"flow": "follow", "state": "completed"}]


def test_offline_the_archive_answers(net: Net) -> None:
    first = net.find("9988.HK")
    net.it.begin()
    assert net.find("9988.HK", offline=True) == first
    assert net.find("9988.HK", offline=True, permissions={}) == first, "what is kept may be read without asking anyone"
    assert net.it.asked == []


def test_without_the_list_the_code_says_what_it_can(net: Net) -> None:
    found = net.find("9988.HK", permissions={})
    (company,), security = entry(found.lines)
    assert (company.id, company.name) == ("xhkg-09988", "09988")
    assert (security.yahoo, security.eastmoney, security.currency) == ("9988.HK", "116.09988", "HKD")
    assert "by its code alone" in found.lines and net.urls == []
    said = " ".join(found.unknown)
    assert "cannot be had (off)" in said and "[source.hkex_securities]" in said and "name: 09988 stands in" in said
    assert 'currency = "CNY"' in net.find("89988.HK", permissions={}).lines, "a renminbi counter, by its range"


def test_without_the_list_a_ticker_needs_its_exchange(net: Net) -> None:
    with pytest.raises(NotListed, match=r"on which exchange\?.*DRAGONGATE_CONTACT.*XNAS:BABA or XNYS:BABA"):
        net.find("BABA", contact="")
    security = entry(net.find("XNYS:BABA", Given(name="Alibaba"), contact="").lines)[1]
    assert security.tencent_daily == "usBABA.N" and net.urls == []


def test_the_plain_list_stands_in_for_the_other(net: Net) -> None:
    net.it.pages[WITH_EXCHANGE] = Reply(b"gone", 404)
    net.it.pages[PLAIN] = reply("sec_tickers", "plain")
    with pytest.raises(NotListed, match=r"the SEC's list does not say; write XNAS:BABA"):
        net.find("BABA")
    assert entry(net.find("XNYS:BABA").lines)[0][0].sec_cik == 1577552


def test_a_list_that_has_changed_is_told(net: Net) -> None:
    net.it.pages[ADDRESS] = reply("hkex_securities", "renamed")
    found = net.find("9988.HK")
    assert "cannot be read (Stock Code)" in found.unknown[0] and "116.09988" in found.lines


def test_who_is_in_no_list_is_told(net: Net) -> None:
    with pytest.raises(NotListed, match=r"BYDDY is not among the tickers .* 1211\.HK"):
        net.find("BYDDY")
    with pytest.raises(NotListed, match=r"00005 is not on the list of securities in Hong Kong of 2025-01-02"):
        net.find("5.HK")
    with pytest.raises(NotListed, match=r"'Derivative Warrants', not a share"):
        net.find("12345.HK")
    with pytest.raises(NotListed, match="trades at 'OTC'"):
        net.find("BABAF")


def test_who_is_followed_already_is_told_before_anyone_is_asked(net: Net) -> None:
    for code, line in (
        ("1810.HK", "XHKG:01810, of xiaomi"),
        ("TSLA", "XNAS:TSLA, of tesla"),
        ("002594.SZ", "XSHE:002594"),
    ):
        with pytest.raises(NotListed, match=f"followed already: {line}"):
            net.find(code)
    assert net.it.asked == [] and not net.home.root.exists()


def test_a_mainland_line_is_filled_by_rule(net: Net) -> None:
    found = net.find("600519.SS", Given(name="Kweichow Moutai", reporting_currency="CNY"))
    (company,), security = entry(found.lines)
    assert (company.id, security.yahoo, security.tencent) == ("kweichow-moutai", "600519.SS", "sh600519")
    assert (security.sina, security.eastmoney, security.currency) == ("sh600519", "1.600519", "CNY")


def listing(**more: Any) -> Listing:
    return replace(Listing(Line("XNAS", "SAMP"), name='Sample "Motors" Inc.', currency="USD", sec_cik=42), **more)


def test_names_become_ids_that_nobody_has() -> None:
    shipped = default_watchlist()
    assert addition_of(listing(), shipped, Given(), today=TODAY).company_id == "sample-motors"
    product = shipped.products[0].id
    assert addition_of(listing(name=product), shipped, Given(), today=TODAY).company_id == f"{product}-xnas-samp"
    (company,), _ = entry(addition_of(listing(name="Tesla"), shipped, Given(company="other"), today=TODAY).lines)
    assert company.id == "other"
    with pytest.raises(NotListed, match="a person or a product"):
        addition_of(listing(), shipped, Given(company=shipped.people[0].id), today=TODAY)


# --- Adding


def addition(lines: str = "") -> Addition:
    text = lines or addition_of(listing(), default_watchlist(), Given(), today=TODAY).lines
    return Addition("XNAS:SAMP", "sample-motors", True, text, ())


def test_the_file_keeps_its_comments_and_its_order(tmp_path: Path) -> None:
    home = Home(tmp_path)
    shutil.copyfile(shipped_watchlist(), home.watchlist)
    before = home.watchlist.read_bytes()
    home.watchlist.chmod(0o640)
    after = add(home, addition())
    assert home.watchlist.read_bytes().startswith(before) and home.watchlist.stat().st_mode & 0o777 == 0o640
    assert after == read_watchlist(home.watchlist) and after.securities[-1].id == "XNAS:SAMP"
    assert after.companies[:-1] == default_watchlist().companies
    assert after.companies[-1].aliases == ('Sample "Motors" Inc.',)
    assert sorted(one.name for one in tmp_path.iterdir() if one.is_file()) == ["watchlist.toml"]


def test_a_home_without_a_list_gets_the_shipped_one_with_the_lines(tmp_path: Path) -> None:
    after = add(Home(tmp_path / "home"), addition())
    assert len(after.companies) == len(default_watchlist().companies) + 1


@pytest.mark.parametrize(("ending", "mark"), [("\r\n", b""), ("\n", b"\xef\xbb\xbf")])
def test_the_file_keeps_its_line_ends_and_its_mark(ending: str, mark: bytes, tmp_path: Path) -> None:
    home = Home(tmp_path)
    text = shipped_watchlist().read_text(encoding="utf-8").rstrip("\n").replace("\n", ending)
    home.watchlist.write_bytes(mark + text.encode())
    add(home, addition())
    after = home.watchlist.read_bytes()
    assert after.startswith(mark) and after.count(b"\n") == after.count(ending.encode())


def test_a_list_that_would_be_wrong_stays_as_it_was(tmp_path: Path) -> None:
    home = Home(tmp_path)
    shutil.copyfile(shipped_watchlist(), home.watchlist)
    before = home.watchlist.read_bytes()
    with pytest.raises(BadWatchList, match="nobody-here"):
        add(
            home,
            addition('[[security]]\ncompany = "nobody-here"\nexchange = "XNAS"\ncode = "SAMP"\ncurrency = "USD"\n'),
        )
    assert home.watchlist.read_bytes() == before


def test_the_command_asks_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DRAGONGATE_CONTACT", raising=False)
    words = ["follow", "600519.SS", "--name", "Kweichow Moutai", "--home", str(tmp_path)]
    refused = CliRunner().invoke(app, words, input="n\n")
    assert refused.exit_code == 0 and "nothing was changed" in refused.output and "[[security]]" in refused.output
    assert not Home(tmp_path).watchlist.exists()
    agreed = CliRunner().invoke(app, [*words, "--yes"])
    assert agreed.exit_code == 0 and "follows XSHG:600519 now" in agreed.output
    assert read_watchlist(Home(tmp_path).watchlist).by_code("yahoo")["600519.SS"].company == "kweichow-moutai"


# --- The lists themselves


def test_the_lists_are_read_whole() -> None:
    fixtures = {(one.source_id, one.name): one.snapshot for one in cases()}
    (tickers,) = parse_tickers(fixtures["sec_tickers", "with_exchange"]).records
    assert isinstance(tickers, TickerTable)
    assert tickers.table.column("ticker").to_pylist() == ["TSLA", "BABA", "BABAF", "BRK-B", "SRIDE"]
    assert tickers.table.column("exchange").to_pylist() == ["Nasdaq", "NYSE", "OTC", "NYSE", None]
    (securities,) = parse_securities(fixtures["hkex_securities", "list"]).records
    assert securities.as_of == date(2025, 1, 2) and securities.table.num_rows == 4
    assert securities.table.to_pylist()[1] == {
        "code": "01810", "name": "XIAOMI-W", "category": "Equity", "sub_category": "Equity Securities (Main Board)",
        "isin": "KYG9830T1067", "currency": "HKD", "renminbi_code": "81810",
    }  # fmt: skip
    (older,) = parse_securities(fixtures["hkex_securities", "numbers"]).records
    assert older.table.column("code").to_pylist() == ["00700"]


RECORDED = FIXTURES.parents[2] / "shared" / "corpus" / "filings" / "sec" / "company_tickers.json"


@pytest.mark.recorded
@pytest.mark.skipif(not RECORDED.exists(), reason="the recorded material is not beside the project")
def test_the_recorded_list_is_read_whole() -> None:
    (case,) = [one for one in cases() if (one.source_id, one.name) == ("sec_tickers", "plain")]
    reading = parse_tickers(replace(case.snapshot, body=RECORDED.read_bytes()))
    (tickers,) = reading.records
    assert isinstance(tickers, TickerTable) and reading.drift == ()
    assert tickers.table.num_rows == 9_610
    by_ticker = {row["ticker"]: row for row in tickers.table.to_pylist()}
    assert by_ticker["TSLA"]["cik"] == 1318605 and by_ticker["NIO"]["cik"] == 1736541
    assert by_ticker["MSFT"]["name"] == "MICROSOFT CORP" and "XIACY" not in by_ticker
