"""The marts of the past: `mart_as_of.<mart>(t)` is the mart over what was public at `t`.

Each is the mart's own query, in which every table of core is `as_of.<table>(t)`, and so is every view below it. A mart
and its past can therefore never drift apart. With `known_here := true` it is the mart that stood here at `t`.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping

from warehouse.tables import watchlist
from warehouse.tables.catalog import BY_NAME
from warehouse.tables.filings import METRICS
from warehouse.tables.table import Load, View

SCHEMA = "mart_as_of"
# A comment or a literal is matched whole, so that names in it stay as they are.
_TOKEN = re.compile(r"--[^\n]*|'[^']*'|\b(?:core|mart)\.[a-z_]+\b")
_LAYERS = ("core.", "mart.")
_WITH_A_PAST = (Load.MERGE, Load.CHOSEN, Load.DERIVED)
# Whom we follow is our own decision and was never published: at every time it is today's list, with its own dates.
_OURS = {table.name for table in (*watchlist.TABLES, METRICS)}
_WHEN_OURS = "CASE WHEN known_here THEN as_of.instant(t) ELSE TIMESTAMPTZ '9999-12-31 00:00:00+00' END"


def mart_macros(texts: Mapping[str, str], views: Iterable[View], there: Collection[str]) -> Iterator[str]:
    """Write one statement for each mart; `texts` gives the SQL of the views by name, `there` what the warehouse has."""
    dated = {name for name in there if name in BY_NAME and BY_NAME[name].load in _WITH_A_PAST}
    for view in views:
        if view.schema == "mart" and view.name in texts:
            yield (
                f"CREATE OR REPLACE MACRO {SCHEMA}.{view.base}(t, known_here := false) AS TABLE "
                + _query(view.name, texts, dated)
            )


def _query(mart: str, texts: Mapping[str, str], dated: Collection[str]) -> str:
    parts = (f"{_alias(name)} AS ({_part(name, texts, dated)})" for name in _below(mart, texts, set()))
    return f"WITH {', '.join(parts)} SELECT * FROM {_alias(mart)}"


def _below(name: str, texts: Mapping[str, str], done: set[str]) -> Iterator[str]:
    """Name everything that a view reads, and then itself, each once: what is read comes first."""
    if name in done:
        return
    done.add(name)
    for token in _TOKEN.findall(texts.get(name, "")):
        if token.startswith(_LAYERS):
            yield from _below(token, texts, done)
    yield name


def _part(name: str, texts: Mapping[str, str], dated: Collection[str]) -> str:
    if name in texts:
        return _TOKEN.sub(lambda found: _alias(found[0]) if found[0].startswith(_LAYERS) else found[0], texts[name])
    if name in dated:
        when = _WHEN_OURS if name in _OURS else "t"
        return f"SELECT * FROM as_of.{name.partition('.')[2]}({when}, known_here := known_here)"
    # The ranks of sources and the calendars have no past.
    return f"SELECT * FROM {name}"


def _alias(name: str) -> str:
    return name.replace(".", "__")
