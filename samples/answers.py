"""Write anew what the docs show of the sample: `python -m samples.answers`, after each build of the archive.

The twenty questions of `docs/analyst.md` are the files of `docs/questions`, with their answers; every other query of
a page keeps its words, and its answer becomes what the sample says today. The command that checks a citation gets the
place that the citation names. Answers that a page shortens with `…` are a person's to mend, and are named; those of
other commands are tried by `tests/test_docs.py`.
"""

import argparse
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa

from extractors.settings import Settings
from flows.collect import Request, run_daily
from flows.commands import terminal
from flows.runner import PlainRunner
from flows.sql_prompt.answers import show_all
from flows.watching import default_watchlist
from samples.build import ARCHIVE, ROOT, WINDOW
from tests.documents import ANYTHING, WRITTEN_BY_HAND, blocks, fits
from warehouse.home import Home
from warehouse.published import query

ANALYST = ROOT / "docs" / "analyst.md"
QUESTIONS = ROOT / "docs" / "questions"
WIDTH = 80
"""Columns of the terminal on which answers are shown."""
_ASKS_THE_LEDGER = "dashboard.md"
"""The page whose queries are about the pipeline, which answers each run otherwise."""
_CITED = """
    SELECT archive_offset, sha256 FROM core.daily_quotes JOIN raw.snapshots USING (snapshot_id)
    WHERE security_id = 'XHKG:01810' AND trade_date = '2024-12-30'
"""
_CHECKED = re.compile(r"(warcio extract --payload \S+ )\d+( \| sha256sum\n```\n\n```text\n).*")
_SECTION = re.compile(r"^### 1\. .*?(?=^## )", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Question:
    """One question of an analyst, with the query that answers it."""

    file: Path
    asked: str
    sql: str

    @property
    def number(self) -> int:
        """The place among the questions, from 1."""
        return int(self.file.name[:2])


def questions() -> tuple[Question, ...]:
    """Read the questions in order: the first line of a file asks, the rest is SQL."""
    return tuple(_question(file) for file in sorted(QUESTIONS.glob("*.sql")))


def section(home: Home) -> str:
    """Write what `docs/analyst.md` says of the questions."""
    return "".join(
        f"### {one.number}. {one.asked}\n\n{_with_answer(one.sql, answer(home, one.sql))}\n" for one in questions()
    )


def answer(home: Home, sql: str) -> str:
    """Give what `dragongate sql` prints."""
    return printed(query(home, sql))


def printed(rows: pa.Table) -> str:
    """Print rows as a terminal does, without blanks at the ends."""
    terminal.OUT.width = WIDTH
    with terminal.OUT.capture() as captured:
        show_all(rows)
    return "".join(f"{line.rstrip()}\n" for line in captured.get().strip("\n").splitlines())


def write_answers(home: Home) -> Iterator[str]:
    """Bring every page up to a home, and name what a person must mend."""
    text = _SECTION.sub(lambda _: section(home), ANALYST.read_text(encoding="utf-8"))
    (cited,) = query(home, _CITED).to_pylist()
    place = rf"\g<1>{cited['archive_offset']}\g<2>{cited['sha256']}  -"
    ANALYST.write_text(_CHECKED.sub(place, text), encoding="utf-8")
    for page in WRITTEN_BY_HAND:
        if page.name != _ASKS_THE_LEDGER:
            yield from _refresh(page, home)


def main() -> None:
    """Make the home that the sample makes, unless one is given, and write the pages."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--home", type=Path, help="a home after a run of the sample; without it one is made and gone")
    given = parser.parse_args().home
    with TemporaryDirectory() as folder:
        home = Home(given or Path(folder))
        if not given:
            request = Request(home, Settings(), default_watchlist(), window=WINDOW, replay=(ARCHIVE,))
            run_daily(request, PlainRunner())
        for sentence in write_answers(home):
            print(sentence)


def _question(file: Path) -> Question:
    asked, _, sql = file.read_text(encoding="utf-8").partition("\n")
    return Question(file, asked.removeprefix("-- "), sql)


def _refresh(page: Path, home: Home) -> Iterator[str]:
    blocks.cache_clear()
    text = page.read_text(encoding="utf-8")
    for block in (one for one in blocks(page) if one.language == "sql" and one.shown):
        found = answer(home, block.text)
        if fits(block.shown, found):
            continue
        if ANYTHING in block.shown:
            yield f"{block}: mend by hand, the answer is now\n{found}"
        else:
            text = text.replace(_with_answer(block.text, block.shown), _with_answer(block.text, found), 1)
            yield f"{block}: written anew"
    page.write_text(text, encoding="utf-8")


def _with_answer(sql: str, shown: str) -> str:
    return f"```sql\n{sql}```\n\n```text\n{shown}```\n"


if __name__ == "__main__":
    main()
