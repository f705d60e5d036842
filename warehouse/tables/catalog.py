"""All tables, in the order in which they are made and published."""

from warehouse.tables import claims, counts, documents, facts, filings, fx, news, ops, quotes, raw, social, watchlist
from warehouse.tables.table import Load, Table

TABLES: tuple[Table, ...] = (
    *raw.TABLES,
    *ops.TABLES,
    counts.COUNTS,
    *watchlist.TABLES,
    *quotes.TABLES,
    *fx.TABLES,
    *filings.TABLES,
    *documents.TABLES,
    *facts.TABLES,
    *news.TABLES,
    *claims.TABLES,
    *social.TABLES,
)
BY_NAME = {table.name: table for table in TABLES}
CHOSEN = tuple(table for table in TABLES if table.load is Load.CHOSEN)


def table(name: str) -> Table:
    """Find a table by its full name.

    Raises KeyError that names the nearest ones.
    """
    if name not in BY_NAME:
        raise KeyError(f"there is no table {name}; there are {', '.join(sorted(BY_NAME))}")
    return BY_NAME[name]
