"""Commands that are loaded when they are asked for: `sql` need not wait for what reads PDF files."""

from difflib import get_close_matches
from functools import cache
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_command

COMMANDS = {
    "init": "init.init",
    "run": "run.run",
    "backfill": "backfill.backfill",
    "ingest": "ingest.ingest",
    "add": "add.add",
    "follow": "follow.follow",
    "feeds": "feeds.feeds",
    "status": "status.status",
    "alerts": "alerts.alerts",
    "notify": "notify.notify",
    "service": "service.service",
    "up": "up.up",
    "deploy": "deploy.deploy",
    "why": "why.why",
    "facts": "facts.facts",
    "report": "report.report",
    "watch": "watch.watch",
    "evidence": "evidence.evidence",
    "correct": "mending.correct",
    "reject": "mending.reject",
    "mute": "mending.mute",
    "forget": "mending.forget",
    "parse": "parse.parse",
    "article": "article.article",
    "claims": "claims.claims",
    "sql": "sql.sql",
    "export": "export.export",
    "notebook": "notebook.notebook",
    "sources": "sources.sources",
    "publish": "publish.publish",
    "rebuild": "rebuild.rebuild",
    "changes": "changes.changes",
    "backup": "backup.backup",
    "restore": "backup.restore",
    "housekeep": "housekeep.housekeep",
    "doctor": "doctor.doctor",
    "import": "import_.imports",
}
"""Every command in the order in which they are shown: its module in flows.commands, and its function or group there."""


class LazyGroup(TyperGroup):
    """The group of all commands."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Name the commands."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Load one command; None where there is none of that name."""
        return command(cmd_name) if cmd_name in COMMANDS else None

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find the command that the words name; refuse another one with those that are near it."""
        near = [] if args[0] in COMMANDS else get_close_matches(args[0], COMMANDS, n=3)
        if near:
            ctx.fail(f"There is no command {args[0]!r}. Did you mean {' or '.join(near)}?")
        return super().resolve_command(ctx, args)


@cache
def command(name: str) -> Any:
    """Load a command, as typer makes it of a function, by its name. Raises KeyError."""
    module, _, attribute = COMMANDS[name].partition(".")
    found = getattr(import_module(f"flows.commands.{module}"), attribute)
    if isinstance(found, typer.Typer):
        made = get_command(found)
        made.name = name
        return made
    alone = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    alone.command(name)(found)
    return get_command(alone)
