"""The marts of the past: `mart_as_of.<mart>(t)` is the mart over what was public at `t`.

Each is the mart's own query, in which every table of core is `as_of.<table>(t)`, and so is every view below it. A mart
and its past can therefore never drift apart. With `known_here := true` it is the mart that stood here at `t`.

With `companies := ['xiaomi']` it has the rows of these companies, as with WHERE, and works them out alone: a filter
stops at what a query reads twice, so each table is cut to what can matter to them before anything else is asked of it.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping

from warehouse.tables import watchlist
from warehouse.tables.catalog import BY_NAME
from warehouse.tables.facts import SEGMENTS
from warehouse.tables.filings import METRICS
from warehouse.tables.table import Load, View

SCHEMA = "mart_as_of"
PARAMETERS = "t, known_here := false, companies := NULL"
# A comment or a literal is matched whole, so that names in it stay as they are.
_TOKEN = re.compile(r"--[^\n]*|'[^']*'|\b(?:core|mart)\.[a-z_]+\b")
_LAYERS = ("core.", "mart.")
_WITH_A_PAST = (Load.MERGE, Load.CHOSEN, Load.DERIVED)
# Whom we follow and how we call things is our own decision and was never published: at every time it is today's list,
# with its own dates.
_OURS = {table.name for table in (*watchlist.TABLES, METRICS, SEGMENTS)}
_WHEN_OURS = "CASE WHEN known_here THEN as_of.instant(t) ELSE TIMESTAMPTZ '9999-12-31 00:00:00+00' END"

_LISTS = ("core.relations", "core.securities", "core.products", "core.accounts", "core.index_members")
"""What tells which lines and accounts are whose: these come first."""
_NAMED = "SELECT unnest(CAST(companies AS VARCHAR[])) AS company_id"
_RIVALS = """ UNION SELECT unnest([subject_id, object_id]) FROM core__relations
    WHERE relation = 'competes_with' AND list_has_any(companies, [subject_id, object_id])"""
_WITH_RIVALS = {"mart.rival_daily"}
"""Marts in which a row of a company reads what its rivals are worth."""
_ASKED = {
    "company_id": "asked_companies",
    "security_id": "asked_lines",
    "account_id": "asked_accounts",
}
"""By the first of these columns that a table has, and where each may be found; a rank wants all members of an index."""
_ASKED_LINES = """SELECT security_id FROM core__securities WHERE company_id IN (FROM asked_companies)
    UNION SELECT unnest([security_id, index_id]) FROM core__index_members"""
_ASKED_ACCOUNTS = """SELECT account_id FROM core__accounts WHERE owner_id IN (
    FROM asked_companies
    UNION SELECT product_id FROM core__products WHERE company_id IN (FROM asked_companies)
    UNION SELECT subject_id FROM core__relations WHERE object_id IN (FROM asked_companies))"""
_READ_WHOLE = {"core.fx_daily"}
"""Views about no company: their days are those of all lines."""


def mart_macros(texts: Mapping[str, str], views: Iterable[View], there: Collection[str]) -> Iterator[str]:
    """Write one statement for each mart; `texts` gives the SQL of the views by name, `there` what the warehouse has."""
    dated = {name for name in there if name in BY_NAME and BY_NAME[name].load in _WITH_A_PAST}
    for view in views:
        if view.schema == "mart" and view.name in texts:
            yield f"CREATE OR REPLACE MACRO {SCHEMA}.{view.base}({PARAMETERS}) AS TABLE {_query(view, texts, dated)}"


def _query(mart: View, texts: Mapping[str, str], dated: Collection[str]) -> str:
    below = [name for name in _below(mart.name, texts, set()) if name not in _LISTS]
    parts = [
        *((_alias(name), _past(name, dated)) for name in _LISTS),
        ("asked_companies", _NAMED + (_RIVALS if mart.name in _WITH_RIVALS else "")),
        ("asked_lines", _ASKED_LINES),
        ("asked_accounts", _ASKED_ACCOUNTS),
        *((_asked_alias(name), _asked(name)) for name in _LISTS),
        *(part for name in below for part in _parts(name, texts, dated)),
    ]
    is_asked = "WHERE companies IS NULL OR list_contains(companies, company_id)" if _has_company(mart) else ""
    return f"WITH {', '.join(f'{name} AS ({sql})' for name, sql in parts)} SELECT * FROM {_alias(mart.name)} {is_asked}"


def _has_company(mart: View) -> bool:
    return any(column.name == "company_id" for column in mart.columns)


def _below(name: str, texts: Mapping[str, str], done: set[str]) -> Iterator[str]:
    """Name everything that a view reads, and then itself, each once: what is read comes first."""
    if name in done:
        return
    done.add(name)
    for token in _TOKEN.findall(texts.get(name, "")):
        if token.startswith(_LAYERS):
            yield from _below(token, texts, done)
    yield name


def _parts(name: str, texts: Mapping[str, str], dated: Collection[str]) -> Iterator[tuple[str, str]]:
    if name in texts:
        yield _alias(name), _over_the_past(name, texts)
    else:
        yield _alias(name), _past(name, dated)
        yield _asked_alias(name), _asked(name)


def _over_the_past(view: str, texts: Mapping[str, str]) -> str:
    """Write a view's query over the parts instead of over tables and views."""

    def part(found: re.Match[str]) -> str:
        name = found[0]
        if not name.startswith(_LAYERS):
            return name
        return _alias(name) if name in texts or view in _READ_WHOLE else _asked_alias(name)

    return _TOKEN.sub(part, texts[view])


def _past(table: str, dated: Collection[str]) -> str:
    if table not in dated:  # the ranks of sources and the calendars have no past
        return f"SELECT * FROM {table}"
    when = _WHEN_OURS if table in _OURS else "t"
    return f"SELECT * FROM as_of.{table.partition('.')[2]}({when}, known_here := known_here)"


def _asked(table: str) -> str:
    """Write what of a table's past can matter to the companies that are asked for; of no company is of every one."""
    columns = {column.name for column in BY_NAME[table].columns}
    every = f"SELECT * FROM {_alias(table)}"
    for key, asked in _ASKED.items():
        if key in columns:
            return f"{every} WHERE companies IS NULL OR {key} IS NULL OR {key} IN (FROM {asked})"
    return every


def _alias(name: str) -> str:
    return name.replace(".", "__")


def _asked_alias(name: str) -> str:
    return f"{_alias(name)}__asked"
