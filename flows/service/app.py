"""The status service, put together: pages for people, JSON for programs, metrics for Prometheus."""

from collections.abc import Collection
from datetime import UTC, datetime

from fastapi import FastAPI, Request, Response
from starlette.middleware import Middleware

from extractors.settings import Settings, version
from flows.service import people, programs
from flows.service.guard import Guard
from flows.service.looking import Looking
from flows.service.orchestrator import PrefectWatch
from flows.service.sight import Now, Sight
from warehouse.home import Home


def utc_now() -> datetime:
    """Give this moment."""
    return datetime.now(UTC)


def create_app(home: Home, settings: Settings, *, now: Now = utc_now, names: Collection[str] = ()) -> FastAPI:
    """Make the service of one home. `names` are the host names under which it may be asked; any, where there is none.

    It reads the published copies alone, opens each by its path, and needs no right to write anywhere.
    """
    guard = Middleware(Guard, password=settings.service.password, names=names)
    app = FastAPI(
        title="Dragongate status",
        version=version(),
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        middleware=[guard],
    )
    looking = Looking(home, settings, now, Sight(home, now), PrefectWatch(now))
    app.include_router(people.routes(looking))
    app.include_router(programs.routes(looking))

    @app.exception_handler(404)
    def nothing_there(request: Request, error: Exception) -> Response:
        """Say so in a page, whatever was asked for."""
        return people.trouble(looking, 404, "Not found", "There is no such page.", "attention")

    return app
