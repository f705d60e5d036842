"""The SEC is asked at most eight times a second over all its hosts, and both meanings of its 403 are told apart."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from threading import Lock, Thread

import pytest

from extractors.asking import lane
from extractors.filings import sec_companyfacts, sec_submissions
from extractors.reader import read_snapshot
from extractors.registry import BY_ID, EXTRACTORS
from extractors.settings import Settings
from extractors.source import Source
from tests.cases import FIXTURES, cases
from tests.servers import Reply, Site, site
from tests.test_client import Home

SETTINGS = Settings(contact="a@example.org", allowed_addresses=frozenset({"127.0.0.1"}))
SEC = [one.source for one in EXTRACTORS if one.source.id.startswith("sec_")]
FIXTURE = FIXTURES / "sec_submissions"


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    made = Home(tmp_path, SETTINGS)
    yield made
    made.close()


@pytest.fixture
def sites() -> Iterator[tuple[Site, Site]]:
    with site() as first, site() as second:
        yield first, second


def local(source: Source) -> Source:
    """Give a source whose hosts are the local ones, with the pace and the marks that it has."""
    return replace(source, pace=replace(source.pace, across="127.0.0.1"))


def test_every_source_of_the_sec_stands_in_one_queue_of_eight_a_second() -> None:
    assert len(SEC) >= 2
    hosts = ("https://data.sec.gov/a", "https://www.sec.gov/b", "https://efts.sec.gov/c")
    assert {lane(source, url) for source in SEC for url in hosts} == {"sec.gov"}
    assert lane(SEC[0], "https://notsec.gov/") == "notsec.gov"
    assert all(1 / source.pace.seconds <= 8 and source.missing_marks for source in SEC)


def test_threads_and_hosts_share_eight_requests_a_second(home: Home, sites: tuple[Site, Site]) -> None:
    arrivals: list[float] = []
    lock = Lock()

    def note(handler: object) -> None:
        with lock:
            arrivals.append(home.clock.monotonic())
        body = b"[1]"
        handler.send_response(200)  # type: ignore[attr-defined]
        handler.send_header("Content-Length", str(len(body)))  # type: ignore[attr-defined]
        handler.end_headers()  # type: ignore[attr-defined]
        handler.wfile.write(body)  # type: ignore[attr-defined]

    urls = [one.says(f"/{number}", note) for one in sites for number in range(10)]
    sources = [local(sec_submissions.SOURCE), local(sec_companyfacts.SOURCE)]
    threads = [
        Thread(target=lambda part=part: [home.get(url, sources[part % 2]) for url in urls[part::5]])
        for part in range(5)
    ]  # fmt: skip
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    times = sorted(arrivals)
    assert len(times) == 20
    assert min(later - earlier for earlier, later in pairwise(times)) == pytest.approx(0.125)
    assert max(sum(start <= at < start + 1 for at in times) for start in times) == 8


def test_a_missing_file_does_not_close_the_host(home: Home, sites: tuple[Site, Site]) -> None:
    source = local(sec_submissions.SOURCE)
    denied = (FIXTURE / "access_denied.xml").read_bytes()
    missing = home.get(sites[0].says("/a", Reply(denied, 403)), source)
    assert missing.snapshot is not None and missing.snapshot.status == 403
    assert home.get(sites[0].says("/b", Reply()), source).outcome == "ok"


@pytest.mark.parametrize("page", ["undeclared.html", "too_fast.html"])
def test_being_turned_away_closes_every_host(home: Home, sites: tuple[Site, Site], page: str) -> None:
    source = local(sec_submissions.SOURCE)
    home.get(sites[0].says("/a", Reply((FIXTURE / page).read_bytes(), 403)), source)
    again = home.get(sites[1].says("/b", Reply()), local(sec_companyfacts.SOURCE))
    assert (again.outcome, again.reason) == ("refused", "circuit")
    assert sites[1].paths() == []


@pytest.mark.parametrize("source_id", [source.id for source in SEC])
@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("access_denied.xml", ("nothing_there", "not_found")),
        ("undeclared.html", ("refused", "undeclared")),
        ("too_fast.html", ("rate_limited", "threshold")),
    ],
)
def test_each_source_reads_the_body_of_a_403(source_id: str, page: str, said: tuple[str, str]) -> None:
    good = next(one.snapshot for one in cases() if one.source_id == source_id and one.outcome == "ok")
    refused = replace(good, body=(FIXTURE / page).read_bytes(), status=403, fetched_at=datetime(2025, 1, 2, tzinfo=UTC))
    answer = read_snapshot(BY_ID[source_id], refused)
    assert (answer.outcome, answer.reason) == said
