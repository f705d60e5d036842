"""A writer of small PDF files: pages of lines in the base font that every reader has, columns at fixed places."""

from collections.abc import Sequence

WIDTH, HEIGHT = 595, 842
"""A4 in points."""
_LEFT, _TOP, _LEADING, _SIZE = 48, 780, 16, 9
_COLUMN = 110
_RIGHT = WIDTH - 48
_CHARACTER = 5.0
"""Width of a digit at this size in Helvetica, in points."""

OVER_TWO = "^"
"""Mark before a cell that stands over its own column and the next one."""

Line = Sequence[str]
"""Cells of one line: the first stands at the left, the others end at columns counted from the right."""


def pdf(pages: Sequence[Sequence[Line]]) -> bytes:
    """Write pages of lines; the same lines give the same bytes."""
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for number, lines in enumerate(pages):
        content = _content(lines)
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}] /Contents {5 + 2 * number} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>"
        )
        objects.append(f"<< /Length {len(content.encode('cp1252'))} >>\nstream\n{content}\nendstream")
    return _assembled(objects)


def _content(lines: Sequence[Line]) -> str:
    shown = [f"BT /F1 {_SIZE} Tf"]
    for number, cells in enumerate(lines):
        height = _TOP - number * _LEADING
        for place, cell in _placed(cells):
            if cell:
                shown.append(f"1 0 0 1 {place:.1f} {height} Tm ({_escaped(cell)}) Tj")
    return "\n".join([*shown, "ET"])


def _placed(cells: Line) -> list[tuple[float, str]]:
    first, *rest = cells
    columns = [_RIGHT - _COLUMN * (len(rest) - 1 - number) for number in range(len(rest))]
    ends = [_ended(end, cell) for end, cell in zip(columns, rest, strict=True)]
    return [(float(_LEFT), first), *ends]


def _ended(end: float, cell: str) -> tuple[float, str]:
    """Place a cell: it ends at its column, or stands in the middle of two where it is marked so."""
    if not cell.startswith(OVER_TWO):
        return end - _CHARACTER * len(cell), cell
    text = cell.removeprefix(OVER_TWO)
    return end + _COLUMN / 2 - _CHARACTER * len(text) / 2 - _COLUMN / 4, text


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def _assembled(objects: Sequence[str]) -> bytes:
    body = b"%PDF-1.4\n"
    offsets = []
    for number, text in enumerate(objects, start=1):
        offsets.append(len(body))
        body += f"{number} 0 obj\n{text}\nendobj\n".encode("cp1252")
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    trailer = f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(body)}\n%%EOF\n"
    return body + f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}{trailer}".encode("cp1252")
