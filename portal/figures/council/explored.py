"""What would more hours do, as a choice on Explore: the part of the week, then the hours of the shift."""

from itertools import groupby

from portal.figures.council.hours import FIGURE, Estimates, all_estimates, assumed, basis, span_of
from portal.figures.council.times import DIMENSION
from portal.figures.explorable import ExploredMeasure, ExploredPeriod
from portal.figures.view import View, label
from portal.language import gettext_lazy, number, t

COME = gettext_lazy("Calls that meet the rule come in these hours, at most")


def _period(shift: Estimates, longer: list[Estimates], sql: str) -> ExploredPeriod:
    """One length of the shift: both estimates and what a quarter may show, never one number alone. `longer`: the
    lengths that may stand beside it.
    """
    low, high = span_of(shift)
    rows: list[tuple[str, float | None]] = [
        (t("If only the calls of today came"), round(shift.today.mean) if shift.today else None),
        (t("If asked for as today"), round(shift.asked_for.mean) if shift.asked_for else None),
        (t("Any one quarter may show, at least"), low), (t("Any one quarter may show, at most"), high),
        (t(COME), round(shift.today.incoming) if shift.today else None)]
    return {
        "id": f"{shift.hours:g}",
        "words": t("a weekly shift of {n} hours", n=number(shift.hours)),
        "sql": sql,
        "beside": [f"{other.hours:g}" for other in longer],
        "rows": rows,
    }


def more_hours(view: View) -> ExploredMeasure:
    """The entry of Explore: a breakdown for each part of the week, a period for each length of the shift. Shifts
    without an estimate stand with the reason in "absent".
    """
    entry: ExploredMeasure = {"id": FIGURE, "group": "response", "question": t("What would more hours do?"),
                              "unit": t("calls a quarter"), "cuts": [], "absent": [], "caveats": (assumed(),),
                              "computed": True}
    year = basis(view)
    if isinstance(year, str):
        entry["absent"].append((t("All periods"), year, ""))
        return entry
    sql = ";\n".join(answer.sql for answer in year.answers)
    for block, group in groupby(all_estimates(year), key=lambda shift: shift.block.id):
        shifts = list(group)
        estimated = [shift for shift in shifts if shift.today]
        name = label(DIMENSION, block)
        if estimated:
            periods = [_period(shift, estimated[at + 1:], sql) for at, shift in enumerate(estimated)]
            entry["cuts"].append({"id": block, "words": name, "time": False, "totals": [t(COME)], "periods": periods})
        entry["absent"] += [(f"{name}, {t('a weekly shift of {n} hours', n=number(shift.hours))}", shift.refused, "")
                            for shift in shifts if not shift.today]
    return entry
