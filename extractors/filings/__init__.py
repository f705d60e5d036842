"""Regulatory filings and reported facts."""
