"""Counts the calls for each table, by month, quarter or run. What of it may be shown is decided in `protection`."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
import pandas as pd

from portal.contract.contract import DIMENSIONS, MEASURES, Measure
from portal.publish.ingest.columns import NOT_RECORDED
from portal.publish.ingest.extract import Extract
from portal.publish.output.ledger import Coverage
from portal.publish.tables.derive import (
    Stretch,
    derive_columns,
    first_matching_category,
    hours_within,
    is_inside,
    stretches,
)
from portal.publish.tables.entry import MonthTotals, Spans, counted_on, counted_once
from portal.release.periods import Period, Quarter

INPUTS = (  # columns that no table counts, dropped once others are derived from them
    "call_id", "person_key", "received", "officer_arrived", "arrived", "cleared", "received_on", "recorded_on")
SERVICE_FIELDS = ("dispatched", "eligibility", "answered_by", "staffed")
EVENTS = ("arrest", "force", "injury_resident", "injury_responder", "injury_officer")
OF_ANY_TABLE = ("person", "quarter", "entered", "to_scene", "on_scene", *EVENTS)  # beside its dimension
OF_UNANSWERED = ("eligibility", "staffed")  # missing values are counted in unanswered calls, as their tables count


@dataclass(frozen=True)
class Tallies:
    """An extract ready to be counted: a row for each call, with the `month` and `quarter` it counts in, and the
    roster's hours.
    """

    calls: pd.DataFrame
    has: frozenset[str]  # the columns the source collects, including the roster and what follows from it
    hours: dict[str, tuple[Stretch, ...]]  # value of hours.staffed -> its stretches
    time_zone: str
    late: frozenset[str]  # months in which calls of published months count, since they were entered late
    late_calls: int  # how many of these count in the newest release
    left_for_later: int  # rows entered after `recorded_through`
    not_collected: Mapping[str, Collection[str]]  # dimension -> categories of it that the source cannot record

    def collects(self, measure: Measure, value: str = "") -> bool:
        """Whether the source collects what a measure, or one value of it, needs."""
        if measure.id == "quality.missing" and not self.has & set(SERVICE_FIELDS):
            return False
        return {*measure.needs, *measure.value_needs.get(value, ())} <= self.has

    def rows(self, quarters: Sequence[Quarter], over: str, dimension: str) -> pd.DataFrame:
        """What a table of this dimension needs of the calls that count in these quarters. `over`: "calls" for all of
        them, "responses" for those that the team answered.
        """
        places = self._places[over]
        of_quarters = [places[quarter.id] for quarter in quarters if quarter.id in places]
        rows = np.sort(np.concatenate(of_quarters)) if of_quarters else np.array([], dtype=np.intp)
        columns = [name for name in (*OF_ANY_TABLE, dimension) if name in self.calls]
        return pd.DataFrame({name: self.calls[name].iloc[rows] for name in columns}, copy=False)

    def count(self, quarter: Quarter, over: str) -> int:
        """How many calls, or responses, count in a quarter."""
        return len(self._places[over].get(quarter.id, ()))

    def without_last_entered(self, rows: pd.DataFrame, count: int, quarters: Sequence[str]) -> pd.DataFrame:
        """The responses without the `count` entered last in these quarters, which were not among the published totals.

        Responses without a conduct event are left out first, so that no count of arrests, force or injuries gets
        smaller by this if it can be avoided.
        """
        events = [name for name in EVENTS if name in rows]
        happened = rows[events].fillna(value=False).astype(bool).any(axis="columns")
        ordered = rows.assign(happened=happened)[rows["quarter"].isin(quarters)].sort_values(
            ["happened", "entered"], ascending=[True, False])
        return rows.drop(index=ordered.index[:count])

    def filled_up(self, rows: pd.DataFrame, count: int) -> pd.DataFrame:
        """The rows with `count` more in which nothing is recorded, for those published once and deleted since."""
        if not count:
            return rows
        more = rows.iloc[:0].reindex(range(-count, 0))
        more["person"] = -1 if "person_key" in self.has else more.index
        filled = pd.concat([rows.astype({"person": int}), more.astype({"person": int})])
        coded = [name for name in DIMENSIONS if name in filled and NOT_RECORDED in DIMENSIONS[name].base]
        return filled.assign(**{name: filled[name].astype(object).fillna(NOT_RECORDED) for name in coded})

    @cached_property
    def _places(self) -> dict[str, dict[str, npt.NDArray[np.intp]]]:
        """The positions of each quarter's calls, and of those that the team answered; computed once."""
        quarter, answered = self.calls["quarter"].cat, self.calls["response"].to_numpy()
        codes, names = quarter.codes.to_numpy(), list(quarter.categories)
        return {"calls": {name: np.flatnonzero(codes == at) for at, name in enumerate(names)},
                "responses": {name: np.flatnonzero((codes == at) & answered) for at, name in enumerate(names)}}


def without_arrest(rows: pd.DataFrame) -> pd.DataFrame:
    """The responses that are not known to have ended in an arrest."""
    return rows[~rows["arrest"].fillna(value=False).astype(bool)]


def tally(extract: Extract, spans: Spans, published: Mapping[str, MonthTotals] = MappingProxyType({})) -> Tallies:
    """Prepare an extract for counting. `spans`: the last day and the recorded-through day of each release so far, the
    new one last. `published`: their totals of each month.

    Raises ReleaseRefused where days of entry would count a large part of the published calls a second time.
    """
    calls, has = extract.calls, extract.collected
    if extract.roster is not None:
        has |= {"roster", "staffed"}
    recorded = calls["recorded_on"] if "recorded_on" in has else None
    known = pd.Series(True, index=calls.index) if recorded is None else ~(recorded > pd.Timestamp(spans[-1][1]))
    left_for_later = int((~known & (calls["received_on"] <= pd.Timestamp(spans[-1][0]))).sum())
    calls = derive_columns(calls, has, known)  # calls entered later stay in the table, and count in no month
    if recorded is None:
        counted = counted_on(calls["received_on"], None, spans)
    else:
        entered = counted_once(calls, spans, published)
        entered.check(calls["recorded_on"], sum(month.calls for month in published.values()))
        counted = entered.counted
    calls["month"], calls["quarter"] = _months_and_quarters(counted)
    hours: dict[str, tuple[Stretch, ...]] = {}
    if extract.roster is not None:
        roster = extract.roster
        hours = {"scheduled_hours": tuple(stretches(roster["shift_start"], roster["shift_end"])),
                 "covered_hours": tuple(stretches(roster["covered_start"], roster["covered_end"]))}
        calls["staffed"] = is_inside(calls["received"], list(hours["covered_hours"]))
    late = frozenset(calls.loc[counted.notna() & (counted != calls["received_on"]), "month"])
    newest = counted > pd.Timestamp(spans[-2][0]) if len(spans) > 1 else counted.notna()
    late_calls = int((counted.notna() & (counted != calls["received_on"]) & newest).sum())
    calls["entered"] = _order_of_entry(calls)
    calls = calls.drop(columns=calls.columns.intersection(pd.Index(INPUTS)))
    return Tallies(calls, frozenset(has), hours, extract.timezone, late, late_calls, left_for_later,
                   extract.categories_not_collected)


def _order_of_entry(calls: pd.DataFrame) -> pd.Series:
    """Each response's place in the order of entry, and, where that is not recorded, of the keys of calls; -1 for a call
    that is no response.
    """
    names = [name for name in ("recorded_on", "received_on", "call_id") if name in calls]
    responses = calls.loc[calls["response"], names].sort_values(names, na_position="first")
    places = pd.Series(np.arange(len(responses), dtype=np.int32), responses.index)
    return places.reindex(calls.index, fill_value=-1)


def _months_and_quarters(days: pd.Series) -> tuple[pd.Series, pd.Series]:
    """The names of each day's month and quarter, as categoricals of one or two bytes a row; "" for a missing day."""
    places, months = pd.factorize(days.to_numpy().astype("datetime64[M]").view("int64"))
    first = pd.Series(months.astype("datetime64[M]").astype("datetime64[s]"))
    quarters = first.dt.strftime("%Y-Q") + first.dt.quarter.map(lambda number: f"{number:.0f}")
    month, quarter = (pd.Series(pd.Categorical(names.fillna("")).take(places), days.index)
                      for names in (first.dt.strftime("%Y-%m"), quarters))
    return month, quarter


def coverage(extract: Extract, period: Period) -> Coverage:
    """How many days a period has, and on how many of them the extract holds no records."""
    first, last = date.fromisoformat(period.start), date.fromisoformat(period.end)
    days = [first + timedelta(days=at) for at in range((last - first).days + 1)]
    without = sum(day < extract.first_day or day > extract.last_day or day in extract.quiet_days for day in days)
    return Coverage(period.period_id, len(days), without)


def local_days(period: Period, time_zone: str) -> tuple[pd.Timestamp, pd.Timestamp]:
    """The moments at which a period begins and ends, in local time."""
    first, after = pd.Timestamp(period.start), pd.Timestamp(period.end) + pd.Timedelta(days=1)
    begins, ends = (day.tz_localize(time_zone, ambiguous=True, nonexistent="shift_forward") for day in (first, after))
    return begins, ends


CategoryNumbers = list[tuple[str, str, float]]  # (value, category, number)


def _masks(tallies: Tallies) -> Iterator[tuple[str, str, str, pd.Series]]:
    """Each count of calls that is published by month: table, measure, category, and which calls it counts."""
    yield "demand.received", "calls", "", pd.Series(True, index=tallies.calls.index)
    yield "response.met", "responses", "", tallies.calls["response"]


def _service_masks(tallies: Tallies) -> Iterator[tuple[str, str, str, pd.Series]]:
    """Each count of calls on the service's clock: table, measure, category, and which calls it counts.

    A call that the team answered counts as one that it could take, whatever is recorded on eligibility and staffing:
    otherwise the difference of two numbers would single out an answered call that did not meet the rule.
    """
    calls, has = tallies.calls, tallies.has
    answered = calls["response"]
    yield "response.on_duty", "responses", "", answered
    if "eligibility" in has:
        checked = calls["eligibility"].mask(calls["eligibility"] == NOT_RECORDED, "not_screened").mask(
            answered, "eligible")
        for category in DIMENSIONS["eligibility"].base:
            yield "demand.eligible", "calls", category, checked == category
    if {"eligibility", "staffed"} <= has:
        yield "response.on_duty", "eligible_on_duty", "", answered | _unanswered(tallies)
        if "unmet_reason" in has:
            for category, mask in _reasons(tallies):
                yield "response.unmet_reason", "calls", category, mask
    for name in SERVICE_FIELDS:
        if name in has:
            missing = calls[name].isna() | (calls[name] == NOT_RECORDED).fillna(value=False)
            yield "quality.missing", "missing", name, missing & ~answered if name in OF_UNANSWERED else missing


def _unanswered(tallies: Tallies) -> pd.Series:
    """Calls that met the rule and that the team did not answer, without those known to have come off duty."""
    calls = tallies.calls
    unanswered = (calls["eligibility"] == "eligible") & ~calls["response"]
    return unanswered & calls["staffed"].fillna(value=True).astype(bool) if "staffed" in tallies.has else unanswered


def _reasons(tallies: Tallies) -> Iterator[tuple[str, pd.Series]]:
    """Calls that met the rule and were not answered, by the service's own reason."""
    calls = tallies.calls
    unmet, base = calls["unmet_reason"], DIMENSIONS["unmet_reason"].base
    reasons = first_matching_category(
        calls.index,
        [
            (~calls["staffed"], "off_duty"),
            (calls["staffed"].isna(), "other"),
            (unmet == NOT_RECORDED, "other"),
            *((unmet == category, category) for category in base),
        ],
    )
    met = (calls["eligibility"] == "eligible") & ~calls["response"]
    return ((category, met & (reasons == category)) for category in base)


def unanswered(tallies: Tallies, quarters: Sequence[Quarter]) -> dict[Quarter, int] | None:
    """For each quarter, how many calls that it could have taken the team did not answer; None where the source does
    not say which calls met the rule.
    """
    if "eligibility" not in tallies.has:
        return None
    counts = tallies.calls.loc[_unanswered(tallies), "quarter"].value_counts()
    return {quarter: int(counts.get(quarter.id, 0)) for quarter in quarters}


def monthly(tallies: Tallies, months: Sequence[Period]) -> dict[tuple[str, str], CategoryNumbers]:
    """The activity tables by table and month: (measure, category, number), zeros included; without tables for which the
    source lacks the data.
    """
    return _counted(tallies, _masks(tallies), "month", [month.period_id for month in months])


def quarterly(tallies: Tallies, quarters: Sequence[Quarter]) -> dict[tuple[str, str], CategoryNumbers]:
    """The tables on the service's clock by table and quarter, as `monthly`; hours come from the roster."""
    tables = _counted(tallies, _service_masks(tallies), "quarter", [quarter.id for quarter in quarters])
    for value, union in tallies.hours.items():
        for quarter in quarters:
            within = hours_within(union, *local_days(quarter.period, tallies.time_zone))
            tables.setdefault(("hours.staffed", quarter.id), []).append((value, "", within))
    return tables


def _counted(tallies: Tallies, masks: Iterable[tuple[str, str, str, pd.Series]], grain: str,
             ids: Sequence[str]) -> dict[tuple[str, str], CategoryNumbers]:
    tables: dict[tuple[str, str], CategoryNumbers] = {}
    for table_id, value, category, mask in masks:
        if not tallies.collects(MEASURES[table_id], value):
            continue
        counts = tallies.calls.loc[mask, grain].value_counts().reindex(ids, fill_value=0)
        for id_ in ids:
            tables.setdefault((table_id, id_), []).append((value, category, float(counts[id_])))
    return tables


def conduct(measure: Measure, rows: pd.DataFrame) -> list[tuple[str, int, int]]:
    """Events the City must answer for in a run's responses: (category, count, not recorded); the category is empty
    where a table has none.
    """
    columns = (
        {category: f"injury_{category}" for category in DIMENSIONS[measure.dimension].base}
        if measure.dimension
        else {"": measure.id.removeprefix("outcome.")}
    )
    return [(category, int(rows[column].fillna(value=False).sum()), int(rows[column].isna().sum()))
            for category, column in columns.items()]


def quantile(minutes: pd.Series, percent: int) -> float:
    """The lower quantile: the shortest time that at least `percent` % of the times do not exceed, itself one of
    them.
    """
    ordered = sorted(minutes)
    return float(ordered[max(0, -(-len(ordered) * percent // 100) - 1)])
