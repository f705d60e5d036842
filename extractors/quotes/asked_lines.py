"""Which lines of a watch list a source of prices is asked for."""

from collections.abc import Callable, Iterator

from extractors.source import Query
from extractors.watchlist import Security


def asked_lines(
    query: Query, code_of: Callable[[Security], str], *, members: bool = False
) -> Iterator[tuple[str, Security]]:
    """Give each code once, with a line that it stands for within the window.

    Lines without a code are left out, and so are those that a source earlier in the order has answered for. `members`
    adds the lines of the members of an index.
    """
    seen: set[str] = set()
    for line in query.watchlist.priced if members else query.watchlist.securities:
        code = code_of(line)
        is_over = line.valid_to is not None and line.valid_to <= query.window.start
        is_to_come = line.valid_from is not None and line.valid_from > query.window.end
        if code and code not in seen and query.wants(line.id) and not is_over and not is_to_come:
            seen.add(code)
            yield code, line
