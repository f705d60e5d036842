"""What rows and columns of tables of deliveries count, as their labels say, and of which product.

A label that says anything beside metric, product and unit, such as a growth or a target, is none that we know.
"""

import re
from dataclasses import dataclass

from transforms.figures.figure import ALL
from transforms.figures.plain import plain

LEVELS = frozenset({"stores", "charging_stations", "charging_piles", "service_centers"})
"""Metrics that hold at the end of a period."""
UNITS = {
    "deliveries": "vehicles", "production": "vehicles", "sales_volume": "vehicles", "exports": "vehicles",
    "stores": "stores", "charging_stations": "stations", "charging_piles": "piles", "service_centers": "centres",
    "energy_storage_deployed": "GWh", "smartphone_shipments": "units", "operating_lease_share": "%",
}  # fmt: skip
_METRICS = (
    ("energy_storage_deployed", r"(?:energy )?storage (?:deployed|deployments?)(?: \(gwh\))?"),
    ("charging_stations", r"(?:super ?charg(?:er|ing)|charging|battery swap|power swap) stations?|充电站|换电站"),
    ("charging_piles", r"supercharger connectors?|charging (?:piles|stalls)|充电桩"),
    ("stores", r"(?:retail |sales )?stores?|门店(?:数量?)?"),
    ("service_centers", r"servic(?:e|ing) cent(?:er|re)s?"),
    ("smartphone_shipments", r"smartphone shipments?|智能手机出货量"),
    ("sales_volume", r"(?:vehicle )?(?:sales volumes?|wholesales?)|(?:汽车)?销(?:售)?量"),
    ("deliveries", r"(?:vehicle )?(?:deliver(?:ies|ed)|delivery(?: volume)?)|(?:汽车|新车|车辆)?总?交付(?:量|数量)?"),
    ("production", r"(?:vehicle )?produc(?:tion|ed)(?: volume)?|(?:汽车)?产量"),
)  # fmt: skip
_COMPILED = tuple((metric, re.compile(rf"(?<![a-z]){pattern}(?![a-z])")) for metric, pattern in _METRICS)
_SPARE = re.compile(
    r"\btotal\b|\bnumber of\b|\bvehicles?\b|\bunits?\b|\bquarterly\b|\bmonthly\b|\bof\b|\bcars?\b|总计|合计|总|"
    r"数量|辆|台|\((?:in )?(?:units?|vehicles?|辆|台|\d|[a-z])\)|[:：*]|^[-–]\s*|^\W+$"
)
_TOTAL = re.compile(r"^(?:grand |group )?total$|^(?:合计|总计)$")
_RISKY = re.compile(
    r"cumulative|accumulat|average|daily|target|guidance|growth|change|percent|%|share|margin|capacity|revenue|days|"
    r"backlog|orders?|expected|forecast|estimate|rate|price|inventory|count|ytd|year|month|quarter|since|employees|"
    r"累计|平均|目标|增长|同比|环比|占比|产能|收入|库存|预计|去年|本年|today|click|share"
)
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class CountLabel:
    """What a label says; the metric is empty where it names a product alone."""

    metric: str
    product: str = ALL


def label_of(text: str) -> CountLabel | None:
    """Read the label of a row; None for one that is not of counts."""
    said = plain(text)
    if len(said) > _LONGEST or re.search(r"[.。;；]", said):
        return None
    if _TOTAL.match(said):
        return CountLabel("")
    found = [(metric, pattern) for metric, pattern in _COMPILED if pattern.search(said)]
    metric, rest = "", said
    if found:
        metric, pattern = found[0]
        rest = pattern.sub(" ", said, count=1)
        if len(found) > 1 and any(pattern.search(rest) for _, pattern in found[1:]):
            return None
    rest = " ".join(_SPARE.sub(" ", rest).split())
    if _RISKY.search(rest) or (not rest and not metric):
        return None
    return CountLabel(metric, _as_written(rest, text) if rest else ALL)


def _as_written(rest: str, text: str) -> str:
    """Give the words of a product in the case of the document."""
    found = re.search(re.escape(rest), text, re.IGNORECASE)
    return found[0] if found else rest


def metric_in(text: str) -> str | None:
    """Give the metric that a title names, if it names one only."""
    said = plain(text)
    found = {metric for metric, pattern in _COMPILED if metric not in LEVELS and pattern.search(said)}
    return found.pop() if len(found) == 1 else None
