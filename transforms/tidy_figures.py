"""Figures that documents state, as rows: as reported, by metric, operating, shares in issue, aims and estimates.

Everything that a document says is kept with its place. Of several statements of one figure in one document the most
exact one counts; one that contradicts it is set aside with that reason, and stays among what was reported.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from extractors.watchlist import WatchList
from transforms.figure_issuers import About
from transforms.figure_periods import by_length, in_fiscal_year, is_possible
from transforms.figure_signs import with_our_signs
from transforms.figures.currency_codes import CURRENCY_CODES
from transforms.figures.figure import ALL, GROUP, Figure
from transforms.figures.holding import Held
from transforms.metrics import METRICS
from transforms.products import product_id
from transforms.segments import fold, segment_id
from transforms.tidy import SetAside, Tidy
from warehouse.tables.facts import ESTIMATES, TARGETS
from warehouse.tables.filings import FINANCIAL_FACTS_BY_SOURCE, OPERATING_KPIS_BY_SOURCE, REPORTED_FACTS
from warehouse.tables.quotes import SHARES_OUTSTANDING_BY_SOURCE
from warehouse.tables.table import Table

Row = dict[str, Any]
_DEFINED = {one.code: one for one in METRICS}
_AIMS: Mapping[str, Table] = {"guidance": TARGETS, "target": TARGETS, "estimate": ESTIMATES}
_MONEY_UNITS = frozenset({"currency", "currency per share"})
_SHARES_IN_ISSUE = frozenset({"shares_outstanding", "shares_in_issue", "issued_shares"})
_MOST_EVIDENCE = 5
_HOLDS = Decimal(10) ** 29
_DIGITS = Decimal("0.000001")
_NO_MORE: Mapping[str, Any] = {}


def tidy_figures(figures: Sequence[Figure], about: About, watchlist: WatchList, held: Iterable[Held] = ()) -> Tidy:
    """Make rows of all figures of one document; those that are held back are set aside."""
    aside = [_held(one, about, watchlist) for one in held]
    kept = [one for one in figures if _is_sound(one, about, aside)]
    facts = [one for one in kept if one.status not in _AIMS]
    mapped = [one for one in with_our_signs(facts) if one.metric in _DEFINED]
    parts: list[tuple[Table, Iterable[Row]]] = [
        (REPORTED_FACTS, _once(REPORTED_FACTS, (_reported(one, about) for one in facts)))
    ]
    for table, make in _makers(watchlist):
        of_table = [one for one in mapped if _table_of(one) is table]
        parts.append((table, _best(of_table, about, make, table, aside)))
    for table in (TARGETS, ESTIMATES):
        aims = (one for one in kept if _AIMS.get(one.status) is table)
        parts.append((table, _once(table, (_aim(one, about, watchlist) for one in aims))))
    filled = (Tidy.of(table, listed) for table, rows in parts if (listed := list(rows)))
    return Tidy.join([*filled, Tidy({}, tuple(aside))])


def _makers(watchlist: WatchList) -> tuple[tuple[Table, Callable[[Figure, About], Row]], ...]:
    return (
        (FINANCIAL_FACTS_BY_SOURCE, _financial),
        (OPERATING_KPIS_BY_SOURCE, _operating(watchlist)),
        (SHARES_OUTSTANDING_BY_SOURCE, _shares),
    )


def _table_of(figure: Figure) -> Table:
    if figure.metric in _SHARES_IN_ISSUE:
        return SHARES_OUTSTANDING_BY_SOURCE
    return FINANCIAL_FACTS_BY_SOURCE if _is_of_accounts(figure) else OPERATING_KPIS_BY_SOURCE


def _held(one: Held, about: About, watchlist: WatchList) -> SetAside:
    """Set a figure aside under the key that its row would have, with what speaks against it."""
    table, make = next(pair for pair in _makers(watchlist) if pair[0] is _table_of(one.figure))
    row = make(one.figure, about)
    against = {
        "rule": one.rule,
        "stated_value": one.stated,
        "expected_value": one.expected,
        "places": list(one.places),
    }
    return _set_aside(table, one.reason, one.figure, about, {name: row[name] for name in table.key} | against)


def _is_sound(figure: Figure, about: About, aside: list[SetAside]) -> bool:
    """Tell whether a figure can be a row at all; one that cannot is set aside with the reason."""
    reasons = {
        "impossible_period": not is_possible(figure.period),
        "unknown_currency": figure.unit in _MONEY_UNITS and figure.currency not in CURRENCY_CODES,
        "value_too_large": abs(figure.value) >= _HOLDS,
    }
    reason = next((name for name, holds in reasons.items() if holds), None)
    if reason is not None:
        aside.append(_set_aside(REPORTED_FACTS, reason, figure, about))
    return reason is None


def _is_of_accounts(figure: Figure) -> bool:
    """Tell whether a metric is of the accounts: money, per share, average shares, margins; the rest are counts."""
    defined = _DEFINED[figure.metric]
    return defined.kind != "count" and (figure.unit in _MONEY_UNITS or defined.unit in ("shares", "%"))


def _best(
    figures: Iterable[Figure], about: About, make: Callable[[Figure, About], Row], table: Table, aside: list[SetAside]
) -> Iterator[Row]:
    """Give one row per key: that of the most exact statement, with the places of those that agree."""
    groups: dict[tuple[Any, ...], list[tuple[Figure, Row]]] = {}
    for figure in sorted(figures, key=_exactness):
        row = make(figure, about)
        groups.setdefault(tuple(row[name] for name in table.key), []).append((figure, row))
    for group in groups.values():
        best, row = group[0]
        agreeing = [one for one, _ in group if _agree(one, best)]
        aside.extend(
            _set_aside(table, "contradicted_in_document", one, about) for one, _ in group if one not in agreeing
        )
        if "evidence" in row:
            row["evidence"] = list(dict.fromkeys(one.place.evidence for one in agreeing))[:_MOST_EVIDENCE]
        yield row


def _exactness(figure: Figure) -> tuple[bool, int, int, int]:
    return (figure.qualifier != "exact", -figure.decimals, figure.place.page, figure.place.start)


def _agree(one: Figure, other: Figure) -> bool:
    """Tell whether two statements can both be true, each rounded as it is written."""
    (low, high), (least, greatest) = _range(one), _range(other)
    return (greatest is None or low <= greatest) and (high is None or least <= high)


def _range(figure: Figure) -> tuple[Decimal, Decimal | None]:
    """Give the least and the greatest value that is written so, rounding taken in."""
    half = Decimal(5).scaleb(-figure.decimals - 1) if figure.decimals < 0 or figure.value % 1 else Decimal(0)
    low = min(figure.value_low, figure.value - half) if figure.qualifier == "exact" else figure.value_low
    if figure.qualifier == "exact":
        return low, max(figure.value_high or figure.value, figure.value + half)
    return low, figure.value_high


def _once(table: Table, rows: Iterable[Row]) -> list[Row]:
    return list({tuple(row[name] for name in table.key): row for row in rows}.values())


def _reported(figure: Figure, about: About) -> Row:
    period = figure.period
    named = {
        "segment": "" if figure.segment == GROUP else figure.segment,
        "product": "" if figure.product == ALL else figure.product,
        "basis": figure.accounting_basis,
        "status": "" if figure.status == "actual" else figure.status,
        "qualifier": "" if figure.qualifier == "exact" else figure.qualifier,
        "period": period.kind,
    }
    return {
        **_shared(figure, about),
        "taxonomy": "document",
        "tag": figure.metric or fold(figure.label),
        "dimensions": "; ".join(f"{name}={value}" for name, value in named.items() if value),
        "unit": _unit(figure),
        "period_start_date": period.end if period.kind == "instant" else period.start,
        "is_instant": period.kind == "instant",
        "filing_id": about.filing_id,
        "place": _place(figure),
        "value": _fitted(figure.value),
        "label": figure.label,
        "page_number": figure.place.page,
        "evidence": figure.place.evidence,
        "form": about.kind,
        "filed_date": about.published,
    }


def _financial(figure: Figure, about: About) -> Row:
    period = by_length(figure.period)
    low, high = _range(figure)
    is_money = figure.unit in _MONEY_UNITS
    return {
        **_shared(figure, about),
        "metric": figure.metric,
        "segment": _segment(figure, about),
        "period_kind": period.kind,
        "period_start_date": period.start,
        "currency": figure.currency if is_money else "",
        "accounting_basis": _basis(figure, about),
        "filing_id": about.document_id if about.filing_id == "" else about.filing_id,
        "value": _fitted(figure.value),
        **in_fiscal_year(period.end, about.company.fiscal_year_end),
        "is_derived": False,
        "is_convenience_translation": figure.is_convenience_translation,
        "authority": about.authority,
        "value_low": _fitted(low),
        "value_high": None if high is None else _fitted(high),
        "evidence": [],
    }


def _basis(figure: Figure, about: About) -> str:
    return "adjusted" if figure.metric.startswith("adjusted_") else figure.accounting_basis or about.basis


def _segment(figure: Figure, about: About) -> str:
    label = figure.segment if figure.segment != GROUP else figure.product
    return GROUP if label in (GROUP, ALL) else segment_id(about.company.id, label, figure.period.end)


def _operating(watchlist: WatchList) -> Callable[[Figure, About], Row]:
    def make(figure: Figure, about: About) -> Row:
        period = by_length(figure.period)
        low, high = _range(figure)
        return {
            **_shared(figure, about),
            "product_id": _product(figure, about, watchlist),
            "metric": figure.metric,
            "period_kind": period.kind,
            "period_start_date": period.start,
            "document_id": about.document_id,
            "value": _fitted(figure.value),
            "value_low": _fitted(low),
            "value_high": None if high is None else _fitted(high),
            "qualifier": figure.qualifier,
            "authority": about.authority,
            "is_preliminary": figure.status == "preliminary",
            "evidence": [],
        }

    return make


def _product(figure: Figure, about: About, watchlist: WatchList) -> str:
    if figure.product != ALL:
        return product_id(about.company.id, figure.product, watchlist)
    return ALL if figure.segment == GROUP else segment_id(about.company.id, figure.segment, figure.period.end)


def _shares(figure: Figure, about: About) -> Row:
    share_class = figure.product if figure.product != ALL else figure.segment
    return {
        "company_id": about.company.id,
        "share_class": "all" if share_class in (ALL, GROUP) else share_class,
        "as_of_date": figure.period.end,
        "share_count": int(figure.value),
        **about.provenance,
    }


def _aim(figure: Figure, about: About, watchlist: WatchList) -> Row:
    period = by_length(figure.period)
    return {
        **_shared(figure, about),
        "product_id": _product(figure, about, watchlist),
        "segment": _segment(figure, about) if figure.product == ALL else GROUP,
        "metric": figure.metric or fold(figure.label),
        "period_kind": period.kind,
        "period_start_date": period.start,
        "currency": figure.currency,
        "document_id": about.document_id,
        "place": _place(figure),
        "said_by": about.company.id if figure.status != "estimate" else "",
        "kind": figure.status,
        "value": _fitted(figure.value),
        "value_low": _fitted(figure.value_low),
        "value_high": None if figure.value_high is None else _fitted(figure.value_high),
        "qualifier": figure.qualifier,
        "unit": figure.unit,
        "authority": about.authority,
        "evidence": figure.place.evidence,
    }


def _shared(figure: Figure, about: About) -> Row:
    return {"company_id": about.company.id, "period_end_date": figure.period.end, **about.provenance}


def _unit(figure: Figure) -> str:
    return {"currency": figure.currency, "currency per share": f"{figure.currency}/shares"}.get(
        figure.unit, figure.unit
    )


def _place(figure: Figure) -> str:
    return f"page {figure.place.page}, characters {figure.place.start}-{figure.place.end}"


def _fitted(value: Decimal) -> Decimal:
    return value.quantize(_DIGITS)


def _set_aside(table: Table, reason: str, figure: Figure, about: About, more: Mapping[str, Any] = _NO_MORE) -> SetAside:
    row = {
        "company_id": about.company.id,
        "document_id": about.document_id,
        "metric": figure.metric,
        "label": figure.label,
        "value": figure.value,
        "currency": figure.currency,
        "period_start_date": figure.period.start,
        "period_end_date": figure.period.end,
        "place": figure.place.evidence,
        **more,
    }
    return SetAside(table.name, reason, row, about.provenance["snapshot_id"], about.provenance["source_id"])
