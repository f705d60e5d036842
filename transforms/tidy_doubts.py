"""What documents say and cannot mean, set aside with its place."""

from collections.abc import Iterable

from transforms.figure_issuers import About
from transforms.figures.doubts import Doubt
from transforms.tidy import SetAside, Tidy
from warehouse.tables.filings import REPORTED_FACTS


def tidy_doubts(doubts: Iterable[Doubt], about: About) -> Tidy:
    """One row set aside per place, so that what no reader gives a figure of is counted."""
    return Tidy({}, tuple(_aside(one, about) for one in doubts))


def _aside(doubt: Doubt, about: About) -> SetAside:
    row = {
        "company_id": about.company.id,
        "document_id": about.document_id,
        "said": doubt.said,
        "page_number": doubt.place.page,
        "characters": f"{doubt.place.start}-{doubt.place.end}",
        "place": doubt.place.evidence,
    }
    return SetAside(
        REPORTED_FACTS.name, doubt.reason, row, about.provenance["snapshot_id"], about.provenance["source_id"]
    )
