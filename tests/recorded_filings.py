"""The recorded bodies of filings: which source answers each, at which address, and what it is read as."""

import csv
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from extractors.reader import Answer, read_snapshot
from extractors.reading import Read
from extractors.registry import BY_ID, claimant
from extractors.snapshot import Snapshot
from extractors.watchlist import Company, Security, WatchList
from tests.filing_clients import NOW
from transforms.registry import transform_of
from transforms.tidy import Tidy

CORPUS = Path(__file__).parents[1].parent / "shared" / "corpus"
NEEDS_RECORDINGS = [
    pytest.mark.recorded,
    pytest.mark.skipif(not CORPUS.is_dir(), reason="the recorded material does not lie beside the project"),
]
STATED = Path(__file__).parent / "recorded_filings.tsv"
UNSUPPORTED = "unsupported"

WATCHLIST = WatchList(
    companies=(
        Company("tesla", "Tesla", "USD", sec_cik=1318605),
        Company("nio", "NIO", "CNY", sec_cik=1736541),
        Company("apple", "Apple", "USD", sec_cik=320193, fiscal_year_end="09-28"),
        Company("lpa", "Logistic Properties", "USD", sec_cik=1997711),
        Company("snowflake", "Snowflake", "USD", sec_cik=1640147, fiscal_year_end="01-31"),
        Company("meta", "Meta Platforms", "USD", sec_cik=1326801),
        Company("carbo", "Carbo", "USD", sec_cik=1009672),
        Company("imunon", "Imunon", "USD", sec_cik=749647),
        Company("exelon", "Exelon", "USD", sec_cik=1109357),
        Company("buckle", "The Buckle", "USD", sec_cik=885245),
        Company("philips", "Philips", "EUR", sec_cik=313216),
        Company("alcon", "Alcon", "USD", sec_cik=1167379),
        Company("flowers", "1-800-Flowers", "USD", sec_cik=1084869),
        Company("progressive", "Progressive", "USD", sec_cik=80661),
        Company("boa", "Bank of America", "USD", sec_cik=70858),
        Company("tencent", "Tencent", "CNY", hkex_stock_id=7609),
        Company("smoore", "Smoore", "CNY"),
        Company("xiaomi", "Xiaomi", "CNY"),
        Company("bonny", "Bonny", "CNY"),
        Company("alco", "Alco", "HKD"),
        Company("telecom", "China Telecom", "CNY"),
        Company("heng-hup", "Heng Hup", "MYR"),
        Company("petrochina", "PetroChina", "CNY"),
        Company("moutai", "Moutai", "CNY"),
        Company("eve", "EVE Energy", "CNY"),
        Company("tsingtao", "Tsingtao", "CNY"),
    ),
    securities=(
        Security("XHKG", "00700", "HKD", "tencent"),
        Security("XHKG", "06969", "HKD", "smoore"),
        Security("XHKG", "01810", "HKD", "xiaomi"),
        Security("XHKG", "81810", "CNY", "xiaomi"),
        Security("XHKG", "01906", "HKD", "bonny"),
        Security("XHKG", "00328", "HKD", "alco"),
        Security("XHKG", "00728", "HKD", "telecom"),
        Security("XHKG", "01891", "HKD", "heng-hup"),
        Security("XHKG", "00857", "HKD", "petrochina"),
        Security("XSHG", "600519", "CNY", "moutai"),
        Security("XSHE", "300014", "CNY", "eve"),
        Security("XSHG", "600600", "CNY", "tsingtao"),
    ),
)
"""Whom the recordings are about, so that their rows are kept."""

OF_OTHER_AREAS = (
    {"file": "quotes/sec_companyconcept_EXE_shares_empty_200.json", "source": "sec_companyfacts",
     "outcome": "nothing_there", "reason": "empty_units", "count": "0", "drift": ""},
    {"file": "quotes/sec_companyfacts_LPA.json", "source": "sec_companyfacts", "outcome": "ok", "reason": "",
     "count": "768", "drift": ""},
    {"file": "quotes/sec_companyfacts_SNOW_dei_only.json", "source": "sec_companyfacts", "outcome": "ok", "reason": "",
     "count": "23", "drift": ""},
)  # fmt: skip
"""Recordings about prices that a source of filings answers for."""


@cache
def stated() -> tuple[dict[str, str], ...]:
    """List what is stated of each recording; documents that the index only describes have an address of their kind."""
    with STATED.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    return (
        *({**row, "file": f"filings/{row['file']}"} for row in rows),
        *({"address": "", **row} for row in OF_OTHER_AREAS),
    )


@cache
def indexed() -> dict[str, dict[str, str]]:
    """Map each recorded body of filings, and those of prices, to its line in the index."""
    found = {}
    for area in ("filings", "quotes"):
        with (CORPUS / area / "INDEX.tsv").open(encoding="utf-8", newline="") as lines:
            found |= {f"{area}/{row['file']}": row for row in csv.DictReader(lines, delimiter="\t")}
    return found


def snapshot_of(row: dict[str, str]) -> Snapshot:
    """Give a recorded body as the source would have sent it."""
    index = indexed()[row["file"]]
    url = row["address"] or index["request_url"]
    headers = {"content-type": index["content_type"]} if index.get("content_type") else {}
    body = (CORPUS / row["file"]).read_bytes()
    return Snapshot(f"urn:recorded:{row['file']}", url, body, NOW, NOW, status=int(index["status"]), headers=headers)


def claimed_by(url: str) -> str:
    """Name the source that claims an address; empty for none."""
    found = claimant(url)
    return found.source.id if found else ""


def read(name: str) -> tuple[Answer, Tidy]:
    """Read and tidy one recording."""
    (row,) = [one for one in stated() if one["file"] == name]
    snapshot = snapshot_of(row)
    answer = read_snapshot(BY_ID[row["source"]], snapshot)
    return answer, transform_of(row["source"])([Read(snapshot, answer.reading.records)], WATCHLIST)


def rows(name: str, table: str) -> list[dict[str, Any]]:
    """Give the rows that one recording gives to a table."""
    found: list[dict[str, Any]] = read(name)[1].rows[table].to_pylist()
    return found
