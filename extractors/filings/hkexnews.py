"""What all calls of HKEXnews have in common: who publishes it, its terms, its pace, its zone and its languages."""

from zoneinfo import ZoneInfo

from extractors.source import Pace

HOME = "https://www1.hkexnews.hk"
PUBLISHER = "Hong Kong Exchanges and Clearing Limited"
TERMS = "The terms of use (section 5) forbid automated access and text mining without written permission."
WHY_OFF = "HKEXnews' terms of use (section 5) forbid automated access without the exchange's written permission."
PACE = Pace(2.0, across="hkexnews.hk")
HONG_KONG = ZoneInfo("Asia/Hong_Kong")
LANGUAGES = {"e": "en", "c": "zh-Hant"}
"""Language by the letter in the names of its files."""
