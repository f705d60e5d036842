"""XML without entities: nothing in a document may grow or reach out while it is read.

A plain DOCTYPE is harmless and common (RSS 0.91 carries one). Expat knows UTF-8, UTF-16 and single-byte
encodings only, so that documents in GBK or Big5 are decoded before it sees them.
"""

import codecs
import re
from xml.etree.ElementTree import Element, ParseError
from xml.parsers import expat

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from extractors.errors import ShapeChanged
from extractors.snapshot import Snapshot

_DECLARED = re.compile(rb"^<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")
_SPACE = b" \t\r\n"
_CHUNK = 64 * 1024
_SUPERSETS = {"gb2312": "gb18030", "gbk": "gb18030"}
"""Pages that declare the older Chinese sets use characters of the newer one."""


def parse_xml(snapshot: Snapshot) -> Element:
    """Read the body as XML and give its root element.

    Raises ShapeChanged with the reason `entities` where entities are declared, `body` for what is not XML.
    """
    body = snapshot.body.lstrip(_SPACE)
    refuse_entities(body)
    try:
        root: Element = fromstring(_readable(body), forbid_dtd=False, forbid_entities=True, forbid_external=True)
    except DefusedXmlException as error:
        raise ShapeChanged("entities", snapshot.at(f"the document declares entities: {error}")) from error
    except (ParseError, ValueError, LookupError) as error:
        raise ShapeChanged("body", snapshot.at(f"not XML: {error}")) from error
    return root


def refuse_entities(body: bytes) -> None:
    """Raise for a document that declares entities, so that any parser may read it after.

    Raises ShapeChanged with the reason `entities`. A document whose head is not XML at all passes,
    unless a declaration of an entity stands anywhere in it.
    """
    try:
        declares = _head_declares(body.lstrip(_SPACE))
    except (expat.ExpatError, ValueError, LookupError):
        declares = b"<!entity" in body.replace(b"\0", b"").lower()
    if declares:
        raise ShapeChanged("entities", "the document declares entities, which Dragongate does not read")


class _Decided(Exception):
    """The head has been read far enough to know."""


def _head_declares(body: bytes) -> bool:
    """Read up to the root element, since declarations cannot come later."""
    seen = []

    def declared(*_: object) -> None:
        seen.append(True)
        raise _Decided

    def root(*_: object) -> None:
        raise _Decided

    parser = expat.ParserCreate()
    parser.EntityDeclHandler = declared
    parser.StartElementHandler = root
    text = _readable(body)
    try:
        for start in range(0, len(text), _CHUNK):
            parser.Parse(text[start : start + _CHUNK], False)
        parser.Parse("" if isinstance(text, str) else b"", True)
    except _Decided:
        return bool(seen)
    return bool(seen)


def _readable(body: bytes) -> bytes | str:
    """Decode what expat cannot; everything else stays bytes."""
    found = _DECLARED.match(body)
    name = found.group(1).decode("ascii").lower() if found else "utf-8"
    name = _SUPERSETS.get(name, name)
    if not _is_multibyte(name):
        return body
    return body.decode(name, errors="strict")


def _is_multibyte(name: str) -> bool:
    codec = codecs.lookup(name).name
    return codec.startswith(("gb", "big5", "hz", "euc", "shift_jis", "cp932", "cp936", "cp949", "cp950", "iso2022"))
