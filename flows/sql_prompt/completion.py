"""What the prompt offers while somebody types: tables, their columns, and the words of SQL."""

import re
from collections.abc import Iterable, Iterator

from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document

from warehouse.session import Names

WORDS = (
    "SELECT", "FROM", "WHERE", "GROUP BY ALL", "ORDER BY", "LIMIT", "JOIN", "LEFT JOIN", "ASOF JOIN", "USING", "ON",
    "HAVING", "QUALIFY", "WITH", "AS", "AND", "OR", "NOT", "IN", "BETWEEN", "IS NULL", "DISTINCT", "UNION ALL", "DATE",
    "CASE", "WHEN", "THEN", "ELSE", "END", "PIVOT", "DESCRIBE", "SUMMARIZE", "EXPLAIN", "count(*)", "round(", "max(",
    "min(", "sum(", "avg(", "arg_max(",
)  # fmt: skip
_WORD = re.compile(r"[\w.]+$")


class Completions(Completer):
    """Offers what begins like the word before the cursor."""

    def __init__(self, names: Names, orders: Iterable[str]) -> None:
        self.names = names
        self._orders = tuple(orders)

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterator[Completion]:
        """Offer orders at the beginning, tables by schema or bare name, columns of the tables that are named."""
        before = document.text_before_cursor
        found = _WORD.search(before)
        word = found[0] if found else ""
        for text, told in self._offers(document.text, word, is_first=before.strip() == word):
            yield Completion(text, start_position=-len(word), display_meta=told)

    def _offers(self, text: str, word: str, *, is_first: bool) -> Iterator[tuple[str, str]]:
        if not word:
            return
        if is_first and word.startswith("."):
            yield from ((one, "") for one in self._orders if one.startswith(word))
            return
        tables = [*self.names.columns, *self.names.macros]
        yield from ((one, "table") for one in tables if _fits(one, word))
        asked = [one for one in self.names.columns if one in text] or [*self.names.columns]
        columns = dict.fromkeys(name for one in asked for name in self.names.columns[one])
        prefix, dot, rest = word.rpartition(".")
        if rest and not any(one.startswith(f"{prefix}.") for one in tables):
            yield from ((f"{prefix}{dot}{one}", "column") for one in columns if one.startswith(rest.lower()))
        yield from ((one, "") for one in WORDS if one.lower().startswith(word.lower()))


def _fits(table: str, word: str) -> bool:
    return table.startswith(word.lower()) or table.partition(".")[2].startswith(word.lower())
