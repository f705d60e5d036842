"""The command line. Exit code 0 done, 1 something required is missing or stale, 2 bad use."""

import errno
import logging
import sys
from io import TextIOWrapper

import typer

from extractors.masking import Masked, shown
from flows.commands.lazily import LazyGroup
from flows.commands.terminal import ERR
from warehouse.errors import OF_THE_WORLD, explained

BAD_USE = 2
MISSING = 1
EXPECTED = {
    "extractors.settings.BadSettings": BAD_USE,
    "extractors.watchlist.BadWatchList": BAD_USE,
    "extractors.social.followers_table.BadTable": BAD_USE,
    "extractors.quotes.code_rules.BadCode": BAD_USE,
    "flows.official_lists.NotListed": BAD_USE,
    "flows.alerting.notify.NotOpen": BAD_USE,
    "warehouse.published.QueryError": BAD_USE,
    "warehouse.exports.workbook.TooLarge": BAD_USE,
    "warehouse.exports.folder.ExportError": BAD_USE,
    "extractors.warc_writing.NoArchive": BAD_USE,
    "extractors.warc_writing.ArchiveError": MISSING,
    "warehouse.errors.WarehouseError": MISSING,
    "warehouse.generations.PublishError": MISSING,
    "flows.keeping.backup_manifest.BackupError": MISSING,
    "warehouse.lease.LeaseHeld": MISSING,
    "warehouse.published.NothingPublished": MISSING,
    "builtins.OSError": MISSING,
}
"""Errors that a person can mend from their message alone; any other is our own mistake and shows its trace.

By name: a module that was not needed for a command cannot have raised anything.
"""

MENDS: dict[tuple[int, ...], str] = {
    (errno.ENOSPC, errno.EDQUOT, errno.EFBIG): "Free some space, then run again: what was loaded is still there.",
    (errno.EACCES, errno.EPERM, errno.EROFS): "Make it writable for this user, or give another place (--home).",
    (errno.ENOTDIR, errno.EEXIST, errno.EISDIR): (
        "A file is where a folder should be, or a folder where a file: give another place (--home)."
    ),
}
"""What a person can do about an error of the system, by its number."""

app = typer.Typer(
    cls=LazyGroup,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback()
def dragongate() -> None:
    """Follow a listed company and its rivals: news, filings, quotes, rates and followers in one warehouse."""


def main() -> None:
    """Run one command and turn what went wrong into a message and an exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal that knows ASCII only shows Chinese names too
    logging.basicConfig(level=logging.WARNING)
    for handler in logging.getLogger().handlers:
        handler.setFormatter(Masked("%(levelname)s %(name)s: %(message)s"))
    try:
        app()
    except Exception as error:
        code = code_of(error)
        if code is None:
            raise
        ERR.print(f"[bold red]dragongate:[/] {_plain(error)}", markup=True)
        sys.exit(code)


def code_of(error: Exception) -> int | None:
    """Give the exit code of an error that a person can mend; None for a mistake of ours."""
    if isinstance(error, OF_THE_WORLD):
        return MISSING
    kinds = (f"{kind.__module__}.{kind.__qualname__}" for kind in type(error).__mro__)
    return next((EXPECTED[kind] for kind in kinds if kind in EXPECTED), None)


def told(error: BaseException) -> str:
    """Give an error's message; one of the system's becomes the file, what is wrong with it, and what to do."""
    if isinstance(error, OF_THE_WORLD):
        return str(explained(error, "a file of the home"))
    if not isinstance(error, OSError) or error.errno is None:
        return str(error)
    where = f"{error.filename}: " if error.filename else ""
    mend = next((mend for codes, mend in MENDS.items() if error.errno in codes), "Look at the file and its disk.")
    return f"{where}{error.strerror}. {mend}"


def _plain(error: BaseException) -> str:
    return shown(told(error)).replace("[", "\\[")


if __name__ == "__main__":
    main()
