"""The readers of documents under load and out of shape: many threads, broken fonts, odd pages."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from extractors.errors import ShapeChanged, SourceError
from extractors.filings import pdf_pages
from extractors.filings.plain_pages import is_plain_text, plain_pages
from extractors.filings.sgml import is_cut, parts_of, unwrapped
from tests.cases import FIXTURES
from tests.filing_clients import snapshot

RESULTS = (FIXTURES / "hkexnews_documents" / "results.pdf").read_bytes()
CHINESE = (FIXTURES / "cninfo_documents" / "sales.pdf").read_bytes()
URL = "https://www1.hkexnews.hk/listedco/listconews/sehk/2025/0318/2025031800123.pdf"


def texts(body: bytes) -> list[str]:
    return pdf_pages.pdf_pages(snapshot(URL, body))


def test_many_threads_read_at_once_and_each_gets_its_own_text() -> None:
    # PDFium itself would mix them up, or end the process.
    expected = {RESULTS: texts(RESULTS), CHINESE: texts(CHINESE)}
    bodies = [RESULTS, CHINESE] * 20
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(texts, bodies)) == [expected[body] for body in bodies]


def unmapped(body: bytes) -> bytes:
    """Take the map to Unicode out of a font, as some programs leave it out; the file keeps its length."""
    return body.replace(b"/ToUnicode", b"/ToUnicorn")


def test_a_page_whose_font_has_no_map_goes_to_the_second_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def second(_: bytes, number: int) -> str:
        asked.append(number)
        return "read by the other engine"

    monkeypatch.setattr(pdf_pages, "_second_reading", second)
    assert texts(unmapped(CHINESE)) == ["read by the other engine"]
    assert asked == [0]


def test_fonts_that_no_reader_knows_are_no_text() -> None:
    with pytest.raises(ShapeChanged) as said:
        texts(unmapped(CHINESE))
    assert said.value.reason == "fonts"


def test_a_pdf_that_is_spoilt_anywhere_is_text_or_an_outcome() -> None:
    outcomes: Counter[str] = Counter()
    for place in range(0, len(RESULTS), 37):
        try:
            outcomes["text" if texts(RESULTS[:place] + b"\xff\x00" + RESULTS[place + 2 :]) else "none"] += 1
        except SourceError as error:
            outcomes[error.outcome] += 1
    assert outcomes["none"] == 0 and sum(outcomes.values()) > 30


def test_pages_of_a_plain_text_end_at_a_feed_or_a_tag() -> None:
    assert plain_pages("One      2\f<PAGE>   2\nThree\n<TABLE>\n<S>   <C>\nFour      5\n") == [
        "One\t2",
        "Three\nFour\t5",
    ]


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("word " * 40, True),
        ("word " * 10, False),
        ("word\x00" * 40, False),
        ("销量" * 20, True),
        ("[[[[ " * 400, False),
    ],
)
def test_a_plain_text_has_words(text: str, is_one: bool) -> None:
    assert is_plain_text(text) is is_one


def test_an_envelope_inside_a_text_is_no_envelope() -> None:
    assert unwrapped("A text that speaks of <DOCUMENT> and <TEXT> tags") is None
    part = unwrapped("<DOCUMENT>\n<TYPE>EX-99.1\n<SEQUENCE>two\n<TEXT>\n<XBRL>\nwords\n</XBRL>\n</TEXT>\n</DOCUMENT>\n")
    assert part is not None and (part.kind, part.sequence, part.text) == ("EX-99.1", None, "words")


def test_a_submission_without_its_end_is_cut() -> None:
    whole = (FIXTURES / "sec_documents" / "submission.txt").read_text(encoding="utf-8")
    assert not is_cut(whole) and is_cut(whole[:-30])
    assert [part.file_name for part in parts_of(whole)][-1] == "made.xsd"
