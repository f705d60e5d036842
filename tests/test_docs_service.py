"""What the pages show of asking the status service is tried against one."""

import json
import shlex
import shutil
import subprocess
from dataclasses import fields

import pytest

from extractors.settings import Secret, Service, Settings
from flows.service.app import create_app
from flows.service.status_schema import status_schema
from tests.documents import ROOT, all_blocks, commands
from tests.served import served
from warehouse.home import Home
from warehouse.status import Status

SHOWN = "http://127.0.0.1:4243"
ASKING = [command for block in all_blocks("sh") for command in commands(block) if SHOWN in command]
WITH_PASSWORD = " -u "


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl here")
def test_the_service_answers_to_what_the_pages_show(sample_home: Home) -> None:
    guarded = Settings(service=Service(password=Secret("your-password")))
    answers = {}
    with served(create_app(sample_home, Settings())) as free, served(create_app(sample_home, guarded)) as closed:
        for command in ASKING:
            words = shlex.split(command.replace(SHOWN, closed if WITH_PASSWORD in command else free))
            assert words[0] == "curl", command
            done = subprocess.run([*words, "--noproxy", "*"], capture_output=True, text=True, timeout=60, check=True)
            answers[command.rpartition("/")[2], WITH_PASSWORD in command] = done.stdout
    well = json.loads(answers["healthz", False])
    assert well.keys() == {"is_good", "sentence", "stale"} and well == json.loads(answers["healthz", True])
    assert json.loads(answers["readyz", False])["generation"]["number"] == 1
    told, schema = json.loads(answers["status.json", False]), json.loads(answers["status.schema.json", False])
    assert told.keys() == set(schema["required"])
    assert answers["livez", False] == "200"


def test_the_fields_beyond_those_of_the_command_are_documented() -> None:
    text = (ROOT / "docs" / "dashboard.md").read_text(encoding="utf-8")
    told = text[text.index("- `/status.json`") : text.index("- `/status.schema.json`")]
    own = set(status_schema()["required"]) - {"is_good", *(one.name for one in fields(Status))}
    assert {name for name in own if f"`{name}`" not in told} == set() and len(own) == 6
