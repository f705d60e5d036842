"""What each command says to people and to programs, and with which exit code it ends."""

from pathlib import Path

import pytest

from tests import archives
from tests.end_to_end.commands import ROOT, SAMPLE, Ran, dragongate
from tests.end_to_end.conftest import Demo
from tests.end_to_end.rows import ledger

FIXTURES = ROOT / "tests" / "fixtures"
BARS = "https://web.ifzq.gtimg.cn/appstock/app/hkfqkline/get?param=hk01810,day,2025-02-03,2025-02-05,800,"
TWO_BAD_BARS = (
    b'{"code":0,"msg":"","data":{"hk01810":{"day":[["2025-02-03","38.250","38.750","39.100","37.900","1000.000"],'
    b'["2025-02-04","0.000","0.000","0.000","0.000","0.000"],["2025-02-05","38.250","38.750","37.900","39.100","1.000"]]'
    b',"qt":{},"prec":"38.9","version":"16"}}}'
)
"""The second has no price, and the third a high below its low."""


def refused(ran: Ran, *parts: str) -> bool:
    """Whether a command ended with bad use, a message with these parts and no trace of our own code."""
    said = " ".join(ran.err.replace("│", " ").split())
    return ran.code == 2 and "Traceback" not in said and all(part in said for part in parts)


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        (("run", "--from", "2025-01-02"), ["give both --from and --to"]),
        (("run", "--to", "2025-01-02"), ["give both --from and --to"]),
        (("run", "--from", "2025-01-10", "--to", "2025-01-02"), ["2025-01-10 is after --to 2025-01-02"]),
        (("run", "--from", "yesterday", "--to", "2025-01-02"), ["yesterday", "%Y-%m-%d"]),
        (("run", "--source", "tencent_dayly", "--no-server"), ["tencent_dayly", "tencent_daily"]),
        (("run", "--replay", "missing.warc.gz"), ["missing.warc.gz"]),
        (("parse", "nobody", str(SAMPLE), "--url", BARS), ["nobody", "tencent_daily"]),
        (("parse", "ecb_rates", "missing.xml", "--url", BARS), ["missing.xml"]),
        (("ingest", "missing.warc.gz"), ["missing.warc.gz"]),
        (("guess",), ["guess"]),
    ],
)
def test_bad_use_is_told_and_leaves_no_home(words: tuple[str, ...], parts: list[str], tmp_path: Path) -> None:
    assert refused(dragongate(*words, DRAGONGATE_HOME=str(tmp_path / "home")), *parts)
    assert not (tmp_path / "home" / "private").exists()


def test_before_the_first_run_everybody_says_what_to_do(tmp_path: Path) -> None:
    status = dragongate("status", "--home", str(tmp_path))
    assert status.code == 1 and "`dragongate run` collects and publishes" in status.out
    assert dragongate("status", "--home", str(tmp_path), "--json").json["runs"] == []
    for words in (("sql", "SELECT 1"), ("why", "core.fx_rates", "USD,HKD,2025-01-02")):
        ran = dragongate(*words, "--home", str(tmp_path))
        assert ran.code == 1 and "`dragongate run` collects and publishes" in ran.err


def test_the_home_may_stand_in_the_environment_and_is_data_otherwise(undisturbed: Demo, tmp_path: Path) -> None:
    ask = ("sql", "SELECT count(*) AS n FROM core.companies", "--json")
    named = dragongate(*ask, cwd=tmp_path, DRAGONGATE_HOME=str(undisturbed.home))
    assert named.code == 0 and named.json[0]["n"] > 5
    (tmp_path / "data").symlink_to(undisturbed.home)
    assert dragongate(*ask, cwd=tmp_path).json == named.json


def test_init_writes_two_files_to_edit_and_never_writes_over_them(tmp_path: Path) -> None:
    assert dragongate("init", "--home", str(tmp_path)).code == 0
    files = [tmp_path / "dragongate.toml", tmp_path / "watchlist.toml"]
    shipped = (ROOT / "watchlist.toml").read_text(encoding="utf-8")
    assert "contact" in files[0].read_text(encoding="utf-8")
    assert files[1].read_text(encoding="utf-8") == shipped
    for file in files:
        file.write_text("# mine\n", encoding="utf-8")
    again = dragongate("init", "--home", str(tmp_path))
    assert again.code == 0 and again.out.count("stays as it is") == 2
    assert [file.read_text(encoding="utf-8") for file in files] == ["# mine\n"] * 2


def test_a_mistake_in_a_file_of_the_operator_is_named_by_line_and_field(tmp_path: Path) -> None:
    (tmp_path / "dragongate.toml").write_text('\ncontakt = "a@example.org"\n', encoding="utf-8")
    assert refused(dragongate("sources", "--home", str(tmp_path)), "dragongate.toml:2", "contakt")
    (tmp_path / "dragongate.toml").unlink()
    (tmp_path / "watchlist.toml").write_text('[[company]]\nid = "x"\nnane = "X"\n', encoding="utf-8")
    assert refused(dragongate("run", "--no-server", "--home", str(tmp_path)), "watchlist.toml", "nane")


def test_status_says_what_ran_and_how_old_the_data_is(undisturbed: Demo) -> None:
    status = dragongate("status", "--home", str(undisturbed.home), "--json")
    assert status.code == (0 if status.json["is_good"] else 1)
    assert [run["state"] for run in status.json["runs"]] == ["completed"]
    quotes = next(one for one in status.json["freshness"] if one["table_name"] == "core.daily_quotes")
    assert quotes["row_count"] > 200 and quotes["data_until"].startswith("2025-01-10T16:00")
    assert not quotes["is_stale"]
    said = dragongate("status", "--home", str(undisturbed.home))
    assert said.code == status.code
    assert "core.daily_quotes 268 2025-01-10 0 h" in " ".join(said.out.split())


def test_sources_says_of_each_whether_it_is_asked_and_why_not(undisturbed: Demo) -> None:
    sources = dragongate("sources", "--home", str(undisturbed.home), "--json")
    by_id = {one["source"]: one for one in sources.json}
    assert sources.code == 0 and len(by_id) == len(sources.json) > 12
    assert by_id["ecb_rates"]["is_enabled"] and by_id["ecb_rates"]["last_outcome"] == "ok"
    assert not by_id["yahoo_chart"]["is_enabled"] and "dragongate.toml" in by_id["yahoo_chart"]["why_off"]
    assert "DRAGONGATE_CONTACT" in by_id["sec_submissions"]["why_off"]
    asked = dragongate("sources", "--home", str(undisturbed.home), "--json", DRAGONGATE_CONTACT="a@example.org")
    assert {one["source"]: one["why_off"] for one in asked.json}["sec_submissions"] == ""


def test_sql_gives_objects_and_says_what_is_near(undisturbed: Demo, tmp_path: Path) -> None:
    home = ("--home", str(undisturbed.home))
    ask = "SELECT trade_date, close_price, currency FROM mart.company_daily WHERE company_id = 'xiaomi' ORDER BY 1 DESC"
    found = dragongate("sql", ask, *home, "--json")
    assert found.code == 0
    assert found.json[0] == {"trade_date": "2025-01-10", "close_price": 33.55, "currency": "HKD"}
    file = tmp_path / "rows.csv"
    assert dragongate("sql", ask, *home, "--csv", str(file)).code == 0
    assert len(file.read_text(encoding="utf-8").splitlines()) == len(found.json) + 1


@pytest.mark.parametrize(
    ("query", "parts"),
    [
        ("SELECT * FROM core.daily_quote", ["no table", "daily_quote;", "core.daily_quotes"]),
        ("SELECT close FROM core.daily_quotes", ["no column close", "close_price"]),
        ("SELECT * FROM as_of.daily_quote('2025-01-02T00:00:00Z')", ["as_of.daily_quotes"]),
        ("SELEKT 1", ["syntax error"]),
        ("UPDATE core.fx_rates SET rate = 1", ["read-only"]),
        ("", ["there is no query in it"]),
    ],
)
def test_a_query_that_does_not_fit_is_told_in_a_sentence(query: str, parts: list[str], undisturbed: Demo) -> None:
    assert refused(dragongate("sql", query, "--home", str(undisturbed.home)), *parts)


def test_why_leads_from_a_cell_to_its_bytes(undisturbed: Demo) -> None:
    words = ("why", "core.daily_quotes", "security_id=XHKG:01810,trade_date=2025-01-02")
    found = dragongate(*words, "--home", str(undisturbed.home), "--json")
    assert found.code == 0
    chain = found.json["chains"][0]
    assert chain["reading"]["source_id"] == "tencent_daily"
    assert chain["snapshot"]["archive_file"] == SAMPLE.name and len(chain["snapshot"]["sha256"]) == 64
    run = ledger(undisturbed.home, "SELECT run_id, code_version FROM runs")[0]
    assert [(one["run_id"], one["code_version"]) for one in chain["fetches"]] == [(run["run_id"], run["code_version"])]
    said = dragongate(*words, "--home", str(undisturbed.home))
    for part in (chain["snapshot"]["url"], chain["snapshot"]["sha256"], str(run["run_id"])):
        assert part in said.out


@pytest.mark.parametrize(
    ("table", "key", "reason"),
    [
        ("core.daily_quotes", "XHKG:01810,2025-01-04", "2025-01-04 was a weekend"),
        ("core.daily_quotes", "XHKG:01810,2025-01-01", "XHKG did not trade on 2025-01-01: New Year's Day"),
        ("core.daily_quotes", "XHKG:99999,2025-01-02", "tencent_daily was never asked for this"),
        ("core.daily_quotes", "XHKG:01810,2025-01-02,", ""),
        ("core.daily_quotes", "XHKG:81810,2025-01-02", "nothing_there (empty_window)"),
        ("core.corporate_actions", "XHKG:01810,2025-01-02,dividend", "yahoo_chart is off: it needs permission"),
        ("core.guesses", "xiaomi", None),
    ],
)
def test_why_leads_from_a_hole_to_its_reason(table: str, key: str, reason: str | None, undisturbed: Demo) -> None:
    ran = dragongate("why", table, key, "--home", str(undisturbed.home))
    if reason is None:
        assert refused(ran, f"there is no table {table}", "core.daily_quotes")
    elif not reason:
        assert ran.code == 0
    else:
        assert ran.code == 1
        assert f"There is no such row in {table}" in ran.out and reason in ran.out


def test_why_refuses_a_key_that_is_none(undisturbed: Demo) -> None:
    home = ("--home", str(undisturbed.home))
    assert refused(dragongate("why", "core.daily_quotes", "XHKG:01810,friday", *home), "trade_date is a day", "friday")
    assert refused(dragongate("why", "core.daily_quotes", "ticker=1810", *home), "no column ticker", "security_id")
    assert refused(dragongate("why", "core.daily_quotes", ",", *home), "security_id=…")


def test_ingest_counts_each_response_and_why_finds_the_row_that_was_set_aside(home: Path, tmp_path: Path) -> None:
    saved = tmp_path / "bars.warc"
    other = archives.record(url="https://nobody.example/picture.png", number=2, block=archives.http(b"\x00\x01"))
    block = archives.http(TWO_BAD_BARS)
    saved.write_bytes(archives.info() + archives.record(url=BARS, block=block, date="2025-02-05T09:00:00Z") + other)
    ran = dragongate("ingest", str(saved), "--home", str(home), "--json")
    assert ran.code == 0, ran.err
    assert ran.json["responses"] == 2 and ran.json["unmatched"] == 1
    assert ran.json["by_source"]["tencent_daily"] == {"ok": 1}
    counts = ran.json["loaded"]["core.daily_quotes_by_source"]
    assert counts == {"inserted": 1, "updated": 0, "unchanged": 0, "rejected": 2}
    for day, reason in (("2025-02-04", "no_trade_yet"), ("2025-02-05", "high_is_not_below_low")):
        hole = dragongate("why", "core.daily_quotes", f"XHKG:01810,{day}", "--home", str(home))
        assert hole.code == 1
        assert f"a row of tencent_daily was set aside: {reason} (snapshot urn:uuid:" in hole.out


def test_parse_shows_what_a_source_reads_from_one_saved_answer(tmp_path: Path) -> None:
    file, url = FIXTURES / "ecb_rates" / "daily.xml", "https://www.ecb.europa.eu/stats/eurofxref/eurofxref-daily.xml"
    words = ("parse", "ecb_rates", str(file), "--url", url, "--content-type", "text/xml", "--home", str(tmp_path))
    read = dragongate(*words, "--json")
    assert read.code == 0
    assert read.json["outcome"] == "ok" and read.json["records"]
    rows = read.json["rows"]["core.fx_rates_by_source"]
    assert {"base_currency": "EUR", "quote_currency": "HKD", "rate_date": "2024-12-30", "rate": 8.1065}.items() <= next(
        row for row in rows if (row["base_currency"], row["quote_currency"]) == ("EUR", "HKD")
    ).items()
    busy = dragongate(*words, "--status", "429", "--json")
    assert busy.json["outcome"] == "rate_limited" and busy.json["rows"] == {}
    assert "ecb_rates: ok" in dragongate(*words).out
