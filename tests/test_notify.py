"""Those who should hear of what is wrong hear of it: by webhook, mail and Slack, from runs and between them."""

import json
import logging
import shlex
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from apprise.plugins.slack import NotifySlack

from extractors.settings import Notify, Secret, Settings
from extractors.settings_file import read_settings
from flows.alerting import surroundings
from flows.alerting.alerts_of_machine import GIB
from flows.alerting.notification import SCHEMA, Notification, Reason
from flows.alerting.notify import notify, send_test
from flows.alerting.senders import addresses_of, masked_text, send
from flows.job import end, start
from flows.main import main
from flows.watching import default_watchlist
from tests import small_warehouse as small
from tests.documents import ROOT, all_blocks, commands, tables
from tests.mail_server import mail_server
from tests.servers import Reply, Site, site
from warehouse.alert_book import Entry, book_of, open_alerts
from warehouse.home import Home
from warehouse.lease import Lease
from warehouse.published import open_published_ops

NOW = small.utc("2025-03-19 12:00")
PASSWORD = "hunter2hunter2"
TOKEN = "tok-1f6b0e"
MINUTE = timedelta(minutes=1)


@pytest.fixture(scope="module", autouse=True)
def roomy_disk() -> Iterator[None]:
    """Let no disk of the machine that tests run on be among what is wrong."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(surroundings, "_disk", lambda home: (500 * GIB, 1000 * GIB))
        yield


@pytest.fixture(scope="module")
def after_a_run(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Make a home in which a run failed and nobody was told yet."""
    home = Home(tmp_path_factory.mktemp("after-a-run"))
    run(home, to())
    return home


@pytest.fixture
def home(after_a_run: Home, tmp_path: Path) -> Home:
    shutil.copytree(after_a_run.root, tmp_path / "home", symlinks=True)
    return Home(tmp_path / "home")


@pytest.fixture
def hook() -> Iterator[Site]:
    with site() as it:
        it.says(f"/{TOKEN}", Reply(b"taken"))
        yield it


def to(*addresses: str, **more: Any) -> Settings:
    return Settings(notify=Notify(addresses=tuple(map(Secret, addresses)), digest_hour=19, **more))


def run(home: Home, settings: Settings, now: datetime = NOW, mode: str = "live") -> int:
    """Run without asking anybody: every table stays empty, so that required ones are stale and the run fails.

    Eight in the evening in Hong Kong; the digest comes at seven, 23 hours later.
    """
    with start(home, settings, default_watchlist(), flow="daily", mode=mode, now=lambda: now) as job:
        return end(job).exit_code


def bodies(hook: Site) -> list[dict[str, Any]]:
    return [json.loads(one) for one in hook.sent]


def names(hook: Site) -> set[tuple[str, str]]:
    return {
        (one["name"], one["subject"]) for body in bodies(hook) for group in body["groups"] for one in group["alerts"]
    }


def test_a_run_tells_once_what_is_wrong_and_the_ledger_remembers_whom(home: Home, hook: Site) -> None:
    settings = to(hook.url(f"/{TOKEN}"))
    assert run(home, settings, NOW + MINUTE) == 1
    assert notify(home, settings, NOW + 2 * MINUTE).sent == ()
    assert [one["reason"] for one in bodies(hook)] == ["change"]
    assert {("RequiredDataStale", "core.fx_rates"), ("RunFailed", "daily")} <= names(hook)
    with open_published_ops(home) as ledger:
        rows = ledger.execute("SELECT * FROM alerts").to_arrow_table().to_pylist()
    told = {(one["alert_name"], one["subject"]) for one in rows if one["told_to"] == ["http 127.0.0.1"]}
    assert told == names(hook) == {(one["alert_name"], one["subject"]) for one in rows if one["severity"] == "page"}
    assert {(one["opened_at"], one["told_at"]) for one in rows if one["told_at"]} == {(NOW, NOW + MINUTE)}
    assert {one["recovered_at"] for one in rows} == {None}


def test_a_replay_is_a_rehearsal_of_which_nobody_hears(tmp_path: Path, hook: Site) -> None:
    run(Home(tmp_path), to(hook.url(f"/{TOKEN}")), mode="replay")
    assert (hook.sent, open_alerts(Home(tmp_path))) == ([], [])


def test_an_address_that_fails_fails_nobody_and_is_tried_again(
    home: Home, hook: Site, caplog: pytest.LogCaptureFixture, shown: Callable[..., tuple[str, int]]
) -> None:
    caplog.set_level(logging.DEBUG)
    settings = to(hook.url(f"/{TOKEN}").replace("//", f"//me:{PASSWORD}@"))
    hook.says(f"/{TOKEN}", Reply(b"", 503), Reply(b"taken"))
    notify(home, settings, NOW)
    assert "not told: http 127.0.0.1: it answered 503" in caplog.text
    assert "Not told, and tried again with the next run: http 127.0.0.1: it answered 503" in shown("status")[0]
    notify(home, settings, NOW + 20 * MINUTE)
    assert len(hook.sent) == 2
    assert {one["not_told"] for one in open_alerts(home)} == {None}
    assert TOKEN not in caplog.text
    assert PASSWORD not in caplog.text


class TestBetweenRuns:
    """The scheduler looks while nobody writes, or while a run does; what it notices waits beside the lease."""

    @pytest.fixture
    def settings(self, home: Home, hook: Site) -> Settings:
        settings = to(hook.url(f"/{TOKEN}"))
        notify(home, settings, NOW)
        hook.sent.clear()
        return settings

    def test_it_notices_that_no_run_ended_and_the_next_run_writes_it_down(
        self, home: Home, settings: Settings, hook: Site
    ) -> None:
        late = NOW + timedelta(hours=27)
        notify(home, settings, late)
        notify(home, settings, late + MINUTE)
        (body,) = [one for one in bodies(hook) if one["reason"] == "change"]
        assert [one["name"] for group in body["groups"] for one in group["alerts"]] == ["NoRunEnded"]
        run(home, settings, late + 2 * MINUTE)
        with open_published_ops(home) as ledger:
            row = ledger.execute("SELECT told_at, recovered_at FROM alerts WHERE alert_name = 'NoRunEnded'").fetchone()
        assert row == (late, late + 2 * MINUTE)

    def test_it_tells_while_a_run_holds_the_lease(self, home: Home, settings: Settings, hook: Site) -> None:
        with Lease(home, flow="daily", run_id="daily-9", now=lambda: NOW):
            notify(home, settings, NOW + timedelta(hours=7))
        assert names(hook) == {("LeaseHeldTooLong", "daily")}

    def test_what_was_told_outlives_the_ledger(self, home: Home, settings: Settings, hook: Site) -> None:
        home.published_ops.unlink()
        home.warehouse.unlink()
        run(home, settings, NOW + MINUTE)
        assert hook.sent == []

    def test_a_book_that_was_cut_short_stops_nothing(self, home: Home) -> None:
        assert open_alerts(home)
        before = open_alerts(home)
        book_of(home).write_text('[{"alert_name": "RunFai', encoding="utf-8")
        assert open_alerts(home) == before, "the ledger remembers too"

    def test_a_damaged_ledger_stops_nobody(self, home: Home, settings: Settings) -> None:
        home.published_ops.unlink()
        home.published_ops.write_bytes(b"no database")
        assert notify(home, settings, NOW).sent == ()


class TestForms:
    """What arrives, form by form."""

    def test_by_mail(self, home: Home) -> None:
        with mail_server() as mail:
            notify(home, to(mail.address()), NOW)
            assert mail.subjects() == ["Dragongate: 3 new"]
            (text,) = mail.texts()
        assert "core.fx_rates\n- PAGE RequiredDataStale core.fx_rates since 2025-03-19 20:00 HKT\n" in text
        assert "docs/runbook.md#requireddatastale" in text

    def test_by_slack(self, hook: Site, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(NotifySlack, "webhook_url", hook.url("/services"))
        monkeypatch.setattr(NotifySlack, "request_rate_per_sec", 0)
        path = "/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"
        hook.says(path, Reply(b"ok"))
        settings = to("https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ")
        assert [str(one) for one in send_test(settings, NOW)] == ["https hooks.slack.com: arrived"]
        (body,) = bodies(hook)
        assert hook.paths() == [path]
        assert body["attachments"][0]["title"] == "Dragongate: a test"
        assert "Whoever reads it hears of what is wrong" in body["attachments"][0]["text"]
        assert "http" not in json.dumps(body), "no picture of another host"

    def test_the_body_of_a_webhook_is_the_documented_one(self, home: Home, hook: Site) -> None:
        notify(home, to(hook.url(f"/{TOKEN}"), page_url="https://status.example.org/"), NOW)
        (body,) = bodies(hook)
        named = [(cells[0].strip("`"), cells[1]) for cells in tables(ROOT / "docs" / "operator.md") if len(cells) == 2]
        of_body = {name for name, where in named if where.startswith("body:")}
        of_alert = {name for name, where in named if where.startswith("alert:")}
        assert (body.keys(), body["schema"], body["reason"]) == (of_body, SCHEMA, "change")
        assert body["groups"][0].keys() == {"group", "alerts"}
        assert all(one.keys() == of_alert for group in body["groups"] for one in group["alerts"])
        assert (body["sent_at"], body["page_url"]) == (NOW.isoformat(), "https://status.example.org/")

    def test_the_digest_lists_tickets_too(self, home: Home, hook: Site) -> None:
        settings = to(hook.url(f"/{TOKEN}"))
        assert len(notify(home, settings, NOW + MINUTE, digest=True).sent) == 2
        _, body = bodies(hook)
        told = {one["name"] for group in body["groups"] for one in group["alerts"]}
        assert (body["reason"], "OptionalDataStale" in told) == ("digest", True)
        assert notify(home, settings, NOW + timedelta(hours=1)).sent == (), "today's has gone out"

    def test_the_digest_comes_by_itself_at_its_hour(self, home: Home, hook: Site) -> None:
        settings = to(hook.url(f"/{TOKEN}"), longest_hours_without_run=99)
        notify(home, settings, NOW)
        notify(home, settings, NOW + timedelta(hours=22.9))
        notify(home, settings, NOW + timedelta(hours=23))
        assert [one["reason"] for one in bodies(hook)] == ["change", "digest"]


class TestSecrets:
    """No password and no token comes out, whatever goes wrong."""

    @pytest.mark.parametrize(
        ("address", "label"),
        [
            (f"http://me:{PASSWORD}@127.0.0.1:1/{TOKEN}?key={TOKEN}", "http 127.0.0.1"),
            (f"mailto://me:{PASSWORD}@127.0.0.1:1?from=a@example.org&to=b@example.org", "e-mail 127.0.0.1"),
            (f"slack://{TOKEN}/{PASSWORD}", "slack"),
            (f"nothing-we-know://{TOKEN}/{PASSWORD}", "nothing-we-know"),
            (f"http://[{TOKEN}/{PASSWORD}", "http"),
        ],
    )
    def test_of_an_address_that_fails(
        self, address: str, label: str, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
    ) -> None:
        caplog.set_level(logging.DEBUG)
        settings = to(address)
        (sent,) = send_test(settings, NOW)
        said = f"{sent} {sent!r} {settings!r} {settings.notify} {caplog.text} {capsys.readouterr()}"
        assert sent.address.label == label
        assert sent.failure
        assert PASSWORD not in said and TOKEN not in said

    def test_of_a_password_that_the_mail_server_repeats(self, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.DEBUG)
        with mail_server(refusal=f"535 {PASSWORD} is wrong") as mail:
            (sent,) = send_test(to(mail.address(PASSWORD)), NOW)
        assert str(sent).endswith("(535, b'*** is wrong')")
        assert PASSWORD not in caplog.text

    def test_of_what_a_plugin_raises(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def breaks(*_: object, **__: object) -> None:
            raise RuntimeError(f"cannot parse {PASSWORD}")

        monkeypatch.setattr("requests.post", breaks)
        settings = to(f"http://127.0.0.1/{PASSWORD}")
        (address,) = addresses_of(settings)
        assert str(send(address, Notification(Reason.TEST, NOW), settings)) == "http 127.0.0.1: RuntimeError"

    def test_of_escaped_ones(self) -> None:
        secret = Secret("mailto://me:p%40ssw0rd@smtp.example.org?to=you@example.org")
        assert masked_text("p@ssw0rd and p%40ssw0rd at smtp.example.org", secret) == "*** and *** at smtp.example.org"

    def test_the_logs_of_others_are_as_before(self) -> None:
        logger = logging.getLogger("urllib3")
        before = (logger.propagate, logger.level, list(logger.handlers))
        send_test(to("http://127.0.0.1:1/"), NOW)
        assert (logger.propagate, logger.level, list(logger.handlers)) == before


def test_several_addresses_of_one_host_are_told_apart() -> None:
    settings = to("https://a.example.org/1", "https://a.example.org/2", "mailtos://a.example.org?to=b@example.org")
    assert [one.label for one in addresses_of(settings)] == [
        "https a.example.org",
        "https a.example.org #2",
        "e-mail a.example.org",
    ]


@pytest.fixture
def shown(
    home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[str, int]]:
    """Give what a command prints about the home, and its exit code."""

    def call(*words: str) -> tuple[str, int]:
        monkeypatch.setattr("sys.argv", ["dragongate", *words, "--home", str(home.root)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return said.out + said.err, int(ended.value.code or 0)

    return call


class TestCommands:
    """`dragongate alerts` and `dragongate notify`."""

    def test_without_an_address_notify_says_what_to_set(
        self, shown: Callable[..., tuple[str, int]], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv("DRAGONGATE_NOTIFY", raising=False)
        said, code = shown("notify", "--test")
        assert ("set DRAGONGATE_NOTIFY" in said, code) == (True, 2)

    def test_the_test_says_which_arrived(
        self, hook: Site, shown: Callable[..., tuple[str, int]], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("DRAGONGATE_NOTIFY", f"{hook.url(f'/{TOKEN}')}  http://me:{PASSWORD}@127.0.0.1:1/")
        said, code = shown("notify", "--test")
        assert said.splitlines() == ["http 127.0.0.1: arrived", "http 127.0.0.1 #2: it cannot be reached"]
        assert (code, [one["reason"] for one in bodies(hook)]) == (1, ["test"])

    def test_the_commands_of_the_page_do_what_it_says(
        self, home: Home, hook: Site, shown: Callable[..., tuple[str, int]], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """They are those that the shared test of the pages leaves out, since they need an address and an alert."""
        monkeypatch.setenv("DRAGONGATE_NOTIFY", hook.url(f"/{TOKEN}"))
        page = [one for block in all_blocks("sh") if block.page.name == "operator.md" for one in commands(block)]
        wanted = [one for one in page if one.startswith(("dragongate notify", "dragongate alerts --acknowledge"))]
        assert {one.split()[2] for one in wanted} == {"--test", "--digest", "--acknowledge"}
        for command in wanted:
            words = _words(command)
            said, code = shown(*words)
            assert code == 0, said
        assert {one["acknowledged_by"] for one in open_alerts(home) if one["alert_name"] == "OptionalDataStale"} == {
            "ann"
        }

    def test_what_is_taken_on_no_longer_makes_the_exit_code(
        self, home: Home, shown: Callable[..., tuple[str, int]]
    ) -> None:
        said, code = shown("alerts")
        assert ("RunFailed daily: the run daily-" in said, code) == (True, 1)
        for name in ("RunFailed:daily", "RequiredDataStale"):
            assert shown("alerts", "--acknowledge", name, "--until", "2999-01-01", "--because", "known")[1] == 0
        assert shown("alerts")[1] == 0
        assert shown("alerts", "--json")[1] == 0

    def test_what_is_not_open_cannot_be_taken_on(self, home: Home, shown: Callable[..., tuple[str, int]]) -> None:
        said, code = shown("alerts", "--acknowledge", "DiskLow", "--until", "2999-01-01", "--because", "known")
        assert (code, "no alert DiskLow is open; open are: " in said) == (2, True)


def _words(command: str) -> list[str]:
    words = shlex.split(command, comments=True)[1:]
    place = words.index("--home")
    return words[:place] + words[place + 2 :]


class TestSettings:
    """Addresses and the ping come from the environment alone, and a wrong one is not repeated."""

    def test_addresses_are_read_and_hidden(self, home: Home) -> None:
        environment = {
            "DRAGONGATE_NOTIFY": f" https://a/{TOKEN}\n slack://x ",
            "DRAGONGATE_PING_URL": f"https://p/{TOKEN}",
        }
        settings = read_settings(home.root, environment)
        assert [one.reveal() for one in settings.notify.addresses] == [f"https://a/{TOKEN}", "slack://x"]
        assert settings.notify.ping_url.reveal() == f"https://p/{TOKEN}"
        assert TOKEN not in repr(settings)

    @pytest.mark.parametrize("name", ["DRAGONGATE_NOTIFY", "DRAGONGATE_PING_URL"])
    def test_a_wrong_one_is_told_by_its_name(self, home: Home, name: str) -> None:
        with pytest.raises(Exception, match=name) as found:
            read_settings(home.root, {name: PASSWORD})
        assert PASSWORD not in str(found.value)

    @pytest.mark.parametrize(
        ("line", "expected"),
        [
            ('min_severity = "all"', 'expected "page"'),
            ("digest_hour = 24", "from 0 to 23"),
            ('digest_zone = "Mars"', "a time zone like"),
            ("settle_hours = -1", "a number of hours"),
            ('quiet = "SourceDrift"', "a list of names"),
            ('page_url = "status"', "an address like"),
            ('page_url = "https://[::1"', "an address like"),
            ('address = "https://x"', "set DRAGONGATE_NOTIFY"),
        ],
    )
    def test_a_wrong_field_is_named(self, home: Home, line: str, expected: str) -> None:
        (home.root / "dragongate.toml").write_text(f"[notify]\n{line}\n", encoding="utf-8")
        with pytest.raises(Exception, match=r"dragongate.toml:2: ") as found:
            read_settings(home.root, {})
        assert expected in str(found.value)


def test_a_message_names_what_changed() -> None:
    page = Entry("RunFailed", "daily", NOW, "page", "dragongate", "ours", "it failed", "Look.", "the next run", "x")
    over = replace(page, subject="feeds", recovered_at=NOW + MINUTE)
    assert Notification(Reason.CHANGE, NOW, (page,)).title == "Dragongate: RunFailed daily"
    assert Notification(Reason.CHANGE, NOW, (over,)).title == "Dragongate: RunFailed feeds is over"
    assert Notification(Reason.CHANGE, NOW, (page, over)).title == "Dragongate: 1 new, 1 over"
    assert Notification(Reason.CHANGE, NOW, (over,)).text == (
        "dragongate\n- over: RunFailed feeds, 2025-03-19 12:00 UTC to 2025-03-19 12:01 UTC"
    )


def test_a_message_for_people_stays_short_and_one_for_programs_is_whole() -> None:
    page = Entry("RunFailed", "daily", NOW, "page", "dragongate", "ours", "it failed", "Look.", "the next run", "x")
    many = Notification(Reason.CHANGE, NOW, tuple(replace(page, told_under=f"source_{n:02}") for n in range(50)))
    assert many.text.count("- PAGE ") == 40
    assert many.text.endswith("\n\n10 more: `dragongate alerts` lists them.")
    assert len(many.as_json()["groups"]) == 50
