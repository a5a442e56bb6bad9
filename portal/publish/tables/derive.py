"""What follows from a call's columns: each answer that a table needs, worked out for every call by one rule."""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import pandas as pd

from portal.contract.contract import DIMENSIONS
from portal.publish.ingest.columns import NOT_RECORDED

LOOK_BACK = pd.Timedelta(days=365)  # "in the 12 months before"
Stretch = tuple[pd.Timestamp, pd.Timestamp]


def stretches(starts: pd.Series, ends: pd.Series) -> list[Stretch]:
    """The union of stretches of time, oldest first and apart from each other; those without a start or an end are
    left out.
    """
    both = pd.DataFrame({"start": starts, "end": ends}).dropna().sort_values(["start", "end"])
    union: list[Stretch] = []
    for start, end in zip(both["start"], both["end"], strict=True):
        if union and start <= union[-1][1]:
            union[-1] = (union[-1][0], max(union[-1][1], end))
        elif start < end:
            union.append((start, end))
    return union


def hours_within(union: Iterable[Stretch], start: pd.Timestamp, end: pd.Timestamp) -> float:
    """Clock hours of a union of stretches from `start` to before `end`, two decimals; an hour that a clock change
    skips is none.
    """
    within = (min(stop, end) - max(begin, start) for begin, stop in union if begin < end and stop > start)
    return round(sum(stretch.total_seconds() for stretch in within) / 3600, 2)


def _utc(times: pd.Series) -> npt.NDArray[np.datetime64]:
    return np.asarray(times.dt.tz_convert("UTC").dt.tz_localize(None), dtype="datetime64[ns]")


def is_inside(times: pd.Series, union: list[Stretch]) -> pd.Series:
    """For each time, whether it lies in one of the stretches (its start in, its end not); missing where the time is."""
    if not union:
        return pd.Series(False, index=times.index, dtype="boolean").mask(times.isna())
    starts, ends = (_utc(pd.Series(list(side))) for side in zip(*union, strict=True))
    moments = _utc(times)
    at = np.searchsorted(starts, moments, side="right") - 1
    return pd.Series((at >= 0) & (moments < ends[at]), index=times.index, dtype="boolean").mask(times.isna())


def first_matching_category(index: pd.Index, rules: Iterable[tuple[pd.Series, str]]) -> pd.Series:
    """The category of the first rule that holds; not recorded where none does. A yes/no that is not recorded holds no
    rule.
    """
    ordered = list(rules)
    categories = list(dict.fromkeys([NOT_RECORDED, *(category for _, category in ordered)]))
    codes = np.zeros(len(index), dtype=np.int8)
    for holds, category in reversed(ordered):
        codes[holds.fillna(value=False).to_numpy(dtype=bool)] = categories.index(category)
    return pd.Series(pd.Categorical.from_codes(codes, pd.Index(categories)), index)


def referral(calls: pd.DataFrame) -> pd.Series:
    """How far a referral got: not offered, not accepted, accepted only, first visit kept."""
    offered, accepted, kept = calls["referral_offered"], calls["referral_accepted"], calls["appointment_kept"]
    return first_matching_category(calls.index, [(~offered, "not_offered"), (offered & ~accepted, "not_accepted"),
                                 (offered & accepted & kept, "kept"), (offered & accepted & ~kept, "accepted_only")])


def follow_up(calls: pd.DataFrame) -> pd.Series:
    """Whether a follow-up was agreed, and the person reached within 7 days."""
    agreed, reached = calls["follow_up_agreed"], calls["follow_up_reached"]
    return first_matching_category(
        calls.index, [(~agreed, "not_agreed"), (agreed & reached, "reached"), (agreed & ~reached, "not_reached")]
    )


def first_on_scene(calls: pd.DataFrame) -> pd.Series:
    """Whether officers were there before the team; not recorded unless both times are."""
    known = calls["arrived"].notna() & calls["officer_arrived"].notna()
    before = calls["officer_arrived"] < calls["arrived"]
    return first_matching_category(calls.index, [(known & before, "officer_first"), (known, "team_first")])


def has_key(calls: pd.DataFrame) -> pd.Series:
    """Whether a response says, by a key, whom it was to."""
    keys = calls["person_key"]
    return keys.notna() & ~keys.isin(["", NOT_RECORDED])


def repeat(responses: pd.DataFrame) -> pd.Series:
    """Whether the team had answered a call of the same person in the 365 days before; not recorded without a key."""
    keyed = has_key(responses)
    known = responses[keyed]
    times = (
        known["received"].dt.tz_localize(None).fillna(known["received_on"]).sort_values()
    )  # a day alone: its midnight
    again = pd.Series(False, index=responses.index)
    again[times.index] = _seen_before(pd.factorize(known["person_key"].loc[times.index])[0], times.to_numpy())
    return first_matching_category(responses.index, [(keyed & again, "again"), (keyed, "first")])


def _seen_before(person: npt.NDArray[np.intp], moments: npt.NDArray[np.datetime64]) -> npt.NDArray[np.bool_]:
    """For responses in order of time: whether another of the same person lies in the year before (not at the very same
    moment).
    """
    order = np.argsort(person, kind="stable")  # person by person, in order of time
    person, moments = person[order], moments[order]
    new = np.ones(len(order), dtype=bool)  # whether it differs from the one before, in person or time
    new[1:] = (person[1:] != person[:-1]) | (moments[1:] != moments[:-1])
    before = np.maximum.accumulate(np.where(new, np.arange(len(order)), 0)) - 1  # the last that is not at this moment
    near = moments - moments[before] <= LOOK_BACK.to_timedelta64()
    found = np.empty(len(order), dtype=bool)
    found[order] = (before >= 0) & (person == person[before]) & near
    return found


def time_of_week(calls: pd.DataFrame) -> pd.Series:
    """The four hours of the day and the part of the week in which each call was received, by the local clock."""
    received = calls["received"]
    hour, day = received.dt.hour.to_numpy(dtype=float), received.dt.day_of_week.to_numpy(dtype=float)
    known = ~np.isnan(hour)
    at = np.where(known, (np.nan_to_num(day) >= 5) * 6 + np.nan_to_num(hour) // 4, 12).astype(np.int8)
    names = [f"{part}_{start}" for part in ("weekday", "weekend") for start in range(0, 24, 4)]
    return pd.Series(pd.Categorical.from_codes(at, pd.Index([*names, NOT_RECORDED])), calls.index)


def arrest_possibility(calls: pd.DataFrame) -> pd.Series:
    """Whether an arrest would have been legally possible."""
    possible = calls["arrest_possible"]
    return first_matching_category(calls.index, [(possible, "possible"), (~possible, "not_possible")])


def minutes(starts: pd.Series, ends: pd.Series) -> pd.Series:
    """Whole minutes from one time to the other, a begun minute counted; missing where a time is, or where they run
    backwards.
    """
    found = (ends - starts).dt.total_seconds().to_numpy(dtype=float, na_value=np.nan, copy=True)
    found[found < 0] = np.nan
    found /= 60
    return pd.Series(np.ceil(found, out=found), starts.index, copy=False)


def person_numbers(calls: pd.DataFrame, collected: bool) -> pd.Series:
    """A number of the person for each response; one common number, -1, for all without a key. Where no keys are
    collected, each response has its own.
    """
    if not collected:
        return pd.Series(np.arange(len(calls)), calls.index)
    return pd.Series(pd.factorize(calls["person_key"].where(has_key(calls)))[0], calls.index)


def derive_columns(calls: pd.DataFrame, has: frozenset[str], known: pd.Series) -> pd.DataFrame:
    """The calls with what follows from their columns, as far as the source collects (`has`) what it follows from.

    Adds `response` (the team came, and it is `known` by now), time_of_week, legal, referral, follow_up,
    first_on_scene, repeat, person, to_scene and on_scene (minutes).
    """
    calls = calls.assign(response=known & (calls["answered_by"] == "team" if "answered_by" in has else False))
    counted = calls["call_type"].isin(DIMENSIONS["call_type"].base) if "call_type" in has else known | True
    calls = calls.reset_index(drop=True) if counted.all() else calls[counted].reset_index(drop=True)
    rules = {"referral": (referral, {"referral_offered", "referral_accepted", "appointment_kept"}),
             "follow_up": (follow_up, {"follow_up_agreed", "follow_up_reached"}),
             "time_of_week": (time_of_week, {"received"}), "legal": (arrest_possibility, {"arrest_possible"}),
             "first_on_scene": (first_on_scene, {"arrived", "officer_arrived"})}
    for name, (rule, needs) in rules.items():
        if needs <= has:
            calls[name] = rule(calls)
    calls["person"] = person_numbers(calls, "person_key" in has)
    if "person_key" in has:
        calls["repeat"] = repeat(calls[calls["response"]]).reindex(calls.index)
    if "arrived" in has:
        calls["to_scene"] = minutes(calls["received"], calls["arrived"])
    if {"arrived", "cleared"} <= has:
        calls["on_scene"] = minutes(calls["arrived"], calls["cleared"])
    return calls
