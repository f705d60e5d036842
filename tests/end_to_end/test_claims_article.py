"""An article with thirty claims, ten of them true, ten false by one digit, ten that nobody can know from the sample.

Written for this test. The verdicts were worked out by hand from the figures of `samples/`.
"""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from extractors.archive import Archive
from flows.claims_of_page import Checked, check, given_file
from flows.main import app
from flows.watching import default_watchlist
from transforms.derive_claim_checks import evidence_of
from warehouse.home import Home
from warehouse.why import explain

TEXT = Path(__file__).parents[1] / "fixtures" / "claims" / "thirty_claims.txt"
AT = datetime(2024, 12, 30, 15, 59, tzinfo=UTC)
TRUE = (
    "HK$34.45", "HK$15.60", "120.8%", "HK$860.1 billion", "$25.18 billion", "7.8%", "19.8%", "7.30 yuan", "207.2亿元",
    "173.5%", "over 36 million followers",
)  # fmt: skip
FALSE = {
    "HK$34.25": "34.15",
    "HK$258.20": "268.20",
    "24.67 billion shares": "24967517012",
    "$2.27 billion": "2167000000",
    "$2.82 billion": "2717000000",
    "55.92 billion yuan": "55617933000",
    "306.1亿元": "30676067000",
    "128.1亿元": "11704133000",
    "88.1港元": "98.10",
    "14.84港元": "14.64",
}
UNKNOWN = {
    "41.58 billion yuan": "no_data_for_period",
    "some 6,500 GPUs": "metric_unknown",
    "3.1 billion yuan": "subject_unknown",
    "21%": "metric_unknown",
    "38 models": "metric_unknown",
    "133845辆汽车": "no_data_for_period",
    "42154辆": "no_data_for_period",
    "60万辆": "no_data_for_period",
    "超过4万人": "metric_unknown",
}


@pytest.fixture(scope="module")
def checked(sample_home: Home) -> list[Checked]:
    given = given_file(str(TEXT), "", now=lambda: AT)
    return check(given, default_watchlist(), sample_home, at=AT, now=lambda: AT)


def test_all_thirty_are_judged_rightly(checked: list[Checked]) -> None:
    found = {one.claim.text: (one.verdict.verdict, one.verdict.reason) for one in checked if one.verdict}
    assert len(checked) == len(found) == 30
    assert found == {
        **dict.fromkeys(TRUE, ("supported", "")),
        **dict.fromkeys(FALSE, ("contradicted", "")),
        **{text: ("unverifiable", reason) for text, reason in UNKNOWN.items()},
    }


def test_what_is_false_is_told_with_what_is_true(checked: list[Checked]) -> None:
    values = {one.claim.text: one.verdict.answer.value for one in checked if one.verdict and one.verdict.answer}
    assert {text: values[text] for text in FALSE} == {text: type(values[text])(true) for text, true in FALSE.items()}


def test_evidence_leads_to_the_bytes(checked: list[Checked], sample_home: Home) -> None:
    archive = Archive(sample_home.archive)
    for one in checked:
        assert one.verdict is not None
        named = list(evidence_of(one.verdict))
        assert bool(named) == (one.verdict.verdict != "unverifiable"), one.claim.text
        for row in named:
            table, _, key = row.partition(" ")
            chains = explain(sample_home, table, key).chains
            assert chains
            for chain in chains:
                assert chain.snapshot is not None
                saved = archive.snapshot(chain.snapshot["archive_file"], chain.snapshot["archive_offset"])
                assert saved.sha256 == chain.snapshot["sha256"]


def test_a_verdict_of_the_warehouse_leads_to_article_and_evidence(sample_home: Home) -> None:
    key = "verdict=contradicted,part=title"
    found = explain(sample_home, "core.claim_checks", key)
    assert found.rows
    cited = {one for row in found.rows for one in row["evidence_snapshot_ids"]}
    read = {str(chain.reading["snapshot_id"]) for chain in found.chains}
    assert cited < read and all(chain.snapshot for chain in found.chains)
    assert {row["snapshot_id"] for row in found.rows} < read
    assert date(2023, 12, 1) < found.rows[0]["asked_at"].date()


FIELDS = {
    "subject", "metric", "text", "value", "unit", "currency", "normalised", "normalised_max", "period", "comparison",
    "direction", "qualifier", "verdict", "evidence", "sentence", "start", "end",
}  # fmt: skip


def test_the_command_prints_every_field_and_judges_only_by_a_home(sample_home: Home) -> None:
    said = CliRunner().invoke(app, ["claims", str(TEXT), "--published", "2024-12-30", "--json"])
    stated = json.loads(said.stdout)
    assert len(stated) == 30 and all(one.keys() >= FIELDS for one in stated)
    assert {one["verdict"] for one in stated} == {None}
    text = TEXT.read_text(encoding="utf-8")
    assert all(text[one["start"] : one["end"]] == one["text"] for one in stated)
    home = ["--home", str(sample_home.root)]
    judged = CliRunner().invoke(app, ["claims", str(TEXT), "--published", "2024-12-30", "--json", *home])
    (first, *_) = json.loads(judged.stdout)
    assert first["verdict"] == "supported"
    assert first["evidence"][0]["key"] == "security_id=XHKG:01810,trade_date=2024-12-30"


def test_a_saved_page_gives_its_own_date_and_a_page_without_text_ends_with_one(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    words = "Xiaomi closed at HK$34.45 on Monday, the exchange said in its report of the session. " * 4
    page.write_text(
        "<!doctype html><html lang=en><head><title>Xiaomi on Monday</title>"
        '<meta property="article:published_time" content="2024-12-30T17:00:00+08:00">'
        f"</head><body><article><h1>Xiaomi on Monday</h1><p>{words}</p></article></body></html>",
        encoding="utf-8",
    )
    said = CliRunner().invoke(app, ["claims", str(page), "--json"])
    assert {one["period"] for one in json.loads(said.stdout)} == {"as_of 2024-12-30"}
    page.write_text("<html><body></body></html>", encoding="utf-8")
    assert CliRunner().invoke(app, ["claims", str(page)]).exit_code == 1
