"""Which answers of the archive other answers rest on: what a revisit says is in the record that it refers to."""

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from extractors.archive_index import Entry
from extractors.warc_answers import Answer, answer_at
from extractors.warc_reading import refers_to
from extractors.warc_writing import ArchiveError

if TYPE_CHECKING:
    from extractors.archive import Archive


def rested_on(archive: "Archive", candidates: Collection[str]) -> set[str]:
    """Name those of these answers that a revisit which is none of them may need, in whatever way it names its original.

    Raises ArchiveError when a file cannot be read.
    """
    entries = archive.index.entries()
    kept = [one for one in entries if one.kind == "revisit" and one.id not in candidates]
    names = {name for one in kept for name in _names(archive, one)}
    originals = (one for one in entries if one.kind != "revisit" and one.id in candidates)
    return {one.id for one in originals if names & {one.id, one.url, one.key, one.digest} - {""}}


def _names(archive: "Archive", revisit: Entry) -> Iterator[str]:
    """List all by which a revisit may name its original; without a digest, any answer of the address may be it."""
    yield from (revisit.digest,) if revisit.digest else (revisit.key, revisit.url)
    path = archive.folder / revisit.file
    try:
        found = answer_at(path, revisit.offset, arrival=None, limits=archive.limits)
    except OSError as error:
        raise ArchiveError(f"{path}: cannot be read ({error.strerror})") from error
    if isinstance(found, Answer):
        yield from refers_to(found)
