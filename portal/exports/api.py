"""/api/v1/: the releases and figures for programs. Read-only JSON, described by /api/v1/openapi.json."""

import json
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.language import LANGUAGES, speaking
from portal.release import queries
from portal.release.store import Release
from portal.render.rendered import Snapshot
from portal.server.figure_request import Asked, NotThere, figure
from portal.server.response_cache import again
from portal.server.responses import Body, Keyed, body, respond
from portal.server.selection import language_named
from portal.server.site_address import base
from portal.server.snapshot import now

ROOT = "/api/v1/"
OPEN = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "ETag, Last-Modified"}
METHODS = "GET, HEAD, OPTIONS"
NOTICE = "Made-up numbers. They show how the portal will look. No real call is counted here."
JSON, PROBLEM = "application/json", "application/problem+json"
Made = dict[str, Any]


def encoded(said: Made) -> bytes:
    """JSON in UTF-8."""
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def state(release: str, value: str) -> Made:
    """What every answer begins with: which release it is of, and whether its numbers are made up."""
    made_up = value == "illustrative"
    return {"release": release, "state": value, "made_up": made_up, "notice": NOTICE if made_up else None}


def live(served: Snapshot) -> tuple[str, Path]:
    """The live release and its folder. Raises NotThere where nothing is published."""
    if served.shelf is None:
        raise NotThere(503 if served.refused else 404, "No numbers are published yet.")
    return served.shelf.shown.id, served.shelf.folder


def _copy(served: Snapshot, release: str) -> Path:
    if release not in served.copies:
        raise NotThere(404, "There is no release of that name.")
    return served.copies[release]


def _only(request: Request, *known: str) -> dict[str, str]:
    """The query, of which every name is known and stands once. Raises NotThere (400)."""
    given = request.query_params.multi_items()
    names = [name for name, _ in given]
    if set(names) - set(known) or len(set(names)) < len(names) or not all(value for _, value in given):
        takes = f"{', '.join(known)}, each once and not empty" if known else "nothing"
        raise NotThere(400, f"After the question mark this address takes {takes}.")
    return dict(given)


@lru_cache(maxsize=64)
def _index(copy: Path, address: str, figures: tuple[str, ...]) -> Body:
    meta = queries.meta(Release(copy))
    here = address + ROOT
    return body(encoded({
        **state(copy.name, meta["state"]), "title": "Somerville Co-Response Pilot",
        "links": {"releases": f"{here}releases", "measures": f"{here}releases/{copy.name}/measures",
                  "cells": f"{here}releases/{copy.name}/cells", "description": f"{here}openapi.json"},
        "figures": [f"{here}figures/{one}" for one in figures]}), JSON, _since(copy))


def _since(copy: Path) -> float:
    """When this release came to this server, in seconds since 1970."""
    return (copy / "SHA256SUMS").stat().st_mtime


def index(request: Request) -> Body:
    """What there is."""
    _only(request)
    served = now()
    _, copy = live(served)
    names = dict.fromkeys(one.partition("|")[0] for one in served.shelf.figures) if served.shelf else {}
    return _index(copy, base(request), tuple(names))


@lru_cache(maxsize=64)
def _releases(copies: tuple[Path, ...], newest: str, address: str) -> Body:
    own = {row["release_id"]: row for one in copies for row in queries.table(Release(one), "releases").records()}
    rows = [{**own[one.name], "newest": one.name == newest, "links": {
        "measures": f"{address}{ROOT}releases/{one.name}/measures",
        "cells": f"{address}{ROOT}releases/{one.name}/cells",
        "files": f"{address}/download/{one.name}/datapackage.json"}} for one in copies]
    return body(encoded({**state(newest, own[newest]["state"]), "releases": rows}), JSON,
                max(_since(one) for one in copies))


def releases(request: Request) -> Body:
    """Every release: state, first and last day, due and real day of publication."""
    _only(request)
    served = now()
    newest, _ = live(served)
    return _releases(tuple(served.copies.values()), newest, base(request))


@lru_cache(maxsize=32)
def _measures(copy: Path) -> Body:
    release = Release(copy)
    return body(encoded({**state(copy.name, queries.meta(release)["state"]),
                         "measures": queries.table(release, "measures").records()}), JSON, _since(copy))


def measures(request: Request) -> Body:
    """Every number of a release by name: question, unit, definition, limits, source."""
    _only(request)
    return _measures(_copy(now(), request.path_params["release"]))


@lru_cache(maxsize=256)
def _cells(copy: Path, table: str, period: str) -> Body:
    release = Release(copy)
    known_tables = set(queries.table(release, "measures").column("table_id"))
    known_periods = {row["period_id"]: row for row in queries.periods(release).records()}
    if table and table not in known_tables:
        raise NotThere(404, "There is no table of that name in this release.")
    if period and period not in known_periods:
        raise NotThere(404, "There is no period of that name in this release.")

    def asked(row: Made) -> bool:
        return (not table or row["table_id"] == table) and (not period or row["period_id"] == period)

    rows = [row for row in queries.table(release, "cells").records() if asked(row)]
    states = [row for row in queries.table(release, "states").records() if asked(row)]
    return body(encoded({**state(copy.name, queries.meta(release)["state"]), "cells": rows, "states": states,
                         "periods": [one for name, one in known_periods.items() if not period or name == period]}),
                JSON, _since(copy))


def cells(request: Request) -> Body:
    """The numbers of a release, of one table or period where they are named, and for each whether it is shown."""
    query = _only(request, "table", "period")
    return _cells(_copy(now(), request.path_params["release"]), query.get("table", ""), query.get("period", ""))


@lru_cache(maxsize=512)
def _figure(kept: Keyed[Asked]) -> Body:
    asked = kept.thing
    return body(encoded({
        **state(asked.shelf.shown.id, asked.shelf.shown.state), "language": asked.selection.language,
        "period": asked.selection.period or None, **asked.record, "citation": asked.entry["citation"],
        "address": asked.entry["address"]}), JSON, _since(asked.shelf.folder))


def one_figure(request: Request) -> Body:
    """A figure: its question, answer, table and status in words, its definition, and how to cite it."""
    query = _only(request, "release", "period", "lang")
    if "lang" in query and not language_named(query["lang"]):
        raise NotThere(400, f"The languages are {', '.join(LANGUAGES)}.")
    asked = figure(request.path_params["figure"], query)
    with speaking(asked.selection.language):
        return _figure(Keyed(asked.key, asked))


@lru_cache(maxsize=64)
def _description(address: str) -> Body:
    from portal.exports.openapi import description

    return body(encoded(description(address)), JSON)


def openapi(request: Request) -> Body:
    """The description of this API, for programs."""
    _only(request)
    return _description(base(request))


def answer(make: Callable[[Request], Body]) -> Callable[[Request], Response]:
    """A route that answers with what `make` gives, or with one sentence why not. In another language than English it
    may not be ready yet, and is asked anew.
    """
    def answered(request: Request) -> Response:
        if request.method == "OPTIONS":
            allowed = {"Allow": METHODS, "Access-Control-Allow-Methods": METHODS, "Access-Control-Allow-Headers": "*"}
            return Response(status_code=204, headers=OPEN | allowed)
        if request.method not in {"GET", "HEAD"}:
            return problem(request, 405, "This address is only for reading: use GET.", {"Allow": METHODS})
        try:
            ready = make(request)
        except NotThere as error:
            return problem(request, error.status, str(error), {"Retry-After": "60"} if error.status == 503 else {})
        return (respond if "lang" in request.query_params else again)(request, ready, headers=OPEN)
    return answered


def problem(request: Request, status: int, sentence: str, headers: Made) -> Response:
    """An error as RFC 9457 has it."""
    titles = {400: "Bad request", 404: "Not found", 405: "Method not allowed", 503: "Not ready"}
    said = {"type": "about:blank", "title": titles[status], "status": status, "detail": sentence}
    return respond(request, body(encoded(said), PROBLEM), status, headers=OPEN | headers)


def nowhere(_: Request) -> Body:
    """Every other address below /api/."""
    raise NotThere(404, f"There is nothing at this address. {ROOT} says what there is.")



METHODS_ASKED = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE", "QUERY", "CONNECT"]
API = [Route(f"{ROOT}{path}", answer(make), methods=METHODS_ASKED) for path, make in (
    ("", index), ("openapi.json", openapi), ("releases", releases), ("releases/{release}/measures", measures),
    ("releases/{release}/cells", cells), ("figures/{figure}", one_figure), ("{path:path}", nowhere))]
