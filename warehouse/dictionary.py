"""Write the data dictionary from the definitions: `python -m warehouse.dictionary`.

The committed page is compared with what this writes, so it cannot drift from the tables.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from warehouse.tables.catalog import TABLES
from warehouse.tables.marts import VIEWS
from warehouse.tables.table import ADDED, HISTORY, PAST, Check, Column, Freshness, Load, Table, View

PAGE = Path(__file__).parents[1] / "docs" / "data_dictionary.md"
_LAYERS = {
    "mart": "Wide views, for questions. Start here.",
    "core": "Tidy tables, one grain each. A table that ends in `_by_source` keeps every reading; the one without it "
    "is the row that an analyst wants.",
    "ops": "What the pipeline did, asked, refused, found and published. It is in `ops.duckdb` too, after every run.",
    "raw": "The index of the archive.",
}
_HOW_LOADED = {
    Load.MERGE: "versions by key; a superseded version moves to history",
    Load.CHOSEN: "one row per key, chosen among the readings of {chosen_from}",
    Load.DERIVED: "recomputed as a whole from other tables",
    Load.LEDGER: "written by the pipeline about itself",
}
_INTRODUCTION = """# Data dictionary

Every table and view of the warehouse, made from the definitions that the warehouse itself is made from.
This page is written by `python -m warehouse.dictionary`; change the definition and write it anew.

- A name that ends in `_at` is an instant in UTC, `_date` is a day in the calendar that its line states, `is_` is true
  or false, `_id` is ours.
- An amount has its currency or unit in its name, or in a column beside it; the unit column says which.
- Three times are never mixed: when it was true (such as `trade_date`), when it was public (`available_at`), when this
  warehouse first read it (`first_seen_at`).
- A column marked *may be empty* is empty where the source does not say; every other one is always filled.
"""


def data_dictionary() -> str:
    """Write the whole page."""
    entries: list[Table | View] = [*TABLES, *VIEWS]
    return "\n".join([_INTRODUCTION, *_contents(entries), *_added(), *_entries(entries)]).rstrip() + "\n"


def main() -> None:
    """Write the page to its place."""
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(data_dictionary(), encoding="utf-8")


def _layer(entries: Iterable[Table | View], schema: str) -> list[Table | View]:
    return [one for one in entries if one.name.partition(".")[0] == schema]


def _contents(entries: Iterable[Table | View]) -> Iterator[str]:
    yield "## Contents\n"
    for schema, about in _LAYERS.items():
        yield f"**{schema}**: {about}\n"
        for one in _layer(entries, schema):
            yield f"- {_link(one.name)}: {one.grain}"
        yield ""
    yield "And: [what the loader adds](#what-the-loader-adds)\n"


def _added() -> Iterator[str]:
    yield "## What the loader adds\n"
    for load, title in ((Load.MERGE, "To a table of versions"), (Load.CHOSEN, "To a table of chosen rows")):
        yield f"{title}:\n"
        yield from _columns(ADDED[load])
    yield "To `history.<table>`, beside all columns of the table itself:\n"
    yield from _columns(HISTORY)
    yield "To `history.<table>` of a table that follows from articles, beside all columns of the table itself:\n"
    yield from _columns(PAST)


def _entries(entries: Iterable[Table | View]) -> Iterator[str]:
    for schema in _LAYERS:
        for one in _layer(entries, schema):
            yield f"## {one.name}\n"
            yield f"{one.grain[0].upper()}{_ended(one.grain[1:])}{' ' + one.note if one.note else ''}\n"
            yield from _columns(one.columns)
            yield from _table_facts(one) if isinstance(one, Table) else _view_facts(one)
            yield ""
            yield from _examples(one) if isinstance(one, View) else ()


def _columns(columns: Iterable[Column]) -> Iterator[str]:
    yield "| column | type | unit | meaning |"
    yield "| --- | --- | --- | --- |"
    for one in columns:
        meaning = _ended(one.description)
        meaning += f" Leads to {_link(one.references)}." if one.references else ""
        meaning += " *May be empty.*" if one.optional else ""
        yield f"| `{one.name}` | {one.kind} | {one.unit} | {meaning.replace('|', chr(92) + '|')} |"
    yield ""


def _table_facts(table: Table) -> Iterator[str]:
    yield f"- Key: {', '.join(f'`{name}`' for name in table.key)}"
    chosen_from = _link(table.chosen_from) if table.chosen_from else ""
    yield f"- Loaded: {_HOW_LOADED[table.load].format(chosen_from=chosen_from)}"
    if table.load is Load.CHOSEN:
        yield f"- Preferred: {', '.join(f'`{one}`' for one in table.chosen_by)}"
    if table.disputed_when:
        yield f"- Disputed when `{table.disputed_when}` among comparable readings"
    if table.history:
        yield f"- History: `{table.history}`"
    if table.past:
        yield f"- What followed at other times: `{table.past}`"
    if table.schema == "core" and table.load is not Load.LEDGER:
        yield f"- The past: `as_of.{table.base}(t)`, as public at `t`; with `known_here := true`, as we knew it at `t`"
    if table.fresh_within:
        yield f"- Fresh: {_fresh(table.fresh_within)}"
    for check in table.checks:
        yield f"- Check: {_rule(check)}"


def _view_facts(view: View) -> Iterator[str]:
    yield f"- A view over {', '.join(_link(name) for name in view.reads)}"
    if view.schema == "mart":
        yield (
            f"- The past: `mart_as_of.{view.base}(t)`, over what was public at `t`; `known_here := true`, known here; "
            "`companies := ['xiaomi']`, of these alone, and sooner"
        )


def _examples(view: View) -> Iterator[str]:
    for one in view.examples:
        yield f"{one.asked}\n\n```sql\n{one.sql}\n```\n"


def _fresh(wanted: Freshness) -> str:
    closed = f"; closed days of {wanted.counts_sessions_of} do not count" if wanted.counts_sessions_of else ""
    return f"`{wanted.column}` at most {wanted.hours} hours ago{closed}"


def _rule(check: Check) -> str:
    if not check.blocking:
        effect = "shown"
    else:
        effect = "a row that breaks it is rejected" if check.per_row else "a batch that breaks it is rejected"
    return f"`{check.name}`: `{check.sql}`; {effect}"


def _link(name: str) -> str:
    return f"[{name}](#{name.replace('.', '')})"


def _ended(text: str) -> str:
    return text if text.endswith((".", "…")) else f"{text}."


if __name__ == "__main__":
    main()
