"""Next day disclosure returns of issuers in Hong Kong: balances, shares issued and shares bought back.

Published by   an issuer, on the business day after a change
Read from      forms FF304 and FF305, and the layout before 2020, in English and Chinese
Know that      shares bought back stay in issue until they are cancelled; an issue price counts only where the discount
               beside it follows from it, a price paid in all only where it lies between the lowest and the highest
"""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from transforms.figures.days import DAY, day_of
from transforms.figures.figure import ALL, Figure, Period
from transforms.figures.share_classes import Block, blocks_of, class_of
from transforms.figures.share_numbers import Count, balance_of, counts_of, share_figure
from transforms.figures.whole import Whole

_IS_RETURN = re.compile(r"next day disclosure return|翌日披露報表|翌日披露报表|\bFF30[45]\b", re.IGNORECASE)
_NOTES = r"(?:\s*[（(](?:notes?|註|注|附註)[^)）]*[)）])?"
_BALANCE = re.compile(
    r"(?P<label>(?:opening|closing) balance as at|於下列日期(?:開始|結束)時的?結存|于下列日期(?:开始|结束)时的?结存)"
    rf"{_NOTES}\s*(?P<day>{DAY})",
    re.IGNORECASE,
)
_AFTER_BALANCE = re.compile(r"[A-Za-z\u3400-\u9fff]{2,}(?<!N/A)")
_DESCRIBED = re.compile(r"description of securities\s*[:：]\s*([^\n]+)|證券描述\s*[:：]\s*([^\n]+)", re.IGNORECASE)
_ROW = re.compile(
    r"^\s*\d{1,3}\s*\)\s*\.?\s*(?P<words>[^\n\d]*?)\s+(?P<count>\d{1,3}(?:,\d{3})+|\d{4,})\s+(?P<share>\d+(?:\.\d+)?)\s*%"
    r"(?P<prices>[^\n]*)",
    re.MULTILINE,
)
_ANY_ROW = re.compile(r"^\s*\d{1,3}\s*\)", re.MULTILINE)
_PRICES = re.compile(r"\b([A-Z]{3})\s*(\d[\d,]*(?:\.\d+)?)\s+([A-Z]{3})\s*(\d[\d,]*(?:\.\d+)?)\s+(-?\d+(?:\.\d+)?)\s*%")
_CHANGED = re.compile(rf"(?:date of changes?|變動日期|变动日期)\s*[:：]?\s*({DAY})", re.IGNORECASE)
_ISSUED = re.compile(r"\bissue[ds]?\b|allot|exercise|option|award|發行|发行|行使|獎勵", re.IGNORECASE)
_TAKEN_BACK = re.compile(r"repurchase|cancel|redeem|bought back|購回|购回|註銷|注销|贖回", re.IGNORECASE)
_BOUGHT = re.compile(
    rf"^\s*\d{{1,3}}\s*\)\s*\.?\s*(?P<day>{DAY})\s+(?P<count>\d{{1,3}}(?:,\d{{3}})+|\d{{3,}})\s+[^\n\d]*?"
    r"(?P<money>[A-Z]{3})\s*(?P<high>[\d,.]+)\s+(?P=money)\s*(?P<low>[\d,.]+)\s+(?P=money)\s*(?P<paid>\d{1,3}(?:,\d{3})*(?:\.\d+)?)",
    re.MULTILINE | re.IGNORECASE,
)
_SLACK = Decimal("0.06")


def read_next_day_return(whole: Whole) -> Iterator[Figure]:
    """Give balances, issues and purchases by class; nothing for other documents."""
    if not _IS_RETURN.search(whole.text):
        return
    for block in _blocks(whole.text):
        if block.share_class is None:
            continue
        yield from _balances(block, block.share_class, whole)
        yield from _issues(block, block.share_class, whole)
        yield from _purchases(block, block.share_class, whole)


def _blocks(text: str) -> list[Block]:
    """Cut the form by class; the layout before 2020 is of one class, which it describes at its top."""
    if found := blocks_of(text, 0, len(text)):
        return found
    described = _DESCRIBED.search(text)
    words = next((part for part in described.groups() if part), "") if described else ""
    return [Block(class_of(words), 0, len(text))] if words else []


def _balances(block: Block, share_class: str, whole: Whole) -> Iterator[Figure]:
    for found in _BALANCE.finditer(whole.text, block.start, block.end):
        day = day_of(found["day"])
        stop = _AFTER_BALANCE.search(whole.text, found.end(), block.end)
        counts = counts_of(whole.text, found.end(), stop.start() if stop else block.end)
        balance = balance_of(counts)
        if day is None or balance is None:
            continue
        label, period = found["label"], Period("instant", day, day)
        yield share_figure("shares_in_issue", balance.issued, period, share_class, whole, label)
        if balance.treasury:
            yield share_figure("treasury_shares", balance.treasury, period, share_class, whole, label)


def _issues(block: Block, share_class: str, whole: Whole) -> Iterator[Figure]:
    rows = list(_ROW.finditer(whole.text, block.start, block.end))
    for row in rows:
        after = _ANY_ROW.search(whole.text, row.end(), block.end)
        stop = after.start() if after else block.end
        days = {day_of(one) for one in _CHANGED.findall(whole.text, row.end(), stop)}
        changed = _CHANGED.search(whole.text, row.end(), stop)
        words = whole.text[row.start() : changed.end() if changed else row.end()]
        day = days.pop() if len(days) == 1 else None
        if day is None or not _ISSUED.search(words) or _TAKEN_BACK.search(words):
            continue
        period = Period("span", day, day)
        count = _count(row, "count")
        yield share_figure("shares_issued", count, period, share_class, whole, row["words"].strip())
        yield from _price(row, day, share_class, whole)


def _price(row: re.Match[str], day: date, share_class: str, whole: Whole) -> Iterator[Figure]:
    prices = _PRICES.search(row["prices"])
    if prices is None or prices[1] != prices[3]:
        return
    price, market, discount = (Decimal(prices[one].replace(",", "")) for one in (2, 4, 5))
    if market == 0 or abs((price / market - 1) * 100 - discount) > _SLACK:
        return
    start = row.start("prices") + prices.start(2)
    count = Count(price, start, start + len(prices[2]))
    yield _money("issue_price", count, day, prices[1], share_class, whole, "currency per share")


def _purchases(block: Block, share_class: str, whole: Whole) -> Iterator[Figure]:
    for row in _BOUGHT.finditer(whole.text, block.start, block.end):
        day, count = day_of(row["day"]), _count(row, "count")
        high, low, paid = (Decimal(row[name].replace(",", "").rstrip(".")) for name in ("high", "low", "paid"))
        if day is None or not low * count.value - 1 <= paid <= high * count.value + 1:
            continue
        yield share_figure("shares_repurchased", count, Period("span", day, day), share_class, whole, "repurchased")
        price = Count(paid, row.start("paid"), row.end("paid"))
        yield _money("repurchase_consideration", price, day, row["money"].upper(), share_class, whole, "currency")


def _count(row: re.Match[str], name: str) -> Count:
    return Count(Decimal(row[name].replace(",", "")), row.start(name), row.end(name))


def _money(metric: str, count: Count, day: date, currency: str, share_class: str, whole: Whole, unit: str) -> Figure:
    digits = str(count.value).partition(".")[2]
    return Figure(
        metric=metric, label=metric.replace("_", " "), value=count.value, value_low=count.value,
        value_high=count.value, qualifier="exact", unit=unit, currency=currency, period=Period("span", day, day),
        place=whole.place(count.start, count.end), product=share_class or ALL, decimals=len(digits),
    )  # fmt: skip
