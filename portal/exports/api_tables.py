"""The tables that /api/v1/ answers with, as rows: releases, measures and cells, with the filters of cells."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

from portal.contract.contract import SCHEMA
from portal.exports.sheets import STATUS, Row
from portal.language import override_language, t
from portal.release import queries
from portal.release.description import describe
from portal.release.recorded_days import recorded_days
from portal.release.store import Release
from portal.server.figure_request import NotThere

LABELS = ("measure_label", "unit", "category_1_label", "category_2_label")


@dataclass(frozen=True)
class Filters:
    """Which cells are asked for: those that have one of the values named, where any are. Empty: all."""

    table: tuple[str, ...] = ()
    measure: tuple[str, ...] = ()
    category: tuple[str, ...] = ()
    period: tuple[str, ...] = ()
    status: tuple[str, ...] = ()

    @staticmethod
    def of(query: Mapping[str, str]) -> "Filters":
        """The filters that a query names, the values of each separated by commas."""
        return Filters(**{field.name: tuple(query[field.name].split(","))
                          for field in fields(Filters) if field.name in query})

    def keep(self, row: Row) -> bool:
        """Whether a row of cells or states is asked for. A row that lacks a column is not filtered by it."""
        categories = {row[name] for name in ("category_1", "category_2") if name in row}
        return all((not values or column not in row or row[column] in values) for values, column in (
            (self.table, "table_id"), (self.measure, "measure_id"), (self.period, "period_id"),
            (self.status, "status"))) and (not self.category or not categories or bool(categories & {*self.category}))

    def check(self, release: Release) -> None:
        """Raises NotThere (404) for a value that the release does not know: no empty answer may be read as a zero."""
        measures = queries.table(release, "measures")
        categories = queries.table(release, "categories")
        known = {"table": set(measures.column("table_id")), "measure": set(measures.column("measure_id")),
                 "category": set(categories.column("category")),
                 "period": set(queries.periods(release).column("period_id")), "status": set(STATUS)}
        for name, values in known.items():
            if not set(getattr(self, name)) <= values:
                raise NotThere(404, f"There is no {name} of that name in this release.")


def cell_columns(labels: str) -> tuple[str, ...]:
    """The columns of a cell; `labels`: the language of its words, empty for none."""
    return (*SCHEMA["cells"], *(LABELS if labels else ()))


def cells(folder: Path, filters: Filters, labels: str) -> list[Row]:
    """The cells that are asked for, with their words in a language where one is named. Raises NotThere (404)."""
    release = Release(folder)
    filters.check(release)
    rows = [row for row in queries.table(release, "cells").records if filters.keep(row)]
    if labels:
        with override_language(labels):
            words = _words(release)
            rows = [row | words.of(row) for row in rows]
    return rows


@dataclass(frozen=True)
class _Words:
    """The words for a release's measures and categories, in one language."""

    measures: Mapping[tuple[str, str], tuple[str, str]]  # by table and measure: label and unit
    categories: Mapping[tuple[str, str], str]  # by dimension and category

    def of(self, row: Row) -> Row:
        """The words for one cell; None where it has no such category."""
        label, unit = self.measures.get((row["table_id"], row["measure_id"]), (None, None))
        return dict(zip(LABELS, (label, unit, *(self._category(row, place) for place in "12")), strict=True))

    def _category(self, row: Row, place: str) -> str | None:
        category = row[f"category_{place}"]
        return self.categories.get((row[f"dimension_{place}"], category), category) or None


def _words(release: Release) -> _Words:
    return _Words({(row["table_id"], row["measure_id"]): (t(row["label"]), t(row["unit"]))
                   for row in queries.table(release, "measures").records},
                  {(row["dimension"], row["category"]): t(row["label"])
                   for row in queries.table(release, "labels").records})


def states(folder: Path, filters: Filters) -> list[Row]:
    """Whether each table that is asked for is shown for each period, and why others are not."""
    return [row for row in queries.table(Release(folder), "states").records if filters.keep(row)]


def periods(folder: Path, filters: Filters) -> list[Row]:
    """The periods that are asked for, with their first and last day, how many days they have, and on how many of them
    something was recorded.
    """
    release, rows = Release(folder), []
    for row in queries.periods(release).records:
        if not filters.period or row["period_id"] in filters.period:
            days, recorded = recorded_days(release, row["start"], row["end"])
            rows.append(row | {"days": days, "days_recorded": recorded})
    return rows


def measures(folder: Path) -> list[Row]:
    """Every measure of a release: question, unit, definition, limits, source."""
    return list(queries.table(Release(folder), "measures").records)


def releases(folders: Sequence[Path], newest: str) -> list[Row]:
    """What each release says of itself, whether it is the newest, and its head hash."""
    heads = {folder.name: describe(folder).head_hash for folder in folders}
    rows = [row for folder in folders for row in queries.table(Release(folder), "releases").records
            if row["release_id"] == folder.name]
    return [row | {"newest": row["release_id"] == newest, "head_hash": heads[row["release_id"]]} for row in rows]
