"""Remarks on codes and categories: counted by the mapping's wildcard `"*"`, used only before or after some day, never
recorded, or the same in all rows.

For example, 40 rows of a code that begins half a year into a two-year extract: by chance, all of them would fall into
the last three quarters with a probability of .75^40, about 1 in 100,000, whose logarithm is -11.5; only below -16 it
becomes a remark, so 60 rows would.
"""

import math
import re
from collections.abc import Iterator
from datetime import date
from types import MappingProxyType

import pandas as pd

from portal.publish.ingest.columns import BY_NAME, NOT_RECORDED
from portal.publish.ingest.fields import NOT_COUNTED, ColumnMapping
from portal.publish.ingest.keys import is_placeholder_code
from portal.publish.ingest.remark import MOST_ROWS, Remark
from portal.publish.ingest.unchecked import UncheckedExtract, is_recorded

SIGNS = re.compile(r"[\W_]+")
MANY = 20  # rows of a code; fewer say nothing about when it began
UNLIKELY = -16.0  # the logarithm of the probability that so common a code begins so late by chance
SHOWN = 8
LATEST_DAYS = 21
ENOUGH = 30
# Outcome -> what of the same response is then not "yes", how many may say it nevertheless, and what share of them.
RULED_OUT = MappingProxyType({
    "no_contact": (("transport", "section_12", "referral_accepted", "follow_up_agreed"), 4, .33),
    "resolved_on_scene": (("transport", "section_12"), 2, .03),
    "declined": (("transport", "section_12"), 2, .03),
})


def rest_columns(extract: UncheckedExtract) -> list[ColumnMapping]:
    """The columns whose mapping has the wildcard `"*"`, which counts every code that it does not name."""
    return [field for field in extract.mapping.fields.values() if field.default_category is not None]


def codes_that_begin_or_end(extract: UncheckedExtract) -> Iterator[Remark]:
    """Codes that `"*"` counts and that begin on some day; codes that the mapping names and that end on some day."""
    for field in rest_columns(extract):
        name = field.column.name
        days = extract.codes.codes.get(name, {})
        if not days:
            continue
        first, last = min(day[1] for day in days.values()), max(day[2] for day in days.values())
        for kind, late in (("code_begins", True), ("code_ends", False)):
            found = [(code, when) for code, seen_on in days.items()
                     if (when := _missing_until(seen_on, first, last, late=late)) is not None
                     and (late or code in field.codes) and not (late and code in field.codes)]
            for day in sorted({when for _, when in found}):
                codes = [code for code, when in found if when == day]
                verb = "first seen" if late else "last seen"
                yield Remark(kind, f"{extract.label(name)}: {_listed(codes, days)} {verb} on {day}.", f"{name}:{day}",
                             extract.columns(name), first=day if late else first.date(),
                             last=last.date() if late else day)


def _missing_until(seen_on: tuple[int, pd.Timestamp, pd.Timestamp], first: pd.Timestamp, last: pd.Timestamp, *,
                   late: bool) -> date | None:
    """The day on which a common code begins (`late`) or ends, if chance hardly explains its absence before or after."""
    rows, begins, ends = seen_on
    without = (begins - first).days if late else (last - ends).days
    span = max(1, (last - first).days)
    if rows < MANY or without < min(LATEST_DAYS, span // 4):
        return None
    share = min(.999999, without / span)
    return (begins if late else ends).date() if rows * math.log(1 - share) < UNLIKELY else None


def _listed(codes: list[str], days: dict[str, tuple[int, pd.Timestamp, pd.Timestamp]]) -> str:
    common = sorted(codes, key=lambda code: -days[code][0])
    listed = ", ".join(f"{code!r} ({days[code][0]:,} rows)" for code in common[:SHOWN])
    return listed + (f" and {len(common) - SHOWN} more" if len(common) > SHOWN else "")


def codes_alike(extract: UncheckedExtract) -> Iterator[Remark]:
    """Codes that `"*"` counts and that differ from a named code only by case, blanks or punctuation."""
    for field in rest_columns(extract):
        named = {SIGNS.sub("", code).casefold() for code in field.codes}
        days = extract.codes.codes.get(field.column.name, {})
        alike = [code for code in days if code and code not in field.codes
                 and SIGNS.sub("", code).casefold() in named]
        if alike:
            yield Remark("code_alike", f"{extract.label(field.column.name)}: \"*\" takes {_listed(alike, days)}.",
                         field.column.name, extract.columns(field.column.name))


def codes_that_the_rest_counts(extract: UncheckedExtract) -> Iterator[Remark]:
    """Codes that `"*"` counts in a published category."""
    for field in rest_columns(extract):
        if field.default_category in (NOT_COUNTED, NOT_RECORDED):
            continue
        days = extract.codes.codes.get(field.column.name, {})
        taken = [code for code in days if code and code not in field.codes and code not in field.missing
                 and not is_placeholder_code(code, field.column.name)]
        if taken:
            yield Remark("rest_counts", f"{extract.label(field.column.name)}: {_listed(taken, days)} counted as "
                         f"{field.default_category}.", field.column.name, extract.columns(field.column.name))


def never_recorded(extract: UncheckedExtract) -> Iterator[Remark]:
    """Columns that are blank in every call."""
    if extract.responses.sum() < MANY:
        return
    for name in extract.calls.columns:
        if name in BY_NAME and extract.mapped(name) and not is_recorded(extract.calls[name]).any():
            yield Remark("never_recorded", f"{extract.label(name)} holds nothing in any call.", name,
                         extract.columns(name))


def one_value(extract: UncheckedExtract) -> Iterator[Remark]:
    """Category columns with the same value in all calls (or responses), although the mapping knows several."""
    for name in extract.calls.columns:
        if name not in BY_NAME or BY_NAME[name].kind != "category" or not extract.mapped(name):
            continue
        column = extract.calls[name]
        values = column[column != NOT_RECORDED]
        known = set(extract.mapping.fields[name].codes.values()) - {NOT_RECORDED, NOT_COUNTED}
        if len(values) >= ENOUGH and len(known) > 1 and values.nunique() == 1:
            yield Remark("one_value", f"{extract.label(name)} is {values.iloc[0]} in all {len(values):,} calls that "
                         "have it.", name, extract.columns(name))


def outcomes_contradicted(extract: UncheckedExtract) -> Iterator[Remark]:
    """Outcomes that the same row contradicts: nobody was spoken with, and a referral was accepted; settled on the
    scene, and somebody was taken away. So two codes that change places show, and an outcome that a form fills in.
    """
    if "outcome" not in extract.calls or not extract.mapped("outcome"):
        return
    calls = extract.calls[extract.responses]
    for outcome, (columns, slips, share) in RULED_OUT.items():
        with_it = calls[calls["outcome"] == outcome]
        present = [name for name in columns if name in calls and extract.mapped(name)]
        contradicts = with_it[present].fillna(value=False).astype(bool)
        rows = with_it[contradicts.any(axis=1)]
        if len(rows) <= max(slips, share * len(with_it)):
            continue
        found = [name for name in present if contradicts[name].any()]
        days = rows["received_on"]
        yield Remark("outcome_contradicted", f"{extract.label('outcome')} is {outcome} in {len(with_it):,} responses, "
                     f"and {' or '.join(map(extract.label, found))} is yes in {len(rows):,} of them.",
                     outcome, extract.columns("outcome", *found), tuple(map(int, rows.index[:MOST_ROWS])),
                     days.min().date(), days.max().date())
