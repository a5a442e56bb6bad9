"""Why a table shows no number, and what it waits for: each status of the release in words, one place for all pages."""


from portal.contract.contract import threshold
from portal.figures.figure import Figure, Gap
from portal.figures.view import View, text, wording
from portal.language import day, gettext_lazy, number, t
from portal.release import queries
from portal.release.periods import due_after
from portal.release.queries import StateRow

# What a table is called among those that are not shown.
NAMES = {
    "demand.by_time_detail": gettext_lazy("Calls by every four hours"),
    "response.time_to_scene": gettext_lazy("Minutes until the team arrives"),
    "response.time_on_scene": gettext_lazy("Minutes on the scene"),
    "outcome.kind": gettext_lazy("How responses ended"),
    "outcome.detail": gettext_lazy("How responses ended, group by group"),
    "outcome.contact": gettext_lazy("Whether the team found the person"),
    "outcome.involuntary": gettext_lazy("Section 12 and 35 by themselves"),
    "outcome.arrest": gettext_lazy("Arrests"),
    "outcome.arrest_possible": gettext_lazy("When an arrest was possible"),
    "outcome.force": gettext_lazy("Use of force"),
    "outcome.injury": gettext_lazy("Injuries"),
    "care.referral": gettext_lazy("Referrals to care"),
    "care.referral_detail": gettext_lazy("First visits kept"),
    "care.follow_up": gettext_lazy("Follow-up"),
    "care.follow_up_detail": gettext_lazy("Follow-up, step by step"),
    "care.repeat": gettext_lazy("People seen again"),
    "equity.age": gettext_lazy("Age"),
    "equity.age_detail": gettext_lazy("Age, group by group"),
    "equity.race_ethnicity": gettext_lazy("Race and ethnicity"),
    "equity.race_ethnicity_detail": gettext_lazy("Race and ethnicity, group by group"),
    "equity.gender": gettext_lazy("Gender"),
    "equity.language": gettext_lazy("Language"),
    "equity.housing": gettext_lazy("Housing"),
    "experience.survey": gettext_lazy("What people say about the team"),
}
NOTHING = gettext_lazy("Nothing: that period is closed. Later periods may be shown.")
# By the reason the release gives for a table that failed: why, and what it waits for.
FAILED = {
    "privacy": (gettext_lazy("To protect privacy: a group in it is too small to show."), NOTHING),
    "merged": (gettext_lazy("A group has fewer than {least} responses. It is inside a larger one whose name says so."),
               gettext_lazy("{least} responses in each group.")),
    "parts": (gettext_lazy("To protect privacy: with it, a number that is not shown could be worked out."), NOTHING),
    "ended": (gettext_lazy("The pilot ended before there were enough."), gettext_lazy("Nothing: the pilot is over.")),
    "withdrawn": (gettext_lazy("The published numbers were wrong."), NOTHING),
    "changed": (gettext_lazy("The records have changed since a total of it was published."), NOTHING),
}
MORE = gettext_lazy("More responses of each kind in a period.")
UNASKED = {"experience.survey": (gettext_lazy("Nobody has asked them."),
                                 gettext_lazy("The City asking. Nothing is collected."))}

BESIDE_THE_TEAM = gettext_lazy("To protect privacy: beside the team’s own numbers, a single call or a small group "
                               "could be worked out.")
# What no table of a release counts, beside the figure it belongs to: its name, why, and what it waits for.
UNPUBLISHED: dict[str, tuple[str, str, str]] = {
    "response.met": (gettext_lazy("Who came when the team did not"), BESIDE_THE_TEAM,
                     gettext_lazy("A privacy check of its own.")),
    "response.minutes": (gettext_lazy("Officers’ time to the scene"), BESIDE_THE_TEAM,
                         gettext_lazy("A privacy check of its own.")),
    "outcome.kind": (gettext_lazy("Rides to a hospital"), gettext_lazy(
        "To protect privacy: beside how responses ended, a group that is not shown could be worked out."),
        gettext_lazy("Nothing: they stay inside the larger groups.")),
}


def unpublished(figure_id: str) -> tuple[Gap, ...]:
    """What belongs to a figure and is in no release."""
    if figure_id not in UNPUBLISHED:
        return ()
    what, why, waits = UNPUBLISHED[figure_id]
    return (Gap("unpublished", t(what), t(why), t(waits)),)


def name(table: str) -> str:
    """The name of a table in the list of what is not shown."""
    return t(NAMES[table]) if table in NAMES else wording(table).question


def gap(view: View, table: str, row: StateRow, *, closed: bool = True) -> Gap:
    """Why a table shows no number for the period of a state row. `closed`: whether it is one period among others that
    are shown; else the table has none at all.
    """
    if row["status"] == "not_collected":
        why, waits = UNASKED.get(table, (gettext_lazy("The City’s records do not hold it."),
                                         gettext_lazy("The City collecting it.")))
        return Gap("not-collected", name(table), t(why), t(waits))
    if row["status"] == "not_due":
        return _open(view, table, row)
    least = number(threshold("block_responses"))
    why, waits = FAILED.get(row["reason"], FAILED["privacy"])
    if not closed or row["reason"] == "merged":
        waits = MORE if waits == NOTHING else waits
        return Gap("privacy", name(table), t(why, least=least), t(waits, least=least))
    period = view.periods[row["period_id"]].words
    return Gap("privacy", t("{what}, {period}", what=name(table), period=period), t(why, least=least),
               t(waits, least=least))


def _open(view: View, table: str, row: StateRow) -> Gap:
    """A period that waits for more: how far along it is."""
    have, need = int(row["have"] or 0), int(row["need"] or 0)
    period = view.periods[row["period_id"]].words if row["period_id"] in view.periods else ""
    progress = {"have": number(have), "need": number(need)}
    if row["reason"] == "runs_together":
        why = t("To protect privacy, {need} periods are shown together.", need=progress["need"])
        waits = t("{have} of {need} periods are in.", **progress)
    elif row["reason"] == "service_rest":
        why = t("To protect privacy, it is shown when the team did not go to {need} or more calls on duty.",
                need=progress["need"])
        waits = t("More such calls: now it is 0, 1 or 2.")
    elif row["reason"] == "run_rest":
        why = t("To protect privacy: one quarter holds nearly all of it so far.")
        waits = t("More responses in the other quarters.")
    else:
        why = t("A period is shown when it has {need} responses, so that nobody can be picked out.",
                need=progress["need"])
        waits = t("{have} of {need} responses are in.", **progress)
        return Gap("open", name(table), why, waits + _due(view), period, have, need)
    return Gap("open", name(table), why, waits + _due(view), period)


def _due(view: View) -> str:
    """When the next release is due; "" after a made-up one and after the pilot's end, when nothing is promised."""
    due = "" if view.illustrative else due_after(view.meta)
    return " " + t("The next release is due {day}.", day=day(due)) if due else ""


def gaps(view: View, *tables: str) -> tuple[Gap, ...]:
    """What these tables can't show: the period that is open, closed ones that failed, or all of it."""
    found: list[Gap] = []
    for table in tables:
        parts = [row for row in view.states(table) if row["grain"] != "pilot"] or list(view.states(table))
        absent = [row for row in parts if row["status"] != "published"]
        if len(absent) < len(parts):
            found += [gap(view, table, row) for row in absent if row["reason"] != "runs_together"]
        else:
            failed = [row for row in absent if row["status"] == "suppressed"]
            found += [gap(view, table, row, closed=False) for row in (failed or absent)[-1:]]
    return tuple(dict.fromkeys(found))


def open_gap(view: View, *tables: str) -> Gap | None:
    """The first of these tables' periods that is open, and how far along it is."""
    return next((gap_ for gap_ in gaps(view, *tables) if gap_.kind == "open"), None)


def awaited(gap_: Gap) -> str:
    """What a gap waits for, as a sentence that can stand by itself; "" where nothing is said of it."""
    return gap_.waits_for if gap_.kind == "open" or not gap_.waits_for else t(
        "What it waits for: {what}", what=gap_.waits_for)


def absent(view: View, measure: str, *tables: str, figure: str = "", question: str = "") -> Figure:
    """The figure that has no number for the time: its headline says why. `tables`: those it needs, the measure's own
    if none is given.
    """
    found = gaps(view, *(tables or (measure,)))
    title = question or wording(measure).question
    found = found or (Gap("open", title, t("Nothing is published for this time."), t("Choose another period.")),)
    why, waits = found[0].why, awaited(found[0])
    return Figure(
        figure or measure, title, text(f"{why} {waits}".strip()), None, found, (),
        view.line(view.quarter.words if view.quarter else t("no period")),
        view.provenance(measure, *(queries.states(view.release, table) for table in tables or (measure,))),
        headline=text(why.rstrip(".।")), sub=text(waits))
