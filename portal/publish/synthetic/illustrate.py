"""`python -m portal illustrate`: a made-up private extract and duty roster, to see and test the portal before any data.

It simulates the pilot: crisis calls from the first month on, a team on duty from the second. Rows are written month by
month, in order of time, so that memory does not grow with their number.
"""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from typing import TextIO

from portal.errors import CantWrite, OptionWrong
from portal.publish.ingest.columns import COLUMNS, ROSTER_COLUMNS
from portal.publish.ingest.table import Progress
from portal.publish.synthetic.calls import Dispatch, Duty, Shift, arrivals, local, month_weights, shifts_of
from portal.publish.synthetic.people import Chance

MOST_MONTHS, MOST_A_MONTH, MOST_HOURS = 120, 50_000, 4_000
YEARS = (1980, 2100)
LAST_ENTRY = 44  # days after the last month on which the file is exported: just before the last release is due
NAMES = tuple(column.name for column in COLUMNS)
HEADER = ",".join(NAMES) + "\n"
ROSTER_HEADER = ",".join(column.name for column in ROSTER_COLUMNS) + "\n"
START = date(2026, 4, 1)  # the first day of data/mappings/somerville.toml
MADE_UP_PREFIX = "MADE-UP-"  # every call id begins with it, so that nobody takes the file for a real one


def illustrate(out: Path, *, months: int = 18, per_month: int = 110, hours_per_week: float = 8, seed: int = 1,
               start: date = START, as_of: date | None = None, progress: Progress | None = None) -> Path:
    """Write a made-up extract in the portal's own columns to `out` and its duty roster beside it; return the roster.

    `months` (1-120) begin with `start`, the first of a month; `per_month` (1-50,000) is the mean number of crisis calls
    in a month, `hours_per_week` (0-4,000) the planned hours of all teams together, in shifts of four hours. With
    `as_of` the files hold what had been entered by that day, as an export of that day does. The same `seed` gives the
    same bytes. Raises OptionWrong for a value out of range or an existing file that this command did not write,
    CantWrite when the folder can't be written.
    """
    _check(out, months, per_month, hours_per_week, start)
    roster = out.with_name(f"{out.stem}-roster.csv")
    parts = [path.with_name(f"{path.name}.part") for path in (out, roster)]
    try:
        _check_replaceable(out, roster)
        with _writing(parts[0]) as calls_file, _writing(parts[1]) as roster_file:
            _write(calls_file, roster_file, list(_months(start, months)), per_month, hours_per_week, seed, progress,
                   f"{as_of or date.max}")
        for part, path in zip(parts, (out, roster), strict=True):
            part.replace(path)
    except OSError as error:
        raise CantWrite(out, error.strerror or type(error).__name__) from error
    finally:
        with suppress(OSError):  # a folder that refused the file refuses this too: the first refusal is reported
            for part in parts:
                part.unlink(missing_ok=True)
    return roster


def _check(out: Path, months: int, per_month: int, hours_per_week: float, start: date) -> None:
    if out.suffix != ".csv":
        raise OptionWrong(f"The made-up extract is to be named {out.name}.", "Give a name that ends in .csv.")
    ranges = (("--months", months, 1, MOST_MONTHS), ("--per-month", per_month, 1, MOST_A_MONTH),
              ("--hours-per-week", hours_per_week, 0, MOST_HOURS), ("The first year", start.year, *YEARS))
    for name, value, least, most in ranges:
        if not least <= value <= most:
            raise OptionWrong(f"{name} is {value}.", f"It takes a number from {least} to {most}.")
    if start.day != 1:
        raise OptionWrong(f"--start is {start}.", "It takes the first day of a month.")


def _check_replaceable(out: Path, roster: Path) -> None:
    """Refuse to replace a file unless it is an earlier made-up extract: a real one may bear the same name."""
    if not out.exists() and not roster.exists():
        return
    if out.is_file():
        with out.open("rb") as file:
            beginning = file.read(len(HEADER + MADE_UP_PREFIX)).decode("ascii", "replace")
        if beginning in (HEADER, HEADER + MADE_UP_PREFIX):  # a log without a row, or with made-up ones
            return
    raise OptionWrong(f"{(out if out.exists() else roster).name} is there already, and this command did not make it.",
                      "Choose another name for the made-up extract.")


def _writing(path: Path) -> TextIO:
    return path.open("w", encoding="ascii", newline="\n")


def _months(start: date, months: int) -> Iterator[list[date]]:
    """The days of each month."""
    day = start
    for _ in range(months):
        days = [day]
        while (day := day + timedelta(days=1)).day != 1:
            days.append(day)
        yield days


def _write(calls_file: TextIO, roster_file: TextIO, months: list[list[date]], per_month: int, hours_per_week: float,
           seed: int, progress: Progress | None, last: str) -> None:
    calls_file.write(HEADER)
    roster_file.write(ROSTER_HEADER)
    chance, roster_chance, duty = Chance(f"seed {seed} calls"), Chance(f"seed {seed} roster"), Duty()
    dispatch = Dispatch(chance, Chance(f"seed {seed} rule"), duty, months[-1][-1] + timedelta(days=LAST_ENTRY))
    number = 0
    for month, (days, weight) in enumerate(zip(months, month_weights(months[0][0], len(months)), strict=True)):
        team_exists = month > 0
        shifts = list(shifts_of(roster_chance, days, hours_per_week)) if team_exists else []
        duty.add(shifts)
        roster_file.writelines(line for line in map(_shift_line, shifts) if line[:10] <= last)
        for received, origin in arrivals(chance, days, per_month * weight, team_exists=team_exists):
            number += 1
            row = dispatch.row(received, origin) | {"call_id": f"{MADE_UP_PREFIX}{number:07d}"}
            if max(row["received"][:10], row["recorded_on"]) <= last:
                calls_file.write(",".join([row.get(name, "") for name in NAMES]) + "\n")
        if progress:
            progress(month + 1, len(months))


def _shift_line(shift: Shift) -> str:
    times = (shift.start, shift.end, shift.covered_start, shift.covered_end)
    return ",".join("" if time is None else local(time) for time in times) + "\n"
