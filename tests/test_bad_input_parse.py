"""Garbage of every kind for every source: always an outcome with a reason, never a trace, never silently no data."""

import json
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from extractors.errors import Outcome
from extractors.reader import read_snapshot
from extractors.reading import Read
from extractors.registry import BY_ID, EXTRACTORS
from extractors.snapshot import Snapshot
from extractors.watchlist import read_watchlist
from tests.cases import Case, cases
from tests.end_to_end.commands import dragongate
from transforms.registry import transform_of

WATCHLIST = read_watchlist(Path(__file__).parent / "fixtures" / "watchlist.toml")
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
NOISE = random.Random(1)
PAGE = b"<!DOCTYPE html><html><head><title>Sorry</title></head><body><p>Something went wrong.</p></body></html>"
GARBAGE = {
    "nothing": b"",
    "blank": b" \r\n\t ",
    "page": PAGE,
    "xhtml": b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><body/></html>',
    "noise": NOISE.randbytes(4_000),
    "zeros": bytes(5_000),
    "text": b"hello world",
    "null": b"null",
    "true": b"true",
    "number": b"1e400",
    "list": b"[]",
    "object": b"{}",
    "no numbers": b'{"code": NaN, "data": Infinity}',
    "long number": b'{"code": 0, "data": {"mid": 1, "follower": ' + b"9" * 5_000 + b"}}",
    "half a character": b'{"a": "\\ud800"}',
    "nested lists": b"[" * 100_000,
    "nested objects": b'{"a":' * 100_000,
    "nested and closed": b"[" * 5_000 + b"]" * 5_000,
    "nested elements": b"<rss>" + b"<a>" * 20_000,
    "entities": b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><r>&b;</r>',
    "external": b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]><r>&a;</r>',
    "mark alone": b"\xef\xbb\xbf",
    "gzip": b"\x1f\x8b\x08\0broken",
    "zip": b"PK\x03\x04broken",
    "utf-16": "<rss><channel/></rss>".encode("utf-16"),
}
STATUSES = (200, 204, 302, 304, 400, 403, 404, 429, 500, 503, 999, 0)
OWN_INPUTS = {one.source.id for one in EXTRACTORS if one.source.kind in ("reference", "calendar")}
GOOD_FOR = {"watchlist_file": {"nothing", "blank"}, "added_documents": {"nested objects", "nested elements"}}
"""An empty list follows nobody; any text may be a document."""
PAGES_ARE_ASKED_FOR = {
    "news_articles": (Outcome.NOTHING_THERE, "not_an_article"),
    "news_lists": (Outcome.SHAPE_CHANGED, "entries"),
    "issuer_pages": (Outcome.NOTHING_THERE, "no_documents"),
}
PAGES = "https://weibo.cn/"
"""Where pages are what is asked for, beside those of articles."""
ADDRESSES = {
    one.source_id: one.snapshot.url for one in cases() if one.outcome == "ok" and not one.snapshot.url.startswith(PAGES)
}


def outcomes(source_id: str) -> dict[tuple[str, int], tuple[Outcome, str, str]]:
    found = {}
    for name, body in GARBAGE.items():
        for status in STATUSES:
            snapshot = Snapshot("urn:garbage", ADDRESSES[source_id], body, NOON, NOON, status=status)
            answer = read_snapshot(BY_ID[source_id], snapshot)
            found[name, status] = (answer.outcome, answer.reason, answer.message)
    return found


@pytest.mark.parametrize("source_id", [one for one in BY_ID if one not in OWN_INPUTS])
def test_garbage_is_never_data_and_always_foreseen(source_id: str) -> None:
    found = outcomes(source_id)
    assert {place for place, (outcome, *_) in found.items() if outcome is Outcome.OK} == set()
    assert {place: said for place, said in found.items() if not said[1]} == {}
    # A parser's own mistake carries the name of its source and of the error.
    mistakes = {place: said for place, said in found.items() if said[2].startswith(f"{source_id}: ")}
    assert mistakes == {}


def test_a_page_of_weibo_is_a_page_or_has_another_shape() -> None:
    address = f"{PAGES}1749127163/profile"
    answers = {
        name: read_snapshot(BY_ID["weibo"], Snapshot("urn:garbage", address, body, NOON, NOON))
        for name, body in GARBAGE.items()
    }
    assert {name for name, answer in answers.items() if answer.outcome is Outcome.OK} == set()
    assert {name for name, answer in answers.items() if answer.message.startswith("weibo: ")} == set()


@pytest.mark.parametrize("source_id", sorted(OWN_INPUTS))
def test_garbage_in_place_of_our_own_inputs_stops_nothing(source_id: str) -> None:
    found = outcomes(source_id)
    good = {name for (name, _), (outcome, *_) in found.items() if outcome is Outcome.OK}
    assert good <= GOOD_FOR.get(source_id, set())


@pytest.mark.parametrize("source_id", [one for one in BY_ID if one not in OWN_INPUTS])
def test_an_empty_answer_is_never_silently_no_data(source_id: str) -> None:
    found = outcomes(source_id)
    silent = {
        place for place, (outcome, *_) in found.items() if place[0] in ("nothing", "blank") and place[1] == 200
        if outcome in (Outcome.OK, Outcome.NOTHING_THERE, Outcome.UNCHANGED)
    }  # fmt: skip
    assert silent == set()


@pytest.mark.parametrize("source_id", [one for one in BY_ID if one not in OWN_INPUTS])
def test_a_page_in_place_of_data_is_refused(source_id: str) -> None:
    outcome, reason, _ = outcomes(source_id)["page", 200]
    expected = PAGES_ARE_ASKED_FOR.get(source_id, (Outcome.REFUSED, reason))
    assert (outcome, reason) == expected


ODD_VALUES: tuple[object, ...] = (
    None,
    True,
    -1,
    10**30,
    "",
    "x",
    "\ud800",
    "9" * 30,
    "NaN",
    [],
    {},
    [None],
    {"a": 1},
    float("inf"),
)
MISSING = object()
MOST_PLACES = 20


def places(document: object, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Name every place in a document, and the first two of each list."""
    yield path
    inner = (
        document.items()
        if isinstance(document, dict)
        else enumerate(document[:2])
        if isinstance(document, list)
        else ()
    )
    for name, value in inner:
        yield from places(value, (*path, name))


def changed(body: bytes, path: tuple[Any, ...], value: object) -> bytes:
    document = json.loads(body)
    inner = document
    for name in path[:-1]:
        inner = inner[name]
    if value is MISSING:
        del inner[path[-1]]
    else:
        inner[path[-1]] = value
    return json.dumps(document).encode()


def spoilt(body: bytes) -> Iterator[bytes]:
    """Give a body with one thing wrong in it, in many ways."""
    try:
        document = json.loads(body)
    except ValueError:
        chance = random.Random(len(body))
        for _ in range(MOST_PLACES):
            place, length = chance.randrange(len(body)), chance.randrange(1, 30)
            yield body[:place]
            yield body[:place] + chance.choice((b"<", b">", b'"', b",", b"~", b"\xff", b"9" * 40)) + body[place:]
            yield body[:place] + chance.randbytes(length) + body[place + length :]
        return
    for path in [path for path in places(document) if path][:MOST_PLACES]:
        for value in (*ODD_VALUES, MISSING):
            yield changed(body, path, value)


@pytest.mark.parametrize("case", [one for one in cases() if one.outcome == "ok"], ids=str)
def test_a_good_answer_with_one_thing_wrong_is_data_or_not_and_never_a_mistake_of_ours(case: Case) -> None:
    judged = 0
    for body in spoilt(case.snapshot.body):
        snapshot = replace(case.snapshot, body=body)
        answer = read_snapshot(BY_ID[case.source_id], snapshot)
        assert not answer.message.startswith(f"{case.source_id}: "), (answer.message, body[:2_000])
        if answer.outcome is Outcome.OK:
            tidy = transform_of(case.source_id)([Read(snapshot, answer.reading.records)], WATCHLIST)
            assert all(rows.num_rows >= 0 for rows in tidy.rows.values())
        judged += 1
    assert judged >= MOST_PLACES


@pytest.mark.parametrize("name", ["nothing", "page", "noise", "nested objects"])
def test_the_command_says_what_a_source_makes_of_garbage(tmp_path: Path, name: str) -> None:
    path = tmp_path / "body"
    path.write_bytes(GARBAGE[name])
    words = ("parse", "bilibili", str(path), "--url", ADDRESSES["bilibili"], "--home", str(tmp_path / "home"))
    ran = dragongate(*words, "--json")
    assert (ran.code, "Traceback" in ran.err) == (0, False), ran.err
    said = ran.json
    assert said["outcome"] in {"unavailable", "refused", "shape_changed"} and said["reason"]
    assert (said["records"], said["rows"]) == ([], {})


def test_the_command_names_the_sources_that_there_are(tmp_path: Path) -> None:
    (tmp_path / "body").write_bytes(b"{}")
    ran = dragongate("parse", "bilbili", str(tmp_path / "body"), "--url", "https://a.example/")
    assert ran.code == 2 and "bilibili" in ran.err and "Traceback" not in ran.err


def test_what_the_command_prints_is_json_whatever_stands_in_the_body(tmp_path: Path) -> None:
    path = tmp_path / "body"
    path.write_bytes(b'{"code": 0, "message": "0", "data": {"mid": 1, "follower": 3, "odd": "\\ud83d", "nan": NaN}}')
    ran = dragongate("parse", "bilibili", str(path), "--url", ADDRESSES["bilibili"], "--json")
    assert ran.code == 0, ran.err
    assert json.loads(ran.out)["outcome"] == "ok"
