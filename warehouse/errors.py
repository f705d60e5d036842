"""What can go wrong with the warehouse itself, and what DuckDB's words for it mean to a person.

Know that    a write that fails, of whatever cause, leaves DuckDB refusing everything after it; the file is as it was
             after the last commit, and is good again as soon as it is opened anew
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb


class WarehouseError(Exception):
    """The warehouse cannot be used: the message says what is wrong, where, and how to mend it."""

    def __init__(self, what: str, *, where: object, mend: str) -> None:
        super().__init__(f"{what} ({where}). {mend}")
        self.what = what
        self.where = str(where)
        self.mend = mend


_ROOM = "Free some space, then run again: what was loaded is still there, and the rest is in the archive"
_RIGHTS = "Give this user the right to write the file and its folder"
_REBUILD = "Rebuild it: `dragongate rebuild --publish` makes a new one from the home's archive, which holds everything"
_MENDS = (
    ("No space left", "the disk is full", _ROOM),
    ("Disk quota", "this user's share of the disk is full", _ROOM),
    ("File too large", "the file may not grow any further", _ROOM),
    ("set lock", "another process has it open", "Wait for it, or end it; to read, open the published copy instead"),
    ("newer version", "a newer DuckDB wrote it", f"Install that DuckDB, or: {_REBUILD[0].lower()}{_REBUILD[1:]}"),
    ("not a valid DuckDB", "it is not a DuckDB file", _REBUILD),
    ("orrupt", "its bytes are damaged", _REBUILD),
    ("hecksum", "its bytes are damaged", _REBUILD),
    ("read-only", "it may not be written", _RIGHTS),
    ("Read-only", "it may not be written", _RIGHTS),
    ("ermission denied", "it may not be written", _RIGHTS),
    ("No such file", "its folder is not there", "Make the folder, or set the home to one that is there"),
    ("Out of Memory", "there is not enough memory", "End other programs, or give this one more, then run again"),
    ("", "DuckDB cannot use it", "Look at the file and its disk; the home's archive can rebuild it"),
)
OF_THE_WORLD = (
    duckdb.IOException,
    duckdb.FatalException,
    duckdb.SerializationException,
    duckdb.OutOfMemoryException,
    duckdb.InternalException,
)
"""Errors that a person can mend, rather than mistakes in our own SQL."""
_COMMIT = "Failed to commit"


def explained(
    error: Exception, target: object, what: str = "The warehouse cannot be used", mend: str = ""
) -> WarehouseError:
    """Say what an error means and how to mend it; `mend` where that is known better."""
    why, usual = next((why, mend) for sign, why, mend in _MENDS if sign in str(error))
    return WarehouseError(f"{what}: {why}", where=f"{target}: {cause_of(error)}", mend=mend or usual)


@contextmanager
def explaining(target: object, what: str = "The warehouse cannot be used") -> Iterator[None]:
    """Turn what the disk or the memory does to DuckDB into a WarehouseError; mistakes in our SQL stay what they are."""
    try:
        yield
    except duckdb.Error as error:
        if is_of_the_world(error):
            raise explained(error, target, what) from error
        raise


def is_of_the_world(error: duckdb.Error) -> bool:
    """Tell an error that a person can mend from a mistake in our own SQL."""
    return isinstance(error, OF_THE_WORLD) or _COMMIT in str(error)


def cause_of(error: Exception) -> str:
    """Give the heart of a message: DuckDB wraps the first error into those that followed from it."""
    text = re.split(r"Original error:\s*", str(error).strip())[-1]
    return text.splitlines()[0].strip() if text else type(error).__name__
