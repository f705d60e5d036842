"""The envelope that the SEC puts around documents: one document, or all of a submission with its header.

Know that      tags have no end but for DOCUMENT and TEXT; binary parts are written as text (uuencode); a whole
               submission ends with its own end tag, so that a cut one is seen
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_DOCUMENT = re.compile(r"<DOCUMENT>\s*(?P<head>.*?)<TEXT>\s*(?P<text>.*?)(?:</TEXT>\s*)?</DOCUMENT>", re.DOTALL)
_OPEN_DOCUMENT = re.compile(r"\s*<DOCUMENT>\s*(?P<head>.*?)<TEXT>\s*(?P<text>.*?)(?:</TEXT>.*)?$", re.DOTALL)
_TAG = re.compile(r"^<(TYPE|SEQUENCE|FILENAME|DESCRIPTION)>[ \t]*(.*?)[ \t]*$", re.MULTILINE)
_WRAPPED = re.compile(r"^\s*<(XBRL|XML)>\s*(.*?)\s*(?:</\1>\s*)?$", re.DOTALL)
_HEADER = re.compile(r"<SEC-HEADER>.*?</SEC-HEADER>|<IMS-HEADER>.*?</IMS-HEADER>", re.DOTALL)
_HEAD = 4_000
_LONGEST_HEAD = 2_000


@dataclass(frozen=True, slots=True)
class Part:
    """One document in its envelope."""

    kind: str
    sequence: int | None
    file_name: str
    description: str
    text: str


def is_submission(text: str) -> bool:
    """Tell whether a text is a whole submission, or the beginning of one."""
    head = text[:_HEAD]
    return "<SEC-HEADER>" in head or "<SEC-DOCUMENT>" in head or "<IMS-DOCUMENT>" in head


def is_cut(text: str) -> bool:
    """Tell whether a submission ends before its end."""
    return "</SEC-DOCUMENT>" not in text[-_HEAD:] and "</IMS-DOCUMENT>" not in text[-_HEAD:]


def header_of(text: str) -> str:
    """Give the header of a submission; empty where there is none."""
    found = _HEADER.search(text)
    return found[0] if found else ""


def header_value(header: str, name: str) -> str:
    """Give the first value of a header, as `<NAME>value` or `NAME:  value`; empty where it has none."""
    found = re.search(rf"^\s*(?:<{re.escape(name)}>|{re.escape(name)}:)[ \t]*(\S.*?)[ \t]*$", header, re.MULTILINE)
    return found[1] if found else ""


def parts_of(text: str) -> Iterator[Part]:
    """Give the documents of a submission in their order."""
    for found in _DOCUMENT.finditer(text):
        yield _part(found)


def unwrapped(text: str) -> Part | None:
    """Take one document out of its envelope; None where it has none."""
    if "<DOCUMENT>" not in text[:_LONGEST_HEAD]:
        return None
    found = _OPEN_DOCUMENT.match(text)
    return _part(found) if found and len(found["head"]) < _LONGEST_HEAD else None


def _part(found: re.Match[str]) -> Part:
    tags = dict(reversed(_TAG.findall(found["head"])))
    wrapped = _WRAPPED.match(found["text"])
    sequence = tags.get("SEQUENCE", "")
    return Part(
        kind=tags.get("TYPE", ""),
        sequence=int(sequence) if sequence.isascii() and sequence.isdigit() and len(sequence) < 10 else None,
        file_name=tags.get("FILENAME", ""),
        description=tags.get("DESCRIPTION", ""),
        text=wrapped[2] if wrapped else found["text"],
    )
