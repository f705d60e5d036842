"""What the European Central Bank answers: the daily file as XML, the history as one CSV in a zip.

The history has the columns and days that the table of figures has; the real one has every currency since 1999.
"""

import io
import zipfile

from samples.published import rows_of

_DAILY = """<?xml version="1.0" encoding="UTF-8"?>
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" \
xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">
\t<gesmes:subject>Reference rates</gesmes:subject>
\t<gesmes:Sender>
\t\t<gesmes:name>European Central Bank</gesmes:name>
\t</gesmes:Sender>
\t<Cube>
\t\t<Cube time='{day}'>
{rates}
\t\t</Cube>
\t</Cube>
</gesmes:Envelope>
"""
_IN_ZIP = zipfile.ZipInfo("eurofxref-hist.csv", (2025, 1, 10, 16, 0, 0))


def daily_file() -> bytes:
    """Give the newest day as `eurofxref-daily.xml`."""
    newest = rows_of("euro_rates")[0]
    rates = (f"\t\t\t<Cube currency='{name}' rate='{rate}'/>" for name, rate in newest.items() if name != "date")
    return _DAILY.format(day=newest["date"], rates="\n".join(rates)).encode()


def history_zip() -> bytes:
    """Give every day, the newest first, as `eurofxref-hist.zip`; each line of its CSV ends in a comma."""
    rows = rows_of("euro_rates")
    currencies = [name for name in rows[0] if name != "date"]
    lines = [["Date", *currencies], *([row["date"], *(row[name] for name in currencies)] for row in rows)]
    text = "".join(f"{','.join(line)},\n" for line in lines)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(_IN_ZIP, text, compress_type=zipfile.ZIP_DEFLATED, compresslevel=9)
    return packed.getvalue()
