"""What programs read: the status as JSON, its schema, and whether things are alive, ready and well."""

from typing import Any

import orjson
from fastapi import APIRouter, Response

from flows.service.headline import Level, headline
from flows.service.looking import Looking
from flows.service.metrics import CONTENT_TYPE, exposition
from flows.service.status_document import ages, generation, status_document
from flows.service.status_schema import status_schema

JSON = "application/json"
_OBJECT = {"content": {JSON: {"schema": {"type": "object"}}}}
_NOT_READY: dict[int | str, dict[str, Any]] = {
    200: {"description": "The published copies can be read", **_OBJECT},
    503: {"description": "They cannot, or there are none yet", **_OBJECT},
}
_NOT_WELL: dict[int | str, dict[str, Any]] = {
    200: {"description": "Nothing required is missing, kept back or stale", **_OBJECT},
    503: {"description": "Something required is", **_OBJECT},
}
_ALIVE: dict[int | str, dict[str, Any]] = {200: {"description": "The service answers", **_OBJECT}}
_METRICS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Metrics in Prometheus' text format",
        "content": {"text/plain": {"schema": {"type": "string"}}},
    }
}


def routes(looking: Looking) -> APIRouter:
    """Give the routes, over what is seen of one home."""
    router = APIRouter(default_response_class=Response)
    schema = status_schema()
    embedded = {name: value for name, value in schema.items() if name != "$schema"}
    status_answers: dict[int | str, dict[str, Any]] = {
        200: {"description": "The state of this home", "content": {JSON: {"schema": embedded}}}
    }

    @router.get("/status.json", responses=status_answers)
    def status() -> Response:
        """Give what `dragongate status --json` says, with the generation that is published."""
        view, now = looking.now()
        return answer(status_document(view, looking.orchestrator(), now))

    @router.get("/status.schema.json", responses=_ALIVE)
    def published_schema() -> Response:
        """Give the JSON Schema of `/status.json`."""
        return answer(schema)

    @router.get("/livez", responses=_ALIVE)
    def alive() -> Response:
        """Say that the service answers; nothing is read for it."""
        return answer({"is_alive": True})

    @router.get("/readyz", responses=_NOT_READY)
    def ready() -> Response:
        """Say whether the published copies can be read, and whether Prefect's server answers."""
        view, now = looking.now()
        shown = generation(view, now)
        is_ready = shown is not None and not view.problem
        said = view.problem or (None if shown else "Nothing is published here yet.")
        told = {"is_ready": is_ready, "generation": shown, "problem": said, "prefect": looking.orchestrator()}
        return answer(told, 200 if is_ready else 503)

    @router.get("/healthz", responses=_NOT_WELL)
    def well() -> Response:
        """Say whether all that is required is here, and young enough at this moment."""
        view, now = looking.now()
        head = headline(view, now)
        is_good = head.level is not Level.BAD
        stale = [one["table_name"] for one in ages(view, now) if one["is_stale"] and one["is_required"]]
        return answer({"is_good": is_good, "sentence": head.sentence, "stale": stale}, 200 if is_good else 503)

    @router.get("/metrics", responses=_METRICS)
    def metrics() -> Response:
        """Give the state in numbers, for Prometheus."""
        return Response(exposition(looking.home, looking.clock()), media_type=CONTENT_TYPE)

    return router


def answer(value: object, status: int = 200) -> Response:
    """Answer with JSON; a number that is none is null there."""
    return Response(orjson.dumps(value, default=str), status_code=status, media_type=JSON)
