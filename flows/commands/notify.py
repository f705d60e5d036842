"""`dragongate notify`: tell those who should hear of it what is wrong; try the addresses."""

from typing import Annotated

import typer

from extractors.settings import BadSettings
from flows.alerting.notify import notify as tell
from flows.alerting.notify import send_test
from flows.alerting.senders import Sent
from flows.clock import utc_now
from flows.commands.options import DEFAULT_HOME, HomeOption, JsonOption, settings_of
from flows.commands.terminal import OUT, as_json
from warehouse.home import Home

_NO_ADDRESS = (
    "there is nobody to tell: set DRAGONGATE_NOTIFY to one address or several, parted by blanks, "
    "like https://hooks.example.org/… or mailtos://user:password@smtp.example.org?to=you@example.org"
)


def notify(
    home: HomeOption = DEFAULT_HOME,
    test: Annotated[
        bool, typer.Option("--test", help="Send one message to every address, and say which arrived.")
    ] = False,
    digest: Annotated[bool, typer.Option("--digest", help="Send the digest of what is open now.")] = False,
    json: JsonOption = False,
) -> None:
    """Tell what changed, as every run does at its end; exit code 1 when a message did not arrive."""
    place = Home(home)
    settings = settings_of(place)
    if not settings.notify.addresses:
        raise BadSettings(_NO_ADDRESS)
    sent = send_test(settings, utc_now()) if test else tell(place, settings, utc_now(), digest=digest).sent
    if json:
        as_json([{"address": one.address.label, "arrived": not one.failure, "failure": one.failure} for one in sent])
    else:
        _show(sent)
    raise typer.Exit(1 if any(one.failure for one in sent) else 0)


def _show(sent: tuple[Sent, ...] | list[Sent]) -> None:
    for one in sent:
        OUT.print(str(one), markup=False)
    if not sent:
        OUT.print("nothing that anybody should be told and has not been")
