"""Ask, answer, ask again: lines until a semicolon, orders that begin with a dot, Ctrl-C for a query that takes long."""

import re
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
from prompt_toolkit import PromptSession
from prompt_toolkit.auto_suggest import AutoSuggestFromHistory
from prompt_toolkit.filters import Condition
from prompt_toolkit.history import FileHistory, History, InMemoryHistory

from flows.commands.terminal import ERR, OUT
from flows.sql_prompt.answers import show
from flows.sql_prompt.completion import Completions
from warehouse.errors import WarehouseError
from warehouse.home import Home
from warehouse.published import QueryError
from warehouse.session import Session

_TICK = 0.1
"""Seconds after which a waiting prompt sees that somebody pressed Ctrl-C."""
_ENDED = re.compile(r"(;\s*|^\s*(\..*)?)$", re.DOTALL)


class Left(Exception):
    """Whoever sits at the prompt wants to go."""


@dataclass(frozen=True, slots=True)
class Order:
    """Something other than a query that can be said at the prompt."""

    wants: str
    told: str
    do: Callable[[Session, str], None]


def _help(session: Session, rest: str) -> None:
    for name, order in ORDERS.items():
        OUT.print(f"  {f'{name} {order.wants}':<18}{order.told}", markup=False)
    OUT.print("  Enter runs what ends with a semicolon, Tab completes, Ctrl-C ends a query, Ctrl-D leaves.")


def _tables(session: Session, rest: str) -> None:
    show(session.tables(rest))


def _describe(session: Session, rest: str) -> None:
    found = session.describe(rest)
    if not found.num_rows:
        raise QueryError(
            f"there is no table {rest}; .tables lists them" if rest else "say which table: .describe TABLE"
        )
    show(found)


def _leave(session: Session, rest: str) -> None:
    raise Left


ORDERS = {
    ".tables": Order("[PART]", "tables and views, with what they mean", _tables),
    ".describe": Order("TABLE", "its columns, with types, units and meaning", _describe),
    ".help": Order("", "this", _help),
    ".quit": Order("", "leave, as Ctrl-D does", _leave),
}


def talk(home: Home) -> None:
    """Ask and answer until whoever sits there leaves. Raises NothingPublished, WarehouseError."""
    with Session(home) as session:
        completions = Completions(session.names(), ORDERS)
        prompt = _prompt(completions, _history(home.root / ".sql_history"))
        OUT.print(f"generation {session.generation} of {home.published_warehouse}, read-only; .help says more")
        while True:
            try:
                said = prompt.prompt("dragongate> ").strip().rstrip(";").strip()
                if session.take_up_newer():
                    completions.names = session.names()
                    OUT.print(f"a newer generation is here: {session.generation}", style="bold")
                if said:
                    _answer(session, said)
            except KeyboardInterrupt:
                continue  # what was typed is thrown away
            except (EOFError, Left):
                return


def _answer(session: Session, said: str) -> None:
    name, _, rest = said.partition(" ")
    try:
        if name.startswith("."):
            if name not in ORDERS:
                raise QueryError(f"there is no order {name}; .help lists them")
            ORDERS[name].do(session, rest.strip())
        else:
            show(run(session, said))
    except (QueryError, WarehouseError) as error:
        ERR.print(str(error), style="red", markup=False)


def run(session: Session, sql: str) -> pa.Table:
    """Ask a query in a thread of its own, so that Ctrl-C can end it. Raises as `Session.ask` does."""
    with ThreadPoolExecutor(1) as thread:
        asked = thread.submit(session.ask, sql)
        while True:
            try:
                if is_done(asked):
                    return asked.result()
            except KeyboardInterrupt:
                session.interrupt()


def is_done(asked: Future[pa.Table]) -> bool:
    """Wait a moment for an answer."""
    return bool(wait([asked], _TICK).done)


def _prompt(completions: Completions, history: History) -> PromptSession[str]:
    prompt: PromptSession[str] = PromptSession(
        history=history,
        completer=completions,
        complete_while_typing=False,
        auto_suggest=AutoSuggestFromHistory(),
        prompt_continuation="        ... ",
        enable_history_search=True,
        multiline=Condition(lambda: _ENDED.search(prompt.default_buffer.text) is None),
    )
    return prompt


def _history(path: Path) -> History:
    """Keep what was asked beside the home, where that can be written."""
    try:
        path.touch(mode=0o600)
    except OSError:
        return InMemoryHistory()
    return FileHistory(str(path))
