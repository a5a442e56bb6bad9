"""Figures about the release itself, and the sentences that lead the pages."""

from datetime import date

from portal.contract.contract import MEASURES
from portal.figures.council.explained import explained
from portal.figures.figure import Cell, Figure, RichText, Table
from portal.figures.view import View, capital, cell, say, sentences, stopped, text, wording
from portal.language import day, gettext_lazy, n, number, t
from portal.release import queries
from portal.release.periods import due_after
from portal.release.queries import Answer

STATUS_WORDS = {"published": gettext_lazy("Shown"), "suppressed": gettext_lazy("Not shown, to protect privacy"),
                "not_collected": gettext_lazy("Not collected"), "not_due": gettext_lazy("Waits for more")}
REASON_WORDS = {"privacy": gettext_lazy("a group would be too small"),
                "merged": gettext_lazy("it is inside a larger group"),
                "parts": gettext_lazy("one of its combined periods could be worked out"),
                "withdrawn": gettext_lazy("the published numbers were wrong"),
                "changed": gettext_lazy("the records have changed since a total of it was published"),
                "ended": gettext_lazy("the pilot ended before there were enough"),
                "run_rest": gettext_lazy("one quarter holds nearly all of it so far"),
                "not_collected": gettext_lazy("the City's records do not hold it"),
                "run_open": gettext_lazy("too few responses so far"),
                "runs_together": gettext_lazy("it waits for more combined periods"),
                "service_open": gettext_lazy("the team went to too few calls so far"),
                "service_rest": gettext_lazy("the team went to nearly every call on duty so far")}
STATE_WORDS = {"illustrative": gettext_lazy("made-up numbers"), "preliminary": gettext_lazy("preliminary"),
               "official": gettext_lazy("official")}
NONE = gettext_lazy("none")  # a list of days has no number with a name
SEASONS = gettext_lazy("Any two quarters differ a little by season and by chance.")


def _added(view: View, releases: Answer) -> list[str]:
    """The quarters and the runs that end after the release before this one, in words."""
    ends = {row["release_id"]: row["period_end"] for row in releases.records}
    before = ends.get(view.meta.get("previous", ""), "")
    new = [quarter for quarter in view.of("quarter") if quarter.end > before]
    runs = [run for run in view.of("run") if run.end > before and run.words not in {quarter.words for quarter in new}]
    parts = [t("calls of {period}", period=quarter.words) for quarter in new]
    parts += [t("the combined period {period}", period=run.words) for run in runs]
    return list(dict.fromkeys(parts)) or [t("no period")]


def new(view: View) -> Figure:
    """What this release adds to the one before, and the crisis calls of each quarter."""
    releases = queries.table(view.release, "releases")
    series = queries.series(view.release, "demand.received", "quarter", ["calls"])
    added = _added(view, releases)
    rows = tuple((Cell(view.periods[row[0]].words), cell(row[1])) for row in series.rows)
    table = Table(t("Crisis calls by quarter"), (t("Quarter"), t("Crisis calls")), rows) if rows else None
    with_them = [say("With the hours on duty, what the calls were about, and where they came from.")] if rows else []
    return Figure("overview.new", t("What is new in this release?"),
                  RichText(say("New in release {release}: {list}.", release=view.release.id, list="; ".join(added))),
                  table, (),
                  (t(SEASONS),) if len(rows) > 1 else (), view.line(t("all quarters")),
                  view.provenance("demand.received", series, releases),
                  headline=text(capital(added[0])),
                  sub=sentences(*(stopped(capital(part)) for part in added[1:]), *with_them))


def _worded(words: dict[str, str], key: str, other: str | None = None) -> str:
    """What a name of the files says in words; `other` (default: the name itself) where nobody has words for it."""
    return t(words[key]) if key in words else key if other is None else other


def not_shown(view: View) -> Figure:
    """For each table, in how many periods it is shown, not shown, not yet due or not collected, and why."""
    reasons = queries.reasons(view.release)
    rows = tuple(
        (Cell(wording(table).question if table in MEASURES else table), Cell(_worded(STATUS_WORDS, status)),
         Cell(_worded(REASON_WORDS, reason, t("nothing is held back"))), cell(number))
        for table, status, reason, number in reasons.rows)
    totals = {status: queries.status_total(view.release, status) for status in STATUS_WORDS}
    answer = sentences(say("Each table of this release is counted once for each of its periods."), *(
        say("{what}: {number}.", what=t(STATUS_WORDS[status]), number=cell(total.rows[0][0]))
        for status, total in totals.items()))
    table = Table(t("Tables and periods, by whether they are shown"),
                  (t("Table"), t("Status"), t("Why"), t("Periods")), rows)
    return Figure("data.not_shown", t("What is not shown, and why?"), answer, table, (), (),
                  view.line(t("all periods")), explained(
                      view, t("How many pairs of a table and a period hold numbers, and why the others do not."),
                      t("What is missing should be seen, and why."),
                      t("It counts tables and periods, not people or calls."), "", reasons, *totals.values()),
                  headline=_shares(totals))


def _shares(totals: dict[str, Answer]) -> RichText:
    """How many pairs of a table and a period hold numbers."""
    counts = {status: total.rows[0][0] for status, total in totals.items()}
    return text(t("{part} of {whole} tables and periods are shown", part=number(counts["published"]),
                  whole=number(sum(counts.values()))))


def dictionary(view: View) -> Figure:
    """Every number of the release by its name in the files, with its unit and definition."""
    entries = queries.dictionary(view.release)
    rows = tuple((Cell(f"{record['table_id']} / {record['measure_id']}"),
                  *(Cell(t(record[name] or NONE)) for name in ("question", "label", "unit", "definition")),
                  cell(record["cells"]))
                 for record in entries.records)
    headers = (t("Name in the files"), t("Question"), t("Number"), t("Unit"), t("Definition"),
               t("Cells with a number"))
    return Figure("data.dictionary", t("What does each number mean?"),
                  text(t("Every measure has a definition. It is shown with the number too.")),
                  Table(t("The measures, and how many numbers the release holds of each"), headers, rows), (), (),
                  view.line(t("all periods")), explained(
                      view, t("The names in the files, with question, unit and definition."),
                      t("Whoever uses the files should know what each number means."),
                      t("The definitions are those of this release."), "", entries),
                  headline=text(n("{n} number has a name and a definition", "{n} numbers have a name and a definition",
                                  len(rows), n=number(len(rows)))))


def _late(due: str, published: str) -> str:
    """Whether a release came in time, and by how many days it did not."""
    days = (date.fromisoformat(published) - date.fromisoformat(due)).days
    return n("{days} day late", "{days} days late", days, days=number(days)) if days > 0 else t("on time")


def _in_time(releases: int, late: list[str]) -> RichText:
    """How many releases were on time."""
    if not releases:
        return text(t("No release has come out"))
    return text(n("{part} of {n} release came out on time", "{part} of {n} releases came out on time", releases,
                  part=number(releases - len(late)), n=number(releases)))


def punctual(view: View) -> Figure:
    """Each release, the day it was due and the day it came out."""
    texts = wording("promise.punctual")
    releases = queries.table(view.release, "releases")
    rows = releases.records
    late = [row["release_id"] for row in rows if row["published_on"] > row["due_on"]]
    last, due = rows[-1] if rows else None, due_after(view.meta)
    answer = text(t("No release has come out.")) if last is None else sentences(
        say("Release {release} came out on {day}; it was due on {due}.", release=last["release_id"],
            day=day(last["published_on"]), due=day(last["due_on"])),
        say("Late so far: {list}.", list=", ".join(late)) if late else say("Every release was on time."),
        *([say("The next one is due on {day}.", day=day(due))] if due else []))
    table = Table(t("Releases, when they were due and when they came out"),
                  (t("Release"), t("State"), t("Covers"), t("Due"), t("Came out"), t("On time?")), tuple(
        (Cell(row["release_id"]), Cell(_worded(STATE_WORDS, row["state"])),
         Cell(t("{first} to {last}", first=day(row["period_start"]), last=day(row["period_end"]))),
         Cell(day(row["due_on"])), Cell(day(row["published_on"])),
         Cell(_late(row["due_on"], row["published_on"]))) for row in rows))
    return Figure(texts.id, texts.question, answer, table, (), (), view.line(t("all releases")),
                  view.provenance(texts.id, releases), headline=_in_time(len(rows), late))
