"""The row of a day's last price, whatever the source."""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from extractors.exchanges import EXCHANGES
from extractors.snapshot import Snapshot
from extractors.watchlist import Security
from transforms.quote_series import public_since
from transforms.regular_closes import close_of, is_final_stamp
from transforms.tidy import origin


@dataclass(frozen=True, slots=True)
class Last:
    """A last price with the range of its day, in the currency of the line; a zero is no price."""

    stamped_at: datetime
    """When it was made; aware, in any zone."""
    last: Decimal
    open: Decimal | None
    high: Decimal | None
    low: Decimal | None
    volume: Decimal | None
    """Units traded, not lots."""
    turnover: Decimal | None

    @property
    def has_traded(self) -> bool:
        """Tell whether anything traded that day: before the open and on a halt there is a price and no trade."""
        return bool(self.last and (self.open or self.high or self.low or self.volume))


def last_quote(price: Last, line: Security, snapshot: Snapshot, source_id: str) -> dict[str, Any]:
    """Make the row of the day that the price is of, as traded.

    What an index has for volume and turnover is not a count of anything it trades. The bar of a running session was
    public when it was made.
    """
    stamp = price.stamped_at.astimezone(EXCHANGES[line.exchange].zone)
    is_final, is_index = is_final_stamp(line.exchange, stamp), line.kind == "index"
    known = close_of(line.exchange, stamp.date()) if is_final else stamp.astimezone(UTC)
    return {
        "security_id": line.id,
        "trade_date": stamp.date(),
        "price_basis": "as_traded",
        "open_price": _rounded(price.open),
        "high_price": _rounded(price.high),
        "low_price": _rounded(price.low),
        "close_price": round(price.last, 6),
        "volume": None if is_index or price.volume is None else round(price.volume),
        "turnover_amount": None if is_index or price.turnover is None else round(price.turnover, 6),
        "currency": line.currency,
        "is_final": is_final,
        "available_at": public_since(known, snapshot),
        **origin(snapshot, source_id),
    }


def _rounded(price: Decimal | None) -> Decimal | None:
    return round(price, 6) if price else None
