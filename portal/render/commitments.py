"""The City's and this site's promises. The state of each follows from dates, facts and published numbers."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from portal.clock import today
from portal.contract.contract import threshold
from portal.language import day, n, number, t
from portal.release import queries
from portal.release.periods import due_after
from portal.release.store import Release
from portal.render.facts import Fact, reference
from portal.render.rendered import Known
from portal.settings import ROOT
from portal.shipped import shipped

CommitmentState = Literal["met", "not-met", "late", "cannot-tell", "unannounced"]
PROMISES = ROOT / "content" / "commitments.toml"


@dataclass(frozen=True)
class Commitment:
    """One promise, with what it is judged by. Days are YYYY-MM-DD, "" where none was given."""

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
    """A promise's state: its kind, the word for it, the reason as text, and the reference to its source as HTML."""

    state: CommitmentState
    word: str
    reason: str = ""
    source: str = ""


def read(text: str) -> tuple[Commitment, ...]:
    """The promises in a TOML text. Raises TypeError on an unknown key."""
    rows: list[dict[str, Any]] = tomllib.loads(text).get("commitment", [])
    plain: list[dict[str, Any]] = [{key: value.isoformat() if isinstance(value, date) else value
                                    for key, value in row.items()} for row in rows]
    return tuple(Commitment(**row) for row in plain)


@shipped
def commitments() -> tuple[Commitment, ...]:
    """The promises of content/commitments.toml, in its order."""
    return read(PROMISES.read_text("utf-8"))


def known(release: Release) -> Known:
    """The evidence a release gives for judging promises."""
    rows = queries.table(release, "releases").records
    newest = queries.newest(release).records
    meta = queries.meta(release)
    return Known(meta["published_on"],
                 tuple((row["release_id"], row["due_on"], row["published_on"]) for row in rows),
                 {f"{row['table_id']}/{row['measure_id']}": row["value"] for row in newest},
                 "" if meta["state"] == "illustrative" else due_after(meta), meta["time_zone"])


def overdue(newest: Known) -> str:
    """The day the next release was promised for, once that day has passed in the City's time zone. "" before, and after
    a release that promises no next one: a made-up one, or the last one of the pilot.
    """
    return newest.next_due if newest.next_due and today(newest.zone).isoformat() > newest.next_due else ""


def _cannot_tell(reason: str = "", source: str = "") -> Judged:
    return Judged("cannot-tell", t("Cannot be judged yet"), reason, source)


def _by_day(due: str, done: str) -> Judged:
    """A promise that was kept: by its day, or late."""
    late = (date.fromisoformat(done) - date.fromisoformat(due)).days if due else 0
    if late > 0:
        return Judged("late", n("Late, by {n} day", "Late, by {n} days", late, n=late),
                      t("Due {due}, done {done}.", due=day(due), done=day(done)))
    return Judged("met", t("Kept"), t("Due {due}, done {done}.", due=day(due), done=day(done)) if due
                  else t("Done {done}.", done=day(done)))


def _releases_on_time(releases: Sequence[Sequence[str]]) -> Judged:
    """Whether the newest release was on time, and which were not."""
    if not releases:
        return _cannot_tell(t("No release has come out yet."))
    newest_id, due, published = releases[-1]
    newest = _by_day(due, published)
    late = [release_id for release_id, due, published in releases if published > due]
    word = t("Kept this time") if newest.state == "met" and late else newest.word
    reason = t("Judged by release {release}. {days}", release=newest_id, days=newest.reason)
    return Judged(newest.state, word, " ".join(
        [reason, *([t("Late so far: {releases}.", releases=", ".join(late))] if late else [])]))


def _by_measure(commitment: Commitment, evidence: Known | None) -> Judged:
    """A promise with a threshold, judged by the newest published number. Counts up to the contract's `unstable` are too
    few to judge by, except where the promise is that there is none: one case breaks it.
    """
    if evidence and commitment.due and evidence.as_of < commitment.due:
        return _cannot_tell(t("It is judged on {day}.", day=day(commitment.due)))
    value = evidence.values.get(f"{commitment.measure}/{commitment.value}") if evidence else None
    if value is None:
        return _cannot_tell(t("The number it is judged by is not published yet."))
    low, high = commitment.at_least, commitment.at_most
    limit = low if low is not None else high or 0
    wanted = t("at least {number}", number=number(limit)) if low is not None else t(
        "at most {number}", number=number(limit))
    reason = t("{number}; promised: {wanted}.", number=number(value), wanted=wanted)
    if limit and value <= threshold("unstable"):
        return _cannot_tell(f"{reason} {t('The numbers are too small to tell.')}")
    met = (low is None or value >= low) and (high is None or value <= high)
    return Judged("met", t("Kept"), reason) if met else Judged("not-met", t("Not kept"), reason)


def judge(commitment: Commitment, evidence: Known | None, ledger: Mapping[str, Fact]) -> Judged:
    """The state of a promise, from published evidence and the fact ledger alone; the clock is not read."""
    if commitment.measure == "promise.punctual":
        return _releases_on_time(evidence.releases if evidence else ())
    if commitment.at_least is not None or commitment.at_most is not None:
        return _by_measure(commitment, evidence)
    if commitment.done:
        return _by_day(commitment.due, commitment.done)
    return _not_done(commitment, evidence, reference(ledger[commitment.reported]) if commitment.reported else "")


def _not_done(commitment: Commitment, evidence: Known | None, reported: str) -> Judged:
    """A promise without a threshold that is not done as far as anybody knows. `reported`: the reference to what was
    reported of it, as HTML.
    """
    if commitment.announces:
        return Judged("unannounced", t("Not announced"), source=reported)
    if commitment.measure:
        return _cannot_tell(t("No target was set, so nobody can judge this."))
    if reported:
        return _cannot_tell(source=reported)
    if commitment.due and evidence and evidence.as_of > commitment.due:
        return Judged("late", t("Late"), t("Due {due}; nothing is known of it.", due=day(commitment.due)))
    return _cannot_tell(t("It was due {due}.", due=day(commitment.due)) if commitment.due
                        else t("Neither a day nor a number was named."))
