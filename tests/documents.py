"""What README and docs show: commands, queries, files and answers, each with its place."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGES = (ROOT / "README.md", ROOT / "samples" / "README.md", *sorted((ROOT / "docs").glob("*.md")))
WRITTEN_BY_HAND = tuple(page for page in PAGES if page.name != "data_dictionary.md")
_ANSWERS = ("text", "json")
_FENCE = re.compile(r"^```(\w+)? ?([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_INDENTED = re.compile(r"(?:^ {4}.*\n)+(?:\n(?: {4}.*\n)+)*", re.MULTILINE)
ANYTHING = "…"


@dataclass(frozen=True)
class Block:
    """One block of a page, with the answer that the page shows below it."""

    page: Path
    line: int
    language: str
    file: str
    """The path that a block is the content of; empty for most."""
    text: str
    shown: str = ""

    def __str__(self) -> str:
        return f"{self.page.name}:{self.line}"


@cache
def blocks(page: Path) -> tuple[Block, ...]:
    """List the blocks of a page in order, fenced ones and indented ones, which are commands."""
    return tuple(_answered(sorted(_found(page), key=lambda one: one.line)))


def all_blocks(language: str) -> list[Block]:
    """List the blocks of one language in all pages that people write."""
    return [one for page in WRITTEN_BY_HAND for one in blocks(page) if one.language == language and not one.file]


def files_of(page: Path) -> dict[str, str]:
    """Give the files that a page shows whole."""
    return {one.file: one.text for one in blocks(page) if one.file}


def commands(block: Block) -> list[str]:
    """Split a block of shell into commands; one may span lines within quotes or after a backslash."""
    found: list[str] = []
    rest = ""
    for line in block.text.replace("\\\n", " ").splitlines():
        rest = f"{rest}\n{line}" if rest else line
        if _is_whole(rest):
            found.append(rest)
            rest = ""
    assert not rest, f"{block}: {rest!r} does not end"
    return [one for one in found if shlex.split(one, comments=True)]


def fits(shown: str, got: str) -> bool:
    """Tell whether an answer is the shown one; `…` stands for anything, blanks at the end of a line for nothing."""
    pattern = ".*?".join(re.escape(part) for part in _trimmed(shown).split(ANYTHING))
    return re.fullmatch(pattern, _trimmed(got), re.DOTALL) is not None


def tables(page: Path) -> Iterator[list[str]]:
    """List the rows of the tables of a page, cell by cell, without the heads."""
    previous = ""
    for line in page.read_text(encoding="utf-8").splitlines():
        is_row = line.startswith("|") and previous.startswith("|") and not line.startswith("| ---")
        if is_row:
            yield [cell.strip() for cell in line.strip("|").split("|")]
        previous = line


def _found(page: Path) -> Iterator[Block]:
    text = page.read_text(encoding="utf-8")
    for match in _FENCE.finditer(text):
        yield _block(page, text, match.start(), match[1] or "", match[2], match[3])
    outside = _FENCE.sub(lambda match: re.sub(r"[^\n]", "", match[0]), text)
    for match in _INDENTED.finditer(outside):
        yield _block(page, outside, match.start(), "sh", "", re.sub(r"^ {4}", "", match[0], flags=re.MULTILINE))


def _block(page: Path, text: str, at: int, language: str, file: str, body: str) -> Block:
    return Block(page, 1 + text.count("\n", 0, at), language, file, body)


def _answered(found: list[Block]) -> Iterator[Block]:
    for block, after in zip(found, [*found[1:], None], strict=False):
        is_answer = after is not None and after.language in _ANSWERS and not after.file
        if block.language not in _ANSWERS or block.file:
            shown = after.text if after is not None and is_answer else ""
            yield Block(block.page, block.line, block.language, block.file, block.text, shown)


def _is_whole(text: str) -> bool:
    try:
        shlex.split(text, comments=True)
    except ValueError:
        return False
    return True


def _trimmed(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip().splitlines())
