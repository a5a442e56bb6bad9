"""Remarks on shares that jump: a column's shares change from one month to the next by more than chance explains.

Each column is a table of counts, months by categories ("not recorded" is one of them). A chi-square test compares the
months before each month with those from it on, and each month with all others. For example, a column is blank in 10 of
100 calls before July and in 45 of 100 since: 35 % of the share has moved, which chance gives less than once in 20,000
times, so July is named.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from math import erfc, sqrt

import numpy as np
import numpy.typing as npt
import pandas as pd

from portal.publish.ingest.columns import BY_NAME, NOT_RECORDED
from portal.publish.ingest.remark import Remark
from portal.publish.ingest.remark_counts import CountArray
from portal.publish.ingest.unchecked import UncheckedExtract

RARELY = 5e-5  # p-value; of the hundreds of comparisons in a clean extract at most one is below it
MOVED = .12  # the least share that has moved: in a large extract everything is significant
LESS_RARELY, MOVED_FAR = 5e-4, .3  # p-value for a share of 30 % or more: small extracts reach no lower one
USUAL_MONTHS = 24  # a longer extract makes more comparisons, so each must be as much rarer
LEAST, RARE = 12, 10  # the fewest calls on each side; categories with fewer calls than RARE are merged
HOURS = 8  # pieces of a day
NEAR_BREAK = timedelta(days=31)
OF_CALLS = ("call_type", "origin", "eligibility", "answered_by", "staffed", "unmet_reason", "dispatched")

# a column's name, the code of each call, the codes' labels, and the calls in which it is compared
CodedColumn = tuple[str, npt.NDArray[np.intp], tuple[str, ...], npt.NDArray[np.bool_]]


@dataclass(frozen=True)
class _Jump:
    """The largest difference in a column: between the months `part` and the others, with its p-value `rarely`."""

    rarely: float
    part: slice
    category: int
    share: float
    elsewhere: float


@dataclass(frozen=True)
class _Found:
    """A jump with its column, the label of the category that grew most, and the months it is about."""

    name: str
    label: str
    jump: _Jump
    start: int
    stop: int

    @property
    def hours(self) -> bool:
        """Whether it is about the hours of calls."""
        return self.name.endswith(" hours")


def shares(extract: UncheckedExtract) -> Iterator[Remark]:
    """The most significant jump of each column; columns that jump in the same months share a remark."""
    if len(extract.bins) < 2:
        return
    found: list[_Found] = []
    for name, codes, labels, rows in _columns(extract):
        counts, start = _since_the_service(extract, extract.bins.counts(codes, len(labels), rows))
        jump = strongest(counts)
        if jump and not _declared(extract, start, jump):
            found.append(_Found(name, labels[jump.category], jump, start + jump.part.start, start + jump.part.stop))
    found.sort(key=lambda row: row.jump.rarely)
    while found:
        strong = found[0]
        together = [row for row in found if abs(row.start - strong.start) <= 1 and abs(row.stop - strong.stop) <= 1
                    and (row.hours == strong.hours)]
        found = [row for row in found if row not in together]
        yield _remark(extract, together)


def _remark(extract: UncheckedExtract, together: list[_Found]) -> Remark:
    bins, strong = extract.bins, together[0]
    first, last = bins.first[strong.start], bins.last[strong.stop - 1]
    when = f"From {first} on" if strong.stop == len(bins) else f"From {first} to {last}"
    changes = "; ".join(f"{_called(extract, share.name)} is {share.label!r} in {share.jump.share:.0%} (at other times "
                        f"{share.jump.elsewhere:.0%})" for share in together)
    where = f"{first:%Y-%m}" if bins.months else first.isoformat()
    return Remark("hours_jump" if strong.hours else "share_jumps", f"{when} {changes}.", where,
                  extract.columns(*(_column(share.name) for share in together)), first=first, last=last)


def _column(name: str) -> str:
    return name.removesuffix(" hours").removesuffix(" length").removesuffix(" shape")


def _called(extract: UncheckedExtract, name: str) -> str:
    if name.endswith(" shape"):
        return f"the way {extract.label(_column(name))} is written"
    if name.endswith(" length"):
        return f"the time to {extract.label(_column(name))}"
    return f"the hour of {extract.label(_column(name))}" if name.endswith(" hours") else extract.label(name)


def _columns(extract: UncheckedExtract) -> Iterator[CodedColumn]:
    """Each column whose shares can be compared."""
    everyone = np.ones(len(extract.calls), dtype=bool)
    for name in extract.calls.columns:
        if name in ("call_id", "received", "received_on", "recorded_on") or not extract.mapped(name):
            continue
        column = extract.calls[name]
        rows = everyone if name in OF_CALLS else extract.responses
        if BY_NAME[name].kind == "category":
            yield name, column.cat.codes.to_numpy().astype(np.intp), tuple(column.cat.categories), rows
        elif BY_NAME[name].kind == "yes_no":
            codes = column.to_numpy(dtype=np.intp, na_value=2)
            yield name, codes, ("no", "yes", NOT_RECORDED), rows
        else:
            if name == "person_key":
                yield _of_keys(column, rows)
            filled = (column.notna() & (column != "")).to_numpy(dtype=bool).astype(np.intp)
            yield name, filled, (NOT_RECORDED, "recorded"), rows
    yield from _of_times(extract, everyone)


def _of_keys(keys: pd.Series, rows: npt.NDArray[np.bool_]) -> CodedColumn:
    """The shape of person keys: their length, and whether they begin with a digit, or with which letter."""
    texts = keys.fillna("").astype(str)
    begins = texts.str.slice(0, 1).str.replace("[0-9]", "a digit", regex=True)
    codes, shapes = pd.factorize(texts.str.len().astype(str) + " signs from " + begins, sort=True)
    return "person_key shape", codes, tuple(shapes), rows & (texts != "").to_numpy(dtype=bool)


def _of_times(extract: UncheckedExtract, everyone: npt.NDArray[np.bool_]) -> Iterator[CodedColumn]:
    """The hours of calls, and the times that the team took, in quartiles."""
    hour = extract.calls["received"].dt.hour
    known = hour.notna().to_numpy()
    labels = tuple(f"{at * 24 // HOURS:02}:00 to {(at + 1) * 24 // HOURS:02}:00" for at in range(HOURS))
    yield "received hours", (hour.fillna(0).to_numpy().astype(np.intp) * HOURS // 24), labels, known & everyone
    for earlier, later in (("received", "arrived"), ("arrived", "cleared")):
        if later in extract.calls and earlier in extract.calls and extract.mapped(later):
            minutes = (extract.calls[later] - extract.calls[earlier]).dt.total_seconds().to_numpy(dtype=float) / 60
            rows = ~np.isnan(minutes)
            if rows.sum() > 4 * LEAST:
                edges = np.unique(np.quantile(minutes[rows], (.25, .5, .75)).round())
                places = np.searchsorted(edges, minutes, side="right").astype(np.intp)
                yield f"{later} length", places, _lengths(edges), rows


def _lengths(edges: npt.NDArray[np.float64]) -> tuple[str, ...]:
    ends = [f"{edge:.0f}" for edge in edges]
    between = (f"{low} to {high} minutes" for low, high in pairwise(ends))
    return f"under {ends[0]} minutes", *between, f"{ends[-1]} minutes or more"


def _since_the_service(extract: UncheckedExtract, counts: CountArray) -> tuple[CountArray, int]:
    """The months from the first response on, and their index: the start of the service is no jump."""
    if not extract.has_team:
        return counts, 0
    start = int(extract.bins.of[extract.responses].min())
    return counts[start:], start


def _declared(extract: UncheckedExtract, start: int, jump: _Jump) -> bool:
    """Whether the mapping names a break near the first day of the jump, or the day after its last."""
    bins = extract.bins
    days = [bins.first[start + jump.part.start], bins.last[start + jump.part.stop - 1] + timedelta(days=1)]
    return any(abs(date.fromisoformat(broken) - day) <= NEAR_BREAK
               for broken, _ in extract.mapping.breaks for day in days)


def strongest(counts: CountArray) -> _Jump | None:
    """The months that differ most from the others: all from one month on, or a single one; None where no difference is
    significant. `counts` has a row for each month and a column for each category.
    """
    common = counts.sum(axis=0) >= RARE
    counts = _with_rare_together(counts, common)
    if counts.shape[1] < 2 or counts.sum() < 2 * LEAST:
        return None
    total, size = counts.sum(axis=0), len(counts)
    running = counts[::-1].cumsum(axis=0)[::-1]
    parts = [*(slice(at, size) for at in range(1, size)), *(slice(at, at + 1) for at in range(size))]
    stacked = np.concatenate([running[1:], counts])
    rarely, moved = contrast(stacked, total)
    as_rare = rarely * max(1, size / USUAL_MONTHS)
    significant = ((as_rare < RARELY) & (moved >= MOVED)) | ((as_rare < LESS_RARELY) & (moved >= MOVED_FAR))
    if not significant.any():
        return None
    best = int(np.where(significant, rarely, 1.0).argmin())
    share, elsewhere = stacked[best] / stacked[best].sum(), (total - stacked[best]) / (total - stacked[best]).sum()
    named = np.where(common | ~common.any(), share - elsewhere, -np.inf)  # the group of rare ones has no label
    category = int(named.argmax())  # the one that grew: an analyst can look up its rows
    return _Jump(float(rarely[best]), parts[best], category, float(share[category]), float(elsewhere[category]))


def _with_rare_together(counts: CountArray, common: npt.NDArray[np.bool_]) -> CountArray:
    """Rare categories put into the least common one that stays, so that labels keep their places; where a single one is
    common, into the largest of themselves: a category that fills in by itself leaves all others rare.
    """
    if common.all() or not common.any():
        return counts
    total, merged = counts.sum(axis=0), counts.copy()
    into = int(np.where(common, total, np.inf).argmin() if common.sum() > 1 else np.where(common, -1, total).argmax())
    merged[:, ~common] = 0
    merged[:, into] += counts[:, ~common].sum(axis=1)
    return merged


def contrast(parts: CountArray, total: CountArray) -> tuple[CountArray, CountArray]:
    """For each part against the others: the p-value of the difference, and how much of the shares has moved."""
    used = total > 0
    parts, total = parts[:, used], total[used]
    size, remainder = parts.sum(axis=1, keepdims=True), total.sum() - parts.sum(axis=1, keepdims=True)
    enough = ((size >= LEAST) & (remainder >= LEAST))[:, 0]
    expected, expected_elsewhere = size * total / total.sum(), remainder * total / total.sum()
    away = np.maximum(0, np.abs(parts - expected) - .5) ** 2
    with np.errstate(divide="ignore", invalid="ignore"):
        chi = np.nansum(away / expected + away / expected_elsewhere, axis=1)
        moved = np.abs(parts / size - (total - parts) / remainder).sum(axis=1) / 2
    degrees = max(1, int(used.sum()) - 1)
    return np.where(enough, chi_square_above(chi, degrees), 1.0), np.where(enough, moved, 0.0)


def chi_square_above(values: CountArray, degrees: int) -> CountArray:
    """How rarely a chi-square number with so many degrees of freedom (1 or more) is above each value: the finite sums
    of Abramowitz and Stegun, Handbook of Mathematical Functions, 26.4.4 (odd) and 26.4.5 (even). SciPy's `chdtrc` is
    the same; to import it takes a quarter of a second.
    """
    odd = degrees % 2
    term = np.sqrt(2 * values / np.pi) * np.exp(-values / 2) if odd else np.exp(-values / 2)
    above = np.array([erfc(sqrt(value / 2)) for value in values]) if odd else np.zeros(len(values))
    for at in range(1, degrees // 2 + 1):
        above += term
        term = term * values / (2 * at + odd)
    return above
