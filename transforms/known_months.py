"""Months that the warehouse knows already, as figures beside those of a document that is read."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from extractors.watchlist import Company, WatchList
from transforms.figures.figure import ALL, Figure, Period, Place
from transforms.products import product_id


def known_months(
    rows: Iterable[Mapping[str, Any]], figures: Sequence[Figure], company: Company, watchlist: WatchList
) -> tuple[Figure, ...]:
    """Give the months of a company from rows of operating figures; products are named as the document names them."""
    names = {product_id(company.id, one.product, watchlist): one.product for one in figures if one.product != ALL}
    return tuple(
        _figure(row, names.get(row["product_id"], row["product_id"]))
        for row in rows
        if row["company_id"] == company.id and row["period_kind"] == "month" and row["value"] is not None
    )


def _figure(row: Mapping[str, Any], product: str) -> Figure:
    said = " ".join(row["evidence"] or ())
    return Figure(
        metric=row["metric"],
        label=row["metric"],
        value=row["value"],
        value_low=row["value_low"],
        value_high=row["value_high"],
        qualifier=row["qualifier"],
        unit="",
        currency="",
        period=Period("month", row["period_start_date"], row["period_end_date"]),
        place=Place(1, 0, 0, f"{row['document_id']}, {said}"),
        product=product,
    )
