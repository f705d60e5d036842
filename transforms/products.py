"""Products as documents write them, by their ids on the watch list."""

from extractors.watchlist import WatchList
from transforms.segments import fold


def product_id(company_id: str, label: str, watchlist: WatchList) -> str:
    """Give the id of a product of a company by any of its names; one that is not on the list keeps its label as id.

    A brand or model may be written with or without the company's own name before it.
    """
    written = fold(label)
    for one in watchlist.products:
        if one.company != company_id:
            continue
        names = {fold(name) for name in (one.id, one.name, one.name_zh, *one.aliases) if name}
        if written in names:
            return one.id
    return written
