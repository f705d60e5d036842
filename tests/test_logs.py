"""What runs write down for the operator: one file a day, old days gone, no secret in it."""

import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from extractors.masking import Masked, hide, shown
from extractors.settings import Keep, Secret, Settings
from extractors.urls import masked, masked_body
from flows import prefect_server
from flows.job import start
from flows.keeping.logs import RUN_LOG, logging_to
from flows.prefect_server import retention, turned
from flows.watching import default_watchlist
from warehouse.home import Home

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
HUSH = "hush-hush-5150"


def said(home: Home) -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(home.logs.iterdir()))


@pytest.mark.parametrize(
    ("text", "as_shown"),
    [
        (f"https://a.example/?apikey={HUSH}&x=1 failed", "https://a.example/?apikey=xxx&x=1 failed"),
        (f"proxy http://me:{HUSH}@proxy.example:1 is down", "proxy http://xxx@proxy.example:1 is down"),
        (f"cookie {HUSH} is old", "cookie xxx is old"),
        ("write to a@example.org", "write to a@example.org"),
    ],
)
def test_a_text_is_shown_without_secrets(text: str, as_shown: str) -> None:
    hide([HUSH, "ab"])
    assert shown(text) == as_shown and shown("a cab") == "a cab"


@pytest.mark.parametrize("form", ["a|b c/d=", "a%7Cb%20c%2Fd%3D", "a%7Cb+c%2Fd%3D"])
def test_a_secret_with_signs_is_hidden_in_every_form(form: str) -> None:
    secret = "a|b c/d="
    url = f"https://api.example.com/latest?access_key={form}&base=EUR"
    assert masked(url, secret) == "https://api.example.com/latest?access_key=xxx&base=EUR"
    assert masked_body(f"k={form}".encode(), (secret,)) == b"k=xxx"


def test_a_trace_is_written_without_secrets() -> None:
    hide([HUSH])
    try:
        raise ValueError(f"no {HUSH}")
    except ValueError as error:
        record = logging.LogRecord("x", logging.ERROR, "", 1, "lost %s", (HUSH,), (ValueError, error, None))
    text = Masked("%(message)s").format(record)
    assert text.startswith("lost xxx") and "ValueError: no xxx" in text and HUSH not in text


def test_each_day_has_a_file_and_old_days_go(tmp_path: Path) -> None:
    home = Home(tmp_path)
    for days in range(4):
        with logging_to(home, 2, NOW + timedelta(days=days)):
            RUN_LOG.info("day=%d", days)
    assert [path.name for path in sorted(home.logs.iterdir())] == [
        "dragongate-2026-03-03.log",
        "dragongate-2026-03-04.log",
        "dragongate-2026-03-05.log",
    ]
    (home.logs / "notes.txt").write_text("mine")
    with logging_to(home, 0, NOW + timedelta(days=400)):
        RUN_LOG.info("kept")
    assert len(list(home.logs.iterdir())) == 5


def test_a_run_says_when_it_began_and_what_stopped_it(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    home = Home(tmp_path)
    settings = Settings(secrets={"fred": Secret(HUSH)}, keep=Keep(log_days=1))

    def stopped() -> None:
        with start(home, settings, default_watchlist(), flow="daily", mode="live", now=lambda: NOW) as job:
            logging.getLogger("dragongate").warning("the key %s is refused", HUSH)
            assert HUSH not in repr(job.settings)
            raise ValueError(f"https://a.example/?token={HUSH} broke")

    with pytest.raises(ValueError, match="broke"):
        stopped()
    text = said(home)
    assert "started run=daily-20260302T120000Z-" in text and "WARNING dragongate[" in text
    assert "ValueError: https://a.example/?token=xxx broke" in text and HUSH not in text
    files = [getattr(one, "baseFilename", "") for one in RUN_LOG.handlers]
    assert not [one for one in files if one.startswith(str(home.root))], "the file is let go of"
    with start(home, settings, default_watchlist(), flow="daily", mode="live", now=lambda: NOW) as job:
        rows = job.warehouse.frame("SELECT message FROM ops.runs WHERE state = 'failed'").to_pylist()
    assert [row["message"].partition(";")[0] for row in rows] == ["ValueError: https://a.example/?token=xxx broke"]


def test_a_server_keeps_runs_for_so_many_days_and_turns_its_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert retention(0) == {}
    assert retention(90)["PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD"] == str(90 * 86_400)
    assert "flow_runs" in retention(90)["PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED"]
    monkeypatch.setattr(prefect_server, "LOG_BYTES", 10)
    log = tmp_path / "server.log"
    log.write_text("a short one" * 2)
    assert turned(log) == log and not log.exists() and (tmp_path / "server.log.1").exists()
    log.write_text("short")
    assert turned(log).read_text() == "short"
