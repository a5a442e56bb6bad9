"""What can be explored: for each measure the ways it was published, and for each way its periods, numbers and SQL."""


from portal.contract.contract import DIMENSIONS, MEASURES, Grain, Measure
from portal.figures.council.explored import more_hours
from portal.figures.explorable import Cut, ExploredMeasure, ExploredPeriod
from portal.figures.gaps import gaps
from portal.figures.view import RecordedPeriod, View, label, wording
from portal.language import gettext_lazy, t
from portal.release import queries
from portal.release.queries import Answer
from portal.release.store import Release

GRAINS: tuple[tuple[Grain, str], ...] = (("month", gettext_lazy("Month by month")),
                                         ("quarter", gettext_lazy("Quarter by quarter")),
                                         ("run", gettext_lazy("Each combined period")))
# What people ask about, and the measures that say it, by how their ids begin.
GROUPS: dict[str, tuple[str, ...]] = {
    "need": ("demand.",), "response": ("response.", "hours.", "service.", "quality."),
    "safety": ("outcome.arrest", "outcome.force", "outcome.injury"), "outcome": ("outcome.", "experience."),
    "care": ("care.",), "people": ("equity.",)}
# What others of the same measure are a part of: named beside them in the table, never drawn on an axis with them.
TOTALS = ("scheduled_hours", "eligible_on_duty", "responses", "asked")
COMPARED: tuple[Grain, ...] = ("run", "quarter", "pilot")  # at one time, and beside others of the same kind
EARLIER = 4  # of the same kind, that a period can be set beside: of quarters a year


def group_of(measure: str) -> str:
    """The group of a measure: the one that names most of its id's beginning."""
    return max(GROUPS, key=lambda group: max(len(start) if measure.startswith(start) else 0 for start in GROUPS[group]))


def is_total(measure: Measure, value: str) -> bool:
    """Whether a value of a measure is what its others are parts of, or a count beside times in minutes."""
    total = "eligible_on_duty" if "eligible_on_duty" in measure.values else value
    return len(measure.values) > 1 and value in TOTALS and value == total


def _over_time(view: View, measure: Measure, grain: Grain, words: str) -> Cut | None:
    """One measure, a row a period. Groups of people are merged anew in each run: they are not set side by side. Nor are
    several numbers of several groups, which one time shows whole.
    """
    if measure.dimension and (measure.kind == "people" or len(measure.values) > 1):
        return None
    keys, series = list(measure.values), queries.series(view.release, measure.id, grain, list(measure.values))
    columns = [measure.values[key] for key in keys]
    if not any(value is not None for row in series.rows for value in row[1:]) and measure.dimension:
        keys = list(DIMENSIONS[measure.dimension].labels)
        series = queries.series_by(view.release, measure.id, grain, next(iter(measure.values)), keys)
        columns = [label(measure.dimension, key) for key in keys]
    rows = [(view.periods[row[0]].words, row[1:]) for row in series.rows
            if any(value is not None for value in row[1:])]
    if not rows:
        return None
    filled = [at for at in range(len(columns)) if any(row[1][at] is not None for row in rows)]
    return {"id": grain, "words": t(words), "time": True, "columns": [columns[at] for at in filled],
            "totals": [columns[at] for at in filled if is_total(measure, keys[at])],
            "rows": [(name, [values[at] for at in filled]) for name, values in rows], "sql": series.sql}


def _named(measure: Measure, answer: Answer) -> list[tuple[str, str, float]]:
    """Each number of one period: its value's id, its name (the group's, or the value's) and itself."""
    rows = []
    for value, category, number in answer.rows:
        name = measure.values.get(value, value)
        if category:
            group = label(measure.dimension, category)
            name = group if len(measure.values) == 1 else f"{group}: {name}"
        rows.append((value, name, number))
    return rows


def _since_the_start(view: View, measure: str) -> str:
    """How the sum of all published periods is named."""
    row = next((state for state in view.states(measure) if state["grain"] == "pilot"), None)
    if row is None or row["have"] == row["need"]:
        pilot = next(iter(view.of("pilot")), None)
        return pilot.with_days(t("Since the start")) if pilot else t("Since the start")
    return t("In {have} of {need} periods since the start", have=row["have"], need=row["need"])


def _quarters_in(view: View, period: RecordedPeriod) -> list[str]:
    """The ids of the quarters that lie in a period."""
    return [quarter.id for quarter in view.of("quarter") if period.start <= quarter.start and quarter.end <= period.end]


def _at_one_time(view: View, measure: Measure) -> Cut | None:
    """One measure at one time: a row a group, or a row a number. Since the start, then each period in which it was
    published, the newest first; a period may stand beside others of its kind, never beside the sum it is in. A period
    with days without records stands beside none.
    """
    periods: list[ExploredPeriod] = []
    totals: dict[str, None] = {}
    published = {row["period_id"] for row in view.states(measure.id) if row["status"] == "published"}
    for grain in COMPARED:
        earlier: list[str] = []
        for period in view.of(grain):
            if period.id not in published:
                continue
            answer = queries.values(view.release, measure.id, period.id)
            if rows := _named(measure, answer):
                words = _since_the_start(view, measure.id) if grain == "pilot" else period.words
                periods.append({"id": period.id, "words": words, "sql": answer.sql,
                                "beside": [] if period.partial else earlier[-EARLIER:][::-1],
                                "holds": [] if grain == "pilot" else _quarters_in(view, period),
                                "rows": [(name, number) for _, name, number in rows]})
                totals |= dict.fromkeys(name for value, name, _ in rows if is_total(measure, value))
                earlier += [] if period.partial else [period.id]
    words = t(DIMENSIONS[measure.dimension].label) if measure.dimension else t("All numbers")
    return {"id": "groups", "words": words, "time": False, "totals": list(totals),
            "periods": periods[::-1]} if periods else None


def _absent(view: View, measure: str) -> list[tuple[str, str, str]]:
    """The parts of it that are not shown, each with its reason and what it waits for."""
    return [(gap.period or gap.what, gap.why, gap.waits_for) for gap in gaps(view, measure)]


def catalogue(release: Release) -> list[ExploredMeasure]:
    """Every measure that a release can hold numbers of, in the contract's order; last, what more hours would do."""
    view = View(release, "")
    entries: list[ExploredMeasure] = []
    for measure in map(wording, MEASURES):
        if measure.kind in ("release", "derived"):
            continue
        cuts = [*(_over_time(view, measure, grain, words) for grain, words in GRAINS), _at_one_time(view, measure)]
        if measure.kind != "activity":
            cuts.reverse()
        entries.append({"id": measure.id, "group": group_of(measure.id), "question": measure.question,
                        "unit": t(measure.unit), "cuts": [cut for cut in cuts if cut],
                        "absent": _absent(view, measure.id), "caveats": view.breaks(measure.id), "computed": False})
    newest = view.of("quarter")[-1:]
    return [*entries, more_hours(View(release, newest[0].id if newest else ""))]
