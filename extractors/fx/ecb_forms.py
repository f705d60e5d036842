"""The forms in which the ECB hands out its rates, all brought into the columns `time`, `currency`, `rate`.

XML     <Cube time="2018-06-11"><Cube currency="USD" rate="1.1790"/>…
wide    Date,USD,JPY,…   one column per currency, N/A for none, a comma at the end; the daily file puts spaces after
        the commas and writes its day as 13 April 2026; either may come in a zip
long    FREQ,CURRENCY,…,TIME_PERIOD,OBS_VALUE,…   the data API
"""

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Mapping
from datetime import date
from functools import reduce

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv

from extractors.errors import Refused, ShapeChanged
from extractors.reading import Drift
from extractors.snapshot import Snapshot
from extractors.xml import parse_xml

RATE = pa.decimal128(24, 12)
_LARGEST_MEMBER = 64 * 1024 * 1024
_CURRENCY = "^[A-Z]{3}$"
_DAILY_SERIES: Mapping[str, str] = {
    "FREQ": "D",
    "CURRENCY_DENOM": "EUR",
    "EXR_TYPE": "SP00",
    "EXR_SUFFIX": "A",
    "UNIT_MULT": "0",
}
"""What makes a row of the data API a daily reference rate; it also serves averages and other kinds of rate."""
_SERIES_FIELDS = frozenset(_DAILY_SERIES) | {
    "KEY", "TIME_FORMAT", "BREAKS", "COLLECTION", "COMPILING_ORG", "DISS_ORG", "DOM_SER_IDS", "PUBL_ECB",
    "PUBL_MU", "PUBL_PUBLIC", "OBS_STATUS", "OBS_CONF", "OBS_PRE_BREAK", "OBS_COM", "UNIT_INDEX_BASE",
    "COMPILATION", "COVERAGE", "DECIMALS", "NAT_TITLE", "SOURCE_AGENCY", "SOURCE_PUB", "TITLE", "TITLE_COMPL",
    "UNIT", "CURRENCY", "TIME_PERIOD", "OBS_VALUE",
}  # fmt: skip
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip
_DAY_IN_WORDS = re.compile(rf"(\d{{1,2}}) ({'|'.join(_MONTHS)}) (\d{{4}})")


def read_rates(snapshot: Snapshot) -> tuple[pa.Table, list[Drift]]:
    """Read one body, whatever its form; a currency without a rate on a day gives no row.

    Raises ShapeChanged for a body in none of the forms.
    """
    drift: list[Drift] = []
    body = snapshot.body.lstrip(b"\xef\xbb\xbf \t\r\n")
    if body.startswith(b"<"):
        return _unique(_xml_rates(snapshot, drift), snapshot), drift
    text = _only_member(snapshot) if snapshot.body.startswith(b"PK") else body
    return _unique(_csv_rates(text, snapshot, drift), snapshot), drift


def _xml_rates(snapshot: Snapshot, drift: list[Drift]) -> pa.Table:
    envelope = parse_xml(snapshot)
    if _local(envelope.tag) == "html":
        raise Refused("block_page", snapshot.at("a page of XHTML in place of rates"))
    if _local(envelope.tag) != "Envelope":
        raise ShapeChanged("Envelope", snapshot.at(f"expected Envelope, got {_local(envelope.tag)}"))
    outer = envelope.find("{*}Cube")
    if outer is None:
        raise ShapeChanged("Cube", snapshot.at("Cube is missing"))
    known = {"subject", "Sender", "Cube"}
    drift += [Drift(_local(one.tag), str(one.text)[:80]) for one in envelope if _local(one.tag) not in known]
    times, currencies, rates = [], [], []
    for day in outer:
        time = _attribute(day.attrib, "time", snapshot)
        for one in day:
            times.append(time)
            currencies.append(_attribute(one.attrib, "currency", snapshot))
            rates.append(_attribute(one.attrib, "rate", snapshot))
            drift += [Drift(name, value) for name, value in one.attrib.items() if name not in ("currency", "rate")]
    return _rates(_texts(times), _texts(currencies), _texts(rates), snapshot)


def _csv_rates(text: bytes, snapshot: Snapshot, drift: list[Drift]) -> pa.Table:
    columns = _csv_columns(text, snapshot)
    if "Date" in columns:
        return _wide_rates(columns, snapshot, drift)
    if "TIME_PERIOD" in columns:
        return _long_rates(columns, snapshot, drift)
    raise ShapeChanged("Date", snapshot.at("neither Date nor TIME_PERIOD heads a column"))


def _wide_rates(columns: Mapping[str, pa.Array], snapshot: Snapshot, drift: list[Drift]) -> pa.Table:
    days = _iso_days(columns["Date"], snapshot)
    parts = [_rates(_texts([]), _texts([]), _texts([]), snapshot)]
    for name, cells in columns.items():
        if name == "Date" or (name == "" and not pc.any(pc.not_equal(cells, "")).as_py()):
            continue
        if not re.match(_CURRENCY, name):
            drift.append(Drift(name, str(cells[0]) if len(cells) else ""))
            continue
        stated = pc.invert(pc.is_in(cells, value_set=_texts(["N/A", ""])))
        rates = cells.filter(stated)
        parts.append(_rates(days.filter(stated), pa.repeat(pa.scalar(name), len(rates)), rates, snapshot))
    return pa.concat_tables(parts)


def _long_rates(columns: Mapping[str, pa.Array], snapshot: Snapshot, drift: list[Drift]) -> pa.Table:
    for name in ("CURRENCY", "OBS_VALUE"):
        if name not in columns:
            raise ShapeChanged(name, snapshot.at(f"{name} is missing"))
    for name, only in _DAILY_SERIES.items():
        others = pc.filter(columns[name], pc.not_equal(columns[name], only)) if name in columns else []
        if len(others):
            raise ShapeChanged(name, snapshot.at(f"{name} is {others[0]}, a daily reference rate has {only}"))
    drift += [
        Drift(name, str(cells[0])) for name, cells in columns.items() if name not in _SERIES_FIELDS and len(cells)
    ]
    stated = pc.invert(pc.is_in(columns["OBS_VALUE"], value_set=_texts(["", "NaN"])))
    times, currencies, rates = (columns[name].filter(stated) for name in ("TIME_PERIOD", "CURRENCY", "OBS_VALUE"))
    return _rates(times, currencies, rates, snapshot)


def _csv_columns(text: bytes, snapshot: Snapshot) -> dict[str, pa.Array]:
    """Read every column as trimmed text under its trimmed name."""
    first = text.partition(b"\n")[0].decode("utf-8", errors="replace")
    try:
        names = [name.strip() for name in next(csv.reader([first.rstrip("\r")]), [])]
    except csv.Error as error:
        raise ShapeChanged("Date", snapshot.at(f"the first line names no columns: {error}")) from error
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise ShapeChanged(twice[0], snapshot.at(f"{twice[0]!r} heads two columns"))
    try:
        table = arrow_csv.read_csv(
            io.BytesIO(text),
            read_options=arrow_csv.ReadOptions(column_names=[str(n) for n in range(len(names))], skip_rows=1),
            convert_options=arrow_csv.ConvertOptions(
                column_types={str(n): pa.string() for n in range(len(names))}, strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid as error:
        raise ShapeChanged("rows", snapshot.at(f"not the rows of a CSV: {error}")) from error
    cells = [pc.utf8_trim_whitespace(column.combine_chunks()) for column in table.columns]
    # A range that ends in a day without values can end in a line of commas.
    says_something = reduce(pc.or_, (pc.not_equal(column, "") for column in cells))
    return {name: column.filter(says_something) for name, column in zip(names, cells, strict=True)}


def _only_member(snapshot: Snapshot) -> bytes:
    """Unpack the one CSV of a zip, and no more of it than a history can be long."""
    try:
        with zipfile.ZipFile(io.BytesIO(snapshot.body)) as archive:
            names = [name for name in archive.namelist() if name.lower().endswith(".csv")]
            if len(names) != 1:
                raise ShapeChanged("zip", snapshot.at(f"expected one CSV in the zip, found {len(names)}"))
            with archive.open(names[0]) as member:
                text = member.read(_LARGEST_MEMBER + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise ShapeChanged("zip", snapshot.at(f"not a zip that we can read: {error}")) from error
    if len(text) > _LARGEST_MEMBER:
        raise ShapeChanged("zip", snapshot.at(f"{names[0]} is longer than {_LARGEST_MEMBER} bytes"))
    return text.removeprefix(b"\xef\xbb\xbf")


def _rates(times: pa.Array, currencies: pa.Array, rates: pa.Array, snapshot: Snapshot) -> pa.Table:
    table = pa.table(
        {
            "time": _checked("time", times, pa.date32(), snapshot),
            "currency": currencies,
            "rate": _checked("rate", rates, RATE, snapshot),
        }
    )
    _require_all("currency", currencies, lambda some: pc.match_substring_regex(some, _CURRENCY), snapshot)
    _require_all("rate", table.column("rate"), lambda some: pc.greater(some, pa.scalar(0, RATE)), snapshot)
    return table


def _checked(name: str, values: pa.Array, kind: pa.DataType, snapshot: Snapshot) -> pa.Array:
    try:
        return values.cast(kind)
    except pa.ArrowInvalid as error:
        raise ShapeChanged(name, snapshot.at(f"{name}: {error}")) from error


def _require_all(name: str, values: pa.Array, rule: Callable[[pa.Array], pa.Array], snapshot: Snapshot) -> None:
    wrong = values.filter(pc.invert(rule(values)))
    if len(wrong):
        raise ShapeChanged(name, snapshot.at(f"{name} cannot be {wrong[0]}"))


def _unique(table: pa.Table, snapshot: Snapshot) -> pa.Table:
    keys = table.group_by(["time", "currency"]).aggregate([])
    if keys.num_rows != table.num_rows:
        raise ShapeChanged("time", snapshot.at("a currency has two rates on one day"))
    return table


def _iso_days(days: pa.Array, snapshot: Snapshot) -> pa.Array:
    in_words = pc.match_substring_regex(days, "[A-Za-z]")
    if not pc.any(in_words).as_py():
        return days
    return _texts([_iso_day(one, snapshot) for one in days.to_pylist()])


def _iso_day(words: str, snapshot: Snapshot) -> str:
    """Read 13 April 2026 without the locale of the process."""
    found = _DAY_IN_WORDS.fullmatch(words)
    if not found:
        raise ShapeChanged("Date", snapshot.at(f"Date: expected a day like 13 April 2026, got {words!r}"))
    try:
        return date(int(found[3]), _MONTHS.index(found[2]) + 1, int(found[1])).isoformat()
    except ValueError as error:
        raise ShapeChanged("Date", snapshot.at(f"Date: {words!r}: {error}")) from error


def _attribute(attributes: Mapping[str, str], name: str, snapshot: Snapshot) -> str:
    if name not in attributes:
        raise ShapeChanged(name, snapshot.at(f"{name} is missing"))
    return attributes[name]


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _texts(values: list[str]) -> pa.Array:
    return pa.array(values, pa.string())
