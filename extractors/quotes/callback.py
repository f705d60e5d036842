"""The function call that some sources put round their JSON, so that a page can run it."""

import re
from dataclasses import replace

from extractors.errors import ShapeChanged
from extractors.snapshot import Snapshot

_CALLBACK = re.compile(rb"^\s*[A-Za-z_$][\w$.]*\s*\((?=\s*\{)")


def without_callback(snapshot: Snapshot) -> Snapshot:
    """Take a function call off the JSON that it holds; an answer without one stays as it is.

    Raises ShapeChanged where the call does not end.
    """
    head = _CALLBACK.match(snapshot.body)
    if not head:
        return snapshot
    body = snapshot.body[head.end() :].strip().removesuffix(b";").rstrip()
    if not body.endswith(b")"):
        raise ShapeChanged("body", snapshot.at("the answer is cut off"))
    return replace(snapshot, body=body[:-1])
