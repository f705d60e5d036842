"""A small writer of PDFs for tests: text at places on pages, Latin in Helvetica, Chinese in a font of the reader."""

from collections.abc import Sequence
from dataclasses import dataclass

_FONTS = (
    b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    b"<< /Type /Font /Subtype /Type0 /BaseFont /MSung-Light /Encoding /UniCNS-UCS2-H /DescendantFonts [<< /Type /Font "
    b"/Subtype /CIDFontType0 /BaseFont /MSung-Light /CIDSystemInfo << /Registry (Adobe) /Ordering (CNS1) /Supplement 0 "
    b">> /DW 1000 /FontDescriptor << /Type /FontDescriptor /FontName /MSung-Light /Flags 4 /FontBBox [0 -200 1000 900] "
    b"/ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 700 /StemV 80 >> >>] >>",
)
_WIDTH = 5.0
"""Points that a digit of the Latin font takes at size 9, for setting numbers flush right."""


@dataclass(frozen=True, slots=True)
class Words:
    """Words with the place of their beginning, or of their end where they are set flush right."""

    text: str
    x: float
    y: float
    is_flush_right: bool = False


def table(rows: Sequence[Sequence[str]], *, columns: Sequence[float], top: float = 780) -> list[Words]:
    """Set rows below one another, labels at the left margin, the other cells flush right at their column."""
    found = []
    for line, row in enumerate(rows):
        for number, text in enumerate(row):
            if text:
                x = 60 if number == 0 else columns[number - 1]
                found.append(Words(text, x, top - 14 * line, is_flush_right=number > 0))
    return found


def pdf_of(pages: Sequence[Sequence[Words]]) -> bytes:
    """Write a whole file."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"", *_FONTS]
    kids = []
    for words in pages:
        stream = b"BT\n" + b"\n".join(_shown(one) for one in words) + b"\nET"
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R /Resources << /Font << /F1 3 0 R "
            b"/F2 4 0 R >> >> >>" % len(objects)
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(kids), b" ".join(kids))
    return _file(objects)


def _shown(words: Words) -> bytes:
    is_latin = words.text.isascii()
    width = sum(_WIDTH if one.isdigit() else 3 if one in "(),.- " else 5.5 for one in words.text) if is_latin else 0
    if not is_latin:
        width = 9 * len(words.text)
    x = words.x - width if words.is_flush_right else words.x
    escaped = words.text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    shown = b"(%s)" % escaped.encode() if is_latin else b"<%s>" % words.text.encode("utf-16-be").hex().encode()
    return b"/F%d 9 Tf 1 0 0 1 %.2f %.2f Tm %s Tj" % (1 if is_latin else 2, x, words.y, shown)


def _file(objects: Sequence[bytes]) -> bytes:
    body = b"%PDF-1.5\n"
    places = []
    for number, one in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table_at = len(body)
    body += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    body += b"".join(b"%010d 00000 n \n" % place for place in places)
    return body + b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table_at)
