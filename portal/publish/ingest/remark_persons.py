"""Remarks on the keys of persons: one in too many responses, none ever again, all new from a day on, or cut short."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from portal.publish.ingest.remark import MOST_ROWS, Remark
from portal.publish.ingest.unchecked import UncheckedExtract

ENOUGH = 40
IN_MANY, IN_MANY_ROWS = .06, 9
ACROSS = 6.0  # persons seen on both sides of a day, as is usual; chance leaves none once in e^6
ROOM = 10  # so many possible keys at least for each key that there is


def persons(extract: UncheckedExtract) -> Iterator[Remark]:
    """All remarks on the keys of those whom the team met."""
    if "person_key" not in extract.calls or not extract.mapped("person_key"):
        return
    calls = extract.calls[extract.responses]
    keys = calls["person_key"]
    keyed = keys[(keys != "") & keys.notna()].astype(str)
    if len(keyed) < ENOUGH:
        return
    columns = extract.columns("person_key")
    counts = keyed.value_counts()
    if counts.iloc[0] >= IN_MANY_ROWS and counts.iloc[0] > IN_MANY * len(keyed) and _alone(counts):
        rows = keyed.index[keyed == counts.index[0]]
        yield Remark("person_in_many", f"One key of a person stands in {counts.iloc[0]:,} of {len(keyed):,} responses, "
                     f"the next in {counts.iloc[1] if len(counts) > 1 else 0:,}.", "", columns,
                     tuple(int(row) for row in rows[:MOST_ROWS]))
    if len(counts) == len(keyed):
        yield Remark("persons_never_repeat", f"Each of {len(keyed):,} responses has a key of its own: nobody was met "
                     "twice.", "", columns)
        return
    if _crowded(counts.index):
        yield Remark("persons_run_out", f"The {len(counts):,} keys of persons are nearly all that can be written so.",
                     "", columns)
    yield from _anew(extract, keyed, calls["received_on"])


def _alone(counts: pd.Series) -> bool:
    """Whether the commonest key is far more common than the next."""
    return len(counts) == 1 or bool(counts.iloc[0] > 3 * counts.iloc[1])


def _crowded(keys: pd.Index) -> bool:
    """Whether keys of one length, letters among them, leave little room for others: most likely they were cut."""
    texts = [str(key) for key in keys]
    if len({len(text) for text in texts}) > 1 or all(text.isdigit() for text in texts):
        return False
    signs = [len(set(place)) for place in zip(*texts, strict=True)]
    return bool(np.prod(np.array(signs, dtype=float)) < ROOM * len(texts))


def _anew(extract: UncheckedExtract, keys: pd.Series, days: pd.Series) -> Iterator[Remark]:
    """A month at whose beginning nobody was seen both before and after, where some usually are."""
    bins = extract.bins
    place = pd.Series(bins.of[extract.responses], extract.calls.index[extract.responses])[keys.index]
    spans = pd.DataFrame({"key": keys, "at": place, "day": days[keys.index]}).sort_values("day", kind="stable")
    previous = spans.groupby("key")["at"].shift()
    again = spans[previous.notna()].assign(previous=previous.dropna().astype(int))
    across = np.array([((again["previous"] < at) & (again["at"] >= at)).sum() for at in range(1, len(bins))])
    if len(across) < 3:
        return
    for at in np.flatnonzero(across == 0) + 1:
        beside = [across[near - 1] for near in (at - 1, at + 1, at - 2, at + 2) if 1 <= near < len(bins)]
        if np.median(across) >= ACROSS and min(at, len(bins) - at) >= 2 and np.mean(beside) >= ACROSS / 3:
            first = bins.first[at]
            yield Remark("persons_begin_anew", f"No person seen before {first} is seen after it.", f"{first:%Y-%m}",
                         extract.columns("person_key"), first=first, last=bins.last[-1])
