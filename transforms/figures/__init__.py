"""Figures that documents state: read from their pages, not yet rows."""
