"""What nobody thought of, tried on every path that the service describes: no error, and each answer as described."""

import subprocess
import sys
from pathlib import Path

import requests

from extractors.settings import Settings
from flows.service.app import create_app
from tests.served import served
from tests.watched_homes import NOW, crowded
from warehouse.home import Home

PATHS = {
    "/", "/healthz", "/icon.svg", "/livez", "/metrics", "/readyz", "/status.json", "/status.schema.json", "/style.css",
    "/why/hole", "/why/row", "/why/run/{run_id}", "/why/source/{source_id}", "/why/table/{name}",
}  # fmt: skip


def test_schemathesis_finds_nothing(tmp_path: Path) -> None:
    home = crowded(Home(tmp_path / "home"), sources=3)
    with served(create_app(home, Settings(), now=lambda: NOW)) as url:
        assert set(requests.get(f"{url}/openapi.json", timeout=30).json()["paths"]) == PATHS
        command = [str(Path(sys.executable).with_name("schemathesis")), "run", f"{url}/openapi.json", "--no-color"]
        bounds = ["--phases", "examples,coverage,fuzzing", "--max-examples", "10", "--generation-deterministic"]
        quiet = ["--suppress-health-check", "all", "--warnings", "off"]
        done = subprocess.run([*command, *bounds, *quiet], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"Tested: {len(PATHS)}" in done.stdout
