"""/api/v1/: releases, measures, cells and figures for programs, as JSON or CSV. Read-only, in /api/v1/openapi.json."""

import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.contract.contract import ILLUSTRATIVE, RECORD_REASONS
from portal.exports import api_tables
from portal.exports.api_tables import Filters
from portal.exports.openapi import description
from portal.exports.publisher import NAME, NOTICE
from portal.exports.sheets import Row, figure_table
from portal.exports.spreadsheets import plain_csv
from portal.language import override_language
from portal.release import queries
from portal.release.description import describe
from portal.release.store import SUMS, Release, sums_hash
from portal.render.corrections import log, sentence
from portal.render.pilot_status import pilot_status
from portal.render.rendered import Snapshot
from portal.server.cached_responses import cached
from portal.server.figure_request import NotThere, requested_figure
from portal.server.responses import CORS, NOT_INDEXED, Body, body, respond
from portal.server.selection import language_named
from portal.server.site_url import base
from portal.server.state import snapshot_of, state_of

ROOT = "/api/v1/"
NEWEST = "newest"  # stands for the id of the newest release in a URL
METHODS = "GET, HEAD, OPTIONS"
JSON, CSV, PROBLEM = "application/json", "text/csv; charset=utf-8", "application/problem+json"
CELL_QUERY = ("table", "measure", "category", "period", "status", "labels")
Endpoint = Callable[[Request, bool], Body]


def _json(content: Row, folder: Path | None = None, media_type: str = JSON) -> Body:
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return body(text.encode(), media_type, _arrived(folder) if folder else None)


def _csv(columns: Sequence[str], rows: Iterable[Row], folder: Path) -> Body:
    """A table of a release as CSV: each row says of which release it is, and whether that is made up."""
    release = describe(folder)
    lines = [[release.id, release.state, *(row[column] for column in columns)] for row in rows]
    return body(plain_csv(("release", "state", *columns), lines), CSV, _arrived(folder))


def _arrived(folder: Path) -> float:
    """When this release came to this server, in seconds since 1970."""
    return (folder / SUMS).stat().st_mtime


def about_release(release_id: str, state: str) -> Row:
    """What every answer begins with: which release it is of, and whether its numbers are made up."""
    made_up = state == ILLUSTRATIVE
    return {"release": release_id, "state": state, "made_up": made_up, "notice": NOTICE if made_up else None}


def _about_folder(folder: Path) -> Row:
    return about_release(folder.name, describe(folder).state)


def _with_head(folder: Path) -> Row:
    """What a release says of itself, with the head hash that stands for it and for all releases before it."""
    return _about_folder(folder) | {"head_hash": describe(folder).head_hash}


def _newest(snapshot: Snapshot) -> Path:
    """The folder of the live release. Raises NotThere where nothing is published."""
    if snapshot.live is None:
        raise NotThere(503 if snapshot.refused else 404, "No numbers are published yet.")
    return snapshot.live.copy


def _folder(request: Request) -> Path:
    """The folder of the release that a URL names. Raises NotThere."""
    snapshot, release_id = snapshot_of(request), request.path_params["release"]
    if release_id == NEWEST:
        return _newest(snapshot)
    if release_id not in snapshot.copies:
        raise NotThere(404, "There is no release of that name.")
    return snapshot.copies[release_id]


def checked_query(request: Request, *known: str) -> dict[str, str]:
    """The query, of which every name is known and stands once. Raises NotThere (400)."""
    given = request.query_params.multi_items()
    names = [name for name, _ in given]
    if set(names) - set(known) or len(set(names)) < len(names) or not all(value for _, value in given):
        takes = f"{', '.join(known)}, each once and not empty" if known else "nothing"
        raise NotThere(400, f"After the question mark this address takes {takes}.")
    return dict(given)


def checked_language(request: Request, query: dict[str, str], name: str) -> str:
    """The code of the language that a query names, empty where it names none. Raises NotThere (404)."""
    code = language_named(query.get(name, ""), state_of(request).settings.pseudo)
    if name in query and not code:
        raise NotThere(404, "This site is not in that language.")
    return code


def _links(release_id: str, site_url: str) -> Row:
    release_url = f"{site_url}{ROOT}releases/{release_id}"
    return {"release": release_url, "measures": f"{release_url}/measures", "cells": f"{release_url}/cells",
            "files": f"{site_url}/download/{release_id}/datapackage.json"}


def _index(folder: Path, site_url: str, figures: tuple[str, ...]) -> Body:
    root = site_url + ROOT
    links = {"releases": f"{root}releases", "corrections": f"{root}corrections", **_links(NEWEST, site_url),
             "files": f"{site_url}/download/{folder.name}/datapackage.json", "description": f"{root}openapi.json"}
    return _json({**_with_head(folder), "title": NAME, "pilot": _pilot(), "links": links,
                  "figures": [f"{root}figures/{figure_id}" for figure_id in figures]}, folder)


def _pilot() -> Row | None:
    """The pilot's status, since when, and on whose word; None where nothing is claimed."""
    pilot = pilot_status()
    if pilot is None:
        return None
    return {"status": pilot.status, "since": pilot.since, "confirmed_by_the_city": pilot.by_the_city,
            "says": pilot.plain, "source": pilot.fact.source.url}


def index(request: Request, _: bool) -> Body:
    """What there is."""
    checked_query(request)
    snapshot = snapshot_of(request)
    folder = _newest(snapshot)
    figures = tuple(snapshot.live.read_figures(snapshot.live.default_period)) if snapshot.live else ()
    return _index(folder, base(request), figures)


def _releases(folders: tuple[Path, ...], newest: Path, site_url: str, as_csv: bool) -> Body:
    rows = api_tables.releases(folders, newest.name)
    latest = max(folders, key=_arrived)
    if as_csv:
        columns = [column for column in rows[0] if column != "state"]
        return body(
            plain_csv(("state", *columns), [[row["state"], *(row[column] for column in columns)] for row in rows]),
            CSV,
            _arrived(latest),
        )
    linked = [row | {"links": _links(row["release_id"], site_url)} for row in rows]
    return _json({**_about_folder(newest), "releases": linked}, latest)


def releases(request: Request, as_csv: bool) -> Body:
    """Every release: state, first and last day, due and real day of publication."""
    checked_query(request)
    snapshot = snapshot_of(request)
    return _releases(tuple(snapshot.copies.values()), _newest(snapshot), base(request), as_csv)


CORRECTION = ("release", "published_on", "kind", "table_id", "sentence", "text", *RECORD_REASONS)


def _corrections(snapshot: Snapshot, as_csv: bool) -> Body:
    newest = _newest(snapshot)
    rows = [dict(zip(CORRECTION, (entry.release, entry.day, entry.kind, entry.table or None, sentence(entry),
                                  entry.text or None, *(dict(entry.records).get(reason) for reason in RECORD_REASONS)),
                     strict=True)) for entry in log(snapshot)]
    if as_csv:
        return body(plain_csv(CORRECTION, [list(row.values()) for row in rows]), CSV, _arrived(newest))
    return _json({**_about_folder(newest), "corrections": rows}, newest)


def corrections(request: Request, as_csv: bool) -> Body:
    """Everything that was corrected, late, left out or withdrawn, the newest first."""
    checked_query(request)
    return _corrections(snapshot_of(request), as_csv)


def _release(folder: Path, site_url: str) -> Body:
    release, terms = Release(folder), describe(folder)
    sums = {**release.checksums, SUMS: sums_hash(folder)}
    files = [{"name": name, "sha256": digest, "bytes": (folder / name).stat().st_size,
              "address": f"{site_url}/download/{folder.name}/{name}"} for name, digest in sorted(sums.items())]
    return _json({**_with_head(folder), "meta": queries.meta(release),
                  "license": {"title": terms.license_title or None, "address": terms.license_url or None},
                  "tables": list(dict.fromkeys(row["table_id"] for row in api_tables.measures(folder))),
                  "periods": api_tables.periods(folder, Filters()), "files": files,
                  "links": _links(folder.name, site_url)}, folder)


def release(request: Request, _: bool) -> Body:
    """One release: what it says of itself, its license, tables, periods and files with their hashes."""
    checked_query(request)
    return _release(_folder(request), base(request))


def _measures(folder: Path, as_csv: bool) -> Body:
    rows = api_tables.measures(folder)
    return _csv(list(rows[0]), rows, folder) if as_csv else _json({**_about_folder(folder), "measures": rows}, folder)


def measures(request: Request, as_csv: bool) -> Body:
    """Every measure of a release: question, unit, definition, limits, source."""
    checked_query(request)
    return _measures(_folder(request), as_csv)


def _cells(folder: Path, filters: Filters, labels: str, as_csv: bool) -> Body:
    rows = api_tables.cells(folder, filters, labels)
    if as_csv:
        return _csv(api_tables.cell_columns(labels), rows, folder)
    return _json({**_about_folder(folder), "cells": rows, "states": api_tables.states(folder, filters),
                  "periods": api_tables.periods(folder, filters)}, folder)


def cells(request: Request, as_csv: bool) -> Body:
    """The numbers of a release, or those of the tables, measures, categories, periods and statuses that are named."""
    query = checked_query(request, *CELL_QUERY)
    return _cells(_folder(request), Filters.of(query), checked_language(request, query, "labels"), as_csv)


def one_figure(request: Request, as_csv: bool) -> Body:
    """A figure: its question, answer, table and status in words, its definition, and how to cite it."""
    query = checked_query(request, "release", "period", "lang")
    checked_language(request, query, "lang")
    if query.get("release") == NEWEST:
        query.pop("release")
    found = requested_figure(request, request.path_params["figure"].removesuffix(".csv"), query)
    facts, figure, copy = found.release.facts, found.figure, found.release.copy
    if as_csv:
        headers, rows = figure_table(figure.record)
        with override_language(found.selection.language):
            return _csv(headers, [dict(zip(headers, row, strict=True)) for row in rows], copy)
    return _json({**about_release(facts.id, facts.state), "language": found.selection.language,
                  "period": found.selection.period or None, **figure.record, "citation": figure.citation,
                  "address": figure.url}, copy)


def _openapi(site_url: str) -> Body:
    return _json(description(site_url))


def openapi(request: Request, _: bool) -> Body:
    """The description of this API, for programs."""
    checked_query(request)
    return _openapi(base(request))


def nowhere(_: Request, __: bool) -> Body:
    """Every other URL below /api/."""
    raise NotThere(404, f"There is nothing at this address. {ROOT} says what there is.")


def prefers_csv(accept: str) -> bool:
    """Whether an Accept header prefers CSV to JSON; JSON is what everybody else gets (RFC 9110, 12.5.1)."""
    weights = {}
    for part in accept[:300].lower().split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        quality = next((piece[2:] for piece in parameters if piece.startswith("q=")), "1")
        weights[name] = float(quality) if quality.replace(".", "", 1).isdigit() else 0.0
    return weights.get("text/csv", 0.0) > weights.get(JSON, 0.0)


def answering(endpoint: Endpoint, has_csv: bool) -> Callable[[Request], Response]:
    """A route that answers with what an endpoint gives, or with one sentence why not. A table is CSV where its URL
    ends in .csv, or where the Accept header prefers CSV.
    """
    def answer(request: Request) -> Response:
        if refused := unless_read(request):
            return refused
        named = request.url.path.endswith(".csv")
        as_csv = has_csv and (named or prefers_csv(request.headers.get("accept", "")))
        try:
            body = endpoint(request, as_csv)
        except NotThere as error:
            return problem(request, error.status, str(error), {"Retry-After": "60"} if error.status == 503 else {})
        headers = CORS | NOT_INDEXED | ({"Vary": "Accept, Accept-Encoding"} if has_csv and not named else {})
        return cached(request, body, headers=headers)
    return answer


def unless_read(request: Request) -> Response | None:
    """The answer to OPTIONS (the allowed methods) and to a method that is not allowed (405); None for GET and HEAD."""
    if request.method == "OPTIONS":
        allowed = {"Allow": METHODS, "Access-Control-Allow-Methods": METHODS, "Access-Control-Allow-Headers": "*"}
        return Response(status_code=204, headers=CORS | allowed)
    if request.method not in {"GET", "HEAD"}:
        return problem(request, 405, "This address is only for reading: use GET.", {"Allow": METHODS})
    return None


def problem(request: Request, status: int, sentence: str, headers: dict[str, str]) -> Response:
    """An error as RFC 9457 has it."""
    titles = {400: "Bad request", 404: "Not found", 405: "Method not allowed", 503: "Not ready"}
    content = {"type": "about:blank", "title": titles[status], "status": status, "detail": sentence}
    return respond(request, _json(content, media_type=PROBLEM), status, headers=CORS | NOT_INDEXED | headers)


METHODS_ANSWERED = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE", "QUERY", "CONNECT"]
TABLES = (("releases", releases), ("corrections", corrections),
          ("releases/{release}/measures", measures), ("releases/{release}/cells", cells))
ENDPOINTS = (("", index, False), ("openapi.json", openapi, False),
             *((f"{path}{ending}", endpoint, True) for path, endpoint in TABLES for ending in ("", ".csv")),
             ("releases/{release}", release, False), ("figures/{figure}", one_figure, True),
             ("{path:path}", nowhere, False))
API = [Route(f"{ROOT}{path}", answering(endpoint, has_csv), methods=METHODS_ANSWERED)
       for path, endpoint, has_csv in ENDPOINTS]
