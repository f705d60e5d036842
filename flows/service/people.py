"""What people read: the state of everything on one page, and why each line of it is as it is."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from fastapi import Path as Segment
from fastapi.responses import HTMLResponse

from flows.service.explanations import hole_page, row_page, run_page, source_page, table_page
from flows.service.headline import NOTHING_YET
from flows.service.looking import Looking
from flows.service.page import page
from flows.service.rendering import FOLDER, render
from warehouse.overview import UNREADABLE, why_unreadable
from warehouse.published import NothingPublished, QueryError
from warehouse.records import NoRecord

_HTML = {"content": {"text/html": {"schema": {"type": "string"}}}}
_PAGE: dict[int | str, dict[str, Any]] = {200: {"description": "A page", **_HTML}}
_WHY: dict[int | str, dict[str, Any]] = {
    **_PAGE,
    404: {"description": "There is no such thing", **_HTML},
    503: {"description": "Nothing is published yet, or it cannot be read", **_HTML},
}
_FILES = {"style.css": "text/css", "icon.svg": "image/svg+xml"}
_MOST = 500
SourceId = Annotated[str, Segment(max_length=_MOST, examples=["tencent_daily"])]
TableName = Annotated[str, Segment(max_length=_MOST, examples=["core.daily_quotes"])]
RunId = Annotated[str, Segment(max_length=_MOST, examples=["daily-20250319T100000Z-2c60f2"])]
SubjectKind = Annotated[str, Query(min_length=1, max_length=_MOST, examples=["security"])]
SubjectId = Annotated[str, Query(min_length=1, max_length=_MOST, examples=["XHKG:01810"])]
What = Annotated[str, Query(min_length=1, max_length=_MOST, examples=["daily_closes"])]
Name = Annotated[str, Query(min_length=1, max_length=_MOST, examples=["core.daily_quotes"])]
Column = Annotated[str, Query(max_length=_MOST, examples=["close_price"])]
Key = Annotated[str, Query(min_length=1, max_length=_MOST, examples=["XHKG:01810,2025-03-12"])]


def routes(looking: Looking) -> APIRouter:
    """Give the routes, over what is seen of one home."""
    router = APIRouter(default_response_class=HTMLResponse)

    @router.get("/", responses=_PAGE)
    def status_page() -> Response:
        """Show the state of this home to a person."""
        shown = page(looking)
        return render("status.html", looking.home, shown.now, page=shown)

    @router.get("/why/source/{source_id}", responses=_WHY)
    def why_source(source_id: SourceId) -> Response:
        """Explain the state of one source."""
        return told(looking, lambda: source_page(looking, source_id))

    @router.get("/why/table/{name}", responses=_WHY)
    def why_table(name: TableName) -> Response:
        """Explain the state of one table."""
        return told(looking, lambda: table_page(looking, name))

    @router.get("/why/run/{run_id}", responses=_WHY)
    def why_run(run_id: RunId) -> Response:
        """Tell what one run asked, got, loaded and missed."""
        return told(looking, lambda: run_page(looking, run_id))

    @router.get("/why/hole", responses=_WHY)
    def why_hole(kind: SubjectKind, id: SubjectId, what: What) -> Response:
        """Explain what is missing of one thing that is followed."""
        return told(looking, lambda: hole_page(looking, kind, id, what))

    @router.get("/why/row", responses=_WHY)
    def why_row(table: Name, key: Key, column: Column = "") -> Response:
        """Say what `dragongate why TABLE KEY` says; with a column, what it says of that cell."""
        return told(looking, lambda: row_page(looking, table, key, column))

    for name, media_type in _FILES.items():
        body = (FOLDER / name).read_bytes()
        described: dict[int | str, dict[str, Any]] = {200: {"description": "A file", "content": {media_type: {}}}}
        router.add_api_route(f"/{name}", _file(body, media_type), name=name, responses=described)
    return router


def told(looking: Looking, make: Callable[[], Response]) -> Response:
    """Make a page, or one that says why there is none."""
    try:
        return make()
    except (NoRecord, QueryError) as error:
        return trouble(looking, 404, "Not found", str(error), "attention")
    except NothingPublished:
        return trouble(looking, 503, "Nothing yet", NOTHING_YET, "bad")
    except UNREADABLE as error:
        return trouble(
            looking, 503, "Cannot be read", f"The published copies cannot be read. {why_unreadable(error)}", "bad"
        )


def trouble(looking: Looking, status: int, title: str, sentence: str, loudness: str) -> Response:
    """Say in a page what is wrong."""
    values = {"title": title, "sentence": sentence, "loudness": loudness}
    return render("trouble.html", looking.home, looking.clock(), status=status, **values)


def _file(body: bytes, media_type: str) -> Callable[[], Response]:
    def file() -> Response:
        """Give a file that the pages need."""
        return Response(body, media_type=media_type)

    return file
