"""New fields of rows, told once each, whichever row they stand in."""

import re
from collections.abc import Sequence

from extractors.reading import Drift


def once(drift: Sequence[Drift]) -> tuple[Drift, ...]:
    """Keep the first example of each unknown field; the number of its row is left out."""
    fields = {re.sub(r"\[\d+\]", "", one.field).lstrip("."): one.example for one in reversed(drift)}
    return tuple(Drift(name, example) for name, example in reversed(fields.items()))
