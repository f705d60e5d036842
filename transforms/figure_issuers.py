"""What is known of a document beside its pages: whose it is, who published it, when, and by which rules."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from extractors.watchlist import Company
from transforms.authority import FILING

BASES = {"sec": "us_gaap", "hkex": "ifrs", "cninfo": "prc_gaap"}
"""The accounting basis of those who file with each publisher, where a document does not state another."""


@dataclass(frozen=True, slots=True)
class About:
    """One document as the warehouse knows it."""

    document_id: str
    filing_id: str
    company: Company
    publisher: str
    kind: str
    """Form of the filing or kind of the document; empty where nobody says."""
    language: str
    provenance: dict[str, Any]
    """source_id, snapshot_id, available_at, fetched_at, first_seen_at."""
    authority: int = FILING

    @property
    def published(self) -> date:
        """Give the day on which it was public, in UTC: no document here is younger than a day by its zone."""
        public: datetime = self.provenance["available_at"]
        return public.date()

    @property
    def basis(self) -> str:
        """Give the accounting basis of a document that states none; filers with the SEC keep theirs elsewhere too."""
        return "us_gaap" if self.company.sec_cik is not None else BASES.get(self.publisher, "ifrs")
