"""The stories of the sample archive in the forms of their outlets: one feed for each outlet, one page for each story.

The texts stand in `stories.toml` and are written for this project. The forms in `templates/` follow the outlets' own:
WordPress for three of them, a by-line in the manner of Chinese portals for two, times without an offset included.
"""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import cache
from html import escape
from pathlib import Path
from string import Template
from typing import Any

from extractors.watchlist import Feed

_HERE = Path(__file__).parent
_FORMS = {"cnevpost": "wordpress", "carnewschina": "wordpress", "electrek": "wordpress"}
"""By feed, where the form is not the feed's own."""
_AUTHORS = {"en": "Dragongate Sample", "zh-Hans": "示例", "zh-Hant": "示例"}
_EDITOR = "样本"
_RIGHTS = (
    "Text written for the Dragongate sample archive; not an article of the outlet. The figures are published ones."
)


@dataclass(frozen=True, slots=True)
class Story:
    """One story as one outlet tells it."""

    feed: str
    address: str
    published: datetime
    title: str
    summary: str
    tags: tuple[str, ...]
    paragraphs: tuple[str, ...]


@cache
def stories() -> tuple[Story, ...]:
    """Read all stories, the newest first, as feeds list them."""
    document = tomllib.loads((_HERE / "stories.toml").read_text(encoding="utf-8"))
    told = [_story(one) for one in document["story"]]
    return tuple(sorted(told, key=lambda one: (one.published, one.address), reverse=True))


def _story(values: Mapping[str, Any]) -> Story:
    return Story(**{**values, "tags": tuple(values["tags"]), "paragraphs": tuple(values["paragraphs"])})


def feed_body(feed: Feed) -> bytes:
    """Give the feed of one outlet."""
    told = [one for one in stories() if one.feed == feed.id]
    items = (_filled(f"{_form(feed)}_item.xml", _item_values(one, feed)) for one in told)
    values = {**_outlet_values(feed), **_times("newest", told[0].published), "items": "".join(items).rstrip("\n")}
    return _filled(f"{_form(feed)}.xml", values).encode()


def page_body(story: Story, feed: Feed) -> bytes:
    """Give the page of one story."""
    return _filled(f"{_form(feed)}.html", _item_values(story, feed)).encode()


def _form(feed: Feed) -> str:
    return _FORMS.get(feed.id, feed.id)


def _filled(template: str, values: Mapping[str, str]) -> str:
    return Template((_HERE / "templates" / template).read_text(encoding="utf-8")).substitute(values)


def _outlet_values(feed: Feed) -> dict[str, str]:
    scheme, _, rest = feed.url.partition("://")
    return {
        "outlet": feed.outlet,
        "home": f"{scheme}://{rest.partition('/')[0]}",
        "feed_url": feed.url,
        "language": feed.language,
        "author": _AUTHORS[feed.language],
        "editor": _EDITOR,
        "rights": escape(_RIGHTS),
    }


def _item_values(story: Story, feed: Feed) -> dict[str, str]:
    paragraphs = "\n".join(f"<p>{escape(one, quote=False)}</p>" for one in story.paragraphs)
    return {
        **_outlet_values(feed),
        **_times("published", story.published),
        "title": escape(story.title, quote=False),
        "title_json": json.dumps(story.title, ensure_ascii=False),
        "summary": escape(story.summary, quote=False),
        "summary_json": json.dumps(story.summary, ensure_ascii=False),
        "section": story.tags[0],
        "link": story.address,
        "number": f"{story.published:%y%m%d%H%M}",
        "paragraphs": paragraphs,
        "body": paragraphs.replace("\n", ""),
    }


def _times(name: str, at: datetime) -> dict[str, str]:
    """Write one time in every way in which the outlets write theirs; the clock is the outlet's own."""
    return {
        f"{name}_utc": format_datetime(at.astimezone(UTC)),
        f"{name}_gmt": format_datetime(at.astimezone(UTC), usegmt=True),
        f"{name}_hkt": format_datetime(at),
        f"{name}_iso": at.isoformat(),
        f"{name}_iso_utc": at.astimezone(UTC).isoformat(),
        f"{name}_t": f"{at:%Y-%m-%dT%H:%M:%S}",
        f"{name}_local": f"{at:%Y-%m-%d %H:%M:%S}",
        f"{name}_slashes": f"{at.year}/{at.month}/{at.day} {at:%H:%M:%S}",
        f"{name}_minutes": f"{at:%Y/%m/%d %H:%M}",
        f"{name}_words": f"{at:%B} {at.day}, {at.year}",
    }
