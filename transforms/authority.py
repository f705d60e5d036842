"""Whose word a figure is. A lower rank never overwrites a higher one, however much later it comes."""

from collections.abc import Mapping

FILING = 1
RELEASE = 2
AGENCY = 3
MEDIUM = 4

AUTHORITIES: Mapping[str, int] = {"filing": FILING, "release": RELEASE, "agency": AGENCY, "media": MEDIUM}
"""By the words in which a person says it of a document."""
