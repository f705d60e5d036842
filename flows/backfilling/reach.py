"""Which sources have a past that can be asked for, and how: a backfill of any other could have no effect."""

from collections.abc import Mapping

from extractors.source import Source

WITH_EVERY_WINDOW = ("watchlist_file", "trading_calendars", "index_members")
"""What ships with Dragongate or lies in the home: it asks nobody and belongs to whatever else is loaded."""

_NOW = "it gives the state of the moment, and no earlier one"
_NEWEST = "it gives its newest entries alone, whatever days are asked for"
_LIST = "it is a list as it stands today; the next run reads it"
_BY_HAND = "it is brought in by hand"
_NOT_ASKED = "it is read where an archive holds it, and never asked"

_NO_PAST_OF_KIND: Mapping[str, str] = {"social": _NOW, "reference": _LIST}
_NO_PAST: Mapping[str, str] = {
    "followers_file": _BY_HAND,
    "manual": _BY_HAND,
    "added_documents": _BY_HAND,
    "tencent_realtime": _NOW,
    "sina_realtime": _NOW,
    "eastmoney_snapshot": _NOW,
    "hkex_quotes": _NOW,
    "yahoo_quotes": _NOW,
    "open_er_api": _NOW,
    "alpha_vantage_fx": _NEWEST,
    "fixer": _NOW,
    "currencylayer": _NOW,
    "exchangerate_host": _NOW,
    "open_exchange_rates": _NOW,
    "mas": _NOT_ASKED,
    "yahoo_download": _NOT_ASKED,
    "eastmoney_announcements": _NEWEST,
    "news_feeds": _NEWEST,
    "news_site_maps": _NEWEST,
    "news_lists": _NEWEST,
    "sec_feeds": _NEWEST,
    "hkexnews_latest": _NEWEST,
    "hkexnews_board_meetings": "it gives what is to come",
    "hkexnews_stocks": _LIST,
    "hkexnews_categories": _LIST,
    "cninfo_stocks": _LIST,
    "sec_tickers": _LIST,
}
"""Why there is nothing to ask for, by source."""

WHOLE = frozenset({"sec_companyfacts", "nasdaq_dividends", "eastmoney_financials"})
"""Sources whose answer holds all there ever was, whatever days are asked for: asked once, they are asked."""


def why_no_past(source: Source) -> str:
    """Say why earlier days cannot be asked of a source; an empty text where they can."""
    if source.id in WITH_EVERY_WINDOW:
        return ""
    return _NO_PAST.get(source.id) or _NO_PAST_OF_KIND.get(source.kind, "")
