"""Downloads: a figure's table, a table of a release, the whole release as one workbook. Each file says what it is."""

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from portal.exports.spreadsheets import Sheet, Value, as_csv, as_xlsx
from portal.language import DEFAULT, day, later, number, speaking, t
from portal.release import queries
from portal.release.store import Release
from portal.render.downloads import Table, tables
from portal.server.figure_request import Asked, NotThere, figure
from portal.server.responses import Body, Keyed, body, respond
from portal.server.selection import language_named
from portal.server.snapshot import now

CSV, XLSX = "text/csv; charset=utf-8", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
STATUS = {"published": later("Shown"), "suppressed": later("Not shown, to protect privacy"),
          "not_collected": later("Not collected"), "not_due": later("Not yet")}
KINDS: dict[str, tuple[str, Callable[[Sheet], bytes]]] = {"csv": (CSV, as_csv), "xlsx": (XLSX, as_xlsx)}


def _made_up(state: str) -> list[tuple[str, str]]:
    return [(t("Made-up numbers."), t("No real call is counted here."))] if state == "illustrative" else []


def figure_sheet(asked: Asked) -> Sheet:
    """What a figure shows, with its state, definition, limits and statuses in words."""
    said, shown = asked.record, asked.shelf.shown
    about = [*_made_up(shown.state), (t("Question"), said["question"]), (t("Answer"), said["answer"]),
             (t("Source"), said["source"]), (t("Definition"), said["definition"]), (t("Limits"), said["limits"]),
             *((t("Status"), f"{one['word']}. {one['sentence']}") for one in said["chips"]),
             *((t("Note"), one) for one in said["caveats"]), (t("Cite this"), asked.entry["citation"]),
             (t("Address"), asked.entry["address"])]
    table = said["table"] or {"headers": [t("Status")], "rows": [[{"text": one["word"], "value": None}]
                                                                 for one in said["chips"]]}
    rows = tuple(tuple(one["text"] if one["value"] is None else _whole(one["value"]) for one in row)
                 for row in table["rows"])
    return Sheet(t("Table"), tuple(about), tuple(table["headers"]), rows)


def _whole(value: float) -> int | float:
    return int(value) if value == int(value) else value


@lru_cache(maxsize=128)
def _figure_file(kept: Keyed[Asked], kind: str) -> Body:
    media, make = KINDS[kind]
    with speaking(kept.thing.selection.language):
        return body(make(figure_sheet(kept.thing)), media, compress=kind == "csv")


def figure_file(request: Request) -> Response:
    """/download/<release>/figure/<id>.csv or .xlsx, with `period` and `lang` in the query."""
    name, _, kind = request.path_params["name"].rpartition(".")
    release = request.path_params["release"]
    try:
        if kind not in KINDS:
            raise NotThere(404, t("There is nothing at this address."))
        asked = figure(name, {**request.query_params, "release": release})
    except NotThere as error:
        return PlainTextResponse(str(error), error.status)
    return respond(request, _figure_file(Keyed(asked.key, asked), kind), headers=_named(f"{release}-{name}.{kind}"))


def _named(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"'}


def table_sheet(release: Release, table: Table) -> Sheet:
    """One table of a release in the language in force: every number with its period, unit and group, and in words why
    another is not there.
    """
    meta = queries.meta(release)
    measures = {row["measure_id"]: row for row in queries.table(release, "measures").records()
                if row["table_id"] == table.id}
    labels = {(row["dimension"], row["category"]): row["label"] for row in queries.table(release, "labels").records()}
    periods = {row[0]: row for row in queries.periods(release).rows}
    first = next(iter(measures.values()))
    waits = {row["period_id"]: row for row in queries.states(release, table.id).records()
             if row["status"] != "published"}
    rows: list[tuple[Value, ...]] = []
    for one in queries.table(release, "cells").records():
        if one["table_id"] == table.id and one["period_id"] not in waits:
            period, named = periods[one["period_id"]], measures.get(one["measure_id"], first)
            group = labels.get((one["dimension_1"], one["category_1"]), one["category_1"] or "")
            rows.append((one["period_id"], period[2], period[3], t(named["label"]), t(named["unit"]),
                         group and t(group), one["value"] if one["value"] is None else _whole(one["value"]),
                         _status(one)))
    rows += [(row["period_id"], row["start"], row["end"], "", "", "", None, _status(row)) for row in waits.values()]
    out = t("Release {release}, {state}, out {day}", release=release.id, state=t(meta["state"]),
            day=day(meta["published_on"]))
    about = [*_made_up(meta["state"]), (t("Question"), table.question), (t("Release"), out),
             (t("Definition"), table.definition), (t("Limits"), t(first["limits"])),
             (t("Source"), first["source"] or "")]
    return Sheet(table.id, tuple(about), (t("Period"), t("First day"), t("Last day"), t("Number"), t("Unit"),
                                          t("Group"), t("Value"), t("Status")), tuple(rows))


def _status(row: dict[str, Any]) -> str:
    """Why a number is or isn't there, in words."""
    if row["status"] == "not_due" and row.get("need"):
        progress = {"have": number(row["have"]), "need": number(row["need"])}
        return t("Not yet: {have} of {need} runs", **progress) if row["reason"] == "runs_together" else t(
            "Not yet: {have} of {need} responses", **progress)
    return t(STATUS[row["status"]])


@lru_cache(maxsize=128)
def _table_file(copy: Path, table_id: str, kind: str, language: str) -> Body | None:
    """A table, or all of them as one workbook; None where there is no such file."""
    media, make = KINDS[kind]
    release = Release(copy)
    with speaking(language):
        found = [one for one in tables(release) if table_id in (one.id, "all")]
        if not found or (table_id, kind) == ("all", "csv"):
            return None
        sheets = [table_sheet(release, one) for one in found]
        return body(make(sheets[0]) if kind == "csv" else as_xlsx(*sheets), media, compress=kind == "csv")


def table_file(request: Request) -> Response:
    """/download/<release>/table/<table>.csv or .xlsx, with `lang` in the query; the table `all` is every one, as a
    workbook.
    """
    table_id, _, kind = request.path_params["name"].rpartition(".")
    release, language = request.path_params["release"], language_named(request.query_params.get("lang", DEFAULT))
    copy = now().copies.get(release)
    known = copy is not None and kind in KINDS and bool(language)
    ready = _table_file(copy, table_id, kind, language) if copy and known else None
    if ready is None:
        return PlainTextResponse(t("There is nothing at this address."), 404)
    return respond(request, ready, headers=_named(f"{release}-{table_id}.{kind}"))


DOWNLOADS = [
    Route("/download/{release}/figure/{name}", figure_file),
    Route("/download/{release}/table/{name}", table_file),
]
