"""Cells keep their columns: numbers make them, headers stand above one or several, and a hole stays a hole."""

from extractors.filings.columns import Cell, in_columns
from extractors.filings.html_pages import html_pages


def cells(*placed: tuple[float, float, str]) -> list[Cell]:
    return [Cell(*one) for one in placed]


def test_a_hole_in_a_row_stays_a_hole() -> None:
    rows = [
        cells((0, 40, "Lamps"), (100, 120, "1,250"), (150, 170, "900")),
        cells((0, 40, "Ropes"), (150, 170, "77")),
        cells((0, 40, "Total"), (95, 120, "(1,250)"), (150, 170, "977")),
    ]
    assert in_columns(rows)[1] == ["Ropes", "", "77"]


def test_a_note_in_one_row_is_a_column() -> None:
    rows = [
        cells((0, 40, "Lamps"), (70, 75, "3"), (100, 120, "1,250"), (150, 170, "900")),
        cells((0, 40, "Ropes"), (100, 120, "12"), (150, 170, "77")),
    ]
    assert in_columns(rows) == [["Lamps", "3", "1,250", "900"], ["Ropes", "", "12", "77"]]


def test_a_header_above_two_columns_is_written_in_the_first() -> None:
    rows = [
        cells((125, 145, "2031"), (225, 245, "2030")),
        cells((100, 120, "Sea"), (150, 170, "Land"), (200, 220, "Sea"), (250, 270, "Land")),
        *[
            cells((0, 40, "Lamps"), (100, 120, "1.5"), (150, 170, "2.5"), (200, 220, "3.5"), (250, 270, "4.5"))
            for _ in range(2)
        ],
    ]
    assert in_columns(rows)[:2] == [["", "2031", "", "2030"], ["", "Sea", "Land", "Sea", "Land"]]


def test_headers_without_a_note_stand_above_the_years() -> None:
    rows = [
        cells((95, 120, "RMB'000"), (145, 170, "RMB'000")),
        *[cells((0, 40, "Lamps"), (70, 75, "3"), (100, 120, "1,250"), (150, 170, "900")) for _ in range(2)],
    ]
    assert in_columns(rows)[0] == ["", "", "RMB'000", "RMB'000"]


def test_text_without_numbers_is_left_alone() -> None:
    assert in_columns([cells((0, 10, "a"), (50, 60, "b")), cells((90, 99, "c"))]) == [["a", "b"], ["c"]]


def test_html_spans_are_counted_and_signs_joined() -> None:
    page = """<html><body><table>
    <tr><td rowspan="2">Made-up results</td><td></td><td colspan="7">Three months ended</td></tr>
    <tr><td></td><td colspan="3">2031</td><td></td><td colspan="3">2030</td></tr>
    <tr><td>Sales</td><td></td><td>$</td><td>1,250</td><td></td><td></td><td>$</td><td>900</td><td></td></tr>
    <tr><td>Loss</td><td></td><td>$</td><td>(12</td><td>)</td><td></td><td>$</td><td>(7</td><td>)</td></tr>
    <tr><td>Other</td><td></td><td></td><td></td><td></td><td></td><td></td><td>5</td><td></td></tr>
    </table></body></html>"""
    assert html_pages(page)[0].split("\n") == [
        "Made-up results\tThree months ended",
        "\t2031\t2030",
        "Sales\t$1,250\t$900",
        "Loss\t$(12)\t$(7)",
        "Other\t\t5",
    ]


def test_a_very_long_table_is_read() -> None:
    rows = "".join(f"<tr><td>Row {number}</td><td>{number},000</td><td>1.5</td></tr>" for number in range(20_000))
    lines = html_pages(f"<html><body><table>{rows}</table></body></html>")[0].split("\n")
    assert (len(lines), lines[19_999]) == (20_000, "Row 19999\t19999,000\t1.5")
