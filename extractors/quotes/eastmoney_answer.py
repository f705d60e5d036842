"""The envelope of Eastmoney's answers about prices, and the hosts that give them."""

import re

from extractors.answers import refuse_html, require_ok
from extractors.errors import NothingThere
from extractors.quotes.callback import without_callback
from extractors.reading import Record, json_body
from extractors.snapshot import Snapshot

HOSTS = re.compile(r"(\d+\.)?push2(his|delay|test)?\.eastmoney\.com")
TERMS = "Undocumented endpoint of a public page; no licence to pass the data on."
WHY_OFF = (
    "It closes connections to programs by address and by client, without an answer, which says that it does not want "
    "them; it serves as a cross-check where an operator is let in."
)
_ENVELOPE = ("rc", "rt", "svr", "lt", "full", "dlmkts", "dsc")


def data_of(snapshot: Snapshot) -> tuple[Record, Record]:
    """Give the envelope, with its known fields taken, and the data in it, with numbers exactly as written.

    Raises NothingThere for a code that the source does not know, for which it has no data, and what any other answer
    means that is not data.
    """
    require_ok(snapshot)
    refuse_html(snapshot)
    answer = Record(json_body(without_callback(snapshot), exact=True), snapshot)
    answer.ignore(*_ENVELOPE)
    if answer.take("data") is None:
        raise NothingThere("unknown_symbol", snapshot.at(f"no data, rc {answer.optional('rc')}"))
    return answer, answer.record("data")
