"""The pictures of a report: Altair describes them, vl-convert draws them as vectors, offline.

A picture takes the colour of the text around it, so that one drawing serves light and dark.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import altair as alt
import vl_convert

Row = dict[str, Any]
WIDTH, NARROW, HEIGHT = 660, 258, 270
INK, GRID = "currentColor", "#8885"
# Of middle lightness: each keeps three to one against white and against the dark page.
COLOURS = ("#d9480f", "#2b7bba", "#2a9d6f", "#8b6fd0", "#c2527f", "#8d8f12", "#7d8590", "#0e9aa7")
SHORT_SPAN, LONG_SPAN = timedelta(days=60), timedelta(days=400)
LONGEST_LINE = timedelta(days=10)
LONGEST_MONTH = timedelta(days=31)
"""Two readings further apart than this are not joined: nobody knows what lay between."""
_CONFIG = {
    "background": "transparent",
    "font": "system-ui, sans-serif",
    "aria": False,
    "view": {"stroke": None},
    "axis": {
        "labelColor": INK, "titleColor": INK, "gridColor": GRID, "domainColor": GRID, "tickColor": GRID,
        "labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal", "labelLimit": 200, "titlePadding": 10,
        "labelSeparation": 14,
    },
    "legend": {
        "labelColor": INK, "titleColor": INK, "orient": "bottom", "title": None, "labelFontSize": 12, "columns": 4,
        "symbolType": "circle", "labelLimit": 300, "columnPadding": 60,
    },
    "text": {"color": INK, "fontSize": 12},
    "rule": {"color": INK},
}  # fmt: skip

_OF_PHONE = {"columns": 1}


@dataclass(frozen=True, slots=True)
class Picture:
    """One drawing, once for a desk and once for a phone, and the table that says the same."""

    svg: str
    narrow: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[object, ...]]


def prices(rows: Sequence[Row]) -> Picture:
    """Draw the change of each company since the last close of the year before, in per cent."""
    known = [row for row in rows if row["change_pct"] is not None]
    order = list(dict.fromkeys(row["name"] for row in known))
    parts = _stretches(known, "name", "trade_date")
    base = alt.Chart(_data(parts, "name", "stretch", "trade_date", "change_pct", "is_alone")).encode(
        x=_day("trade_date", known),
        y=alt.Y("change_pct:Q", title="change, %"),
        color=_colour("name", order),
        detail="stretch:N",
    )
    lines = base.mark_line().encode(
        strokeWidth=alt.condition(f"datum.name == {order[0]!r}", alt.value(3), alt.value(1.5))
    ) + base.mark_point(size=22, filled=True, opacity=1).transform_filter("datum.is_alone")
    last = {row["name"]: row for row in known}
    table = [
        (name, row["trade_date"], row["change_pct"], row["close_price"], row["currency"]) for name, row in last.items()
    ]
    return _drawn(lines + _zero(), ("company", "last session", "change, %", "close", "currency"), table)


def road(rows: Sequence[Row], currency: str, target: float) -> Picture:
    """Draw the market value through the year against the value that it is to reach."""
    field = currency.lower()
    known = [{**row, "billions": row[field] / 1e9} for row in rows if row[field]]
    parts = _stretches(known, "", "trade_date")
    base = alt.Chart(_data(parts, "trade_date", "billions", "stretch", "is_alone")).encode(
        x=_day("trade_date", rows),
        y=alt.Y("billions:Q", title=f"market value, bn {currency}", stack=None),
        detail="stretch:N",
    )
    line = base.mark_area(
        line={"color": COLOURS[0], "strokeWidth": 2.5}, color=COLOURS[0], fillOpacity=0.15
    ) + base.mark_point(color=COLOURS[0], size=35, filled=True, opacity=1).transform_filter("datum.is_alone")
    aim = alt.Chart(_data([{"aim": target / 1e9, "label": f"{target / 1e9:,.0f} bn"}], "aim", "label")).encode(
        y="aim:Q"
    )
    marks = aim.mark_rule(strokeDash=[6, 4], strokeWidth=1.5) + aim.mark_text(
        align="left", baseline="bottom", dx=4, dy=-2, x=0
    ).encode(text="label:N")
    months = {f"{row['trade_date']:%Y-%m}": row for row in rows if row[field]}
    table = [(row["trade_date"], row[field] / 1e9, target / 1e9 - row[field] / 1e9) for row in months.values()]
    return _drawn(line + marks, ("last session of the month", f"bn {currency}", f"missing, bn {currency}"), table)


def quarters(rows: Sequence[Row]) -> Picture:
    """Draw revenue and profit by quarter, in billions of the reporting currency."""
    parts = [
        {"quarter": row["calendar_quarter"], "what": what, "billions": value / 1e9}
        for row in rows
        for what, value in (("revenue", row["revenue"]), ("net profit, adjusted where stated", row["profit"]))
        if value is not None
    ]
    bars = (
        alt.Chart(_data(parts, "quarter", "what", "billions"))
        .mark_bar()
        .encode(
            x=alt.X("quarter:N", title=None, axis=alt.Axis(labelAngle=0)),
            xOffset=alt.XOffset("what:N", sort=["revenue"]),
            y=alt.Y("billions:Q", title=f"bn {rows[-1]['currency']}"),
            color=_colour("what", ["revenue", "net profit, adjusted where stated"]),
        )
    )
    names = ("revenue", "profit", "gross_margin_pct", "net_margin_pct", "adjusted_net_margin_pct", "revenue_yoy_pct")
    table = [
        (row["calendar_quarter"], row["currency"], *(_billions(name, row[name]) for name in names)) for row in rows
    ]
    columns = (
        "quarter", "currency", "revenue, bn", "net profit, bn", "gross margin, %", "net margin, %",
        "adjusted margin, %", "revenue on the year before, %",
    )  # fmt: skip
    return _drawn(bars, columns, table)


def segments(rows: Sequence[Row]) -> Picture:
    """Draw the revenue of each segment by quarter, in billions of the reporting currency."""
    parts = [
        {"quarter": row["calendar_quarter"], "label": row["label"], "billions": row["revenue"] / 1e9}
        for row in rows
        if row["revenue"] is not None
    ]
    order = list(dict.fromkeys(part["label"] for part in parts))
    bars = (
        alt.Chart(_data(parts, "quarter", "label", "billions"))
        .mark_bar()
        .encode(
            y=alt.Y("quarter:N", title=None, sort="descending"),
            yOffset="label:N",
            x=alt.X(
                "billions:Q",
                title=f"revenue, bn {next(row['currency'] for row in rows if row['currency'])}",
                axis=alt.Axis(tickCount=6),
            ),
            color=_colour("label", order),
        )
    )
    table = [
        (row["calendar_quarter"], row["label"], _billions("revenue", row["revenue"]), row["gross_margin_pct"])
        for row in rows
    ]
    return _drawn(bars, ("quarter", "segment", "revenue, bn", "gross margin, %"), table)


def deliveries(rows: Sequence[Row]) -> Picture:
    """Draw vehicles handed over by month, a line for each company."""
    order = list(dict.fromkeys(row["name"] for row in rows))
    months = sorted({row["month_date"] for row in rows})
    span = alt.Scale(
        domain=[f"{months[0] - timedelta(days=15)}T12:00:00", f"{months[-1] + timedelta(days=15)}T12:00:00"]
    )
    parts = _stretches(rows, "name", "month_date", longest=LONGEST_MONTH)
    lines = (
        alt.Chart(_data(parts, "name", "month_date", "delivery_count", "stretch"))
        .mark_line(point={"size": 45}, strokeWidth=2)
        .encode(
            detail="stretch:N",
            x=alt.X(
                "month_date:T",
                title=None,
                scale=span,
                axis=alt.Axis(format="%b %Y", values=[f"{one}T12:00:00" for one in months], labelOverlap="greedy"),
            ),
            y=alt.Y("delivery_count:Q", title="vehicles in the month", axis=alt.Axis(format=",d")),
            color=_colour("name", order),
        )
    )
    table = [(row["name"], f"{row['month_date']:%Y-%m}", row["delivery_count"], row["qualifier"]) for row in rows]
    return _drawn(lines, ("company", "month", "vehicles", "as stated"), table)


def followers(rows: Sequence[Row]) -> Picture:
    """Draw the readings of each account; a line joins only readings that lie close together."""
    named = [{**row, "who": f"{row['account']} {row['metric']}", "millions": row["value"] / 1e6} for row in rows]
    parts = _stretches(named, "who", "observed_date")
    order = list(dict.fromkeys(row["account"] for row in parts))
    base = alt.Chart(_data(parts, "account", "stretch", "observed_date", "millions")).encode(
        x=_day("observed_date", rows),
        y=alt.Y("millions:Q", title="followers, millions", scale=_span(parts, "millions")),
        color=_colour("account", order),
        detail="stretch:N",
    )
    table = [
        (row["account"], row["observed_date"], row["value_low"], row["value_high"], row["qualifier"]) for row in rows
    ]
    drawing = base.mark_line(strokeWidth=2) + base.mark_point(size=35, filled=True, opacity=1)
    return _drawn(drawing, ("account", "day", "at least", "at most", "precision"), table)


def news(rows: Sequence[Row], first: date, last: date, stories: Sequence[tuple[date, int]]) -> Picture:
    """Draw the articles of each day of a span, and over the days the numbers of the stories that began on them."""
    most = max(row["article_count"] for row in rows)
    span = alt.Scale(domain=[f"{first}T00:00:00", f"{last + timedelta(days=1)}T00:00:00"])
    days = [{**row, "begins": f"{row['date']}T02:00:00", "ends": f"{row['date']}T22:00:00"} for row in rows]
    bars = (
        alt.Chart(_data(days, "begins", "ends", "article_count"))
        .mark_rect(color=COLOURS[1])
        .encode(
            x=alt.X(
                "begins:T", title=None, scale=span, axis=alt.Axis(format="%d %b", tickCount=8, labelOverlap="greedy")
            ),
            x2="ends:T",
            y2=alt.Y2Datum(0),
            y=alt.Y("article_count:Q", title="articles a day", axis=alt.Axis(tickCount=min(most, 6), format="d")),
        )
    )
    counts = {row["date"]: row["article_count"] for row in rows}
    began: dict[date, list[str]] = {}
    for day, number in stories:
        began.setdefault(day, []).append(str(number))
    marks = [
        {"date": day, "article_count": counts[day], "numbers": ", ".join(numbers)}
        for day, numbers in began.items()
        if day in counts
    ]
    named = (
        alt.Chart(_data(marks, "date", "article_count", "numbers"))
        .mark_text(dy=-8, fontWeight="bold")
        .encode(x=alt.X("date:T", scale=span), y="article_count:Q", text="numbers:N")
    )
    return _drawn(
        bars + named if marks else bars,
        ("day", "articles", "stories"),
        [(r["date"], r["article_count"], r["story_count"]) for r in rows],
    )


def _stretches(rows: Sequence[Row], who: str, day: str, longest: timedelta = LONGEST_LINE) -> list[Row]:
    """Number the stretches of each one's readings that have no long gap; a reading between two gaps is alone."""
    numbers: list[int] = []
    for before, row in zip((None, *rows), rows, strict=False):
        is_same = before is not None and (not who or before[who] == row[who]) and row[day] - before[day] <= longest
        numbers.append((numbers[-1] if numbers else 0) + (not is_same))
    sizes = Counter(numbers)
    return [
        {**row, "stretch": str(number), "is_alone": sizes[number] == 1}
        for row, number in zip(rows, numbers, strict=True)
    ]


def _data(rows: Sequence[Row], *names: str) -> alt.InlineData:
    """Hand over only the columns that are drawn; a day as text at noon, which no zone moves to another day."""
    values = [
        {name: f"{row[name]}T12:00:00" if hasattr(row[name], "isoformat") else row[name] for name in names}
        for row in rows
    ]
    return alt.InlineData(values=values)


def _day(name: str, rows: Sequence[Row]) -> alt.X:
    """Lay days along the axis: months by their names, or days where the span is short."""
    span = max(row[name] for row in rows) - min(row[name] for row in rows)
    months = {"interval": "month", "step": 3 if span > LONG_SPAN else 1}
    marks = {"format": "%b %Y", "tickCount": months} if span > SHORT_SPAN else {"format": "%d %b %Y", "tickCount": 5}
    return alt.X(f"{name}:T", title=None, axis=alt.Axis(labelOverlap="greedy", **marks))


def _span(rows: Sequence[Row], name: str) -> alt.Scale:
    """Begin at zero where a value has doubled, so that nothing stands on the axis; else look closer."""
    values = [row[name] for row in rows]
    return alt.Scale(zero=max(values) >= 2 * min(values), nice=True)


def _colour(name: str, order: Sequence[str]) -> alt.Color:
    span = [COLOURS[place % len(COLOURS)] for place in range(len(order))]
    return alt.Color(f"{name}:N", sort=list(order), scale=alt.Scale(domain=list(order), range=span))


def _zero() -> Any:
    return alt.Chart(alt.InlineData(values=[{"zero": 0}])).mark_rule(strokeWidth=1).encode(y="zero:Q")


def _billions(name: str, value: float | None) -> float | None:
    return value / 1e9 if value is not None and not name.endswith("_pct") else value


def _drawn(chart: Any, columns: tuple[str, ...], rows: Sequence[tuple[object, ...]]) -> Picture:
    """Draw a chart twice: the text of one that is scaled down to a phone could not be read."""
    described = chart.properties(width=WIDTH, height=HEIGHT).configure(**_CONFIG).to_dict()
    narrow = {**described, "config": {**described["config"], "legend": {**described["config"]["legend"], **_OF_PHONE}}}
    for layer in (narrow, *narrow.get("layer", ())):
        if "width" in layer:
            layer["width"] = NARROW
    return Picture(_svg({**described, "width": WIDTH}), _svg({**narrow, "width": NARROW}), columns, rows)


def _svg(described: dict[str, Any]) -> str:
    svg = vl_convert.vegalite_to_svg(described)
    return svg.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1)
