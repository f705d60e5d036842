"""Templates into pages: every value is escaped, and what a template asks for and is not there is an error."""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from extractors.registry import BY_ID
from extractors.settings import version
from flows.service import words
from flows.service.headline import counted
from warehouse.home import Home
from warehouse.tables.catalog import BY_NAME

FOLDER = Path(__file__).parent / "templates"
_ENVIRONMENT = Environment(
    loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True, auto_reload=False
)


def about(subject: str) -> Markup | str:
    """Link the subject of an alert, where it has a page."""
    kind = "source" if subject in BY_ID else "table" if subject in BY_NAME else ""
    return Markup('<a href="/why/{}/{}">{}</a>').format(kind, subject, subject) if kind else subject


def key_of(row_key: str) -> str:
    """Write the key of a row, which the ledger keeps as JSON, as `why` takes it."""
    return ",".join(f"{name}={value}" for name, value in json.loads(row_key).items() if value is not None)


def coded(text: str | None) -> Markup:
    """Write a sentence; what stands in it between backquotes is code."""
    parts = words.shown(text).split("`")
    return Markup("").join(Markup("<code>{}</code>").format(one) if n % 2 else one for n, one in enumerate(parts))


def told_of(fetch: Mapping[str, Any]) -> str:
    """Give what an answer said, without the address and the record, which stand beside it."""
    said: str = fetch["message"] or fetch["reason"] or words.DASH
    return said.partition(" (snapshot ")[0]


_ENVIRONMENT.globals.update(
    words=words, about=about, key_of=key_of, coded=coded, told_of=told_of, counted=counted, version=version()
)


def render(template: str, home: Home, now: datetime, *, status: int = 200, **values: object) -> HTMLResponse:
    """Fill a template."""
    text = _ENVIRONMENT.get_template(template).render(home=home.root, now=now, **values)
    return HTMLResponse(text, status_code=status)
