"""The marked set of claims beside the project: found, scaled and described right, by language.

The figures were marked by hand. Values are matched within a millionth, sentence by sentence, and everything
else is counted over the matched ones; a subject counts as right by whom it names, not by how it is spelt. The
floors lie a little below what was reached when they were set.
"""

import csv
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from extractors.watchlist import read_watchlist
from transforms.claims import Claim, read_claims
from transforms.gazetteer import Gazetteer

CLAIMS = Path(__file__).parents[1].parent / "shared" / "corpus" / "claims" / "claims.tsv"
WATCHLIST = read_watchlist(Path(__file__).parents[1] / "watchlist.toml")
GAZETTEER = Gazetteer(WATCHLIST)
FIELDS = ("unit", "currency", "period", "metric", "subject", "comparison", "direction", "qualifier")
FLOORS = {
    "en": {"recall": 0.98, "precision": 0.98, "unit": 0.98, "currency": 0.98, "period": 0.92, "metric": 0.93,
           "subject": 0.86, "comparison": 0.95, "direction": 0.95, "qualifier": 0.95},
    "zh": {"recall": 0.98, "precision": 0.98, "unit": 0.98, "currency": 0.98, "period": 0.92, "metric": 0.93,
           "subject": 0.93, "comparison": 0.95, "direction": 0.95, "qualifier": 0.95},
    "all": {"period": 0.92, "subject": 0.89},
}  # fmt: skip
TINY = Decimal("1e-6")

pytestmark = [
    pytest.mark.recorded,
    pytest.mark.skipif(not CLAIMS.exists(), reason=f"the recorded material is not beside the project: {CLAIMS}"),
]


@cache
def _sentences() -> dict[str, list[dict[str, str]]]:
    """Group the marked rows by sentence."""
    grouped: dict[str, list[dict[str, str]]] = defaultdict(list)
    with CLAIMS.open(encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            grouped[row["sentence_id"]].append(row)
    return dict(grouped)


def _read(row: dict[str, str]) -> list[Claim]:
    return list(read_claims(row["sentence"], published=date.fromisoformat(row["article_date"]), watchlist=WATCHLIST))


def _pairs(rows: list[dict[str, str]]) -> Iterator[tuple[dict[str, str], Claim | None]]:
    """Match each marked claim with the first one read that has its value."""
    read = _read(rows[0])
    for row in rows:
        value = Decimal(row["normalised"])
        found = next((one for one in read if abs(one.normalised - value) <= abs(value) * TINY), None)
        if found:
            read.remove(found)
        yield row, found


def _is_right(row: dict[str, str], claim: Claim, field: str) -> bool:
    wanted, found = row[field], getattr(claim, field)
    return wanted == found or (
        field == "subject" and _ids(wanted) == {claim.subject_id} and _ids(wanted) == _ids(found)
    )


def _ids(name: str) -> set[str]:
    return {one.entity_id for mention in GAZETTEER.find(name) for one in mention.names if name == one.text}


@cache
def _score() -> tuple[dict[str, dict[str, float]], list[str]]:
    """Give the share of each figure that is right, by language, and a line for each miss."""
    counts: dict[str, Counter[str]] = {"en": Counter(), "zh": Counter(), "all": Counter()}
    misses = []
    for name, rows in _sentences().items():
        if rows[0]["claim_no"] == "0":
            continue
        count = counts["en" if rows[0]["lang"] == "en" else "zh"]
        count["read"] += len(_read(rows[0]))
        for row, claim in _pairs(rows):
            count["marked"] += 1
            count["matched"] += claim is not None
            wrong = ["value"] if claim is None else [one for one in FIELDS if not _is_right(row, claim, one)]
            count.update(set(FIELDS) - set(wrong) if claim else ())
            misses += [f"{name} {one}: {row.get(one, row['text'])!r}, not {getattr(claim, one, '')!r}" for one in wrong]
    counts["all"] = counts["en"] + counts["zh"]
    return {language: _shares(count) for language, count in counts.items()}, misses


def _shares(count: Counter[str]) -> dict[str, float]:
    shares = {field: count[field] / count["matched"] for field in FIELDS}
    return shares | {"recall": count["matched"] / count["marked"], "precision": count["matched"] / count["read"]}


@pytest.mark.parametrize("language", FLOORS)
def test_claims_are_found_and_described(language: str) -> None:
    scores, misses = _score()
    print(language, {field: round(share, 3) for field, share in scores[language].items()}, *misses, sep="\n")
    assert {field: share for field, share in scores[language].items() if share < FLOORS[language].get(field, 0)} == {}


def test_ends_of_ranges_are_found() -> None:
    rows = [row for rows in _sentences().values() for row in rows if row["normalised_max"]]
    read = [{claim.normalised_max for claim in _read(row)} for row in rows]
    assert len(rows) >= 5
    assert all(Decimal(row["normalised_max"]) in found for row, found in zip(rows, read, strict=True))


def test_sentences_without_claims_are_met_with_silence() -> None:
    silent = [rows[0] for rows in _sentences().values() if rows[0]["claim_no"] == "0"]
    false = [f"{row['sentence_id']}: {claim.text}" for row in silent for claim in _read(row)]
    print(*false, sep="\n")
    assert len(silent) >= 6
    assert len(false) <= 1


def test_the_words_of_a_claim_are_those_that_were_marked() -> None:
    pairs = [pair for rows in _sentences().values() if rows[0]["claim_no"] != "0" for pair in _pairs(rows)]
    same = [row["text"] == claim.text for row, claim in pairs if claim]
    assert sum(same) / len(same) >= 0.9
