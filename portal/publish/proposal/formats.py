"""How a column writes its times, with the evidence: which formats read every text, and which readings are left."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import product

import pandas as pd

from portal.publish.ingest.times import ISO, OFFSET, read_times

ENOUGH = 0.98  # of the texts must be read by a format that is proposed; the rest is shown to the analyst
SAMPLE = 2_000  # different texts a format is tried on, taken from the whole file
MOSTLY = 0.5  # of the texts of a column of times of day look like one
GLANCE = 25  # texts that show which formats are worth a try
_DATES = ("%m/%d/%Y", "%d/%m/%Y", "%m/%d/%y", "%d/%m/%y", "%Y-%m-%d", "%Y/%m/%d", "%m-%d-%Y", "%d-%b-%Y", "%b %d, %Y",
          "%b %d %Y", "%d %b %Y", "%B %d, %Y", "%Y%m%d", "%d.%m.%Y")
_CLOCKS = ("%H:%M:%S", "%H:%M", "%I:%M:%S %p", "%I:%M %p", "%I:%M%p", "%H%M", "%H:%M:%S.%f")
DATES = ("iso", *_DATES)
MOMENTS = ("iso", *(f"{day} {clock}" for day, clock in product(_DATES, _CLOCKS)), "%Y-%m-%d %H:%M:%S %z",
           "%Y%m%d%H%M%S", "%d/%b/%Y:%H:%M:%S")
EPOCHS = {10: ("epoch_s",), 13: ("epoch_ms", "epoch_ms_local")}
ZONE = "America/New_York"  # any: only which texts can be read matters


@dataclass(frozen=True)
class TimeFormats:
    """How times are written: the proposed `formats`, the `share` of texts they read, whether a time of day is there,
    and `rivals`: formats that read as many texts and give other times.
    """

    formats: tuple[str, ...]
    share: float
    has_clock: bool
    rivals: tuple[str, ...] = ()


def _sample(texts: Iterable[str]) -> pd.Series:
    """Different texts from the beginning to the end: a system may have changed how it writes times."""
    different = list(dict.fromkeys(texts))
    return pd.Series(different[:: len(different) // SAMPLE + 1], dtype="str")


def _read_share(texts: pd.Series, form: str) -> tuple[float, pd.Series]:
    read = read_times(texts, [form], ZONE)
    return float(read.days.notna().mean()), read.days


def _fits(text: str, form: str) -> bool:
    """Whether a format may read a text: quick, so that a hundred formats can be tried."""
    if form == "iso":
        return re.fullmatch(ISO + f"({OFFSET})?", text) is not None
    if form.startswith("epoch"):
        return text.isdigit()
    try:
        datetime.strptime(text, form)  # noqa: DTZ007  # only whether it can be read matters
    except ValueError:
        return False
    return True


def _candidates(texts: pd.Series, days_only: bool) -> tuple[str, ...]:
    digits = texts.str.fullmatch(r"\d+")
    if digits.all():
        length = int(texts.str.len().mode().iloc[0])
        if length in EPOCHS:
            return EPOCHS[length]
    return DATES if days_only else (*MOMENTS, *DATES)


def detect_formats(texts: Iterable[str], *, days_only: bool = False) -> TimeFormats | None:
    """How these texts write times, or None where they are no times. `days_only`: the column is to hold days."""
    sample = _sample(texts)
    if sample.empty or not sample.str.contains(r"\d").all():
        return None
    glance = sample.iloc[:: max(1, len(sample) // GLANCE)].tolist()
    likely = [form for form in _candidates(sample, days_only) if any(_fits(text, form) for text in glance)]
    if not likely:
        return None
    scores = {form: _read_share(sample, form) for form in likely}
    best = max(scores, key=lambda form: scores[form][0])
    share, days = scores[best]
    if share < ENOUGH:
        return _several_formats(sample, scores, best)
    rivals = tuple(form for form, (read, other) in scores.items()
                   if form != best and read >= share and not other.equals(days))
    if best in EPOCHS[13]:
        rivals = tuple(form for form in EPOCHS[13] if form != best)
    return TimeFormats((best,), share, _has_clock(sample, best), rivals)


def _several_formats(sample: pd.Series, scores: dict[str, tuple[float, pd.Series]], best: str) -> TimeFormats | None:
    """Two or three ways of writing in one column: formats are added while they read what is left."""
    chosen, unread = [best], scores[best][1].isna()
    while unread.any() and len(chosen) < 3:
        reads = {form: int((days.notna() & unread).sum()) for form, (_, days) in scores.items()}
        more = max(reads, key=lambda form: reads[form])
        if not reads[more]:
            break
        chosen.append(more)
        unread &= scores[more][1].isna()
    share = float((~unread).mean())
    return TimeFormats(tuple(chosen), share, _has_clock(sample, best)) if share >= ENOUGH else None


def _has_clock(sample: pd.Series, form: str) -> bool:
    if form == "iso":
        return bool((sample.str.len() > 10).mean() > 0.5)
    return form.startswith("epoch") or "%H" in form or "%I" in form


def is_clock(texts: Iterable[str]) -> bool:
    """Whether these texts are times of day without a day, such as 2:05 PM."""
    sample = _sample(texts)
    if sample.empty:
        return False
    return bool(sample.str.fullmatch(r"\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?( ?[AaPp]\.?[Mm]\.?)?").mean() > MOSTLY)
