"""The transforms of all sources of prices, by the names that the registry knows."""

from transforms.tidy_tencent_daily import tidy_tencent_daily
from transforms.tidy_tencent_realtime import tidy_tencent_realtime
from transforms.tidy_yahoo_chart import tidy_yahoo_chart

__all__ = ["tidy_tencent_daily", "tidy_tencent_realtime", "tidy_yahoo_chart"]
