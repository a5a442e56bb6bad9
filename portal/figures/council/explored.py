"""What would more hours do, as a choice on Explore: the part of the week, then the hours of the shift."""

from itertools import groupby
from typing import Any

from portal.figures.council.hours import FIGURE, Estimates, all_estimates, assumed, basis, span_of
from portal.figures.council.times import DIMENSION
from portal.figures.view import View, label
from portal.language import later, number, t

COME = later("Calls that meet the rule come in these hours, at most")


def _period(estimates: Estimates, others: list[Estimates], sql: str) -> dict[str, Any]:
    """One length of the shift: both estimates and what a quarter may show, never one number alone."""
    low, high = span_of(estimates)
    rows = [[t("If only the calls of today came"), round(estimates.today.mean) if estimates.today else None],
            [t("If asked for as today"), round(estimates.asked_for.mean) if estimates.asked_for else None],
            [t("Any one quarter may show, at least"), low], [t("Any one quarter may show, at most"), high],
            [t(COME), round(estimates.today.come) if estimates.today else None]]
    return {
        "id": f"{estimates.shift:g}",
        "words": t("a weekly shift of {n} hours", n=number(estimates.shift)),
        "sql": sql,
        "beside": [f"{other.shift:g}" for other in others],
        "rows": rows,
    }


def more_hours(view: View) -> dict[str, Any]:
    """The entry of Explore: a way to divide for each part of the week, a time for each length of the shift. What is
    refused stands with its reason in "absent".
    """
    entry: dict[str, Any] = {"id": FIGURE, "group": "response", "question": t("What would more hours do?"),
                             "unit": t("calls a quarter"), "cuts": [], "absent": [], "caveats": [assumed()],
                             "computed": True}
    found = basis(view)
    if isinstance(found, str):
        return entry | {"absent": [[t("All periods"), found, ""]]}
    sql = ";\n".join(answer.sql for answer in found.answers)
    for block, group in groupby(all_estimates(found), key=lambda one: one.block.id):
        shifts = list(group)
        told = [shift for shift in shifts if shift.today]
        name = label(DIMENSION, block)
        if told:
            periods = [_period(one, told[at + 1:], sql) for at, one in enumerate(told)]
            entry["cuts"].append({"id": block, "words": name, "time": False, "totals": [t(COME)], "periods": periods})
        entry["absent"] += [[f"{name}, {t('a weekly shift of {n} hours', n=number(shift.shift))}", shift.refused, ""]
                            for shift in shifts if not shift.today]
    return entry
