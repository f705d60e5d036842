"""Last prices of Hong Kong's lines and indices, and the exchange's own count of issued shares with its day.

Published by   the exchange, for the quote pages of its own site
Read from      the `getequityquote` and `getmarketmarquee` calls of its widget, 15 minutes late
Know that      it is never asked: its token is made by its page for its readers, and its terms forbid collection;
               answers of archives are read; the JSON stands in a function call; numbers are texts with commas; volume
               and turnover are rounded to two digits of a unit beside them, so that they are no counts; times are Hong
               Kong's and have no zone; `trdstatus` is N in normal trading; codes are not padded
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from extractors.answers import refuse_html, require_ok
from extractors.client import Client, Fetched
from extractors.errors import NothingThere, Refused, ShapeChanged
from extractors.quotes.callback import without_callback
from extractors.quotes.nameless_fields import is_plain
from extractors.quotes.price_columns import NOTHING
from extractors.reading import Reading, Record, json_body
from extractors.snapshot import Snapshot
from extractors.source import Need, Pace, Query, Source

SOURCE = Source(
    "hkex_quotes",
    title="Last prices and issued shares",
    publisher="Hong Kong Exchanges",
    kind="quotes",
    home_url="https://www.hkex.com.hk/",
    pace=Pace(seconds=3),
    tables=("core.daily_quotes_by_source", "core.shares_outstanding_by_source"),
    terms="The terms forbid automated collection without permission and passing the data on.",
    needs=Need.PERMISSION,
    is_on_by_default=False,
    why_off="It wants a token that its own page makes, which Dragongate does not take; it is only read from archives.",
)

_HONG_KONG = ZoneInfo("Asia/Hong_Kong")
_PATH = re.compile(r"/hkexwidget/data/(getequityquote|getmarketmarquee)/?")
_GOOD = "000"
_LARGEST_PRICE = 10**11
_QUOTE_KNOWN = (
    "am", "am_u", "amt_ccy", "as", "as_at_label", "asset_class", "aum", "aum_date", "aum_u", "base_currency", "bd",
    "board_lot_nominal", "call_price", "callput_indicator", "chairman", "class_A_description", "class_B_description",
    "coupon", "csic_classification", "days_to_expiry", "db_updatetime", "depositary", "div_yield", "domicile_country",
    "eff_gear", "entitlement_ratio", "eps", "eps_ccy", "etp_baseCur", "ew_amt_os", "ew_amt_os_cur", "ew_amt_os_dat",
    "ew_desc", "ew_strike", "ew_strike_cur", "ew_sub_per_from", "ew_sub_per_to", "ew_sub_right", "ew_underlying_code",
    "exotic_type", "exotic_warrant_indicator", "expiry_date", "f_aum_hkd", "fiscal_year_end", "floating_flag",
    "geographic_focus", "hdr", "hi52", "hist_closedate", "hsic_ind_classification", "hsic_sub_sector_classification",
    "inception_date", "incorpin", "inline_lower_strike_price", "inline_upper_strike_price", "interest_payment_date",
    "investment_focus", "isin", "issue", "issued_shares_note", "issuer_name", "iv", "launch_date", "listing_category",
    "listing_date", "lo52", "lot", "management_fee", "mkt_cap", "mkt_cap_u", "moneyness", "nav", "nav_ccy", "nav_date",
    "nc", "nm", "nom_ccy", "office_address", "original_offer_price", "os", "pc", "pe", "premium", "primary_market",
    "primaryexch", "product_subtype", "product_type", "registrar", "replication_method", "ric", "rs_stock_flag",
    "secondary_listing", "secondary_listing_flag", "sedol", "strike_price", "strike_price_ccy", "summary", "tck",
    "transfer_of_listing_date", "underlying_code", "underlying_index", "underlying_ric", "update_time", "vo", "vo_u",
    "wnt_gear", "yield",
)  # fmt: skip
_INDEX_KNOWN = ("fut", "nc", "nm_l", "pc")


@dataclass(frozen=True, slots=True)
class LastPrice:
    """One line or index; None where the exchange says nothing."""

    code: str
    """The exchange's code in five digits, or the name of an index without its point."""
    name: str
    currency: str
    """Empty for an index."""
    status: str
    """N in normal trading; empty for an index."""
    last: Decimal | None
    open: Decimal | None
    high: Decimal | None
    low: Decimal | None
    previous_close: Decimal | None
    stamped_at: datetime | None
    """In Hong Kong's zone."""
    issued_shares: Decimal | None = None
    class_a_shares: Decimal | None = None
    class_b_shares: Decimal | None = None
    issued_on: date | None = None
    """The day on which the counts held."""
    is_h_share: bool = False


def matches(url: str) -> bool:
    """Tell whether this is a call for one quote or for the indices; the widget has charts and searches too."""
    parts = urlsplit(url)
    is_here = re.fullmatch(r"www1?\.hkex\.com\.hk", parts.hostname or "") is not None
    return is_here and _PATH.fullmatch(parts.path) is not None


def fetch(client: Client, query: Query) -> Iterator[Fetched]:
    """Ask for nothing: what would be needed is a token made for the readers of a page."""
    del client, query
    yield from ()


def parse(snapshot: Snapshot) -> Reading[LastPrice]:
    """Read the quote or the indices of one answer.

    Raises NothingThere for an unknown code, Refused for a token that does not hold, ShapeChanged for an answer that is
    cut off and a value that is no number.
    """
    require_ok(snapshot)
    refuse_html(snapshot)
    answer = Record(json_body(without_callback(snapshot)), snapshot)
    answer.ignore("qid")
    data = answer.record("data")
    code, words = data.text("responsecode"), data.optional_text("responsemsg") or ""
    if code != _GOOD:
        error = Refused if "token" in words.lower() or not words else NothingThere
        raise error("key" if error is Refused else "unknown_symbol", snapshot.at(f"response {code}: {words}"))
    rows = [data.record("quote")] if "quote" in data else data.records("indices")
    prices = tuple(_quote(row, snapshot) if "quote" in data else _index(row, snapshot) for row in rows)
    if not prices:
        raise NothingThere("unknown_symbol", snapshot.at("the exchange knows none of the codes"))
    return Reading(prices, (*answer.drift(), *data.drift(), *(one for row in rows for one in row.drift())))


def _quote(row: Record, snapshot: Snapshot) -> LastPrice:
    row.ignore(*_QUOTE_KNOWN)
    issued_on = row.optional_text("shares_issued_date")
    return LastPrice(
        code=row.text("sym").zfill(5),
        name=row.text("nm_s"),
        currency=row.text("ccy"),
        status=row.text("trdstatus"),
        last=_price(row, "ls", snapshot),
        open=_price(row, "op", snapshot),
        high=_price(row, "hi", snapshot),
        low=_price(row, "lo", snapshot),
        previous_close=_price(row, "hc", snapshot),
        stamped_at=row.local_time("updatetime", _HONG_KONG, "%d %b %Y %H:%M") if row.optional("updatetime") else None,
        issued_shares=_number(row, "amt_os", snapshot),
        class_a_shares=_number(row, "issued_shares_class_A", snapshot),
        class_b_shares=_number(row, "issued_shares_class_B", snapshot),
        issued_on=row.day("shares_issued_date", "%d %b %Y") if issued_on else None,
        is_h_share=row.flag("h_share_flag") if row.optional("h_share_flag") is not None else False,
    )


def _index(row: Record, snapshot: Snapshot) -> LastPrice:
    row.ignore(*_INDEX_KNOWN)
    day, clock = row.text("date"), row.text("tm")
    return LastPrice(
        code=row.text("ric").removeprefix("."),
        name=row.text("nm_s"),
        currency="",
        status="",
        last=_price(row, "ls", snapshot),
        open=_price(row, "op", snapshot),
        high=_price(row, "hi", snapshot),
        low=_price(row, "lo", snapshot),
        previous_close=_price(row, "hc", snapshot),
        stamped_at=_stamp(f"{day} {clock}", snapshot) if day and clock else None,
    )


def _stamp(text: str, snapshot: Snapshot) -> datetime:
    try:
        return datetime.strptime(text, "%d %b %Y %H:%M").replace(tzinfo=_HONG_KONG)
    except ValueError:
        raise ShapeChanged(
            "indices.date", snapshot.at(f"expected a time like 26 Jan 2026 16:08, got {text!r:.40}")
        ) from None


def _price(row: Record, name: str, snapshot: Snapshot) -> Decimal | None:
    value = _number(row, name, snapshot, is_needed=True)
    if value is not None and abs(value) >= _LARGEST_PRICE:
        raise ShapeChanged(name, snapshot.at(f"{name}: expected a price, got {value}"))
    return value


def _number(row: Record, name: str, snapshot: Snapshot, *, is_needed: bool = False) -> Decimal | None:
    """Take a number such as 1,680,306,637; None where a text stands for none."""
    text = row.text(name) if is_needed else row.optional_text(name) or ""
    plain = text.strip()
    if plain in NOTHING:
        return None
    try:
        value = Decimal(plain.replace(",", ""))
    except InvalidOperation:
        value = Decimal("NaN")
    if not is_plain(value):
        raise ShapeChanged(name, snapshot.at(f"{name}: expected a number, got {text!r:.40}"))
    return value
