"""/download/…/figure/… and /download/…/table/…: a figure's table, a table of a release, or all of them, as a file."""

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from portal.exports.sheets import figure_sheet, table_sheet
from portal.exports.spreadsheets import Worksheet, as_csv, as_xlsx
from portal.language import DEFAULT, override_language, t
from portal.release.store import Release
from portal.render.downloads import tables
from portal.server.cached_responses import cached
from portal.server.figure_request import FigureRequest, NotThere, requested_figure
from portal.server.responses import CORS, NOT_INDEXED, Body, body
from portal.server.selection import language_named
from portal.server.state import snapshot_of, state_of

CSV, XLSX = "text/csv; charset=utf-8", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMATS: dict[str, tuple[str, Callable[[Worksheet], bytes]]] = {"csv": (CSV, as_csv), "xlsx": (XLSX, as_xlsx)}
ALL = "all"  # the name of the workbook that holds every table


def _headers(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"', **CORS, **NOT_INDEXED}


def _figure_body(found: FigureRequest, ending: str) -> Body:
    media_type, write = FORMATS[ending]
    with override_language(found.selection.language):
        return body(write(figure_sheet(found)), media_type, compress=ending == "csv")


def figure_file(request: Request) -> Response:
    """/download/<release>/figure/<id>.csv or .xlsx, with `period` and `lang` in the query."""
    figure_id, _, ending = request.path_params["name"].rpartition(".")
    release_id = request.path_params["release"]
    try:
        if ending not in FORMATS:
            raise NotThere(404, t("There is nothing at this address."))
        found = requested_figure(request, figure_id, {**request.query_params, "release": release_id})
    except NotThere as error:
        return PlainTextResponse(str(error), error.status, CORS)
    return cached(request, _figure_body(found, ending),
                  headers=_headers(f"{release_id}-{figure_id}.{ending}"))


@lru_cache(maxsize=2)
def _opened(folder: Path) -> Release:
    """A release that keeps the rows read for one table, for the next one of an export or a visitor."""
    return Release(folder)


def _table_body(folder: Path, table_id: str, ending: str, language: str) -> Body | None:
    """A table, or all of them as one workbook; None where there is no such file."""
    media_type, write = FORMATS[ending]
    release = _opened(folder)
    with override_language(language):
        found = [table for table in tables(release) if table_id in (table.id, ALL)]
        if not found or (table_id, ending) == (ALL, "csv"):
            return None
        sheets = [table_sheet(release, table) for table in found]
        return body(write(sheets[0]) if ending == "csv" else as_xlsx(*sheets), media_type, compress=ending == "csv")


def table_file(request: Request) -> Response:
    """/download/<release>/table/<table>.csv or .xlsx, with `lang` in the query; the table `all` is every one, as a
    workbook.
    """
    table_id, _, ending = request.path_params["name"].rpartition(".")
    release_id = request.path_params["release"]
    language = language_named(request.query_params.get("lang", DEFAULT), state_of(request).settings.pseudo)
    folder = snapshot_of(request).copies.get(release_id)
    known = folder is not None and ending in FORMATS and bool(language)
    body = _table_body(folder, table_id, ending, language) if folder and known else None
    if body is None:
        return PlainTextResponse(t("There is nothing at this address."), 404, CORS)
    return cached(request, body, headers=_headers(f"{release_id}-{table_id}.{ending}"))


DOWNLOADS = [
    Route("/download/{release}/figure/{name}", figure_file),
    Route("/download/{release}/table/{name}", table_file),
]
