"""Segments of companies, under every label that a company has given them.

A company renames a segment and goes on comparing it with the year before, so one id stands for all its labels.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from extractors.reading import Read
from extractors.watchlist import WatchList
from transforms.tidy import Tidy, origin
from warehouse.tables.facts import SEGMENTS as TABLE

_ALWAYS = date(1900, 1, 1)


@dataclass(frozen=True, slots=True)
class Label:
    """One label of a segment and the time in which it was used; `until` is the first day of the next one."""

    company: str
    segment: str
    text: str
    language: str = "en"
    since: date = _ALWAYS
    until: date | None = None


def _labels(company: str, segment: str, since: date, until: date | None, **texts: str) -> Iterator[Label]:
    for language, text in texts.items():
        yield Label(company, segment, text, language.replace("_", "-"), since, until)


_NEW_IN_2024 = date(2024, 4, 1)
_RENAMED_IN_2025 = date(2025, 1, 1)

LABELS: tuple[Label, ...] = (
    *_labels(
        "xiaomi", "smartphone-x-aiot", _NEW_IN_2024, None,
        en="Smartphone × AIoT", zh_Hant="手機×AIoT", zh_Hans="手机×AIoT",
    ),
    *_labels("xiaomi", "smartphones", _ALWAYS, None, en="Smartphones", zh_Hant="智能手機", zh_Hans="智能手机"),
    *_labels(
        "xiaomi", "iot-and-lifestyle", _ALWAYS, None,
        en="IoT and lifestyle products", zh_Hant="IoT與生活消費產品", zh_Hans="IoT与生活消费产品",
    ),
    *_labels(
        "xiaomi", "internet-services", _ALWAYS, None,
        en="Internet services", zh_Hant="互聯網服務", zh_Hans="互联网服务",
    ),
    *_labels(
        "xiaomi", "ev-and-new-initiatives", _NEW_IN_2024, _RENAMED_IN_2025,
        en="Smart EV and other new initiatives", zh_Hant="智能電動汽車等創新業務", zh_Hans="智能电动汽车等创新业务",
    ),
    *_labels(
        "xiaomi", "ev-and-new-initiatives", _RENAMED_IN_2025, None,
        en="Smart EV, AI and other new initiatives",
        zh_Hant="智能電動汽車及AI等創新業務", zh_Hans="智能电动汽车及AI等创新业务",
    ),
    *_labels("xiaomi", "smart-ev", _NEW_IN_2024, None, en="Smart EV", zh_Hant="智能電動汽車", zh_Hans="智能电动汽车"),
    *_labels("tesla", "automotive", _ALWAYS, None, en="Automotive"),
    *_labels("tesla", "energy", _ALWAYS, None, en="Energy generation and storage"),
    *_labels("tesla", "services", _ALWAYS, None, en="Services and other"),
    *(
        label
        for company in ("nio", "li-auto", "xpeng")
        for label in _labels(
            company, "vehicle-sales", _ALWAYS, None, en="Vehicle sales", zh_Hant="汽車銷售", zh_Hans="汽车销售",
        )
    ),
)  # fmt: skip
"""Every label that is known; a segment under another label keeps the label as its id."""

_MARKS = re.compile(r"[\W_]+")
_TAIL = re.compile(r"(?:-segments?|-business|-?分部)$")


def segment_id(company_id: str | None, label: str, on: date | None = None) -> str:
    """Give the id of a segment of a company by its label; a label that nobody knows becomes one itself.

    Labels are compared without case, marks and the word segment; the day only tells labels apart that were reused.
    """
    folded = fold(label)
    for one in _by_label().get((company_id or "", folded), ()):
        if on is None or (one.since <= on and (one.until is None or on < one.until)):
            return one.segment
    renamed = _by_label().get((company_id or "", folded), ())
    return renamed[0].segment if renamed else folded


def fold(label: str) -> str:
    """Write a label as an id: lower case, words joined by hyphens, `group` for nothing."""
    plain = unicodedata.normalize("NFKC", label).replace("×", " x ").casefold()
    return _TAIL.sub("", _MARKS.sub("-", plain).strip("-")) or "group"


def _by_label() -> Mapping[tuple[str, str], tuple[Label, ...]]:
    found: dict[tuple[str, str], tuple[Label, ...]] = {}
    for one in LABELS:
        key = (one.company, fold(one.text))
        found[key] = (*found.get(key, ()), one)
    return found


def tidy_segments(reads: Sequence[Read[WatchList]]) -> Tidy:
    """One row per label of a company on each kept list; the list of labels is as old as the bytes beside it."""
    return Tidy.join(Tidy.of(TABLE, list(_rows(read))) for read in reads)


def _rows(read: Read[WatchList]) -> Iterator[dict[str, Any]]:
    followed = {company.id for listed in read.records for company in listed.companies}
    for one in LABELS:
        if one.company in followed:
            yield {
                "company_id": one.company,
                "segment": one.segment,
                "label": one.text,
                "language": one.language,
                "valid_from_date": one.since,
                "valid_to_date": one.until,
                "available_at": read.snapshot.fetched_at,
                **origin(read.snapshot, "watchlist_file"),
            }
