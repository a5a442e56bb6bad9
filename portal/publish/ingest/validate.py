"""What rows say together: repeated keys, days outside the coverage, events and steps that contradict each other.

Each check notes the rows and removes the value (or row) that can't be right, as leave_out promises; if the mapping
refuses that reason, the extract is refused in the end, with all findings.
"""

import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pandas as pd

from portal.publish.ingest.columns import BY_NAME, EVENT_ORDER, NOT_RECORDED
from portal.publish.ingest.convert import AMBIGUOUS
from portal.publish.ingest.keys import find_variants
from portal.publish.ingest.problems import Findings
from portal.publish.ingest.table import CHUNK
from portal.publish.ingest.times import second_moments

# a step, and the step that can only be yes after it
STEPS = (
    ("referral_offered", "referral_accepted"),
    ("referral_accepted", "appointment_kept"),
    ("follow_up_agreed", "follow_up_reached"),
)
# So many rows, and such a share of all that are wrong, are no slips of the keyboard.
FEWEST_SYSTEMATIC, SYSTEMATIC_SHARE = 5, 0.6
EARLY_HOURS = 8  # a clock in UTC is so many hours ahead of any in the United States but Alaska's and Hawaii's
CHUNKS_JOINED = 20  # chunks of 50,000 rows: a million bytes is the smallest piece that is returned to the system
LATEST = ("cleared",)  # of several rows of one incident its last time counts; of other times the first
MERGED_BY = {"time": "min", "date": "min", "yes_no": "max"}


def drop_outside_coverage(calls: pd.DataFrame, first: date, last: date | None, findings: Findings,
                          published: date | None = None) -> pd.DataFrame:
    """The calls received from `first` to `last` (None: no end), local days, without days after that of publication."""
    days = calls["received_on"]
    ahead = pd.Series(False, calls.index)
    if published:
        ahead = days > pd.Timestamp(published)
        findings.add("after_publication", "received", ahead)
        calls = _drop_future_times(calls, published, findings)
    outside = ~ahead & (days < pd.Timestamp(first))
    if last is not None:
        outside |= ~ahead & (days > pd.Timestamp(last))
    swapped = _day_and_month_swapped(days, outside, first, last)
    findings.add("day_and_month_swapped", "received", swapped)
    findings.add("outside_coverage", "received", outside & ~swapped)
    return calls[~outside & ~ahead]


def _day_and_month_swapped(days: pd.Series, outside: pd.Series, first: date, last: date | None) -> pd.Series:
    """Days outside the coverage that lie in it with day and month the other way round, if most of them do."""
    none = pd.Series(False, days.index)
    if outside.sum() < FEWEST_SYSTEMATIC:
        return none
    of_these = days[outside]
    possible = of_these[of_these.dt.day <= 12]
    other = pd.to_datetime({"year": possible.dt.year, "month": possible.dt.day, "day": possible.dt.month})
    inside = (other >= pd.Timestamp(first)) & (other <= (pd.Timestamp(last) if last else days[~outside].max()))
    if inside.sum() < SYSTEMATIC_SHARE * outside.sum():
        return none
    none[inside.index[inside]] = True
    return none


def _drop_future_times(calls: pd.DataFrame, published: date, findings: Findings) -> pd.DataFrame:
    """Calls without times of other events, and days of entry, that lie after the day of publication."""
    end = pd.Timestamp(published) + pd.Timedelta(days=1)
    for name in calls.columns:
        kind = BY_NAME[name].kind if name in BY_NAME else ""
        if name != "received" and kind in ("time", "date"):
            ahead = calls[name] >= (end.tz_localize(calls[name].dt.tz) if kind == "time" else end)
            if ahead.any():
                findings.add("after_publication", name, ahead)
                calls = calls.assign(**{name: calls[name].mask(ahead)})
    return calls


def concat_chunks(chunks: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """All chunks as one table. They are joined some at a time first: memory that is freed in small pieces stays
    with the process, in large ones it is returned to the system.
    """
    large: list[pd.DataFrame] = []
    small: list[pd.DataFrame] = []
    for chunk in chunks:
        small.append(chunk)
        if len(small) == CHUNKS_JOINED:
            large.append(concat(small))
            small = []
    return concat([*large, *small])


def concat(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """The chunks as one table. They are empty afterwards: each column is freed as soon as it is joined."""
    index = parts[0].index.append([part.index for part in parts[1:]])
    columns = {name: pd.concat([part.pop(name) for part in parts], ignore_index=True)
               for name in list(parts[0].columns)}
    return pd.DataFrame(columns, copy=False).set_axis(index)


def drop_key_variants(calls: pd.DataFrame, parts: Mapping[str, int], findings: Findings) -> pd.DataFrame:
    """Calls without those whose key is an earlier one written in another way, and without such keys of persons."""
    both, later = find_variants(calls["call_id"], parts=parts["call_id"])
    findings.add("keys_alike", "call_id", both)
    if "person_key" in calls:
        persons, _ = find_variants(calls["person_key"], parts=parts["person_key"])
        findings.add("keys_alike", "person_key", persons)
        if persons.any():
            calls["person_key"] = calls["person_key"].mask(persons, "")
    return calls[~later] if later.any() else calls


def drop_duplicates(calls: pd.DataFrame, findings: Findings) -> pd.DataFrame:
    """One row a key: the first. `calls` is empty afterwards: each column is freed as soon as it is cut."""
    again = _repeated(calls["call_id"])
    findings.add("duplicate_key", "call_id", again)
    first, index = ~again.to_numpy(), calls.index[~again]
    columns = {name: calls.pop(name).array[first] for name in list(calls.columns)}
    return pd.DataFrame(columns, index, copy=False)


def _repeated(keys: pd.Series) -> pd.Series:
    """Whether an earlier row has the same key. Only keys whose 8-byte hash is there twice are compared as text: a table
    of all keys would for a moment take as much memory as all rows.
    """
    hashes = np.empty(len(keys), dtype=np.uint64)
    for at in range(0, len(keys), CHUNK):
        part = keys.iloc[at:at + CHUNK].to_numpy(dtype=object)
        hashes[at:at + CHUNK] = pd.util.hash_array(part, categorize=False)
    likely = pd.Series(hashes, keys.index).duplicated(keep=False)
    repeated = pd.Series(False, keys.index)
    repeated[likely] = keys[likely].duplicated()
    return repeated


def combine_rows(calls: pd.DataFrame, findings: Findings) -> pd.DataFrame:
    """Rows of one key made one call, under its first row's number.

    Yes if any row says yes; of times the first (of `cleared` the last). A category or text that rows give differently
    is a problem and not recorded, except the call's type: that is the first row's, since without one it can't count.
    """
    groups = calls.groupby("call_id", sort=False)  # in the order of their first rows, as all below
    first = pd.Series(calls.index, index=calls.index).groupby(calls["call_id"], sort=False).first()
    merged = {}
    for name in calls.columns:
        column = BY_NAME.get(name.removeprefix(AMBIGUOUS))
        if column is None:  # received_on
            merged[name] = groups[name].min()
        elif column.kind in MERGED_BY:
            merged[name] = groups[name].max() if column.name in LATEST else groups[name].agg(MERGED_BY[column.kind])
        elif name != "call_id":
            merged[name] = _agreed_values(calls, name, findings)
        if name.startswith(AMBIGUOUS):  # it belongs to a row's own times, and must not be taken for another row's
            merged[name] &= groups.size() == 1
    calls_of_groups = pd.DataFrame(merged).assign(call_id=first.index)
    return calls_of_groups.set_index(pd.Index(first.to_numpy()))[list(calls.columns)]


def _agreed_values(calls: pd.DataFrame, name: str, findings: Findings) -> pd.Series:
    blank = NOT_RECORDED if BY_NAME[name].kind == "category" else ""
    filled = calls[calls[name] != blank].groupby("call_id", sort=False)[name]
    first, differs = filled.first(), filled.nunique() > 1
    findings.add("differs_within_incident", name, calls["call_id"].isin(differs.index[differs]))
    agreed = first if name == "call_type" else first.mask(differs, blank)
    return agreed.reindex(calls["call_id"].unique()).fillna(blank)


def check_event_order(calls: pd.DataFrame, findings: Findings) -> pd.DataFrame:
    """Calls whose events run forwards.

    A time that clocks showed twice is the second of the two where the first would run backwards. Of two times that
    contradict each other the later event's is taken as not recorded. An officer who asks for the team is on scene
    before the request: for these calls the officer's arrival is not compared.
    """
    calls = calls.copy(deep=False)
    by_officer = calls["origin"] == "officer_request" if "origin" in calls else pd.Series(False, index=calls.index)
    for earlier, later, reason in EVENT_ORDER:
        if earlier in calls and later in calls:
            _take_second(calls, earlier, later, operator.lt)
            wrong = calls[later] < calls[earlier]
            if later == "officer_arrived":
                wrong &= ~by_officer
            findings.add(reason, later, wrong)
            calls[later] = calls[later].mask(wrong)
    if "recorded_on" in calls:
        wrong = calls["recorded_on"] < calls["received_on"]
        another_clock = _entered_by_another_clock(calls, wrong)
        findings.add("clock_of_another_zone", "received", another_clock)
        findings.add("recorded_before_received", "recorded_on", wrong & ~another_clock)
        calls["recorded_on"] = calls["recorded_on"].mask(wrong)
    return _without_helpers(calls)


def _entered_by_another_clock(calls: pd.DataFrame, wrong: pd.Series) -> pd.Series:
    """Calls entered on the day before: those of the first hours of a day, if most of all that are entered too early are
    of this kind. Slips of the keyboard fall on any hour and any day.
    """
    early: pd.Series = wrong & (calls["received"].dt.hour < EARLY_HOURS)
    early &= calls["received_on"] - calls["recorded_on"] == pd.Timedelta(days=1)
    return early if early.sum() >= max(FEWEST_SYSTEMATIC, SYSTEMATIC_SHARE * wrong.sum()) else early & False


def _take_second(rows: pd.DataFrame, earlier: str, later: str, backwards: Callable[..., pd.Series]) -> None:
    """Of the two moments of a time that clocks showed twice take the second, where that puts the events in order."""
    wrong = rows[AMBIGUOUS + later] & backwards(rows[later], rows[earlier])
    if wrong.any():
        first, second = rows.loc[wrong, later], second_moments(rows.loc[wrong, later])
        rows.loc[wrong, later] = first.where(backwards(second, rows.loc[wrong, earlier]), second)


def _without_helpers(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.drop(columns=[name for name in rows.columns if str(name).startswith(AMBIGUOUS)])


def check_steps(calls: pd.DataFrame, findings: Findings) -> pd.DataFrame:
    """Calls in which no step is yes after a no."""
    calls = calls.copy(deep=False)
    for before, after in STEPS:
        if before in calls and after in calls:
            wrong = (~calls[before] & calls[after]).fillna(value=False).astype(bool)
            findings.add("yes_after_no", after, wrong)
            calls[after] = calls[after].mask(wrong)
    return calls


def check_shifts(shifts: pd.DataFrame, findings: Findings) -> pd.DataFrame:
    """Shifts that end after they start; one covered the wrong way round, or known at one end only, is not covered."""
    shifts = shifts.copy()
    for kind in ("shift", "covered"):
        start, end = f"{kind}_start", f"{kind}_end"
        _take_second(shifts, start, end, operator.le)
        wrong = shifts[end] <= shifts[start]
        findings.add("end_before_start", f"roster.{end}", wrong)
        half = shifts[start].isna() != shifts[end].isna()
        findings.add("half_covered", f"roster.{end}", half)
        if kind == "shift":
            shifts = shifts[~wrong].copy()
        else:
            shifts[[start, end]] = shifts[[start, end]].mask(wrong | half)
    return _without_helpers(shifts)


def gaps(days: pd.DatetimeIndex, first: date, last: date, longest: int) -> tuple[tuple[date, date], ...]:
    """First and last day of each stretch of over `longest` days that has none of `days`, from `first` to `last`."""
    day = timedelta(days=1)
    marks = [first - day, *(known.date() for known in days.sort_values()), last + day]
    return tuple((before + day, after - day) for before, after in pairwise(marks)
                 if (after - before).days - 1 > longest)
