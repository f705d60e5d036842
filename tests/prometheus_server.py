"""Prometheus itself, on 127.0.0.1 for the length of a test, over the configuration that we ship."""

import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from time import monotonic
from typing import Any, TypeVar

import pytest
import requests

from tests.documents import ROOT

DEPLOYED = ROOT / "deploy" / "prometheus"
RULES = DEPLOYED / "dragongate.rules.yml"
PATIENCE_SECONDS = 120
T = TypeVar("T")

needs_prometheus = pytest.mark.skipif(
    not (shutil.which("prometheus") and shutil.which("promtool")),
    reason="prometheus and promtool are not installed: apt-get install prometheus",
)


class Prometheus:
    """Asks a running Prometheus."""

    def __init__(self, url: str) -> None:
        self._url = url

    def ask(self, path: str, **parameters: str) -> Any:
        answer = requests.get(f"{self._url}/api/v1/{path}", params=parameters, timeout=10)
        answer.raise_for_status()
        return answer.json()["data"]

    def is_ready(self) -> bool:
        try:
            return requests.get(f"{self._url}/-/ready", timeout=10).ok
        except requests.ConnectionError:
            return False

    def value(self, query: str) -> tuple[float, float] | None:
        """Give the time of the newest sample and its value; none where there is none."""
        found = self.ask("query", query=query)["result"]
        return (float(found[0]["value"][0]), float(found[0]["value"][1])) if found else None

    def rule(self, name: str) -> dict[str, Any]:
        rules = [one for group in self.ask("rules")["groups"] for one in group["rules"]]
        return next(one for one in rules if one["name"] == name)


def eventually(what: str, ask: Callable[[], T | None]) -> T:
    """Ask until there is an answer; fail when none comes."""
    started, pause = monotonic(), Event()
    while monotonic() - started < PATIENCE_SECONDS:
        if found := ask():
            return found
        pause.wait(0.1)
    raise AssertionError(f"waited in vain for: {what}")


@contextmanager
def prometheus(folder: Path, *, scrapes: str) -> Iterator[Prometheus]:
    """Run Prometheus with our configuration and rules, quicker than shipped, until the block ends."""
    shutil.copyfile(RULES, folder / RULES.name)
    shipped = (DEPLOYED / "prometheus.yml").read_text(encoding="utf-8")
    config = shipped.replace("127.0.0.1:4243", scrapes).replace("_interval: 60s", "_interval: 1s")
    (folder / "prometheus.yml").write_text(config, encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
    command = [
        "prometheus",
        f"--config.file={folder / 'prometheus.yml'}",
        f"--storage.tsdb.path={folder / 'data'}",
        f"--web.listen-address={address}",
        "--log.level=warn",
    ]
    with (folder / "log").open("wb") as log, subprocess.Popen(command, stdout=log, stderr=log) as process:
        try:
            asked = Prometheus(f"http://{address}")
            eventually("Prometheus to be ready", asked.is_ready)
            yield asked
        finally:
            process.terminate()
