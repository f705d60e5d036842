"""Exchange rates. One direction everywhere: units of the quote currency for one unit of the base currency."""

from warehouse.tables.quotes import CHOICE
from warehouse.tables.table import Check, Freshness, Load, Table, day, flag, provenance, rate, text

_IN_THE_BAND = "rate BETWEEN 7.75 AND 7.85 OR is_derived AND rate BETWEEN 7.745 AND 7.855"
"""Within these the Monetary Authority buys and sells US dollars; a cross of rounded rates may lie a little outside."""


def _pegged(rule: str) -> str:
    """Ask a rule of Hong Kong dollars for a US dollar, since the day on which the peg got its band."""
    return f"base_currency || quote_currency <> 'USDHKD' OR rate_date < '2005-05-18' OR {rule}"


FX_RATES_BY_SOURCE = Table(
    "core.fx_rates_by_source",
    grain="one currency pair and day, as one source gives it or as its own rates imply",
    columns=(
        text("base_currency", "Currency of which one unit is priced, ISO 4217"),
        text("quote_currency", "Currency of the price, ISO 4217"),
        day("rate_date", "The date that the source gave; never the date that was asked for"),
        rate("rate", "Units of quote_currency for one unit of base_currency"),
        flag("is_derived", "Crossed or inverted from the source's own rates of the same date"),
        text(
            "rate_kind",
            "What the source's numbers are: reference (a daily fixing), mid (between bid and offer), noon, average (of "
            "the day), end_of_day, close (last trade), blend (of houses that the source does not name)",
            optional=True,
        ),
        *provenance("When the source published the date's rates"),
    ),
    key=("base_currency", "quote_currency", "rate_date", "source_id"),
    checks=(
        Check("rate_is_positive", "rate > 0"),
        Check("hong_kong_peg_is_in_sight", _pegged("rate BETWEEN 7 AND 8.6")),
        Check("hong_kong_peg_holds", _pegged(_IN_THE_BAND), blocking=False),
    ),
)

FX_RATES = Table(
    "core.fx_rates",
    grain="one currency pair and day, from the best source that has it",
    columns=(*FX_RATES_BY_SOURCE.columns, *CHOICE),
    key=("base_currency", "quote_currency", "rate_date"),
    load=Load.CHOSEN,
    chosen_from=FX_RATES_BY_SOURCE.name,
    chosen_by=("source_rank ASC", "is_derived ASC", "fetched_at DESC", "snapshot_id ASC"),
    disputed_when="greatest_rate > least_rate * 1.005",
    fresh_within=Freshness("rate_date", hours=24 * 5),  # over Easter Thursday's rates are the newest until Tuesday
)

TABLES = (FX_RATES_BY_SOURCE, FX_RATES)
