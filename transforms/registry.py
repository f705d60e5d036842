"""Which transform makes rows of which source's records, and in which order readings are preferred."""

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any

from extractors.reading import Read
from extractors.watchlist import WatchList
from transforms.tidy import Tidy

Transform = Callable[[Sequence[Read[Any]], WatchList], Tidy]

_GIVEN_RATES = (
    "frankfurter", "hkma", "fred", "bank_of_canada", "bank_of_england", "nbp", "amcm", "mas", "imf",
    "alpha_vantage_fx", "fixer", "currencylayer", "open_exchange_rates", "exchangerate_host", "open_er_api",
)  # fmt: skip
"""Sources of rates against one currency, the preferred one first: the ECB's own, authorities, services."""

_DOCUMENTS = ("sec_documents", "hkexnews_documents", "cninfo_documents", "added_documents", "issuer_pages")
"""Sources of documents that figures are read from, the preferred one first."""

_RETURNS = ("hkexnews_documents", "cninfo_documents", "added_documents")
"""Sources of documents in which issuers state their shares: the monthly return is the authority."""

_TRANSFORMS = {
    "watchlist_file": "transforms.tidy_watchlist:tidy_watchlist",
    "manual": "transforms.tidy_mending:tidy_mending",
    "tencent_daily": "transforms.tidy_tencent_daily:tidy_tencent_daily",
    "tencent_realtime": "transforms.tidy_tencent_realtime:tidy_tencent_realtime",
    "yahoo_chart": "transforms.tidy_yahoo_chart:tidy_yahoo_chart",
    "yahoo_quotes": "transforms.tidy_yahoo_quotes:tidy_yahoo_quotes",
    "yahoo_download": "transforms.tidy_yahoo_quotes:tidy_yahoo_download",
    "sina_realtime": "transforms.tidy_sina_realtime:tidy_sina_realtime",
    "eastmoney_daily": "transforms.tidy_eastmoney_daily:tidy_eastmoney_daily",
    "eastmoney_snapshot": "transforms.tidy_eastmoney_snapshot:tidy_eastmoney_snapshot",
    "nasdaq_historical": "transforms.tidy_nasdaq:tidy_nasdaq_historical",
    "nasdaq_dividends": "transforms.tidy_nasdaq:tidy_nasdaq_dividends",
    "alpha_vantage": "transforms.tidy_alpha_vantage:tidy_alpha_vantage",
    "stooq": "transforms.tidy_stooq:tidy_stooq",
    "hkex_quotes": "transforms.tidy_hkex_quotes:tidy_hkex_quotes",
    "trading_calendars": "transforms.tidy_calendars:tidy_trading_sessions",
    "index_members": "transforms.tidy_index_members:tidy_index_members",
    "hkex_securities": "transforms.tidy_official_lists:tidy_official_lists",
    "sec_tickers": "transforms.tidy_official_lists:tidy_official_lists",
    "ecb_rates": "transforms.tidy_fx:tidy_ecb_rates",
    **dict.fromkeys(_GIVEN_RATES, "transforms.tidy_given_rates:tidy_given_rates"),
    "sec_submissions": "transforms.tidy_filings:tidy_sec_submissions",
    "sec_companyfacts": "transforms.tidy_facts:tidy_sec_companyfacts",
    "sec_documents": "transforms.tidy_documents:tidy_sec_documents",
    "hkexnews_search": "transforms.tidy_filings:tidy_hkexnews_search",
    "hkexnews_documents": "transforms.tidy_documents:tidy_hkexnews_documents",
    "cninfo_documents": "transforms.tidy_documents:tidy_cninfo_documents",
    "hkexnews_board_meetings": "transforms.tidy_board_meetings:tidy_board_meetings",
    "added_documents": "transforms.tidy_documents:tidy_added_documents",
    "issuer_pages": "transforms.tidy_documents:tidy_issuer_pages",
    "sec_filing_index": "transforms.tidy_filing_lists:tidy_sec_filing_index",
    "sec_indexes": "transforms.tidy_filing_lists:tidy_sec_indexes",
    "sec_feeds": "transforms.tidy_filing_lists:tidy_sec_feeds",
    "sec_search": "transforms.tidy_filing_lists:tidy_sec_search",
    "hkexnews_latest": "transforms.tidy_filing_lists:tidy_hkexnews_latest",
    "cninfo_announcements": "transforms.tidy_filing_lists:tidy_cninfo_announcements",
    "hkexnews_stocks": "transforms.tidy_outside_lists:tidy_hkexnews_stocks",
    "hkexnews_categories": "transforms.tidy_outside_lists:tidy_hkexnews_categories",
    "cninfo_stocks": "transforms.tidy_outside_lists:tidy_cninfo_stocks",
    "eastmoney_announcements": "transforms.tidy_outside_lists:tidy_eastmoney_announcements",
    "eastmoney_financials": "transforms.tidy_outside_lists:tidy_eastmoney_financials",
    "followers_file": "transforms.tidy_followers_file:tidy_followers_file",
    "bilibili": "transforms.tidy_followers:tidy_bilibili",
    "weibo": "transforms.tidy_followers:tidy_weibo",
    "github": "transforms.tidy_followers:tidy_github",
    "mastodon": "transforms.tidy_followers:tidy_mastodon",
    "bluesky": "transforms.tidy_followers:tidy_bluesky",
    "telegram": "transforms.tidy_followers:tidy_telegram",
    "youtube": "transforms.tidy_followers:tidy_youtube",
    "youtube_innertube": "transforms.tidy_followers:tidy_youtube_innertube",
    "x": "transforms.tidy_followers:tidy_x",
    "x_graphql": "transforms.tidy_followers:tidy_x_graphql",
    "reddit": "transforms.tidy_followers:tidy_reddit",
    "facebook": "transforms.tidy_followers:tidy_facebook",
    "instagram_graph": "transforms.tidy_followers:tidy_instagram_graph",
    "instagram": "transforms.tidy_followers:tidy_instagram",
    "tiktok": "transforms.tidy_followers:tidy_tiktok",
    "douyin": "transforms.tidy_followers:tidy_douyin",
    "kuaishou": "transforms.tidy_followers:tidy_kuaishou",
    "xiaohongshu": "transforms.tidy_followers:tidy_xiaohongshu",
    "news_feeds": "transforms.tidy_articles:tidy_feeds",
    "news_site_maps": "transforms.tidy_articles:tidy_site_maps",
    "news_lists": "transforms.tidy_articles:tidy_lists",
    "news_articles": "transforms.tidy_articles:tidy_articles",
}

RANKS: Mapping[str, tuple[str, ...]] = {
    "core.daily_quotes_by_source": (
        "tencent_daily", "tencent_realtime", "eastmoney_daily", "alpha_vantage", "sina_realtime", "eastmoney_snapshot",
        "yahoo_quotes", "hkex_quotes", "yahoo_chart", "nasdaq_historical", "yahoo_download", "stooq",
    ),
    "core.corporate_actions_by_source": ("yahoo_chart", "tencent_daily", "nasdaq_dividends", "alpha_vantage"),
    "core.shares_outstanding_by_source": (
        *_RETURNS, "hkex_quotes", "tencent_realtime", "sec_companyfacts", "eastmoney_snapshot",
    ),
    "core.fx_rates_by_source": ("ecb_rates", *_GIVEN_RATES),
    "core.filings_by_source": (
        "sec_submissions", "sec_filing_index", "sec_feeds", "sec_search", "sec_indexes",
        "hkexnews_search", "hkexnews_latest", "cninfo_announcements",
    ),
    "core.financial_facts_by_source": ("sec_companyfacts", *_DOCUMENTS),
    "core.operating_kpis_by_source": _DOCUMENTS,
    "core.follower_counts": ("manual", "x", "youtube", "instagram_graph", "x_graphql", "youtube_innertube"),
    "core.articles_by_source": ("news_articles", "news_feeds", "news_site_maps", "news_lists"),
}  # fmt: skip
"""For each table of readings its sources, the preferred one first."""

_HONG_KONG = ("tencent_daily", "yahoo_chart", "eastmoney_daily")
_MAINLAND = ("tencent_daily", "eastmoney_daily", "yahoo_chart")
_NEW_YORK = ("tencent_daily", "nasdaq_historical", "yahoo_chart", "eastmoney_daily", "alpha_vantage")
_LAST_PRICES = ("tencent_realtime", "sina_realtime", "eastmoney_snapshot")

ORDERS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "daily_bars": {
        "XHKG": _HONG_KONG, "XSHG": _MAINLAND, "XSHE": _MAINLAND, "XNAS": _NEW_YORK, "XNYS": _NEW_YORK,
    },
    "last_prices": dict.fromkeys(("XHKG", "XSHG", "XSHE", "XNAS", "XNYS"), _LAST_PRICES),
    "rates": {"": ("ecb_rates", "frankfurter", "open_er_api")},
    "dollar_rates": {"": ("ecb_rates", "hkma", "fred")},
}  # fmt: skip
"""For each kind and market the sources that give it, in the order in which they are asked.

The next is asked only for what those before it left open. A market is an exchange; rates have none. A source in no
order is always asked.
"""


def transform_of(source_id: str) -> Transform:
    """Find the transform of a source."""
    module, _, name = _TRANSFORMS[source_id].partition(":")
    transform: Transform = getattr(import_module(module), name)
    return transform
