"""`dragongate service`: serves the state of a home to people, programs and Prometheus."""

import signal
import socket
from ipaddress import ip_address
from typing import Annotated

import typer

from extractors.settings import BadSettings, Settings
from flows.commands.options import DEFAULT_HOME, HomeOption, settings_of
from flows.commands.terminal import OUT
from warehouse.home import Home

HostOption = Annotated[str, typer.Option(help="Address to listen on; default as set, or 127.0.0.1.")]
PortOption = Annotated[int, typer.Option(help="Port; default as set, or 4243. 0 takes any that is free.", max=65535)]
GRACE_SECONDS = 5
BACKLOG = 128
AS_SET = -1


def service(home: HomeOption = DEFAULT_HOME, host: HostOption = "", port: PortOption = AS_SET) -> None:
    """Serve the status page, /status.json, /metrics and health until Ctrl-C or SIGTERM."""
    place = Home(home)
    settings = settings_of(place)
    host = host or settings.service.host
    refuse_without_password(host, settings)
    listening = listen(host, settings.service.port if port == AS_SET else port)
    OUT.print(f"Dragongate's status of {place.root} is at {_address(host, listening)}", markup=False)
    _serve(place, settings, host, listening)
    OUT.print("Dragongate's status service has ended.")


def refuse_without_password(host: str, settings: Settings) -> None:
    """Refuse to serve other machines without a password. Raises BadSettings."""
    if not is_loopback(host) and not settings.service.password:
        raise BadSettings(
            f"{host} can be reached from other machines: set DRAGONGATE_SERVICE_PASSWORD to a password that they "
            "must give, or listen on 127.0.0.1"
        )


def is_loopback(host: str) -> bool:
    """Tell whether only this machine can reach an address."""
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def listen(host: str, port: int) -> socket.socket:
    """Take the port: from here on whoever connects waits for an answer and is not turned away.

    Raises BadSettings where it is taken, or the address is not one of this machine.
    """
    bare = host.strip("[]")
    # Named as TCP, or asyncio leaves Nagle's delay on, and every small answer waits for 40 ms.
    taken = socket.socket(socket.AF_INET6 if ":" in bare else socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((bare, port))
        taken.listen(BACKLOG)
    except OSError as error:
        taken.close()
        raise BadSettings(
            f"cannot listen on {host}, port {port}: {error.strerror}. End what listens there, or give another --port"
        ) from error
    return taken


def _address(host: str, listening: socket.socket) -> str:
    shown = f"[{host.strip('[]')}]" if ":" in host else host
    return f"http://{shown}:{listening.getsockname()[1]}/"


def _serve(home: Home, settings: Settings, host: str, listening: socket.socket) -> None:
    # FastAPI takes half a second to import, which no other command should pay.
    import uvicorn

    from flows.service.app import create_app
    from flows.service.guard import LOOPBACK

    app = create_app(home, settings, names=LOOPBACK | {host} if is_loopback(host) else ())
    config = uvicorn.Config(
        app, access_log=False, log_level="warning", server_header=False, timeout_graceful_shutdown=GRACE_SECONDS
    )
    # uvicorn ends in good order at these signals and then raises them again, for whoever handled them before.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    uvicorn.Server(config).run(sockets=[listening])
