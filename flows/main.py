"""The command line. Exit code 0 done, 1 something required is missing or stale, 2 bad use."""

import errno
import logging
import sys
from io import TextIOWrapper

import typer

from extractors.archive import ArchiveError, NoArchive
from extractors.masking import Masked, shown
from extractors.quotes.code_rules import BadCode
from extractors.settings import BadSettings
from extractors.social.followers_table import BadTable
from extractors.watchlist import BadWatchList
from flows.alerting.notify import NotOpen
from flows.commands.add import add
from flows.commands.alerts import alerts
from flows.commands.article import article
from flows.commands.backfill import backfill
from flows.commands.backup import backup, restore
from flows.commands.changes import changes
from flows.commands.claims import claims
from flows.commands.deploy import deploy
from flows.commands.doctor import doctor
from flows.commands.evidence import evidence
from flows.commands.facts import facts
from flows.commands.feeds import feeds
from flows.commands.follow import follow
from flows.commands.housekeep import housekeep
from flows.commands.import_ import imports
from flows.commands.ingest import ingest
from flows.commands.init import init
from flows.commands.mending import correct, forget, mute, reject
from flows.commands.notify import notify
from flows.commands.parse import parse
from flows.commands.publish import publish
from flows.commands.rebuild import rebuild
from flows.commands.report import report
from flows.commands.run import run
from flows.commands.service import service
from flows.commands.sources import sources
from flows.commands.sql import sql
from flows.commands.status import status
from flows.commands.terminal import ERR
from flows.commands.up import up
from flows.commands.watch import watch
from flows.commands.why import why
from flows.keeping.backup_manifest import BackupError
from flows.official_lists import NotListed
from warehouse.database import WarehouseError
from warehouse.errors import OF_THE_WORLD, explained
from warehouse.generations import PublishError
from warehouse.lease import LeaseHeld
from warehouse.published import NothingPublished, QueryError

BAD_USE = 2
MISSING = 1
EXPECTED: dict[type[Exception], int] = {
    BadSettings: BAD_USE,
    BadWatchList: BAD_USE,
    BadTable: BAD_USE,
    BadCode: BAD_USE,
    NotListed: BAD_USE,
    NotOpen: BAD_USE,
    QueryError: BAD_USE,
    NoArchive: BAD_USE,
    ArchiveError: MISSING,
    WarehouseError: MISSING,
    PublishError: MISSING,
    BackupError: MISSING,
    LeaseHeld: MISSING,
    NothingPublished: MISSING,
    OSError: MISSING,
    **dict.fromkeys(OF_THE_WORLD, MISSING),
}
"""Errors that a person can mend from their message alone; any other is our own mistake and shows its trace."""

MENDS: dict[tuple[int, ...], str] = {
    (errno.ENOSPC, errno.EDQUOT, errno.EFBIG): "Free some space, then run again: what was loaded is still there.",
    (errno.EACCES, errno.EPERM, errno.EROFS): "Make it writable for this user, or give another folder with --home.",
    (errno.ENOTDIR, errno.EEXIST, errno.EISDIR): "A file stands where a folder should: give another one with --home.",
}
"""What a person can do about an error of the system, by its number."""

app = typer.Typer(
    help="Follow a listed company and its rivals: news, filings, quotes, rates and followers in one warehouse.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for command in (
    init,
    run,
    backfill,
    ingest,
    add,
    follow,
    feeds,
    status,
    alerts,
    notify,
    service,
    up,
    deploy,
    why,
    facts,
    report,
    watch,
    evidence,
    correct,
    reject,
    mute,
    forget,
    parse,
    article,
    claims,
    sql,
    sources,
    publish,
    rebuild,
    changes,
    backup,
    restore,
    housekeep,
    doctor,
):
    app.command()(command)
app.add_typer(imports, name="import")


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
    except tuple(EXPECTED) as error:
        ERR.print(f"[bold red]dragongate:[/] {_plain(error)}", markup=True)
        sys.exit(next(code for kind, code in EXPECTED.items() if isinstance(error, kind)))


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
