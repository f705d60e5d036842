"""How long a company's tagged figures take from the SEC's file to rows, beside edgartools on the same file.

    python -m bench.companyfacts FILE --beside /path/to/python [--repeat 5]

edgartools is no dependency, since one of its own is under the GPL: `--beside` names the interpreter of an environment
that has it. Each side has a process of its own, which imports first and then reads the file several times: the least
time counts, and the most memory that the process ever held.
"""

import argparse
import json
import resource
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

OURS = "dragongate"
_EDGARTOOLS = """
import json, resource, sys, time
from edgar.entity.parser import EntityFactsParser
times = []
for _ in range(int(sys.argv[2])):
    began = time.perf_counter()
    with open(sys.argv[1], "rb") as file:
        facts = EntityFactsParser.parse_company_facts(json.load(file))
    rows = len(facts.to_dataframe())
    times.append(time.perf_counter() - began)
print(json.dumps({"seconds": min(times), "rows": rows, "kib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}))
"""
"""What edgartools does for the same: its own parse, and a data frame of all facts."""


def rows_of(path: Path) -> int:
    """Read a file to the rows that a run would load: facts as reported, by metric, and shares in issue."""
    from extractors.filings import sec_companyfacts  # imports are start-up, and are measured on neither side
    from extractors.reading import Read
    from extractors.snapshot import Snapshot
    from extractors.watchlist import Company, WatchList
    from transforms.tidy_facts import tidy_sec_companyfacts

    body = path.read_bytes()
    cik = int(json.loads(body)["cik"])
    seen = datetime(2025, 1, 1, tzinfo=UTC)
    url = f"{sec_companyfacts.SOURCE.home_url}CIK{cik:010d}.json"
    snapshot = Snapshot("urn:bench", url, body, seen, seen)
    company = Company("filer", "Filer", "CNY", sec_cik=cik)
    began = time.perf_counter()
    tidy = tidy_sec_companyfacts([Read(snapshot, sec_companyfacts.parse(snapshot).records)], WatchList((company,)))
    _SECONDS.append(time.perf_counter() - began)
    return sum(rows.num_rows for rows in tidy.rows.values())


_SECONDS: list[float] = []


def measure(path: Path, repeat: int) -> dict[str, float]:
    """Measure our side in this process."""
    rows = 0
    for _ in range(repeat):
        rows = rows_of(path)
    kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {"seconds": min(_SECONDS), "rows": rows, "kib": kib}


def main() -> None:
    """Print both sides and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path, help="a companyfacts answer of the SEC")
    parser.add_argument("--beside", help="interpreter of an environment with edgartools")
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--ours", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.ours:
        print(json.dumps(measure(given.file, given.repeat)))
        return
    again = [sys.executable, "-m", "bench.companyfacts", str(given.file), "--repeat", str(given.repeat), "--ours"]
    found = {OURS: _run(again)}
    if given.beside:
        found["edgartools"] = _run([given.beside, "-c", _EDGARTOOLS, str(given.file), str(given.repeat)])
    for name, one in found.items():
        print(f"{name:<12} {one['seconds']:.3f} s   {one['rows']:,.0f} rows   {one['kib'] / 1024:,.0f} MB")
    if given.beside:
        print(f"ratio        {found[OURS]['seconds'] / found['edgartools']['seconds']:.2f} of edgartools' time")


def _run(command: list[str]) -> dict[str, float]:
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    answer: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    return answer


if __name__ == "__main__":
    main()
