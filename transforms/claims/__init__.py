"""Numeric claims in texts: what a sentence says in numbers, about whom and for when, in English and Chinese."""

from transforms.claims.claim import Claim
from transforms.claims.read import read_claims

__all__ = ["Claim", "read_claims"]
