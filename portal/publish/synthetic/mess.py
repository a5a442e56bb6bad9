"""`illustrate --mess N`: a made-up extract with ordinary damage, to practise on: what systems, exports and spreadsheets
do to a log. A file of its own lists the damage, to compare with what the analyst found.

The tests damage extracts in many more ways, and share the functions of this list.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pandas as pd

from portal.errors import CantWrite, OptionWrong


@dataclass
class Log:
    """A made-up log and its roster, every cell as text."""

    calls: pd.DataFrame
    roster: pd.DataFrame

    def month(self, chance: Random) -> tuple[pd.Series, str]:
        """A month that is neither the first nor the last: which rows are in it, and its name, such as `2026-07`."""
        months = self.calls["received"].str[:7]
        inside = sorted(set(months))[1:-1] or sorted(set(months))
        chosen = chance.choice(inside)
        return months == chosen, chosen

    def write(self, column: str, where: pd.Series, text: str) -> None:
        """Write a text into a column of the rows `where`."""
        self.calls[column] = self.calls[column].mask(where, text)


def with_rows(calls: pd.DataFrame, at: int, *rows: dict[str, str]) -> pd.DataFrame:
    """A log with rows inserted before the row `at`; a column that a row does not name is blank in it."""
    fresh = pd.DataFrame([dict.fromkeys(calls.columns, "") | row for row in rows])
    return pd.concat([calls[:at], fresh, calls[at:]], ignore_index=True)


def repeat_rows(calls: pd.DataFrame, where: pd.Series) -> pd.DataFrame:
    """A log with the rows `where` repeated at its end."""
    return pd.concat([calls, calls[where]], ignore_index=True)


def sample_rows(where: pd.Series, share: float, chance: Random) -> pd.Series:
    """A random share (0 to 1) of the rows `where`, at least one of them."""
    places = list(where.to_numpy().nonzero()[0])
    some = chance.sample(places, max(1, round(len(places) * share)))
    return pd.Series(range(len(where)), where.index).isin(some)


def pad_texts(texts: pd.Series) -> pd.Series:
    """Texts with blanks before and after them."""
    return " " + texts + "  "


# ---- the kinds of damage: to values, then to rows --------------------------------------------------------------------

def _year(log: Log, chance: Random) -> None:
    where = sample_rows(log.calls["received"] != "", 0, chance)
    log.calls["received"] = log.calls["received"].mask(where, "2062" + log.calls["received"].str[4:])


def _person(log: Log, chance: Random) -> None:
    log.write("person_key", sample_rows(log.calls["person_key"] != "", .35, chance), "NULL")


def _outcome(log: Log, chance: Random) -> None:
    log.write("outcome", sample_rows(log.calls["outcome"] != "", .1, chance), "new code")


def _capitals(log: Log, _: Random) -> None:
    log.calls["arrest"] = log.calls["arrest"].str.upper()


def _age(log: Log, _: Random) -> None:
    log.write("age_band", log.calls["age_band"] == "18_24", "Aug-24")


def _blanks(log: Log, _: Random) -> None:
    for column in log.calls.columns[1:]:
        log.calls[column] = pad_texts(log.calls[column])


def _keys(log: Log, chance: Random) -> None:
    log.write("call_id", sample_rows(log.calls["call_id"] != "", .01, chance), "")


def _roster(log: Log, chance: Random) -> None:
    _, month = log.month(chance)
    log.roster = log.roster[log.roster["shift_start"].str[:7] != month]


def _half(log: Log, chance: Random) -> None:
    where, _ = log.month(chance)
    log.calls = log.calls[~sample_rows(where, .55, chance)].reset_index(drop=True)


def _twice(log: Log, chance: Random) -> None:
    log.calls = repeat_rows(log.calls, log.month(chance)[0])


def _blank_rows(log: Log, chance: Random) -> None:
    log.calls = with_rows(log.calls, chance.randrange(1, len(log.calls)), {}, {})


def _header(log: Log, chance: Random) -> None:
    log.calls = with_rows(log.calls, chance.randrange(1, len(log.calls)), {name: name for name in log.calls.columns})


def _totals(log: Log, _: Random) -> None:
    count = f"{len(log.calls)}"
    log.calls = with_rows(log.calls, len(log.calls), {"call_id": "Total", "call_type": count})


KINDS: dict[str, Callable[[Log, Random], None]] = {
    "one call of the year 2062": _year,
    "NULL in place of some persons' keys": _person,
    "an outcome that the mapping does not name": _outcome,
    "yes and no in capital letters, for arrests": _capitals,
    "a spreadsheet has made days of the ages 18_24: Aug-24": _age,
    "half the calls of one month are missing": _half,
    "a month is missing in the roster": _roster,
    "some calls have no key": _keys,
    "one month stands there twice": _twice,
    "blanks around every text: harmless": _blanks,
    "wholly blank rows: harmless": _blank_rows,
    "the header again, in the middle": _header,
    "a row of totals at the end": _totals,
}
MOST = len(KINDS)


def mess(calls: Path, roster: Path, number: int, seed: int) -> Path:
    """Damage a made-up extract and its roster in `number` ways (1 to MOST); return the file that lists them. The same
    seed gives the same damage. Raises OptionWrong, CantWrite.
    """
    if not 1 <= number <= MOST:
        raise OptionWrong(f"--mess is {number}.", f"It takes a number from 1 to {MOST}.")
    chance = Random(f"mess {seed}")  # noqa: S311  # nobody is to be kept from guessing it
    sample = set(chance.sample(list(KINDS), number))
    kinds = [kind for kind in KINDS if kind in sample]
    answers = calls.with_name(f"{calls.stem}-mess.txt")
    try:
        damage(calls, roster, kinds, chance)
        answers.write_text("".join(f"{kind}\n" for kind in kinds), encoding="utf-8")
    except OSError as error:
        raise CantWrite(calls, error.strerror or type(error).__name__) from error
    return answers


def damage(calls: Path, roster: Path, kinds: list[str], chance: Random) -> None:
    """Damage a made-up extract and its roster in these ways. Raises OSError."""
    log = Log(*(pd.read_csv(path, dtype=str, keep_default_na=False) for path in (calls, roster)))
    for kind in kinds:
        KINDS[kind](log, chance)
    for path, frame in ((calls, log.calls), (roster, log.roster)):
        frame.to_csv(path, index=False, lineterminator="\n")
