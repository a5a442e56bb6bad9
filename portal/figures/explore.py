"""What can be explored: for each measure the ways it was published, and for each way its periods, numbers and SQL."""

from typing import Any

from portal.contract.contract import DIMENSIONS, MEASURES, Grain, Measure
from portal.figures.change_numbers import Counted, days
from portal.figures.compare import across, of_rates, rates_method
from portal.figures.figure import Text
from portal.figures.view import Period, View, label, waiting, wording
from portal.language import later, t
from portal.release import queries
from portal.release.queries import Answer
from portal.release.store import Release

GRAINS: tuple[tuple[Grain, str], ...] = (("month", later("Month by month")), ("quarter", later("Quarter by quarter")),
                                         ("run", later("Run by run")))
Cut = dict[str, Any]  # id, words, time; then columns, rows and sql (over time), or periods (at one time)
COMPARED: tuple[Grain, ...] = ("run", "quarter")  # at one time, and beside others of the same kind
EARLIER = 4  # of the same kind, that a period can be compared with: of quarters a year
NO_COUNTS = {"scheduled_hours", "covered_hours", "median_minutes", "p90_minutes"}  # these give no interval
Shown = tuple[Period, list[tuple[str, str, Any]]]  # a period and its numbers


def _over_time(view: View, measure: Measure, grain: Grain, words: str) -> Cut | None:
    """One measure, a row a period. Groups of people are merged anew in each run: they are not set side by side."""
    if measure.kind == "people" and measure.dimension and len(measure.values) == 1:
        return None
    keys, asked = list(measure.values), queries.series(view.release, measure.id, grain, list(measure.values))
    columns = [measure.values[key] for key in keys]
    if not any(value is not None for row in asked.rows for value in row[1:]) and measure.dimension:
        keys = list(DIMENSIONS[measure.dimension].labels)
        asked = queries.series_by(view.release, measure.id, grain, next(iter(measure.values)), keys)
        columns = [label(measure.dimension, key) for key in keys]
    rows = [[view.periods[row[0]].words, list(row[1:])] for row in asked.rows
            if any(value is not None for value in row[1:])]
    if not rows:
        return None
    filled = [at for at in range(len(columns)) if any(row[1][at] is not None for row in rows)]
    return {"id": grain, "words": t(words), "time": True, "columns": [columns[at] for at in filled],
            "rows": [[name, [values[at] for at in filled]] for name, values in rows], "sql": asked.sql}


def _named(measure: Measure, asked: Answer) -> list[tuple[str, str, Any]]:
    """Each number of one period: its name (the group's, or the value's), which value it is, and itself."""
    rows = []
    for value, category, number in asked.rows:
        name = measure.values.get(value, value)
        if category:
            group = label(measure.dimension, category)
            name = group if len(measure.values) == 1 else f"{group}: {name}"
        rows.append((name, value, number))
    return rows


def _at_one_time(view: View, measure: Measure) -> Cut | None:
    """One measure at one time: a row a group, or a row a number. For each period in which it was published."""
    periods: list[dict[str, Any]] = []
    for grain in COMPARED:
        shown: list[Shown] = []
        for one in view.of(grain):
            asked = queries.values(view.release, measure.id, one.id)
            if rows := _named(measure, asked):
                since = {before.id: _since(view, measure, (one, rows), (before, earlier))
                         for before, earlier in reversed(shown[-EARLIER:])}
                shown.append((one, rows))
                periods.append({"id": one.id, "words": one.words, "since": since, "sql": asked.sql,
                                "rows": [[name, number] for name, _, number in rows]})
    words = t(DIMENSIONS[measure.dimension].label) if measure.dimension else t("All its numbers")
    return {"id": "groups", "words": words, "time": False, "periods": periods[::-1],
            "method": rates_method()} if periods else None


def _since(view: View, measure: Measure, now: Shown, before: Shown) -> dict[str, str]:
    """What can be said of each number beside that of an earlier period: counts by the day, with their interval."""
    then = {name: number for name, _, number in before[1]}
    broken = [on for on, _ in view.broken(measure.id)]
    return {name: t("no count of calls, so no interval") if value in NO_COUNTS else
            _said(_by_day(now[0], number), _by_day(before[0], then[name]), broken)
            for name, value, number in now[1] if name in then}


def _by_day(period: Period, number: float) -> Counted:
    return Counted(period, number, days(period), Text(()))


def _said(now: Counted, before: Counted, broken: list[str]) -> str:
    found = across(now, before, broken) or of_rates(now, before)
    if not found.change:
        return found.verdict
    return t("{change} ({interval}). {verdict}", change=found.change, interval=found.interval, verdict=found.verdict)


def _absent(view: View, measure: str) -> list[list[str]]:
    """The periods without a number, and why."""
    found = []
    for row in view.states(measure):
        if row["status"] != "published":
            chip = waiting(row)
            words = view.periods[row["period_id"]].words if row["period_id"] in view.periods else t("All periods")
            found.append([words, chip.kind, chip.word, chip.sentence])
    return found


def catalogue(release: Release) -> list[dict[str, Any]]:
    """Every measure that a release can hold numbers of, in the contract's order."""
    view = View(release, "")
    made = []
    for measure in map(wording, MEASURES):
        if measure.kind in ("release", "derived"):
            continue
        cuts = [*(_over_time(view, measure, grain, words) for grain, words in GRAINS), _at_one_time(view, measure)]
        if measure.kind != "activity":
            cuts.reverse()
        made.append({"id": measure.id, "question": measure.question, "unit": t(measure.unit),
                     "cuts": [cut for cut in cuts if cut], "absent": _absent(view, measure.id),
                     "caveats": view.breaks(measure.id)})
    return made
