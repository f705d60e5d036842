"""Live runs end to end: every source over TLS, as the daily flow asks it, for some days, and then rebuilt."""

import hashlib
import socket
import threading
from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pyarrow as pa
import pytest

from extractors.archive import Archive
from extractors.filings import added_documents
from extractors.registry import BY_ID
from extractors.settings import version
from extractors.social import followers_file
from extractors.source import Window
from extractors.warc_frames import Frame, frames
from extractors.watchlist_file import URI
from flows.commands.summary import show
from flows.ingest import ingest
from flows.plan import FIRST_DAYS
from flows.recorded import newest_watchlist
from flows.watching import default_watchlist
from samples.build import WINDOW
from tests.end_to_end.commands import demo, dragongate
from tests.end_to_end.live_days import COOKIE, MOVED, MOVED_TO, Day, Week, with_one_more
from tests.end_to_end.rows import content, differences
from tests.live_server import internet
from warehouse.database import Warehouse
from warehouse.home import Home
from warehouse.status import read_status
from warehouse.tables.catalog import TABLES
from warehouse.tables.table import Load

pytestmark = pytest.mark.xdist_group("live")

NOT_ASKED = {"data.sec.gov", "www.sec.gov", "public.api.bsky.app", "www1.hkexnews.hk"}
"""Hosts whose robots.txt nobody asks: they offer their data to programs, or wait for a permission."""
MEMBERS = 26
"""Members of the Hang Seng Tech index in January 2025 that the watch list does not follow, of 30."""
FORBIDDEN = ("electrek.co", "china.hket.com")
DATA = [one for one in TABLES if one.schema == "core" and one.load is not Load.LEDGER]
SEEN_AT = {"core.follower_counts": {"observed_at"}, "core.claim_checks": {"evidence_snapshot_ids"}}
"""Times of asking that stand in a key, and records of this archive that stand among what is said."""


@pytest.fixture(scope="module")
def week(tmp_path_factory: pytest.TempPathFactory) -> Week:
    folder = tmp_path_factory.mktemp("live")
    before = set(threading.enumerate())
    with internet(folder, default_watchlist(), "www.cnevpost.com", "public.api.bsky.app") as net:
        lived = Week(folder / "home", net)
        lived.pass_by()
    assert set(threading.enumerate()) == before, "a thread was left behind"
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", net.port)) != 0, "a port was left open"
    return lived


@pytest.fixture(scope="module")
def stored(week: Week) -> dict[str, list[dict[str, Any]]]:
    return snapshots(week.home)


def snapshots(home: Home) -> dict[str, list[dict[str, Any]]]:
    """Read the index of a home's archive, file by file."""
    with Warehouse.open(home.warehouse) as warehouse:
        rows = warehouse.frame("SELECT * FROM raw.snapshots ORDER BY archive_file, archive_offset").to_pylist()
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["archive_file"], []).append(row)
    return found


def file_of(day: Day) -> str:
    return f"{day.report.run_id}.warc.gz"


def values(rows: Mapping[str, pa.Table]) -> dict[str, list[dict[str, Any]]]:
    """Give what the sources said: no provenance, no time of asking, no page of a host that forbade it."""
    hidden = {
        one["article_id"]
        for one in rows["core.articles"].to_pylist()
        if urlsplit(one["canonical_url"]).hostname in FORBIDDEN
    }
    found = {}
    for table in DATA:
        named = [one for one in (*table.key, *table.content) if one not in SEEN_AT.get(table.name, ())]
        told = rows[table.name].select(named).to_pylist()
        kept = (row for row in told if hidden.isdisjoint((row.get("article_id"), row.get("story_id"))))
        found[table.name] = sorted(kept, key=repr)
    return found


BROUGHT = (added_documents.SOURCE.id, followers_file.SOURCE.id)
"""Sources that nobody asks: a replay has what people brought in, and nobody brought anything here."""


# --- Saturday: the first run


def test_a_live_run_gives_what_a_replay_gives(week: Week, tmp_path: Path) -> None:
    """Of the sources that it asks: the sample holds answers of some that wait for a permission, and of people."""
    asked = [name for name, one in BY_ID.items() if week.settings.is_enabled(one.source) and name not in BROUGHT]
    ran = dragongate(*demo(tmp_path / "home", *(word for name in asked for word in ("--source", name))))
    assert ran.code == 0, ran.err
    live, replayed = values(week.days["saturday"].content), values(content(tmp_path / "home"))
    assert [name for name in live if live[name] != replayed[name]] == []
    assert sum(map(len, live.values())) > 9_000


def test_what_a_host_forbids_is_an_optional_gap(week: Week) -> None:
    report = week.days["saturday"].report
    assert (report.state, report.exit_code) == ("completed_with_gaps", 0)
    assert report.message == "missing: news_articles" and report.off == {}
    gaps = {(one.chunk, one.outcome, one.reason, one.is_required) for one in report.gaps}
    assert gaps == {
        ("electrek.co", "refused", "robots", False),
        ("china.hket.com", "refused", "robots_unavailable", False),
    }
    assert all(one.mend for one in report.gaps)
    for host in FORBIDDEN:
        assert [path for path in week.days["saturday"].paths(host) if path != "/feed/"] == []


def test_every_answer_is_in_the_archive_and_one_seek_away(
    week: Week, stored: Mapping[str, list[dict[str, Any]]]
) -> None:
    archive = Archive(week.home.archive)
    for day in week.days.values():
        rows = stored[file_of(day)]
        over_http = Counter(row["url"] for row in rows if row["method"] == "GET")
        assert over_http == Counter(one.url for one in day.asked)
        for row in rows:
            found = archive.snapshot(row["archive_file"], row["archive_offset"])
            assert found.id == row["snapshot_id"] and found.url == row["url"]
            assert hashlib.sha256(found.body).hexdigest() == row["sha256"]
            assert len(found.body) == row["body_length"]
        known = {row["snapshot_id"] for rows in stored.values() for row in rows}
        answered = {one["snapshot_id"] for one in day.fetches if one["snapshot_id"]}
        assert answered <= known


def test_every_request_is_a_row_of_the_ledger(week: Week) -> None:
    for day in week.days.values():
        asked = [one for one in day.asked if not one.path.endswith("/robots.txt")]
        rows = [one for one in day.fetches if one["method"] == "GET"]
        assert sum(one["attempts"] for one in rows) == len(asked)
        assert {one["url"] for one in rows if one["attempts"]} == {one.url for one in asked} - {MOVED_TO}


def test_robots_are_asked_once_for_each_host_and_archived(week: Week, stored: Mapping[str, list[Any]]) -> None:
    day = week.days["saturday"]
    asked = Counter(one.host for one in day.asked if one.path == "/robots.txt")
    # A host in trouble is asked again as often as for anything else; the SEC offers its data to programs.
    assert asked == dict.fromkeys(week.net.names - NOT_ASKED, 1) | {"china.hket.com": 4}
    kept = [row["url"] for row in stored[file_of(day)] if row["url"].endswith("/robots.txt")]
    assert Counter(urlsplit(url).hostname for url in kept) == asked


def test_the_pace_of_every_host_is_kept(week: Week) -> None:
    pages = BY_ID["news_articles"].source.pace.seconds
    least = {
        "web.ifzq.gtimg.cn": BY_ID["tencent_daily"].source.pace.seconds,
        "www.ecb.europa.eu": BY_ID["ecb_rates"].source.pace.seconds,
        "data.sec.gov": BY_ID["sec_submissions"].source.pace.seconds,
        "www.ithome.com": BY_ID["news_feeds"].source.pace.seconds,
        "carnewschina.com": BY_ID["news_feeds"].source.pace.seconds,
    }
    for day in week.days.values():
        for host, pace in least.items():
            times = sorted(at for name, at in day.connected if name == host)
            assert all(later - earlier >= pace - 1e-6 for earlier, later in pairwise(times)), host
    saturday = week.days["saturday"]
    times = sorted(at for name, at in saturday.connected if name == "carnewschina.com")
    assert len(times) == 5 and times[-1] - times[-3] >= 2 * pages - 1e-6
    assert max(saturday.slept) <= pages


def test_we_say_who_we_are(week: Week) -> None:
    for name, day in week.days.items():
        contact = "" if name == "monday" else " (+operator@example.org)"
        assert {one.headers["user-agent"] for one in day.asked} == {f"Dragongate/{version()}{contact}"}


def test_the_cookie_goes_to_its_host_and_nowhere_else(week: Week) -> None:
    for day in week.days.values():
        assert {one.host for one in day.asked if COOKIE in str(one.headers)} == {"weibo.com"}
        assert "https://weibo.com:443" in day.log and COOKIE not in day.log
        assert COOKIE not in str(day.report) and COOKIE not in str(day.fetches)
    for path in week.home.archive.iterdir():
        if path.is_file():
            kept = [one for one in frames(path, limit=10**9) if isinstance(one, Frame)]
            assert kept and not any(COOKIE in f"{one.fields}{one.block!r}" for one in kept)
    for path in week.home.root.rglob("*"):
        assert path.is_dir() or COOKIE.encode() not in path.read_bytes(), path


def test_a_page_that_moved_is_read_where_it_went(week: Week) -> None:
    day = week.days["saturday"]
    assert {one.status for one in day.asked if one.url == MOVED} == {301}
    (row,) = [one for one in day.fetches if one["url"] == MOVED]
    assert (row["outcome"], row["attempts"]) == ("ok", 2)


# --- Sunday: nothing new


def test_a_day_later_each_source_is_asked_from_its_own_cursor(week: Week) -> None:
    day = week.days["sunday"]
    for source_id in {one["source_id"] for one in day.fetches} - {"news_articles"}:
        lag = timedelta(days=BY_ID[source_id].source.lag_days)
        assert day.window(source_id) == Window(WINDOW.end - lag, date(2025, 1, 12)), source_id


def test_a_day_later_nothing_is_loaded_twice(week: Week) -> None:
    day = week.days["sunday"]
    assert day.inserted == {"core.follower_counts": 1}
    assert not any(one.updated for one in day.report.loaded.values())
    assert day.report.loaded["core.financial_facts_by_source"].unchanged > 100
    assert (day.report.state, day.report.exit_code) == ("completed_with_gaps", 0)


def test_what_did_not_change_is_not_sent_and_not_kept_again(
    week: Week, stored: Mapping[str, list[dict[str, Any]]]
) -> None:
    day = week.days["sunday"]
    not_modified = {one.url for one in day.asked if one.status == 304}
    assert {urlsplit(url).hostname for url in not_modified} == week.net.marked
    assert {
        one["url"] for one in day.fetches if one["outcome"] == "unchanged" and one["method"] == "GET"
    } == not_modified
    kept = [one for one in frames(week.home.archive / file_of(day), limit=10**9) if isinstance(one, Frame)]
    again = {one.url for one in kept if one.kind == "revisit"}
    assert {"https://www.hket.com/rss/china", "https://weibo.com/ajax/profile/info?uid=1749127163"} <= again
    assert URI not in {one.url for one in kept}, "the list did not change"
    first = {row["url"]: row["sha256"] for row in stored[file_of(week.days["saturday"])]}
    assert all(row["sha256"] == first[row["url"]] for row in stored[file_of(day)] if row["url"] in again)


# --- Monday: one required source is busy, another is behind a wall, and nobody left a contact


def test_a_busy_host_is_waited_for_and_then_left_alone(week: Week) -> None:
    day = week.days["monday"]
    waits = Counter(round(seconds) for seconds in day.slept)
    # Three pauses between four tries, and one before the next line is asked for; then three that the 429 asks for.
    assert (waits[30], waits[60]) == (4, 3)
    assert max(day.slept) < 86_400, "a feed asked for a day, and that is not waited for"
    assert len(day.paths("web.ifzq.gtimg.cn")) == 8
    said = [
        (one["outcome"], one["reason"], one["attempts"]) for one in day.fetches if one["source_id"] == "tencent_daily"
    ]
    assert Counter(said) == {
        ("unavailable", "server_error", 4): 1,
        ("rate_limited", "too_many_requests", 4): 1,
        ("rate_limited", "circuit", 0): 12 + MEMBERS,
    }
    assert len(day.paths("www.hket.com")) == 1
    assert ("unavailable", "server_error") in day.outcomes("news_feeds")


def test_what_else_there_is_goes_out_all_the_same(week: Week) -> None:
    day, sunday = week.days["monday"], week.days["sunday"]
    assert (day.report.state, day.report.exit_code) == ("failed", 1)
    assert day.report.message.startswith("required and missing: tencent_daily;")
    rates = day.content["core.fx_rates"].to_pylist()
    (rate,) = [one for one in rates if (one["base_currency"], one["quote_currency"]) == ("EUR", "USD")
               and one["rate_date"] == date(2025, 1, 13)]  # fmt: skip
    assert rate["rate"] == Decimal("1.0198")
    assert day.content["core.daily_quotes"].equals(sunday.content["core.daily_quotes"])
    assert day.report.generation is not None and day.report.kept_back == {}


def test_the_run_says_what_is_missing_and_what_to_do(week: Week, capsys: pytest.CaptureFixture[str]) -> None:
    day = week.days["monday"]
    required = [one for one in day.report.gaps if one.is_required]
    assert len({one.chunk for one in required}) == 14, "prices of mere members of an index are not required"
    assert {one.source_id for one in required} == {"tencent_daily"}
    assert all(one.mend for one in day.report.gaps)
    show(day.report, week.home)
    said = " ".join(capsys.readouterr().out.split())
    assert said.count("missing (required): tencent_daily") == 3, "each trouble once"
    assert "XHKG:09868, XHKG:00175" in said and "A longer pace in the settings helps" in said
    assert 'off: sec_submissions wants to know who asks: write contact = "you@example.org"' in said


def test_without_a_contact_the_sec_is_off(week: Week) -> None:
    day = week.days["monday"]
    assert set(day.report.off) == {
        "sec_submissions",
        "sec_companyfacts",
        "sec_filing_index",
        "sec_documents",
        "sec_tickers",
    }
    assert all("DRAGONGATE_CONTACT" in why for why in day.report.off.values())
    assert day.paths("data.sec.gov") == [] and day.outcomes("sec_submissions") == set()
    assert day.report.as_json()["off"].keys() == day.report.off.keys()


def test_a_block_page_is_refused_and_gives_no_rows(week: Week, stored: Mapping[str, list[dict[str, Any]]]) -> None:
    day = week.days["monday"]
    assert day.outcomes("tencent_realtime") == {("refused", "block_page")}
    (page,) = [row for row in stored[file_of(day)] if "qt.gtimg.cn/q=" in row["url"]]
    assert (page["status"], page["outcome"], page["reason"]) == (200, "refused", "block_page")
    rows = day.content["core.daily_quotes_by_source"].column("snapshot_id").to_pylist()
    assert page["snapshot_id"] not in rows and "core.shares_outstanding_by_source" not in day.report.loaded


# --- Tuesday: each source catches up by itself


def test_the_next_run_catches_up_and_asks_the_others_only_for_their_own(week: Week) -> None:
    day = week.days["tuesday"]
    assert (day.report.state, day.report.exit_code) == ("completed", 0)
    end = date(2025, 1, 14)
    for source_id in ("tencent_daily", "tencent_realtime", "sec_submissions", "sec_companyfacts", "news_feeds"):
        assert day.window(source_id) == Window(date(2025, 1, 12) - timedelta(7), end), source_id
    for source_id in ("ecb_rates", "weibo", "watchlist_file", "trading_calendars"):
        assert day.window(source_id) == Window(date(2025, 1, 13) - timedelta(7), end), source_id
    quotes = day.content["core.daily_quotes"].to_pylist()
    assert [one["close_price"] for one in quotes if one["trade_date"] == date(2025, 1, 13)] == [Decimal("33.10")]


def test_pages_that_only_trouble_kept_from_us_are_read_when_it_is_over(week: Week) -> None:
    tuesday = week.days["tuesday"]
    assert len(tuesday.paths("china.hket.com")) == 3 and tuesday.outcomes("news_articles") == {("ok", None)}
    assert week.days["wednesday"].outcomes("news_articles") == set(), (
        "no page is asked twice, and none that is forbidden"
    )


# --- Wednesday: one company more


def test_a_company_more_is_a_few_lines(week: Week) -> None:
    day = week.days["wednesday"]
    assert (day.report.state, day.report.message) == ("completed", "")
    first = date(2025, 1, 15) - timedelta(FIRST_DAYS)
    assert day.window("tencent_daily").start == day.window("bluesky").start == first
    assert day.window("ecb_rates").start == date(2025, 1, 14) - timedelta(7)
    assert day.inserted == {
        "core.companies": 1,
        "core.accounts": 1,
        "core.daily_quotes_by_source": 2,
        "core.daily_quotes": 2,
        "core.follower_counts": 2,
        "core.fiscal_periods": 140,
    }
    # Its line was there before, as that of a member of the index, and now has a company.
    (line,) = [one for one in day.content["core.securities"].to_pylist() if one["security_id"] == "XHKG:09863"]
    assert (line["company_id"], line["source_id"], line["is_primary"]) == ("leapmotor", "watchlist_file", True)
    latest = [one for one in day.content["mart.company_daily"].to_pylist() if one["company_id"] == "leapmotor"][-1]
    assert (latest["trade_date"], latest["close_price"]) == (date(2025, 1, 14), Decimal("30.40"))
    (count,) = [
        one["value"] for one in day.content["core.follower_counts"].to_pylist() if "bluesky" in one["account_id"]
    ]
    assert count == 4321
    assert read_status(week.home).is_good


# --- Rebuilding


def test_a_list_that_did_not_change_is_found_before(week: Week) -> None:
    archive, first = Archive(week.home.archive), default_watchlist()
    lists = {name: newest_watchlist(archive, file_of(day)) for name, day in week.days.items()}
    assert all(one is not None for one in lists.values())
    texts = {name: one.text for name, one in lists.items() if one is not None}
    assert texts == dict.fromkeys(week.days, first.text) | {"wednesday": with_one_more(first).text}


def test_the_archive_alone_rebuilds_everything(
    week: Week, stored: Mapping[str, list[dict[str, Any]]], tmp_path: Path
) -> None:
    rebuilt = Home(tmp_path / "rebuilt")
    for day in week.days.values():
        ingest(rebuilt, week.home.archive / file_of(day), week.settings, None, now=lambda: week.days["wednesday"].at)
    ours, theirs = content(week.home.root), content(rebuilt.root)
    assert differences(ours, theirs) == []
    assert snapshots(rebuilt) == stored
