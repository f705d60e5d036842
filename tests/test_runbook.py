"""Whatever can be wrong has its section in the run book, and what the run book names is there."""

import re
import shlex

import pytest

from flows.alerting.alert_kinds import KINDS, AlertKind, Severity
from flows.commands.lazily import command as load
from tests.documents import ROOT
from tests.test_prometheus import ONLY_OUTSIDE, rules

BOOK = ROOT / "docs" / "runbook.md"
SECTIONS = dict(
    re.findall(r"^## (\w+)\n\n(.*?)(?=^## |\Z)", BOOK.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
)
COMMANDS = sorted(set(re.findall(r"`dragongate ([^`]+)`", BOOK.read_text(encoding="utf-8"))))


def test_every_alert_has_its_section_and_every_section_its_alert() -> None:
    assert SECTIONS.keys() == {kind.name for kind in KINDS} | ONLY_OUTSIDE == {one["alert"] for one in rules()}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_section_says_how_soon_whose_matter_it_is_and_how_to_mend_it(kind: AlertKind) -> None:
    section = SECTIONS[kind.name]
    assert section.startswith("**Page.**" if kind.severity is Severity.PAGE else "**Ticket.**")
    assert re.search(r"\*(Ours|ours|Theirs|theirs)\*", section)
    assert re.search(r"^- Mend|^- `dragongate run`", section, re.MULTILINE)


def test_kinds_lead_to_their_sections() -> None:
    assert {kind.anchor.partition("#")[2] for kind in KINDS} <= {name.lower() for name in SECTIONS}


@pytest.mark.parametrize("command", COMMANDS)
def test_commands_that_are_named_exist_with_their_options(command: str) -> None:
    name, *words = shlex.split(command)
    options = {text for one in load(name).params for text in (*one.opts, *one.secondary_opts)}
    assert {word for word in words if word.startswith("--")} <= options
