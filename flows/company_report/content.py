"""What a report says: its parts in their order, each with a title that states what it shows, whatever the form."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

from flows.company_report import charts
from flows.company_report.charts import Picture
from flows.company_report.numbers import bounded, change, qualified, short, shown
from warehouse.company_report import HONG_KONG, CompanyReport

Row = dict[str, Any]
NEWS_DAYS = 60


@dataclass(frozen=True, slots=True)
class Target:
    """A market value to look at, in a currency that market values are kept in."""

    value: float
    currency: str


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the page: a picture with its table, or a sentence why there is none."""

    anchor: str
    heading: str
    says: str
    """One sentence with the newest figures."""
    source: str
    """Tables, units and day."""
    picture: Picture | None
    nothing: str
    """One sentence for where there is nothing to draw."""


def until(report: CompanyReport) -> str:
    """Say until when something counts, in the time of Hong Kong."""
    at = report.at.astimezone(HONG_KONG)
    whole_day = at.time() == time.max
    return f"the end of {report.day} in Hong Kong" if whole_day else f"{at:%H:%M} on {report.day} in Hong Kong"


def parts(report: CompanyReport, target: Target) -> Iterator[Part]:
    """Give the parts that are drawn, in the order of the page."""
    day = report.day
    this_year = f"of the sessions of {day.year} "
    yield _part(
        "price",
        "Price against rivals and index",
        report.prices,
        lambda: charts.prices(report.prices),
        _prices_say(report),
        f"mart.company_daily, change since the last close of {day.year - 1}, %, to {day}",
        _nothing(this_year, day),
    )
    yield _part(
        "road",
        f"The road to {short(target.value, target.currency)}",
        report.market_values,
        lambda: charts.road(report.market_values, target.currency, target.value),
        _road_says(report, target),
        f"mart.market_value: all shares in issue at the close, bn {target.currency}, to {day}",
        _nothing(this_year, day),
    )
    yield _part(
        "results",
        "Revenue and profit by quarter",
        report.quarters,
        lambda: charts.quarters(report.quarters),
        _quarters_say(report),
        f"mart.quarterly_results, as filed by {day}",
        _nothing("", day),
    )
    with_revenue = [row for row in report.segments if row["revenue"] is not None]
    yield _part(
        "segments",
        "Revenue by segment",
        with_revenue,
        lambda: charts.segments(report.segments),
        _segments_say(report),
        f"core.financial_facts by segment, as filed by {day}",
        _nothing("", day),
    )
    yield _part(
        "deliveries",
        "Vehicles handed over, month by month",
        report.deliveries,
        lambda: charts.deliveries(report.deliveries),
        _deliveries_say(report),
        f"mart.monthly_deliveries of the company and its rivals, vehicles, as stated by {day}",
        _nothing("of the last 13 months ", day),
    )
    yield _part(
        "followers",
        "Followers of its people, brands and products",
        report.followers,
        lambda: charts.followers(report.followers),
        _followers_say(report),
        f"mart.follower_growth, people, to {day}; days without a reading stay gaps",
        _nothing("", day),
    )
    yield _part("news", "News", report.news,
        lambda: charts.news(report.news, day - timedelta(days=NEWS_DAYS), day, story_days(report)),
                _news_say(report), f"mart.news_volume, articles a day of Hong Kong, to {day}",
                _nothing(f"of the last {NEWS_DAYS} days ", day))  # fmt: skip


def _part(
    anchor: str, heading: str, rows: list[Row], draw: Callable[[], Picture], says: str, source: str, nothing: str
) -> Part:
    return Part(anchor, heading, says, source, draw() if rows and says else None, nothing)


def _nothing(within: str, day: date) -> str:
    return f"Nothing {within or 'of it '}was public here by {day}."


def _prices_say(report: CompanyReport) -> str:
    last = {row["name"]: row["change_pct"] for row in report.prices if row["change_pct"] is not None}
    if not last:
        return ""
    main = last.pop(report.name, None)
    others = ", ".join(f"{name} {change(value)}" for name, value in sorted(last.items(), key=lambda one: -one[1]))
    unpriced = sorted({row["name"] for row in report.prices} - {*last, report.name})
    if not any(row["is_index"] for row in report.prices):
        unpriced.append("the index")
    missing = f" Without a close of December {report.day.year - 1} here: {', '.join(unpriced)}." if unpriced else ""
    held = f"; {others}" if others else ""
    if main is None:
        return f"No close of {report.name} of December {report.day.year - 1} is here, so it has no line{held}.{missing}"
    return f"{report.name} {change(main)} since the last close of {report.day.year - 1}{held}.{missing}"


def _road_says(report: CompanyReport, target: Target) -> str:
    known = [row for row in report.market_values if row[target.currency.lower()]]
    if not known:
        return ""
    newest = known[-1]
    value = newest[target.currency.lower()]
    missing = target.value - value
    rest = (
        f"{short(missing, target.currency)} short of it, {change(100 * missing / value)}" if missing > 0 else "reached"
    )
    return (
        f"{short(value, target.currency)} on {newest['trade_date']}, {rest}. It counts {newest['share_count']:,} "
        f"shares in issue as of {newest['shares_as_of_date']}."
    )


def _quarters_say(report: CompanyReport) -> str:
    if not report.quarters:
        return ""
    newest = report.quarters[-1]
    grown = (
        f" ({change(newest['revenue_yoy_pct'])} on the year before)" if newest["revenue_yoy_pct"] is not None else ""
    )
    kind = "adjusted net profit" if newest["is_adjusted"] else "net profit"
    profit = f", {kind} {short(newest['profit'], newest['currency'])}" if newest["profit"] is not None else ""
    return f"{newest['calendar_quarter']}: revenue {short(newest['revenue'], newest['currency'])}{grown}{profit}."


def _segments_say(report: CompanyReport) -> str:
    if not report.segments:
        return ""
    newest = report.segments[-1]["calendar_quarter"]
    told = [
        f"{row['label']} {short(row['revenue'], row['currency'] or '')}"
        + (f" at a gross margin of {row['gross_margin_pct']:.1f} %" if row["gross_margin_pct"] is not None else "")
        for row in report.segments
        if row["calendar_quarter"] == newest and row["revenue"] is not None
    ]
    return f"{newest}: {'; '.join(told)}."


def _deliveries_say(report: CompanyReport) -> str:
    last = {row["name"]: row for row in report.deliveries}
    told = [
        f"{name} {qualified(row['delivery_count'], row['qualifier'])} in {row['month_date']:%B %Y}"
        for name, row in last.items()
    ]
    return f"{'; '.join(told)}." if told else ""


def _followers_say(report: CompanyReport) -> str:
    last = {(row["account"], row["metric"]): row for row in report.followers}
    told = [
        f"{account}: {bounded({**row, 'unit': metric})} on {row['observed_date']}"
        for (account, metric), row in last.items()
    ]
    return f"{'; '.join(told)}." if told else ""


def story_days(report: CompanyReport) -> list[tuple[date, int]]:
    """Number the big stories as the page lists them, each with the day of Hong Kong on which it began."""
    return [(row["first_at"].astimezone(HONG_KONG).date(), place) for place, row in enumerate(report.stories, start=1)]


def _news_say(report: CompanyReport) -> str:
    count = sum(row["article_count"] for row in report.news)
    return (
        f"{count:,} {'article' if count == 1 else 'articles'} in the {NEWS_DAYS} days to {report.day}." if count else ""
    )


def figure_name(row: Row) -> str:
    """Name a figure of the sheet with its period; of a target, which may be set again, with the day it was public."""
    period = "" if row["period_kind"] in ("day", "instant") else f", {row['period_kind'].replace('_', ' ')}"
    stated = f", stated {row['available_at'].astimezone(HONG_KONG):%Y-%m-%d}" if row["section"] == "targets" else ""
    return f"{row['title']}{period}{stated}"


def figure_value(row: Row) -> str:
    """Write a figure of the sheet; a change has a sign, and one of anything is said in the singular."""
    if row["figure"].startswith(("change", "total_return")) or row["figure"].endswith(":growth"):
        return change(row["value"])
    return re.sub(r"^1 (article|storie)s$", lambda found: f"1 {_ONE[found[1]]}", bounded(row))


_ONE = {"article": "article", "storie": "story"}


def claim_line(row: Row) -> tuple[str, ...]:
    """Write a claim and its verdict for a table."""
    verdict = row["verdict"] if not row["reason"] else f"{row['verdict']}: {row['reason'].replace('_', ' ')}"
    what = " ".join(part.replace("_", " ") for part in (row["metric"], row["period"] or "") if part)
    values = (_claimed(row[name], row["unit"]) for name in ("stated_value", "warehouse_value"))
    return (row["text_as_written"], row["subject"], what, verdict, *values)


def _claimed(value: Decimal | float | None, unit: str) -> str:
    """Write a value as the claim does: what is kept as a quotient is said in per cent."""
    if value is None or unit not in _QUOTIENTS:
        return shown(value)
    return f"{100 * float(value):,.2f} {_QUOTIENTS[unit]}"


_QUOTIENTS = {"percent": "%", "pp": "percentage points"}
CLAIM_COLUMNS = ("as written", "of", "what", "verdict", "stated", "here")
