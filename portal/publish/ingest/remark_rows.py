"""Remarks on rows: equal but for their key, filled where a blank is right, entered on one day, left out in masses."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from portal.publish.ingest.columns import NOT_RECORDED
from portal.publish.ingest.remark import MOST_ROWS, Remark
from portal.publish.ingest.seen import Seen

FEW_EQUAL = 3
ABOUT_A_RESPONSE = ("outcome", "arrest", "force", "transport", "section_12", "referral_offered", "follow_up_agreed",
                    "age_band", "race_ethnicity", "gender", "language", "housing", "person_key", "arrived", "cleared")
ENOUGH = 20
ELSEWHERE, LESS = .3, .6
ONE_DAY = .3
LEFT_OUT, LEFT_OUT_ROWS = .03, 3


def equal_rows(seen: Seen) -> Iterator[Remark]:
    """Calls with another key and all else the same, to the second."""
    calls = seen.calls
    timed = calls["received"].notna() & calls["received"].duplicated(keep=False)
    if timed.sum() < FEW_EQUAL:
        return
    alike = calls[timed].drop(columns=["call_id", *calls.columns.intersection(["recorded_on"])])
    again = alike.duplicated()
    if int(again.sum()) >= FEW_EQUAL:
        both = alike.index[alike.duplicated(keep=False)]
        days = calls.loc[both, "received_on"]
        yield Remark("equal_rows", f"{int(again.sum()):,} calls are equal to another in all but their key.",
                     str(int(again.sum())),
                     seen.columns("call_id"), tuple(sorted(int(row) for row in both))[:MOST_ROWS],
                     days.min().date(), days.max().date())


def _recorded(column: pd.Series) -> np.ndarray:
    blank = NOT_RECORDED if isinstance(column.dtype, pd.CategoricalDtype) else ""
    return (column.notna() & (column != blank)).fillna(value=False).to_numpy(dtype=bool)


def filled_elsewhere(seen: Seen) -> Iterator[Remark]:
    """What tells of the team's responses, and is filled where the team did not come rather than where it did."""
    came = seen.responses
    if not seen.has_team or came.sum() < ENOUGH or came.all():
        return
    for name in ABOUT_A_RESPONSE:
        if name not in seen.calls or not seen.mapped(name):
            continue
        filled = _recorded(seen.calls[name])
        there, elsewhere = filled[came].mean(), (filled & ~came).sum() / max(1, filled.sum())
        if filled.sum() >= ENOUGH and there < LESS and elsewhere > ELSEWHERE:
            yield Remark("filled_elsewhere", f"{seen.called(name)} is filled in {there:.0%} of the team's responses, "
                         f"and {elsewhere:.0%} of what is filled stands in other calls.", name, seen.columns(name))


def entry_days(seen: Seen) -> Iterator[Remark]:
    """A day on which a large part of all rows was entered."""
    if "recorded_on" not in seen.calls or len(seen.calls) < 5 * ENOUGH:
        return
    entered = seen.calls["recorded_on"].dropna().value_counts()
    if len(entered) and entered.iloc[0] > max(ENOUGH, ONE_DAY * len(seen.calls)):
        day = entered.index[0].date()
        share = entered.iloc[0] / len(seen.calls)
        yield Remark("entry_days", f"{share:.0%} of the calls were entered on one day, {day}.", "",
                     seen.columns("recorded_on"), first=day, last=day)


def leaves_out(seen: Seen) -> Iterator[Remark]:
    """What `leave_out` takes away, where it is more than slips are."""
    for problem in seen.report.problems:
        if problem.choice != "leave_out" or problem.count < LEFT_OUT_ROWS:
            continue
        share = problem.count / max(1, _could_have(seen, problem.column, problem.count))
        if share > LEFT_OUT:
            yield Remark("leaves_out", f"{problem.reason} in {problem.column}: leave_out takes {problem.count:,} rows, "
                         f"{share:.1%} of those that could have it.", f"{problem.reason}:{problem.column}",
                         (problem.column, *problem.source_column.split(" + ")), problem.rows)


def _could_have(seen: Seen, column: str, taken: int) -> int:
    """How many rows hold a column, those left out included."""
    if column.startswith("roster."):
        return taken + (seen.report.shifts or 0)
    if column in ("call_id", "received", "call_type") or column not in seen.calls:
        return seen.report.rows_counted + seen.report.rows_left_out
    return int(_recorded(seen.calls[column]).sum()) + taken
