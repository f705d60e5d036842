"""XML is read without entities, and everything that is not XML says so."""

from datetime import UTC, datetime

import pytest

from extractors.errors import ShapeChanged
from extractors.snapshot import Snapshot
from extractors.xml import parse_xml, refuse_entities

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
BOMB = b'<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;&x;&x;">]><a>&y;</a>'
OUTWARD = b'<!DOCTYPE a [<!ENTITY % more SYSTEM "http://127.0.0.1/evil.dtd"> %more;]><a/>'
LATE = b"<a>" + b"<b/>" * 50_000 + b"<![CDATA[<!ENTITY is a word here>]]></a>"


def snapshot(body: bytes) -> Snapshot:
    return Snapshot("urn:uuid:1", "https://news.example.com/feed", body, NOON, NOON)


@pytest.mark.parametrize("body", [BOMB, OUTWARD, BOMB.decode().encode("utf-16"), b"\n " + BOMB, b"no xml <!ENTITY x>"])
def test_entities_are_refused(body: bytes) -> None:
    for read in (lambda: parse_xml(snapshot(body)), lambda: refuse_entities(body)):
        with pytest.raises(ShapeChanged) as caught:
            read()
        assert caught.value.reason == "entities"


def test_a_plain_doctype_and_a_late_word_are_harmless() -> None:
    doctype = b'\n<?xml version="1.0"?>\n<!DOCTYPE rss PUBLIC "-//Example//DTD" "http://127.0.0.1/rss.dtd"><rss/>'
    assert parse_xml(snapshot(doctype)).tag == "rss"
    assert len(parse_xml(snapshot(LATE))) == 50_000


@pytest.mark.parametrize("declared", ["gb2312", "GBK", "gb18030", "Big5", "utf-8", "utf-16"])
def test_chinese_encodings_are_read(declared: str) -> None:
    text = f'<?xml version="1.0" encoding="{declared}"?><name>小米</name>'
    assert parse_xml(snapshot(text.encode(declared))).text == "小米"


def test_gb2312_means_the_newer_set() -> None:
    body = '<?xml version="1.0" encoding="gb2312"?><name>朱镕基</name>'.encode("gb18030")
    assert parse_xml(snapshot(body)).text == "朱镕基"


@pytest.mark.parametrize(
    "body", [b"", b"<a>", b'{"a": 1}', b"<a>&nbsp;</a>", b'<?xml version="1.0" encoding="no-such"?><a/>', b"\xff\xff"]
)
def test_what_is_not_xml_says_so(body: bytes) -> None:
    with pytest.raises(ShapeChanged, match=r"not XML.*urn:uuid:1") as caught:
        parse_xml(snapshot(body))
    assert caught.value.reason == "body"
