"""Remarks on codes and categories: taken by `"*"`, beginning or ending on a day, never recorded, or one alone."""

import math
import re
from collections.abc import Iterator
from datetime import date

import numpy as np
import pandas as pd

from portal.publish.ingest.columns import BY_NAME, NOT_RECORDED
from portal.publish.ingest.mapping import NOT_COUNTED, Field
from portal.publish.ingest.remark import Remark
from portal.publish.ingest.seen import Seen

SIGNS = re.compile(r"[\W_]+")
MANY = 20  # rows of a code; fewer say nothing of when it began
UNLIKELY = -16.0  # logarithm of how rarely chance lets so common a code begin so late
SHOWN = 8
LATEST_DAYS = 21
ENOUGH = 30


def rest_columns(seen: Seen) -> list[Field]:
    """The columns whose mapping takes every other code."""
    return [field for field in seen.mapping.fields.values() if field.rest is not None]


def codes_that_begin_or_end(seen: Seen) -> Iterator[Remark]:
    """Codes taken by `"*"`, and crisis codes beside them, that are not seen before, or after, some day."""
    for field in rest_columns(seen):
        name = field.column.name
        days = seen.codes.codes.get(name, {})
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
                yield Remark(kind, f"{seen.called(name)}: {_listed(codes, days)} {verb} on {day}.", f"{name}:{day}",
                             seen.columns(name), first=day if late else first.date(), last=last.date() if late else day)


def _missing_until(seen_on: tuple[int, pd.Timestamp, pd.Timestamp], first: pd.Timestamp, last: pd.Timestamp, *,
                   late: bool) -> date | None:
    """The day on which a common code begins (or ends), if it is there in a part of the time alone."""
    rows, begins, ends = seen_on
    without = (begins - first).days if late else (last - ends).days
    whole = max(1, (last - first).days)
    if rows < MANY or without < min(LATEST_DAYS, whole // 4):
        return None
    share = min(.999999, without / whole)
    return (begins if late else ends).date() if rows * math.log(1 - share) < UNLIKELY else None


def _listed(codes: list[str], days: dict[str, tuple[int, pd.Timestamp, pd.Timestamp]]) -> str:
    common = sorted(codes, key=lambda code: -days[code][0])
    said = ", ".join(f"{code!r} ({days[code][0]:,} rows)" for code in common[:SHOWN])
    return said + (f" and {len(common) - SHOWN} more" if len(common) > SHOWN else "")


def codes_alike(seen: Seen) -> Iterator[Remark]:
    """Codes taken by `"*"` that differ from a named one by case, blanks or signs alone."""
    for field in rest_columns(seen):
        named = {SIGNS.sub("", code).casefold() for code in field.codes}
        days = seen.codes.codes.get(field.column.name, {})
        alike = [code for code in days if code and code not in field.codes
                 and SIGNS.sub("", code).casefold() in named]
        if alike:
            yield Remark("code_alike", f"{seen.called(field.column.name)}: \"*\" takes {_listed(alike, days)}.",
                         field.column.name, seen.columns(field.column.name))


def codes_that_the_rest_counts(seen: Seen) -> Iterator[Remark]:
    """Codes that `"*"` puts into a category that is published."""
    for field in rest_columns(seen):
        if field.rest in (NOT_COUNTED, NOT_RECORDED):
            continue
        days = seen.codes.codes.get(field.column.name, {})
        taken = [code for code in days if code and code not in field.codes and code not in field.missing]
        if taken:
            yield Remark("rest_counts", f"{seen.called(field.column.name)}: {_listed(taken, days)} counted as "
                         f"{field.rest}.", field.column.name, seen.columns(field.column.name))


def _recorded(column: pd.Series) -> np.ndarray:
    blank = NOT_RECORDED if isinstance(column.dtype, pd.CategoricalDtype) else ""
    return (column.notna() & (column != blank)).fillna(value=False).to_numpy(dtype=bool)


def never_recorded(seen: Seen) -> Iterator[Remark]:
    """Columns of the file that hold nothing in any call."""
    if seen.responses.sum() < MANY:
        return
    for name in seen.calls.columns:
        if name in BY_NAME and seen.mapped(name) and not _recorded(seen.calls[name]).any():
            yield Remark("never_recorded", f"{seen.called(name)} holds nothing in any call.", name, seen.columns(name))


def one_value(seen: Seen) -> Iterator[Remark]:
    """Columns of categories that say the same in all calls (or all responses), though the mapping knows more."""
    for name in seen.calls.columns:
        if name not in BY_NAME or BY_NAME[name].kind != "category" or not seen.mapped(name):
            continue
        column = seen.calls[name]
        said = column[column != NOT_RECORDED]
        known = set(seen.mapping.fields[name].codes.values()) - {NOT_RECORDED, NOT_COUNTED}
        if len(said) >= ENOUGH and len(known) > 1 and said.nunique() == 1:
            yield Remark("one_value", f"{seen.called(name)} is {said.iloc[0]} in all {len(said):,} calls that have it.",
                         name, seen.columns(name))
