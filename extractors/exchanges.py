"""The exchanges that we know, by their ISO 10383 market identifier code."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Exchange:
    """One exchange: the zone of its trading day and the currency that most of its lines trade in."""

    mic: str
    name: str
    zone: ZoneInfo
    currency: str


EXCHANGES = {
    exchange.mic: exchange
    for exchange in (
        Exchange("XHKG", "Hong Kong Exchanges", ZoneInfo("Asia/Hong_Kong"), "HKD"),
        Exchange("XNAS", "Nasdaq", ZoneInfo("America/New_York"), "USD"),
        Exchange("XNYS", "New York Stock Exchange", ZoneInfo("America/New_York"), "USD"),
        Exchange("XSHE", "Shenzhen Stock Exchange", ZoneInfo("Asia/Shanghai"), "CNY"),
        Exchange("XSHG", "Shanghai Stock Exchange", ZoneInfo("Asia/Shanghai"), "CNY"),
    )
}
