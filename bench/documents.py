"""How long documents take from bytes to figures, beside the bare text that pdfplumber gives of them.

    python -m bench.documents [--pages 27] [--exhibits 500]

The results announcement is the recorded one where it lies beside the project, else one that is written here; the
exhibits are written here. Memory is the most that the process ever held, before the last nine tenths of the exhibits
and after them.
"""

import argparse
import io
import resource
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pdfplumber

from extractors.filings.document import Document, numbered
from extractors.filings.html_pages import html_pages
from extractors.filings.pdf_pages import pdf_pages
from extractors.snapshot import Snapshot
from tests.written_pdf import pdf_of, table
from transforms.figures.tables import read_tables

RECORDED = Path(__file__).parents[1].parent / "shared/corpus/filings/pdf/hk_00328_annual_results_FY2025_zh.pdf"
_SEEN = datetime(2031, 3, 31, tzinfo=UTC)
_ROWS = [["綜合損益表"], ["截至二零三一年三月三十一日止年度"], ["", "", "二零三一年", "二零三零年"]]
_ROWS += [["", "附註", "千港元", "千港元"]]
_ROWS += [["營業額", "3", f"{99 + number},313", "148,422"] for number in range(40)]


def announcement(pages: int) -> bytes:
    """Give a results announcement as bytes."""
    if RECORDED.exists():
        return RECORDED.read_bytes()
    return pdf_of([table(_ROWS, columns=(330, 430, 530)) for _ in range(pages)])


def figures_of(body: bytes) -> int:
    """Read a PDF to its figures."""
    pages = pdf_pages(Snapshot("0", "https://example.org/a.pdf", body, _SEEN, _SEEN))
    return len(read_tables(Document("https://example.org/a.pdf", "a.pdf", "application/pdf", numbered(pages))))


def bare_text(body: bytes) -> int:
    """Read what the baseline gives: text without columns."""
    with pdfplumber.open(io.BytesIO(body)) as document:
        return sum(len(page.extract_text() or "") for page in document.pages)


def exhibit(number: int) -> str:
    """Write a press release with one statement."""
    rows = "".join(
        f"<tr><td>Row {line}</td><td>$</td><td>{number},{line:03}</td><td></td><td>$</td><td>9,{line:03}</td></tr>"
        for line in range(150)
    )
    return (
        "<html><body><p>CONSOLIDATED BALANCE SHEETS</p><p>(in thousands)</p><table><tr><td></td>"
        "<td colspan='2'>June 30, 2031</td><td></td><td colspan='2'>June 30, 2030</td></tr>"
        f"<tr><td>Total assets</td><td>$</td><td>{number + 1},000</td><td></td><td>$</td><td>9,000</td></tr>{rows}"
        "</table></body></html>"
    )


def read_exhibits(first: int, last: int) -> int:
    """Read exhibits to their figures, one after the other."""
    found = 0
    for number in range(first, last):
        pages = numbered(html_pages(exhibit(number)))
        found += len(read_tables(Document("https://example.org/a.htm", "a.htm", "text/html", pages)))
    return found


def main() -> None:
    """Measure all in one run."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--pages", type=int, default=27)
    asked.add_argument("--exhibits", type=int, default=500)
    given = asked.parse_args()
    body = announcement(given.pages)
    theirs = _measure("pdfplumber, bare text", lambda: bare_text(body))
    ours = _measure("dragongate, figures", lambda: figures_of(body))
    print(f"ratio: {ours / theirs:.2f}")
    batch = [body] * 8
    alone = _measure("eight documents, one process", lambda: sum(map(figures_of, batch)))
    with ProcessPoolExecutor(2) as pool:
        list(pool.map(figures_of, batch[:2]))
        both = _measure("eight documents, two processes", lambda: sum(pool.map(figures_of, batch)))
    print(f"ratio: {both / alone:.2f}")
    tenth = max(given.exhibits // 10, 1)
    _measure(f"{tenth} exhibits", lambda: read_exhibits(0, tenth))
    before = _peak()
    _measure(f"{given.exhibits - tenth} exhibits", lambda: read_exhibits(tenth, given.exhibits))
    print(f"most memory: {before:.0f} MB, then {_peak():.0f} MB")


def _measure(name: str, call: Callable[[], int]) -> float:
    started = time.perf_counter()
    found = call()
    seconds = time.perf_counter() - started
    print(f"{name}: {seconds:.2f} s, {found:,} found")
    return seconds


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
