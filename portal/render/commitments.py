"""What was promised and what came of it: each state worked out from days, facts and published numbers."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Literal

from portal.clock import today
from portal.contract.contract import threshold
from portal.language import day, n, number, t
from portal.release import queries
from portal.release.periods import next_due
from portal.release.store import Release
from portal.render.facts import Fact, reference
from portal.render.rendered import Known
from portal.settings import ROOT

State = Literal["met", "not-met", "late", "cannot-tell", "unannounced"]
PROMISES = ROOT / "content" / "commitments.toml"


@dataclass(frozen=True)
class Commitment:
    """One promise: what it takes to judge it. Days as YYYY-MM-DD, "" where none was given."""

    id: str
    promise: str
    fact: str = ""
    ours: bool = False
    announces: bool = False
    due: str = ""
    done: str = ""
    reported: str = ""
    measure: str = ""
    value: str = ""
    at_least: float | None = None
    at_most: float | None = None


@dataclass(frozen=True)
class Judged:
    """A promise's state: its kind, the word for it, and why it is so, as HTML."""

    state: State
    word: str
    why: str


def read(text: str) -> tuple[Commitment, ...]:
    """The promises of a file's text. Raises TypeError on a key that is not known."""
    rows: list[dict[str, Any]] = tomllib.loads(text).get("commitment", [])
    plain: list[dict[str, Any]] = [{key: value.isoformat() if isinstance(value, date) else value
                                    for key, value in row.items()} for row in rows]
    return tuple(Commitment(**row) for row in plain)


@cache
def commitments() -> tuple[Commitment, ...]:
    """The promises of content/commitments.toml, in its order."""
    return read(PROMISES.read_text("utf-8"))


def known(release: Release) -> Known:
    """What a release lets one judge by."""
    rows = queries.table(release, "releases").records()
    newest = queries.newest(release).records()
    promised = [row["period_end"] for row in rows[-1:] if row["state"] != "illustrative"]
    meta = queries.meta(release)
    return Known(meta["published_on"],
                 tuple((row["release_id"], row["due_on"], row["published_on"]) for row in rows),
                 {f"{row['table_id']}/{row['measure_id']}": row["value"] for row in newest},
                 next_due(promised[0]) if promised else "", meta["time_zone"])


def overdue(newest: Known) -> str:
    """The day by which the release after the newest one was promised, once it has passed by the City's clocks; else "",
    and after a made-up release.
    """
    return newest.next_due if newest.next_due and today(newest.zone).isoformat() > newest.next_due else ""


def _cannot(why: str) -> Judged:
    return Judged("cannot-tell", t("Cannot be told yet"), why)


def _days(due: str, done: str) -> Judged:
    """A promise that was kept: on its day, or late."""
    late = (date.fromisoformat(done) - date.fromisoformat(due)).days if due else 0
    if late > 0:
        return Judged("late", n("Late, by {n} day", "Late, by {n} days", late, n=late),
                      t("Due {due}, done {done}.", due=day(due), done=day(done)))
    return Judged("met", t("Met"), t("Due {due}, done {done}.", due=day(due), done=day(done)) if due
                  else t("Done {done}.", done=day(done)))


def _on_time(releases: Sequence[Sequence[str]]) -> Judged:
    """Whether the newest release was on time, and how many were not."""
    if not releases:
        return _cannot(t("No release has come out yet."))
    newest = _days(releases[-1][1], releases[-1][2])
    late = [one[0] for one in releases if one[2] > one[1]]
    word = t("Met this time") if newest.state == "met" and late else newest.word
    said = t("Judged by release {release}. {days}", release=releases[-1][0], days=newest.why)
    return Judged(newest.state, word,
                  f"{said} {t('Late so far: {releases}.', releases=', '.join(late)) if late else ''}".strip())


def _measured(one: Commitment, seen: Known | None) -> Judged:
    """A promise with a threshold, by the newest published number."""
    if seen and one.due and seen.as_of < one.due:
        return _cannot(t("It is judged on {day}.", day=day(one.due)))
    value = seen.values.get(f"{one.measure}/{one.value}") if seen else None
    if value is None:
        return _cannot(t("The number it is judged by is not published yet."))
    low, high = one.at_least, one.at_most
    limit = low if low is not None else high or 0
    wanted = t("at least {number}", number=number(limit)) if low is not None else t(
        "at most {number}", number=number(limit))
    why = t("{number}; promised: {wanted}.", number=number(value), wanted=wanted)
    if limit and value <= threshold("unstable"):  # one case is enough to break a promise of none
        return _cannot(f"{why} {t('Too few to say.')}")
    met = (low is None or value >= low) and (high is None or value <= high)
    return Judged("met", t("Met"), why) if met else Judged("not-met", t("Not met"), why)


def judge(one: Commitment, seen: Known | None, ledger: Mapping[str, Fact]) -> Judged:
    """The state of a promise, from what is known; nothing is read from the machine's clock."""
    if one.measure == "promise.punctual":
        return _on_time(seen.releases if seen else ())
    if one.at_least is not None or one.at_most is not None:
        return _measured(one, seen)
    if one.done:
        return _days(one.due, one.done)
    told = reference(ledger[one.reported]) if one.reported else ""
    if one.announces:
        return Judged("unannounced", t("Not yet announced"), told)
    if one.measure:
        return _cannot(t("No threshold was set before the results: nobody can say what would be enough."))
    if one.reported:
        return _cannot(told)
    if one.due and seen and seen.as_of > one.due:
        return Judged("late", t("Late"), t("Due {due}; nothing is known of it.", due=day(one.due)))
    return _cannot(t("It was due {due}.", due=day(one.due)) if one.due
                   else t("Neither a day nor a measure was named."))
