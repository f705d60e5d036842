"""How our work and a flow run of Prefect go together when its server is busy, gone, or tells of a failure too late."""

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from flows import flow_run
from flows.flow_run import TRIES, inside_flow_run
from flows.prefect_server import NoServer

Flow = Callable[..., object]


class Server:
    """Stands where Prefect's `flow` stands: it raises these one after another before, and one after, a flow's work."""

    def __init__(self, before: Iterator[Exception], after: Exception | None = None) -> None:
        self.before, self.after, self.asked = before, after, 0

    def flow(self, **options: Any) -> Callable[[Flow], Flow]:
        return lambda work: lambda return_state: self._run(work)

    def _run(self, work: Flow) -> object:
        self.asked += 1
        for error in self.before:
            raise error
        state = work()
        if self.after:
            raise self.after
        return state


def answer(status: int) -> httpx.HTTPStatusError:
    request = httpx.Request("POST", "http://127.0.0.1:4200/api/flow_runs/")
    return httpx.HTTPStatusError(f"answered {status}", request=request, response=httpx.Response(status))


@pytest.fixture(autouse=True)
def no_sleep(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tenacity.nap.time.sleep", lambda seconds: None)


def run(monkeypatch: pytest.MonkeyPatch, server: Server, work: Callable[[], str]) -> str:
    monkeypatch.setattr(flow_run, "flow", server.flow)
    return inside_flow_run("daily", "daily 1", "", work, lambda result: result, {"dragongate"})


def test_a_busy_server_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    server, done = Server(iter([answer(503)] * (TRIES - 1))), list[str]()
    assert run(monkeypatch, server, lambda: done.append("once") or "result") == "result"
    assert (server.asked, done) == (TRIES, ["once"])


@pytest.mark.parametrize(
    ("errors", "asked"),
    [
        ([answer(503)] * TRIES, TRIES),
        ([answer(401)], 1),
        ([httpx.ConnectError("refused")], 1),
    ],
    ids=["always busy", "not allowed", "gone"],
)
def test_a_server_that_begins_no_run_is_told_before_any_work(
    monkeypatch: pytest.MonkeyPatch, errors: list[Exception], asked: int
) -> None:
    server, done = Server(iter(errors)), list[str]()
    with pytest.raises(NoServer, match="cannot be reached"):
        run(monkeypatch, server, lambda: done.append("once") or "result")
    assert (server.asked, done) == (asked, [])


def test_work_is_done_once_even_where_its_end_meets_a_busy_server(monkeypatch: pytest.MonkeyPatch) -> None:
    server, done = Server(iter([]), after=answer(503)), list[str]()
    assert run(monkeypatch, server, lambda: done.append("once") or "result") == "result"
    assert (server.asked, done) == (1, ["once"])


def test_what_the_work_raises_is_raised_and_not_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def work() -> str:
        raise ValueError("the work's own")

    server = Server(iter([]))
    with pytest.raises(ValueError, match="the work's own"):
        run(monkeypatch, server, work)
    assert server.asked == 1
