"""The operator's settings: what holds without any, what is refused and how that is said."""

import re
from datetime import date
from pathlib import Path

import pytest

from extractors.settings import BadSettings, Limits, Permission, Secret, Settings, version
from extractors.settings_file import parse_settings, read_settings
from extractors.settings_template import TEMPLATE, write_template
from extractors.source import Need, Pace, Source


def source(needs: Need = Need.NOTHING, *, is_on: bool = True, why_off: str = "") -> Source:
    return Source(
        "example",
        title="Example",
        publisher="Example",
        kind="news",
        home_url="https://example.com",
        pace=Pace(2),
        tables=(),
        terms="Free.",
        needs=needs,
        is_on_by_default=is_on,
        why_off=why_off,
    )


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    assert read_settings(tmp_path, {}) == Settings()


def test_the_template_shows_the_defaults_and_every_field(tmp_path: Path) -> None:
    write_template(tmp_path)
    assert read_settings(tmp_path, {}) == Settings()
    uncommented = re.sub(r"(?m)^# (?=(?:\w+ = |\[))", "", TEMPLATE)
    shown = parse_settings(uncommented.replace("/etc/ssl/certs/ca-certificates.crt", ""), {})
    assert (shown.limits, shown.robots, shown.offline) == (Limits(), True, False)
    assert shown.permissions["hkexnews_search"].on == date(2026, 1, 1)
    assert all(re.search(rf"(?m)^{name} = ", uncommented) for name in Limits.__dataclass_fields__)


def test_the_template_never_overwrites(tmp_path: Path) -> None:
    write_template(tmp_path).write_text("robots = false\n")
    with pytest.raises(BadSettings, match="exists already"):
        write_template(tmp_path)
    assert read_settings(tmp_path, {}).robots is False


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('contact = "a@b.org"\nrobot = true', r"t\.toml:2: robot: unknown field; known are contact"),
        ("robots = 1", r"t\.toml:1: robots: expected true or false, got 1"),
        ("\n[limits]\nattempts = 0", r"t\.toml:3: attempts: expected a whole number, 1 or more"),
        ("[limits]\nfoo = 1", r"t\.toml:2: foo: unknown field; known are body_bytes"),
        ('[source.x]\nenabled = true\non = "2026-01-01"', r"t\.toml:3: on: expected a date like"),
        ('[source.x]\ncookie = "abc"', r"t\.toml:2: cookie: .*DRAGONGATE_SECRET_"),
        ("[paces]\necb_rates = -1", r"t\.toml:2: ecb_rates: expected a number of seconds"),
        ('proxy = "socks5://user:word@h:1"', r"expected an address like .*got 'socks5://xxx@h:1'"),
        ('contact = "小米"', r"t\.toml:1: contact: expected a mail address"),
        ("[service]\nport = 0", r"t\.toml:2: port: expected a port, a whole number from 1 to 65535, got 0"),
        ('[service]\npassword = "hush"', r"t\.toml:2: password: .*set DRAGONGATE_SERVICE_PASSWORD"),
        ("limits = 3", r"t\.toml:1: limits.*section"),
        ("source = 3", r"t\.toml:1: source.*section"),
        ("contact = \nrobots = true", r"t\.toml: Invalid value \(at line 1"),
    ],
)
def test_a_mistake_names_file_line_field_and_mend(text: str, said: str) -> None:
    with pytest.raises(BadSettings, match=said):
        parse_settings(text, {}, name="t.toml")


def test_an_unreadable_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "dragongate.toml").write_bytes(b"contact = '\xff'")
    with pytest.raises(BadSettings, match=r"dragongate\.toml: not UTF-8 .* save it as UTF-8"):
        read_settings(tmp_path, {})


def test_the_user_agent_is_honest() -> None:
    assert Settings().user_agent == f"Dragongate/{version()}"
    settings = parse_settings('contact = "a@example.org"', {"DRAGONGATE_CONTACT": "b@example.org"})
    assert settings.user_agent == f"Dragongate/{version()} (+b@example.org)"
    with pytest.raises(BadSettings, match="DRAGONGATE_CONTACT"):
        parse_settings("", {"DRAGONGATE_CONTACT": "a\nb"})


def test_secrets_never_show_themselves() -> None:
    settings = parse_settings('proxy = "http://me:word@proxy:1"', {"DRAGONGATE_SECRET_EXAMPLE": "hush-hush"})
    assert settings.secret(source()).reveal() == "hush-hush"
    for shown in (repr(settings), str(settings), f"{settings.secret(source())}"):
        assert "hush" not in shown
        assert "word@" not in shown
    guarded = parse_settings("", {"DRAGONGATE_SERVICE_PASSWORD": "hush-hush"})
    assert guarded.service.password.reveal() == "hush-hush" and "hush" not in repr(guarded)
    with pytest.raises(BadSettings) as caught:
        parse_settings("", {"DRAGONGATE_SECRET_EXAMPLE": "hush\nhush"})
    assert "hush" not in str(caught.value)


@pytest.mark.parametrize(
    ("asked", "text", "environment", "reason"),
    [
        (source(), "", {}, ""),
        (source(), "[source.example]\nenabled = false", {}, "off"),
        (source(is_on=False), "", {}, "off"),
        (source(is_on=False), "[source.example]\nenabled = true", {}, ""),
        (source(Need.CONTACT), "", {}, "contact"),
        (source(Need.CONTACT), 'contact = "a@b.org"', {}, ""),
        (source(Need.KEY), "", {"DRAGONGATE_SECRET_EXAMPLE": "k"}, "off"),
        (source(Need.KEY), "[source.example]\nenabled = true", {}, "login"),
        (source(Need.LOGIN), "[source.example]\nenabled = true", {"DRAGONGATE_SECRET_EXAMPLE": "k"}, ""),
        (source(Need.PERMISSION), "", {}, "off"),
        (source(Need.PERMISSION), '[source.example]\nenabled = true\nby = "me"', {}, "terms"),
        (source(Need.PERMISSION), '[source.example]\nenabled = true\nby = "me"\nbecause = "letter"', {}, ""),
    ],
)
def test_a_source_is_asked_when_its_needs_are_met(
    asked: Source, text: str, environment: dict[str, str], reason: str
) -> None:
    settings = parse_settings(text, environment)
    assert settings.off_reason(asked) == reason
    assert settings.is_enabled(asked) is (reason == "")
    assert bool(settings.why_off(asked)) is (reason != "")


def test_why_off_says_how_to_change_it() -> None:
    assert "its terms forbid programs" in Settings().why_off(source(is_on=False, why_off="its terms forbid programs."))
    assert "DRAGONGATE_CONTACT" in Settings().why_off(source(Need.CONTACT))
    turned_on = Settings(permissions={"example": Permission()})
    assert "DRAGONGATE_SECRET_EXAMPLE" in turned_on.why_off(source(Need.KEY))


def test_paces_can_be_changed() -> None:
    assert Settings().pace_seconds(source()) == 2
    assert parse_settings("[paces]\nexample = 9", {}).pace_seconds(source()) == 9


def test_a_secret_equals_by_value() -> None:
    assert Secret("a") == Secret("a") != Secret("b")
    assert len({Secret("a"), Secret("a")}) == 1
