"""What all calls of CNINFO have in common: who publishes it, its terms, its pace and its zone."""

from zoneinfo import ZoneInfo

from extractors.source import Pace

HOME = "http://www.cninfo.com.cn"
PUBLISHER = "Shenzhen Securities Information"
TERMS = "Designated site for disclosures of mainland listings; no terms for automated use are published."
WHY_OFF = "CNINFO publishes no terms for automated use, so that asking it is the operator's decision."
PACE = Pace(2.0, across="cninfo.com.cn")
SHANGHAI = ZoneInfo("Asia/Shanghai")
