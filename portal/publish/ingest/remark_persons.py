"""Remarks on person keys: one in too many responses, none used twice, all new from a day on, or cut short.

For example, of 100 responses 12 have the same key and the next commonest key 2: more than 6 % and more than three times
the next, so the key may mean "unknown".
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from portal.publish.ingest.remark import MOST_ROWS, Remark
from portal.publish.ingest.unchecked import UncheckedExtract

ENOUGH = 40
IN_MANY, IN_MANY_ROWS = .06, 9
ACROSS = 6.0  # the usual number of persons met before and after a day; that there is none has a probability of e^-6
ROOM = 10  # the fewest possible keys for each key in use


def persons(extract: UncheckedExtract) -> Iterator[Remark]:
    """All remarks on the keys of the persons whom the team met."""
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
    """Whether keys of equal length, with letters, use up nearly all possible keys: they were probably cut short."""
    texts = [str(key) for key in keys]
    if len({len(text) for text in texts}) > 1 or all(text.isdigit() for text in texts):
        return False
    signs = [len(set(place)) for place in zip(*texts, strict=True)]
    return bool(np.prod(np.array(signs, dtype=float)) < ROOM * len(texts))


def _anew(extract: UncheckedExtract, keys: pd.Series, days: pd.Series) -> Iterator[Remark]:
    """A month before and after whose beginning nobody was met, although usually some persons are."""
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
