"""`dragongate doctor`: look at the installation and say how to mend what is wrong."""

import os
from collections.abc import Mapping

import typer

from flows.clock import utc_now
from flows.commands.options import DEFAULT_HOME, HomeOption, JsonOption
from flows.commands.terminal import OUT, as_json, table
from flows.keeping import doctor_home, doctor_machine
from flows.keeping.doctor import Look, Patient, State, examine
from warehouse.home import Home

CHECKS: Mapping[str, Look] = {
    "settings": doctor_home.settings,
    "watch list": doctor_home.watch_list,
    "secrets": doctor_home.environment_file,
    "contact": doctor_home.contact,
    "keys": doctor_home.keys,
    "disk": doctor_machine.disk,
    "clock": doctor_machine.clock,
    "time zones": doctor_machine.time_zones,
    "ports": doctor_machine.ports,
    "calendars": doctor_machine.calendars,
    "libraries": doctor_machine.libraries,
    "lease": doctor_home.lease,
    "published": doctor_home.published,
    "archive": doctor_home.archive_end,
    "prefect": doctor_home.prefect_database,
}


def doctor(home: HomeOption = DEFAULT_HOME, json: JsonOption = False) -> None:
    """Check settings, keys, disk, clock, ports, libraries and files; exit code 1 when something is bad."""
    found = examine(Patient(Home(home), os.environ, utc_now()), CHECKS)
    if json:
        as_json(found)
    else:
        table("", ["check", "state", "found"], [[one.name, one.state, one.found] for one in found])
        for one in found:
            if one.mend:
                OUT.print(f"{one.name}: {one.mend}", markup=False)
    raise typer.Exit(1 if any(one.state is State.BAD for one in found) else 0)
