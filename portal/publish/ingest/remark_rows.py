"""Remarks on rows: equal except for their key, filled where a blank is expected, entered on one day, or left out in
large numbers.
"""

from collections.abc import Iterator

from portal.publish.ingest.remark import MOST_ROWS, Remark
from portal.publish.ingest.unchecked import UncheckedExtract, is_recorded

FEW_EQUAL = 3
ABOUT_A_RESPONSE = ("outcome", "arrest", "force", "transport", "section_12", "referral_offered", "follow_up_agreed",
                    "age_band", "race_ethnicity", "gender", "language", "housing", "person_key", "arrived", "cleared")
ENOUGH = 20
ELSEWHERE, LESS = .3, .6
ONE_DAY = .3
LEFT_OUT, LEFT_OUT_ROWS = .03, 3


def equal_rows(extract: UncheckedExtract) -> Iterator[Remark]:
    """Calls that are equal in everything but their key, to the second."""
    calls = extract.calls
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
                     extract.columns("call_id"), tuple(sorted(int(row) for row in both))[:MOST_ROWS],
                     days.min().date(), days.max().date())


def filled_elsewhere(extract: UncheckedExtract) -> Iterator[Remark]:
    """Columns about the team's responses that are filled in other calls rather than in responses."""
    responses = extract.responses
    if not extract.has_team or responses.sum() < ENOUGH or responses.all():
        return
    for name in ABOUT_A_RESPONSE:
        if name not in extract.calls or not extract.mapped(name):
            continue
        filled = is_recorded(extract.calls[name])
        within, elsewhere = filled[responses].mean(), (filled & ~responses).sum() / max(1, filled.sum())
        if filled.sum() >= ENOUGH and within < LESS and elsewhere > ELSEWHERE:
            yield Remark("filled_elsewhere", f"{extract.label(name)} is filled in {within:.0%} of the team's "
                         f"responses, and {elsewhere:.0%} of what is filled stands in other calls.", name,
                         extract.columns(name))


def entry_days(extract: UncheckedExtract) -> Iterator[Remark]:
    """A day on which a large share of all rows was entered."""
    if "recorded_on" not in extract.calls or len(extract.calls) < 5 * ENOUGH:
        return
    entered = extract.calls["recorded_on"].dropna().value_counts()
    if len(entered) and entered.iloc[0] > max(ENOUGH, ONE_DAY * len(extract.calls)):
        day = entered.index[0].date()
        share = entered.iloc[0] / len(extract.calls)
        yield Remark("entry_days", f"{share:.0%} of the calls were entered on one day, {day}.", "",
                     extract.columns("recorded_on"), first=day, last=day)


def leaves_out(extract: UncheckedExtract) -> Iterator[Remark]:
    """Problems for which `leave_out` leaves out more rows than typing errors explain."""
    for problem in extract.report.problems:
        if problem.choice != "leave_out" or problem.count < LEFT_OUT_ROWS:
            continue
        share = problem.count / max(1, _rows_with(extract, problem.column, problem.count))
        if share > LEFT_OUT:
            yield Remark("leaves_out", f"{problem.reason} in {problem.column}: leave_out takes {problem.count:,} rows, "
                         f"{share:.1%} of those that could have it.", f"{problem.reason}:{problem.column}",
                         (problem.column, *problem.source_column.split(" + ")), problem.rows)


def _rows_with(extract: UncheckedExtract, column: str, taken: int) -> int:
    """How many rows have a value in a column, including those left out."""
    if column.startswith("roster."):
        return taken + (extract.report.shifts or 0)
    if column in ("call_id", "received", "call_type") or column not in extract.calls:
        return extract.report.rows_counted + extract.report.rows_left_out
    return int(is_recorded(extract.calls[column]).sum()) + taken
