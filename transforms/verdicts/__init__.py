"""Verdicts on claims: what the words allow, what the warehouse knew, and whether the one meets the other."""
