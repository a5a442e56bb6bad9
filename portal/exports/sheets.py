"""What stands in a downloaded table: a figure's, or one of a release, with its state and every status in words."""

from typing import Any

from portal.contract.contract import ILLUSTRATIVE
from portal.exports.spreadsheets import Value, Worksheet
from portal.language import day, gettext_lazy, number, t
from portal.release import queries
from portal.release.store import Release
from portal.render.rendered import FigureRecord, ReleaseTable
from portal.server.figure_request import FigureRequest

STATUS = {"published": gettext_lazy("Shown"), "suppressed": gettext_lazy("Not shown, to protect privacy"),
          "not_collected": gettext_lazy("Not collected"), "not_due": gettext_lazy("Waits for more")}
Row = dict[str, Any]
Labels = dict[tuple[str, str], str]
PeriodDays = dict[str, tuple[str, str]]


def _made_up(state: str) -> list[tuple[str, str]]:
    return [(t("Made-up numbers."), t("No real call is counted here."))] if state == ILLUSTRATIVE else []


def whole_or_decimal(value: float) -> int | float:
    """A number as it is written: 41 and not 41.0."""
    return int(value) if value == int(value) else value


def figure_sheet(request: FigureRequest) -> Worksheet:
    """A figure's table in the language in force. A figure without a table has its statuses in one."""
    record = request.figure.record
    about = [*_made_up(request.release.facts.state),
             (t("Question"), record["question"]), (t("Answer"), record["answer"]),
             (t("Source"), record["source"]), (t("Definition"), record["definition"]), (t("Limits"), record["limits"]),
             *((t("Not shown"), f"{gap['what']}: {gap['why']} {gap['waits_for']}") for gap in record["not_shown"]),
             *((t("Note"), caveat) for caveat in record["caveats"]), (t("Cite this"), request.figure.citation),
             (t("Address"), request.figure.url)]
    headers, rows = figure_table(record)
    return Worksheet(t("Table"), tuple(about), headers, rows)


def figure_table(record: FigureRecord) -> tuple[tuple[str, ...], tuple[tuple[Value, ...], ...]]:
    """The headers and rows of a figure's record; without a table its statuses, and without these its answer."""
    if record["table"] is None:
        return (t("Answer"),), ((record["answer"],),)
    rows = tuple(tuple(cell["text"] if cell["value"] is None else whole_or_decimal(cell["value"]) for cell in row)
                 for row in record["table"]["rows"])
    return tuple(record["table"]["headers"]), rows


def table_sheet(release: Release, table: ReleaseTable) -> Worksheet:
    """One table of a release in the language in force: every number with its period, unit and group, and in words why
    another is not there.
    """
    measures = {row["measure_id"]: row for row in queries.table(release, "measures").records
                if row["table_id"] == table.id}
    first, meta = next(iter(measures.values())), queries.meta(release)
    published = t("Release {release}, {state}, out {day}", release=release.id, state=t(meta["state"]),
                  day=day(meta["published_on"]))
    about = [*_made_up(meta["state"]), (t("Question"), table.question), (t("Release"), published),
             (t("Definition"), table.definition), (t("Limits"), t(first["limits"])),
             (t("Source"), first["source"] or "")]
    headers = (t("Period"), t("First day"), t("Last day"), t("Number"), t("Unit"), t("Group"), t("Value"), t("Status"))
    missing = [row for row in queries.states(release, table.id).records if row["status"] != "published"]
    without = {row["period_id"] for row in missing}
    labels, days = _lookups(release)
    rows = [_cell_row(cell, measures.get(cell["measure_id"], first), labels, days)
            for cell in queries.table(release, "cells").records
            if cell["table_id"] == table.id and cell["period_id"] not in without]
    rows += [(row["period_id"], row["start"], row["end"], "", "", "", None, status_words(row)) for row in missing]
    return Worksheet(table.id, tuple(about), headers, tuple(rows))


def _lookups(release: Release) -> tuple[Labels, PeriodDays]:
    """A release's labels by dimension and category, and the first and last day of its periods."""
    return ({(row["dimension"], row["category"]): row["label"] for row in queries.table(release, "labels").records},
            {row["period_id"]: (row["start"], row["end"]) for row in queries.periods(release).records})


def _cell_row(cell: Row, measure: Row, labels: Labels, days: PeriodDays) -> tuple[Value, ...]:
    group = labels.get((cell["dimension_1"], cell["category_1"]), cell["category_1"] or "")
    value = None if cell["value"] is None else whole_or_decimal(cell["value"])
    return (cell["period_id"], *days[cell["period_id"]], t(measure["label"]), t(measure["unit"]), group and t(group),
            value, status_words(cell))


def status_words(row: Row) -> str:
    """Why a number is or isn't there, in words."""
    if row["status"] == "not_due" and row.get("need") and row.get("have") is not None:
        progress = {"have": number(row["have"]), "need": number(row["need"])}
        if row["reason"] == "runs_together":
            return t("Waits for more: {have} of {need} combined periods", **progress)
        return t("Waits for more: {have} of {need} responses", **progress)
    return t(STATUS[row["status"]])
