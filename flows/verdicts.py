"""Judge claims: hand what the warehouse knew to the functions that compare."""

from collections.abc import Collection, Mapping, Sequence

import pyarrow.compute as pc

from extractors.watchlist import WatchList
from transforms.derive_claim_checks import derive_claim_checks
from transforms.tidy import Tidy
from transforms.verdicts.known import Known
from warehouse.known_rows import Connection, claims, known_rows, members

_RANK = "market_rank"


def knowledge(
    connection: Connection, watchlist: WatchList, companies: Collection[str], metrics: Collection[str]
) -> Known:
    """Read what was known of companies; prices of an index's members only where a claim needs them."""
    followed = [one for one in watchlist.companies if one.id in companies]
    indexes = [one.id for one in watchlist.securities if one.kind == "index"] if _RANK in metrics else []
    lines = [line.id for company in followed for line in watchlist.securities_of(company.id)]
    lines += [one for one in members(connection, indexes) if one not in lines] if indexes else []
    people, products = {one.id for one in watchlist.people}, {one.id for one in watchlist.products}
    owners = {one.id for one in followed} | people | products
    ids = [one.id for one in followed]
    codes: Mapping[str, Sequence[str]] = {
        "core.daily_quotes": lines,
        "core.corporate_actions": lines,
        **dict.fromkeys(
            ("core.shares_outstanding", "core.financial_facts", "core.operating_kpis", "core.targets"), ids
        ),
        "core.follower_counts": [one.id for one in watchlist.accounts if one.owner in owners],
        "core.fx_rates": ["USD", "EUR", "HKD", "CNY"],
        "core.index_members": indexes,
    }
    return Known(known_rows(connection, codes), watchlist)


def derived_checks(connection: Connection, watchlist: WatchList) -> Tidy:
    """Judge every claim of the warehouse anew."""
    stated = claims(connection)
    companies = set(pc.unique(stated["company_id"]).to_pylist()) - {None}
    return derive_claim_checks(
        stated, knowledge(connection, watchlist, companies, set(pc.unique(stated["metric"]).to_pylist()))
    )
