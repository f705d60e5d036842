"""Every source, in the order in which an address is offered to them."""

from importlib import import_module
from urllib.parse import urlsplit

from extractors.news.listed import feed_of
from extractors.source import Extractor
from extractors.watchlist import WatchList

_MODULES = (
    "extractors.watchlist_file",
    "extractors.mending",
    "extractors.quotes.tencent_daily",
    "extractors.quotes.tencent_realtime",
    "extractors.quotes.yahoo_chart",
    "extractors.quotes.yahoo_quotes",
    "extractors.quotes.yahoo_download",
    "extractors.quotes.sina_realtime",
    "extractors.quotes.eastmoney_daily",
    "extractors.quotes.eastmoney_snapshot",
    "extractors.quotes.nasdaq_historical",
    "extractors.quotes.nasdaq_dividends",
    "extractors.quotes.alpha_vantage",
    "extractors.quotes.stooq",
    "extractors.quotes.hkex_quotes",
    "extractors.quotes.trading_calendars",
    "extractors.quotes.index_members",
    "extractors.quotes.hkex_securities",
    "extractors.fx.ecb_rates",
    "extractors.fx.frankfurter",
    "extractors.fx.hkma",
    "extractors.fx.fred",
    "extractors.fx.open_er_api",
    "extractors.fx.bank_of_canada",
    "extractors.fx.bank_of_england",
    "extractors.fx.nbp",
    "extractors.fx.mas",
    "extractors.fx.amcm",
    "extractors.fx.imf",
    "extractors.fx.alpha_vantage_fx",
    "extractors.fx.fixer",
    "extractors.fx.currencylayer",
    "extractors.fx.exchangerate_host",
    "extractors.fx.open_exchange_rates",
    "extractors.filings.added_documents",
    "extractors.filings.issuer_pages",
    "extractors.filings.sec_tickers",
    "extractors.filings.sec_submissions",
    "extractors.filings.sec_companyfacts",
    "extractors.filings.sec_filing_index",
    "extractors.filings.sec_indexes",
    "extractors.filings.sec_feeds",
    "extractors.filings.sec_search",
    "extractors.filings.sec_documents",
    "extractors.filings.hkexnews_search",
    "extractors.filings.hkexnews_documents",
    "extractors.filings.hkexnews_latest",
    "extractors.filings.hkexnews_stocks",
    "extractors.filings.hkexnews_categories",
    "extractors.filings.hkexnews_board_meetings",
    "extractors.filings.cninfo_documents",
    "extractors.filings.cninfo_announcements",
    "extractors.filings.cninfo_stocks",
    "extractors.filings.eastmoney_announcements",
    "extractors.filings.eastmoney_financials",
    "extractors.social.followers_file",
    "extractors.social.bilibili",
    "extractors.social.weibo",
    "extractors.social.github",
    "extractors.social.mastodon",
    "extractors.social.bluesky",
    "extractors.social.telegram",
    "extractors.social.youtube",
    "extractors.social.youtube_innertube",
    "extractors.social.x",
    "extractors.social.x_graphql",
    "extractors.social.reddit",
    "extractors.social.facebook",
    "extractors.social.instagram_graph",
    "extractors.social.instagram",
    "extractors.social.tiktok",
    "extractors.social.douyin",
    "extractors.social.kuaishou",
    "extractors.social.xiaohongshu",
    "extractors.news.site_maps",
    "extractors.news.lists",
    "extractors.news.feeds",
    "extractors.news.articles",
)


def _extractor(name: str) -> Extractor:
    module = import_module(name)
    return Extractor(module.SOURCE, module.matches, module.fetch, module.parse)


EXTRACTORS: tuple[Extractor, ...] = tuple(_extractor(name) for name in _MODULES)
BY_ID = {one.source.id: one for one in EXTRACTORS}


_OF_KIND = {"feed": "news_feeds", "sitemap": "news_site_maps", "list": "news_lists"}
"""Which source reads what stands on the watch list; a list page has no mark in its address."""


def claimant(url: str, watchlist: WatchList | None = None) -> Extractor | None:
    """Find the source that answers an address: the one that the watch list names it for, else the first that claims it.

    Archives of other tools hold addresses that are none.
    """
    try:
        urlsplit(url)
    except ValueError:
        return None
    if watchlist is not None and (feed := feed_of(url, watchlist)):
        return BY_ID[_OF_KIND[feed.kind]]
    return next((one for one in EXTRACTORS if one.matches(url)), None)
