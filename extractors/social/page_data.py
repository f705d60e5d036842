"""Data that a page carries for its own scripts: JSON in a script element, and JavaScript that is almost JSON."""

import json
import re
from typing import Any

from extractors.errors import ShapeChanged
from extractors.reading import whole_characters
from extractors.snapshot import Snapshot

_SCRIPT = rb"<script[^>]*\bid\s*=\s*[\"']?%s[\"']?[^>]*>(.*?)</script>"
_TOKENS = re.compile(
    r"""(?P<text>"(?:[^"\\]|\\.)*")"""
    r"|(?P<empty>\bnew\s+(?:Set|Map)\s*(?:\(\s*\)|(?=[,}\]])))"
    r"|(?P<opens>\bnew\s+(?:Set|Map|Date)\s*\()|(?P<closes>\))"
    r"|(?P<nothing>\bundefined\b|\bvoid 0\b|\bNaN\b|-?\bInfinity\b)|(?P<true>!0)|(?P<false>!1)",
    re.DOTALL,
)
_PLAIN = {"empty": "[]", "opens": "", "closes": "", "nothing": "null", "true": "true", "false": "false"}


def script_with_id(body: bytes, name: str) -> bytes | None:
    """Find the text of the script element with an id; None where the page has none."""
    found = re.search(_SCRIPT % re.escape(name.encode()), body, re.IGNORECASE | re.DOTALL)
    return found[1] if found else None


def assigned(body: bytes, name: str) -> str | None:
    """Find what a script assigns to a name, to the end of the page; None where no script does."""
    found = re.search(rf"\b{re.escape(name)}\s*=\s*(?=[{{\[])", text := body.decode("utf-8", "replace"))
    return text[found.end() :] if found else None


def read_script(text: str, snapshot: Snapshot, place: str) -> Any:
    """Read one value of JavaScript as JSON: sets become lists and what is undefined becomes null.

    What stands after the value is left alone. Raises ShapeChanged, naming the place, where it is neither.
    """
    plain = _TOKENS.sub(lambda found: found["text"] or _PLAIN[str(found.lastgroup)], text)
    try:
        value, _ = json.JSONDecoder().raw_decode(plain)
    except (ValueError, RecursionError) as error:
        raise ShapeChanged(place, snapshot.at(f"{place} is no data: {error}")) from error
    return whole_characters(value)
