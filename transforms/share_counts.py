"""Which line of a company a count of its shares is taken from."""

from extractors.watchlist import Security, WatchList


def is_first_counter(line: Security, watchlist: WatchList) -> bool:
    """Tell whether a line is the first of its class on its exchange: a second counter repeats the count in yuan.

    A line that no company on the watch list has issued, such as a member of an index, is none.
    """
    if not line.company:
        return False
    siblings = [
        one
        for one in watchlist.securities_of(line.company)
        if (one.exchange, one.share_class, one.kind) == (line.exchange, line.share_class, line.kind)
    ]
    return max(siblings, key=lambda one: one.is_primary).id == line.id


def has_other_class(line: Security, watchlist: WatchList) -> bool:
    """Tell whether the company has shares of another class, such as H beside A."""
    return any(one.share_class != line.share_class for one in watchlist.securities_of(line.company))
