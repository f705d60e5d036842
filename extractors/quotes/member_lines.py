"""The lines of an index's members: asked for their daily prices and nothing else, without being followed."""

from dataclasses import replace

from extractors.exchanges import EXCHANGES
from extractors.quotes.code_rules import Line, vendor_codes
from extractors.quotes.index_members import MemberSpan, shipped_spans
from extractors.watchlist import Security, WatchList

_EXCHANGE = EXCHANGES["XHKG"]


def with_members(watchlist: WatchList) -> WatchList:
    """Add the lines of the members of every index on the list, each over the span of its membership.

    A member that is followed itself has its line already. Codes follow the rules of each house, since nobody wrote
    them down for a line that nobody follows.
    """
    followed = {line.id for line in watchlist.securities}
    spans = (span for span in shipped_spans() if span.index_id in followed)
    lines = (member_line(span) for span in spans)
    return replace(watchlist, members=tuple(line for line in lines if line.id not in followed))


def member_line(span: MemberSpan) -> Security:
    """Make the line of one member."""
    codes = vendor_codes(Line(_EXCHANGE.mic, span.exchange_code))
    return Security(
        exchange=_EXCHANGE.mic,
        code=span.exchange_code,
        currency=_EXCHANGE.currency,
        name=span.name,
        valid_from=span.valid_from_date,
        valid_to=span.valid_to_date,
        yahoo=codes["yahoo"],
        tencent=codes["tencent"],
        sina=codes["sina"],
        eastmoney=codes["eastmoney"],
    )
