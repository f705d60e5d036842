"""Where saved answers lie: after a housekeeping that was killed, the index is brought to what the files say."""

from collections import defaultdict
from typing import TYPE_CHECKING

from warehouse.needed import agree

if TYPE_CHECKING:
    from flows.job import Job

HOUSEKEEPING = "housekeep"
"""The flow of a run that writes files of the archive anew; the start after one that died finishes its work."""


def agree_on_places(job: "Job") -> None:
    """Let the warehouse's index of the archive say what stands in each file, and where."""
    by_file: dict[str, dict[str, tuple[int, int]]] = defaultdict(dict)
    for entry in job.archive.index.entries():
        by_file[entry.file][entry.id] = (entry.offset, entry.length)
    for path in job.archive.files():
        agree(job.warehouse, path.name, by_file[path.name])
