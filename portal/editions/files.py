"""Downloads: a figure's table, a table of a release, the whole release as one workbook. Each file says what it is."""

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from portal.editions.asked import Asked, NotThere, figure
from portal.editions.respond import Body, Keyed, body, respond
from portal.editions.tables import Sheet, Value, as_csv, as_xlsx
from portal.language import speaking, t
from portal.markup.live import now
from portal.release import queries
from portal.release.store import Release

CSV, XLSX = "text/csv; charset=utf-8", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
STATUS = {"suppressed": "not shown, to protect privacy", "not_collected": "not collected", "not_due": "not yet"}
MADE_UP = "Made-up numbers. They show how the portal will look. No real call is counted here."
KINDS: dict[str, tuple[str, Callable[[Sheet], bytes]]] = {"csv": (CSV, as_csv), "xlsx": (XLSX, as_xlsx)}


def figure_sheet(asked: Asked) -> Sheet:
    """What a figure shows, with its state, definition, limits and statuses in words."""
    said, shown = asked.record, asked.shelf.shown
    made_up = [(t("Made-up numbers."), t("No real call is counted here."))] if shown.state == "illustrative" else []
    about = [*made_up, (t("Question"), said["question"]), (t("Answer"), said["answer"]), (t("Source"), said["source"]),
             (t("Definition"), said["definition"]), (t("Limits"), said["limits"]),
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


def tables(release: Release) -> tuple[str, ...]:
    """The ids of a release's tables of numbers, in the order of the contract."""
    return tuple(dict.fromkeys(queries.table(release, "measures").column("table_id")))


def table_sheet(release: Release, table_id: str) -> Sheet:
    """One table of a release, every cell with its period, categories, unit and status in words. In English: it is the
    language of the files' own names.
    """
    meta = queries.meta(release)
    measures = {row["measure_id"]: row for row in queries.table(release, "measures").records()
                if row["table_id"] == table_id}
    labels = {(row["dimension"], row["category"]): row["label"] for row in queries.table(release, "labels").records()}
    periods = {row[0]: row for row in queries.periods(release).rows}
    first = next(iter(measures.values()))
    rows: list[tuple[Value, ...]] = []
    for one in queries.table(release, "cells").records():
        if one["table_id"] == table_id:
            period = periods[one["period_id"]]
            named = measures.get(one["measure_id"], first)
            rows.append((one["period_id"], period[2], period[3], named["label"], named["unit"],
                         *(_label(labels, one[f"dimension_{at}"], one[f"category_{at}"]) for at in (1, 2)),
                         one["value"], STATUS.get(one["status"], one["status"])))
    rows += [(row["period_id"], row["start"], row["end"], "", "", "", "", None,
              f"{STATUS[row['status']]} ({row['reason']})" if row["reason"] else STATUS[row["status"]])
             for row in queries.states(release, table_id).records() if row["status"] in STATUS]
    about = [*([("Made-up", MADE_UP)] if meta["state"] == "illustrative" else []), ("Question", first["question"]),
             ("Release", f"{release.id}, {meta['state']}, published on {meta['published_on']}"),
             ("Definition", first["definition"]), ("Limits", first["limits"]), ("Source", first["source"] or "")]
    return Sheet(table_id, tuple(about), ("period", "start", "end", "number", "unit", "group", "second group", "value",
                                          "status"), tuple(rows))


def _label(labels: dict[tuple[str, str], str], dimension: str, category: str) -> str:
    return labels.get((dimension, category), category or "")


@lru_cache(maxsize=128)
def _table_file(copy: Path, table_id: str, kind: str) -> Body:
    media, make = KINDS[kind]
    return body(make(table_sheet(Release(copy), table_id)), media, compress=kind == "csv")


@lru_cache(maxsize=8)
def _workbook(copy: Path) -> Body:
    release = Release(copy)
    return body(as_xlsx(*(table_sheet(release, one) for one in tables(release))), XLSX, compress=False)


def table_file(request: Request) -> Response:
    """/download/<release>/table/<table>.csv or .xlsx; the table `all` is every one, as a workbook."""
    table_id, _, kind = request.path_params["name"].rpartition(".")
    release = request.path_params["release"]
    copy = now().copies.get(release)
    known = copy is not None and kind in KINDS and table_id in ("all", *tables(Release(copy)))
    if copy is None or not known or (table_id, kind) == ("all", "csv"):
        return PlainTextResponse(t("There is nothing at this address."), 404)
    ready = _workbook(copy) if table_id == "all" else _table_file(copy, table_id, kind)
    return respond(request, ready, headers=_named(f"{release}-{table_id}.{kind}"))
