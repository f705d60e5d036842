"""The fields of feed entries that we know; any other is news, since formats grow where outlets want them to.

Vocabularies that the formats borrow whole (Dublin Core, Media RSS, iTunes and the like) are known by their prefix.
"""

from collections.abc import Callable, Iterable, Mapping

from extractors.reading import Drift

_RSS = "title link description author category comments enclosure guid pubDate pubdate source"
_ATOM = "id updated published issued modified created summary content rights contributor"
_OFTEN_ADDED = "commentRss comment post-id origLink date body image"
_XML = frozenset(f"{_RSS} {_ATOM} {_OFTEN_ADDED}".split())
_JSON_TEXTS = "id url external_url title content_html content_text summary image banner_image"
_JSON_REST = "date_published date_modified author authors tags language attachments"
_JSON = frozenset(f"{_JSON_TEXTS} {_JSON_REST}".split())
_BORROWED = ("dc:", "dcterms:", "content:", "media:", "itunes:", "feedburner:", "atom:")


def unknown_in_xml(examples: Mapping[str, str]) -> tuple[Drift, ...]:
    """List the elements of entries that no format has, each with the example that was given for its name."""
    return _unknown([examples], lambda name: name in _XML or name.startswith(_BORROWED))


def unknown_in_json(entries: Iterable[Mapping[str, object]]) -> tuple[Drift, ...]:
    """List the fields of entries that JSON Feed has not; those that begin with `_` are anybody's."""
    return _unknown(entries, lambda name: name in _JSON or name.startswith("_"))


def _unknown(entries: Iterable[Mapping[str, object]], is_known: Callable[[str], bool]) -> tuple[Drift, ...]:
    found: dict[str, Drift] = {}
    for entry in entries:
        for name, example in entry.items():
            if name not in found and not is_known(name):
                found[name] = Drift(f"item.{name}", str(example)[:80])
    return tuple(found.values())
