"""A remark: something unusual in an extract that may be right or wrong, which the analyst has to look at and accept."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

MOST_ROWS = 20  # row numbers listed in each remark

# Kind -> what to do about it. The remark itself says what is unusual, and where.
REMARKS = MappingProxyType({
    "row_count": "Known exports stop there: look whether the file holds its last record.",
    "hidden_rows": "A filter or a hand hides them, and they are read: look whether they are to count.",
    "files_overlap": "Look whether some calls are in both.",
    "file_end": "Look whether its last row is the source's last: the export may have broken off there.",
    "without_records": "If the system was down, accept it: the months are marked partial. Else export again.",
    "ends_early": "Export again when the last days are in, or give the coverage an end.",
    "month_count": "Look whether rows are missing or there twice.",
    "step_in_counts": "Look whether a district, a call type or a shift is missing or new; name a real change under "
                      "[breaks].",
    "day_count": "Look whether these are real calls, and not a test, a training or a mass entry.",
    "weekday_count": "Look for a filter in the export.",
    "hour_count": "Look for a filter in the export, or for AM and PM lost in the times.",
    "night_hours": "Calls are fewest before dawn: compare a few times with the calls on paper; the clock may be that "
                   "of another zone, or AM and PM lost.",
    "share_jumps": "Look whether codes or the form changed, or a value is filled in by itself; name a real change "
                   "under [breaks].",
    "hours_jump": "Look whether the clock, its zone or its format changed on that day, or AM and PM were lost.",
    "never_recorded": "If the source doesn't hold it, list it in not_collected: else it would look forgotten.",
    "one_value": "Look whether rows are missing (a join, a filter), or a value is filled in by itself.",
    "outcome_contradicted": "Look whether codes have changed their meaning, or a form fills one of the columns in.",
    "filled_elsewhere": "Look whether the column belongs to the rows beside it: a join or a sort may have moved it.",
    "equal_rows": "Look whether these calls are there twice.",
    "code_begins": "If it is a crisis call by a new name, give the code a category.",
    "code_ends": "Look under which code these calls are now, and give that code a category.",
    "code_alike": "Give the code a category: it differs from one that has one by letter case, blanks or signs alone.",
    "rest_counts": 'Name each of these codes: "*" counts whatever comes.',
    "leaves_out": "So many are no slips: look what the matter is before leaving them out.",
    "zone_of_offsets": "Look whether time_zone names the place where the calls were.",
    "times_apart": "The two columns' clocks may show different zones, or AM and PM: compare a few with the calls on "
                   "paper.",
    "times_equal": "Look whether one column stands for both, or was filled in by itself.",
    "same_length": "Look whether a form fills the time in.",
    "same_time_of_day": "Look whether a form fills the time in; name a time that means unknown as unknown_time.",
    "entry_days": "If a system was moved on that day, map the true day of entry, or list recorded_on in not_collected.",
    "no_roster": "Give the duty roster with --roster; without it hours on duty are not shown.",
    "outside_roster": "Look whether the roster is of this team and year, whole, and by the same clock as the calls.",
    "roster_days": "Look whether the roster is of this time, and whole.",
    "person_in_many": "Look whether the key stands for somebody unknown: name it under missing.",
    "persons_never_repeat": "Look whether the column is a key of the person, and not of the call.",
    "persons_begin_anew": "Look whether persons got new keys on that day: repeat calls are then not seen.",
    "persons_run_out": "Look whether the keys were cut short: different persons then share one.",
})


@dataclass(frozen=True)
class Remark:
    """One remark: its kind, `what` is unusual, and `where` (a column or a month, as part of its name).

    `columns` are the portal's and the file's names; `rows` the first row numbers; `first` and `last` the days that it
    is about. A remark on the whole file has none of these. For example, `month_count:2026-07`: July has 31 calls, where
    110 are likely.
    """

    kind: str
    what: str
    where: str = ""
    columns: tuple[str, ...] = ()
    rows: tuple[int, ...] = ()
    first: date | None = None
    last: date | None = None

    @property
    def name(self) -> str:
        """The name to accept it by: `kind:where`, or the kind alone."""
        return f"{self.kind}:{self.where}" if self.where else self.kind

    def accepted(self, names: Iterable[str]) -> bool:
        """Whether the analyst accepts this remark by its name, or all remarks of its kind."""
        return bool({self.kind, self.name} & set(names))


def open_remarks(remarks: Sequence[Remark], names: Iterable[str]) -> tuple[Remark, ...]:
    """The remarks that are not accepted."""
    accepted = frozenset(names)
    return tuple(remark for remark in remarks if not remark.accepted(accepted))


def remark_lines(remarks: Sequence[Remark], accepted: Mapping[str, str], place: Callable[[int], str]) -> list[str]:
    """Each remark as the analyst reads it: its name, what and where, and what to do, or why it was accepted.

    `place` formats a row's number, with its file where there are several.
    """
    lines = []
    for remark in remarks:
        reason = accepted.get(remark.name, accepted.get(remark.kind))
        begins = "remark  " if reason is None else "accepted"
        lines += [f"{begins}  {remark.name}: {remark.what}{_rows(remark, place)}",
                  f"{'':10}{REMARKS[remark.kind] if reason is None else reason}"]
    return lines


def _rows(remark: Remark, place: Callable[[int], str]) -> str:
    rows = ", ".join(place(row) for row in remark.rows[:8])
    return f" Rows {rows}{', …' if len(remark.rows) > 8 else ''}." if rows else ""
