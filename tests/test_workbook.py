"""Workbooks and CSV files: every value is what it was, or a cell and the page beside it say what it is instead."""

from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import duckdb
import pyarrow as pa
import pytest
from openpyxl import load_workbook

from flows.main import code_of
from warehouse.exports import workbook
from warehouse.exports.answers import answer, whole, write_xlsx
from warehouse.exports.files import write_csv
from warehouse.exports.workbook import Page, Sheet, TooLarge, write_workbook
from warehouse.home import Home
from warehouse.published import QueryError

NOTHING = Page("about", (), ())


def moment(*parts: int) -> datetime:
    """Give an instant as Excel has it, without a zone."""
    return datetime(*parts, tzinfo=UTC).replace(tzinfo=None)


def rows_of(sql: str) -> pa.Table:
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'Asia/Hong_Kong'")
        return connection.execute(f"SELECT {sql}").to_arrow_table()


def cells(sql: str, folder: Path) -> dict[str, Any]:
    """Write one row and read it back: the cells by the name of their column."""
    write_workbook(folder / "book.xlsx", [Sheet("rows", rows_of(sql))], NOTHING)
    sheet = load_workbook(folder / "book.xlsx")["rows"]
    return {head.value: sheet.cell(2, head.column) for head in sheet[1]}


@pytest.mark.parametrize(
    ("sql", "value", "shown"),
    [
        ("'002594'", "002594", "General"),
        ("'01810'", "01810", "General"),
        ("'小米集團－Ｗ'", "小米集團－Ｗ", "General"),
        ("'=1+1'", "=1+1", "General"),
        ("'@SUM(A1)'", "@SUM(A1)", "General"),
        ("'{=A1}'", "{=A1}", "General"),
        ("'https://example.org/'", "https://example.org/", "General"),
        ("'2024-12-30'", "2024-12-30", "General"),
        ("'TRUE'", "TRUE", "General"),
        ("true", True, "General"),
        ("34.45::DECIMAL(18,6)", 34.45, "#,##0.00"),
        ("0.139112345678::DECIMAL(24,12)", 0.139112345678, "#,##0.0000"),
        ("92510000000.000000::DECIMAL(38,6)", 92_510_000_000, "#,##0"),
        ("-31::DECIMAL(18,6)", -31, "#,##0"),
        ("130000::BIGINT", 130_000, "#,##0"),
        ("3.14159::DOUBLE", 3.14159, "#,##0.00"),
        ("0.0014::DOUBLE", 0.0014, "0.0000"),
        ("1e12::DOUBLE", 1e12, "#,##0"),
        ("'nan'::DOUBLE", "nan", None),
        ("'-inf'::DOUBLE", "-inf", None),
        ("DATE '2024-12-30'", moment(2024, 12, 30), "yyyy-mm-dd"),
        ("DATE '1850-05-05'", "1850-05-05", None),
        ("DATE 'infinity'", "infinity", None),
        ("TIMESTAMPTZ '2025-01-02T17:00:00+08:00'", moment(2025, 1, 2, 9), 'yyyy-mm-dd hh:mm:ss"Z"'),
        ("TIMESTAMPTZ '-infinity'", "-infinity", None),
        ("TIMESTAMP '2025-01-02 17:00:00'", moment(2025, 1, 2, 17), "yyyy-mm-dd hh:mm:ss"),
        ("TIMESTAMP_NS '2020-01-01 00:00:00.000000001'", moment(2020, 1, 1), None),
        ("TIME '16:08:10'", time(16, 8, 10), "hh:mm:ss"),
        ("INTERVAL '14 months 3 days 04:05:06.5'", "14 months 3 days 4:05:06.500000", "General"),
        ("INTERVAL '0 days'", "0:00:00", "General"),
        ("['中', NULL, 'b']", "中; ; b", "General"),
        ("[1, 2]", "1; 2", "General"),
        ("{'a': 1, 'b': ['中']}", '{"a": 1, "b": ["中"]}', "General"),
        ("MAP {'k': DATE '2024-01-01'}", '[["k", "2024-01-01"]]', "General"),
        ("'\\xAA\\x01'::BLOB", "aa01", "General"),
        ("'26e50ced-4faa-4efe-8f93-9942e48b1d38'::UUID", "26e50ced-4faa-4efe-8f93-9942e48b1d38", "General"),
        ("'b'::ENUM('a', 'b')", "b", "General"),
        ("NULL", None, None),
        ("''", "", None),
    ],
)
def test_a_value_is_what_it_was(sql: str, value: Any, shown: str | None, tmp_path: Path) -> None:
    cell = cells(f"{sql} AS value", tmp_path)["value"]
    assert cell.value == value and isinstance(cell.value, str | bool) is isinstance(value, str | bool)
    assert cell.data_type != "f", "nothing is a formula"
    assert shown is None or cell.number_format == shown


def test_a_year_has_no_thousands(tmp_path: Path) -> None:
    assert cells("2024 AS fiscal_year", tmp_path)["fiscal_year"].number_format == "0"


@pytest.mark.parametrize(
    ("sql", "digits"),
    [
        ("123456789012345678::BIGINT", "123456789012345678"),
        ("12345678901234.123456::DECIMAL(38,6)", "12345678901234.123456"),
        ("sum(9223372036854775807)", "9223372036854775807"),
    ],
)
def test_digits_that_a_number_of_excel_loses_stand_beside_it(sql: str, digits: str, tmp_path: Path) -> None:
    found = cells(f"{sql} AS amount", tmp_path)
    assert found["amount (exact)"].value == digits
    assert float(found["amount"].value) == pytest.approx(float(digits), rel=1e-15)


def test_fifteen_digits_need_no_second_column(tmp_path: Path) -> None:
    assert [*cells("123456789.012345::DECIMAL(38,6) AS amount", tmp_path)] == ["amount"]


def test_a_text_that_is_longer_than_a_cell_is_cut_and_says_so(tmp_path: Path) -> None:
    whole = cells("repeat('文', 32767) AS text", tmp_path)["text"].value
    assert whole == "文" * 32767
    cut = cells("repeat('😀', 16384) AS text", tmp_path)["text"].value
    assert cut.startswith("😀" * 16000) and cut.endswith("… [cut: a cell holds no more]")
    assert len(cut.encode("utf-16-le")) // 2 <= 32767


def test_signs_that_a_workbook_cannot_hold_are_escaped(tmp_path: Path) -> None:
    cells("chr(1) || chr(0) || '_x0041_' AS text", tmp_path)
    text = ZipFile(tmp_path / "book.xlsx").read("xl/worksheets/sheet1.xml").decode()
    assert "_x0001__x0000__x005F_x0041_" in text


def test_more_rows_than_a_sheet_holds_are_refused_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = tmp_path / "book.xlsx"
    many = pa.table({"n": pa.array(range(1_048_576), pa.int64())})
    with pytest.raises(TooLarge, match=r"1,048,576 rows .* holds 1,048,575 rows .* --parquet") as raised:
        write_workbook(write, [Sheet("rows", many)], NOTHING)
    assert code_of(raised.value) == 2 and [*tmp_path.iterdir()] == []
    monkeypatch.setattr(workbook, "ROWS", 10)
    write_workbook(write, [Sheet("rows", many.slice(0, 9))], NOTHING)
    assert load_workbook(write)["rows"].max_row == 10


def test_a_book_that_is_not_finished_leaves_the_one_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cells("1 AS n", tmp_path)
    before = (tmp_path / "book.xlsx").read_bytes()
    monkeypatch.setattr(workbook, "_write_page", None)
    with pytest.raises(TypeError):
        cells("2 AS n", tmp_path)
    assert [one.read_bytes() for one in tmp_path.iterdir()] == [before]


def test_sheets_have_names_that_excel_takes(tmp_path: Path) -> None:
    row = rows_of("1 AS n")
    names = ["a" * 40, "A" * 35, "us/cn [x]", "about", ""]
    write_workbook(tmp_path / "book.xlsx", [Sheet(one, row) for one in names], NOTHING)
    found = load_workbook(tmp_path / "book.xlsx").sheetnames
    assert found == ["a" * 31, "A" * 29 + "~2", "us-cn -x-", "about", "rows", "about~2"]


def test_marts_come_as_sheets_with_all_that_is_known_of_them(sample_home: Home, tmp_path: Path) -> None:
    found = whole(sample_home, ["company_daily", "core.companies"])
    write_xlsx(found, tmp_path / "book.xlsx")
    book = load_workbook(tmp_path / "book.xlsx")
    assert book.sheetnames == ["company_daily", "companies", "about"]
    for one in found.answers:
        sheet = book[one.name]
        assert sheet.max_row == one.rows.num_rows + 1 > 2
        assert sheet.freeze_panes == "A2" and sheet.auto_filter.ref.startswith("A1:")
        assert {cell.value for cell in sheet[1]} == {*one.rows.column_names}
        assert all(cell.comment and cell.comment.text for cell in sheet[1])
    names = book["companies"]
    (chinese,) = (n for n, cell in enumerate(names[1]) if cell.value == "name_zh")
    assert "小米集团" in {row[chinese] for row in names.iter_rows(min_row=2, values_only=True)}
    told = {tuple(cell for cell in row if cell) for row in book["about"].iter_rows(values_only=True)}
    assert ("company_daily", "market_value_hkd", "HKD", "Market value in Hong Kong dollars",
            "mart.company_daily", "DOUBLE") in told  # fmt: skip
    assert any(row[:1] == ("generation",) and row[1].startswith("1, published ") for row in told)
    assert any(row[0] == "tencent_daily" and row[2] == "no" for row in told if len(row) > 2)
    assert "kuaishou" not in {row[0] for row in told if row}, "only sources whose rows are below these tables"


def test_a_mart_of_the_past_is_the_one_of_then(sample_home: Home, tmp_path: Path) -> None:
    then = datetime(2024, 12, 30, 8, 30, tzinfo=UTC)
    found = whole(sample_home, ["company_daily"], as_of=then)
    days = found.answers[0].rows["trade_date"].to_pylist()
    assert date(2024, 12, 30) in days and max(days) <= date(2024, 12, 30)
    write_xlsx(found, tmp_path / "book.xlsx")
    about = load_workbook(tmp_path / "book.xlsx")["about"]
    assert ("as of", "2024-12-30 08:30:00+0000: what was public then") in [row[:2] for row in about.values]


def test_a_name_that_is_none_says_what_is_near(sample_home: Home) -> None:
    with pytest.raises(QueryError, match=r"no table company_dayly; near are .*mart\.company_daily"):
        whole(sample_home, ["company_dayly"])


def test_what_keeps_no_past_says_so(sample_home: Home) -> None:
    with pytest.raises(QueryError, match=r"no past is kept of core\.sources: ask"):
        whole(sample_home, ["companies", "sources"], as_of=datetime(2024, 12, 30, tzinfo=UTC))


def test_a_folder_that_is_not_there_is_told_by_the_name_that_was_given(tmp_path: Path) -> None:
    path = tmp_path / "nowhere" / "book.xlsx"
    with pytest.raises(FileNotFoundError) as raised:
        write_workbook(path, [], Page("about", [], ()))
    assert raised.value.filename == str(path)


def test_two_columns_of_one_name_are_both_in_a_csv(tmp_path: Path) -> None:
    write_csv(pa.Table.from_arrays([[1], [2]], names=["a", "a"]), tmp_path / "two.csv")
    assert (tmp_path / "two.csv").read_text(encoding="utf-8") == '"a","a"\n1,2\n'


def test_a_query_is_explained_by_the_tables_it_speaks_of(sample_home: Home) -> None:
    found = answer(
        sample_home,
        "SELECT close_price, 2 * close_price AS twice FROM as_of.daily_quotes('2025-01-02T17:00:00+08:00')",
    )
    (one,) = found.answers
    assert [(this.table, this.column) for this in one.definitions] == [("core.daily_quotes", "close_price")]
    assert "tencent_daily" in {this.source_id for this in found.sources}
    assert found.state.generation == 1


def test_csv_has_a_mark_on_request_and_any_value(tmp_path: Path) -> None:
    rows = rows_of(
        "'小米' AS name, '01810' AS code, [1, 2] AS list, {'a': 1} AS part, INTERVAL '2 days' AS span,"
        " DATE 'infinity' AS until, '\\xAA'::BLOB AS bytes, 'b'::ENUM('a', 'b') AS kind, 34.450000::DECIMAL(18,6) AS p"
    )
    write_csv(rows, tmp_path / "plain.csv")
    write_csv(rows, tmp_path / "marked.csv", with_mark=True)
    plain = (tmp_path / "plain.csv").read_bytes()
    assert (tmp_path / "marked.csv").read_bytes() == b"\xef\xbb\xbf" + plain
    assert plain.decode().splitlines()[1] == (
        '"小米","01810","1; 2","{""a"": 1}","2 days","infinity","aa","b",34.450000'
    )
