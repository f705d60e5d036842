"""`dragongate up`: schedules, Prefect's server and the status service, in one command."""

import logging
import os
import signal
import sys
import time
from datetime import timedelta
from threading import Event
from typing import Annotated

import typer

from extractors.masking import Masked
from extractors.settings import BadSettings, Settings
from flows.alerting.notify import notify
from flows.clock import utc_now
from flows.commands.options import DEFAULT_HOME, HomeOption, settings_of
from flows.commands.service import is_loopback, listen, refuse_without_password
from flows.prefect_server import is_configured
from flows.scheduling.heartbeat import ping
from flows.scheduling.part import Part
from flows.scheduling.scheduler import Outside, Scheduler
from flows.scheduling.schedules import coming
from flows.scheduling.session_moments import is_known
from flows.scheduling.up import (
    ChildRun,
    Place,
    WatchedSchedules,
    environment_of_runs,
    keep_up,
    server_recipe,
    service_recipe,
)
from warehouse.home import Home
from warehouse.scheduled import scheduled_runs

log = logging.getLogger("dragongate")

SERVER_PORT = 4200
AS_SET = -1
ENDING = ("SIGINT", "SIGTERM", "SIGHUP")


def up(
    home: HomeOption = DEFAULT_HOME,
    host: Annotated[str, typer.Option(help="Address to listen on; default as set, or 127.0.0.1.")] = "",
    port: Annotated[int, typer.Option(help="Port of the status page; default as set, or 4243.", max=65535)] = AS_SET,
    server_port: Annotated[int, typer.Option(help="Port of Prefect's pages.", max=65535)] = SERVER_PORT,
    no_server: Annotated[bool, typer.Option("--no-server", help="Without Prefect; runs are the same.")] = False,
    no_service: Annotated[bool, typer.Option("--no-service", help="Without the status page.")] = False,
) -> None:
    """Run the schedules, Prefect's server and the status page until Ctrl-C or SIGTERM. Missed runs become one."""
    place = Home(home).make()
    settings = settings_of(place)
    host = host or settings.service.host
    has_server = not no_server and not is_configured()
    _refuse_open_doors(host, settings, has_server=has_server, has_service=not no_service)
    server = _place(host, server_port, "--server-port") if has_server else None
    page = _place(host, settings.service.port if port == AS_SET else port, "--port") if not no_service else None
    environment = environment_of_runs(place, server)
    _speak()
    outside = Outside(
        now=utc_now,
        begin=lambda turn: ChildRun(place, turn, environment, with_prefect=not no_server),
        schedules=WatchedSchedules(place),
        runs=lambda: scheduled_runs(place),
        ping=lambda now: ping(settings, now),
        tell=lambda now: notify(place, settings, now),
    )
    parts = [Part(server_recipe(place, server, settings.keep.prefect_days))] if server else []
    parts += [Part(service_recipe(place, page, environment))] if page else []
    over = _until_told_to_end()
    _say_what_comes(place, outside)
    scheduler = Scheduler(place, outside, since=utc_now())
    keep_up(scheduler, parts, now=utc_now, wait=lambda span: over.wait(span / timedelta(seconds=1)))
    log.info("ended; nothing is left running")


def _refuse_open_doors(host: str, settings: Settings, *, has_server: bool, has_service: bool) -> None:
    """Refuse to be reached from other machines without passwords. Raises BadSettings."""
    if has_service:
        refuse_without_password(host, settings)
    if has_server and not is_loopback(host) and not os.environ.get("PREFECT_SERVER_API_AUTH_STRING"):
        raise BadSettings(
            f"Prefect's server on {host} can be reached from other machines: set PREFECT_SERVER_API_AUTH_STRING to "
            "user:password, or give --no-server, or listen on 127.0.0.1"
        )


def _place(host: str, port: int, option: str) -> Place:
    """See that a port is free, and name it. Raises BadSettings where it is taken."""
    try:
        with listen(host, port) as probe:
            return Place(host.strip("[]"), probe.getsockname()[1])
    except BadSettings as error:
        raise BadSettings(str(error).replace("--port", option)) from error


def _speak() -> None:
    """Write a line for each thing that happens, with its time in UTC, since three zones matter here."""
    line = Masked("%(asctime)sZ %(levelname)-7s %(message)s", "%Y-%m-%d %H:%M:%S")
    line.converter = time.gmtime
    for handler in logging.getLogger().handlers:
        handler.setFormatter(line)
    log.setLevel(logging.INFO)


def _until_told_to_end() -> Event:
    """Give an event that a signal sets. At the second signal nothing is waited for any more."""
    over = Event()

    def told(number: int, frame: object) -> None:
        del frame
        if over.is_set():
            log.warning("told again to end: what runs is killed")
            sys.exit(128 + number)
        log.info("told to end by %s", signal.Signals(number).name)
        over.set()

    for name in ENDING:
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), told)
    return over


def _say_what_comes(home: Home, outside: Outside) -> None:
    now = outside.now()
    schedules = outside.schedules()
    log.info("home %s, %s schedules; Ctrl-C ends all", home.root.resolve(), len(schedules))
    for at, name in coming(schedules, now):
        log.info("  %s next at %sZ", name, f"{at:%a %Y-%m-%d %H:%M}")
    for exchange in sorted({one.after.partition(" ")[0] for one in schedules if one.after}):
        if not is_known(exchange, now.year):
            log.warning("no calendar of %s reaches %s: every weekday counts; update Dragongate", exchange, now.year)
