"""What became of records around each release: entered late, changed since, left out. In words, never a number."""

from dataclasses import replace

from portal.figures.figure import Cell, Figure, RichText, Table
from portal.figures.view import View, capital, say, text
from portal.language import gettext_lazy, t
from portal.release import queries

SIZES = {"fewer than 11": gettext_lazy("fewer than 11"), "11 or more": gettext_lazy("11 or more")}
COLUMNS = {"late": gettext_lazy("Entered late"), "corrected": gettext_lazy("Changed since the release before"),
           "left_out": gettext_lazy("Left out: not readable, or not right"),
           "repeated": gettext_lazy("Left out: there twice")}
DEFINITION = gettext_lazy(
    "Entered late: calls of months already published that count in this release. Changed: records of the release before"
    " that are no longer as they were when it came out. Left out: records of this release's own months that are in no"
    " number, since they can't be read or right, or since another record has the same key.")
WHY = gettext_lazy("Records are mended after they are counted. Readers should know how much.")
LIMITS = gettext_lazy("A small exact number could point to a person, so there are only two words:"
                      " fewer than 11, or 11 or more.")


def _headline(newest: dict[str, str]) -> RichText:
    """The records that count in this release and were entered late."""
    return text(capital(t("{late} records were entered late, {corrected} changed", late=newest["late"],
                          corrected=newest["corrected"])))


def records(view: View) -> Figure:
    """For each release, in two words, how many records were late, changed or left out."""
    answer = queries.table(view.release, "records")
    sizes: dict[str, dict[str, str]] = {}
    for release, reason, size in answer.rows:
        sizes.setdefault(str(release), {})[str(reason)] = t(SIZES[size])
    rows = tuple((Cell(release), *(Cell(of[reason]) for reason in COLUMNS)) for release, of in sizes.items())
    table = Table(t("Late, changed and left-out records of each release"),
                  (t("Release"), *(t(words) for words in COLUMNS.values())), rows)
    newest = sizes[view.release.id]
    sentence = say("In release {release}, {late} records were entered late, {corrected} were changed since the release"
                   " before, {left_out} could not be read or right, and {repeated} were there twice.",
                   release=view.release.id, **newest)
    provenance = replace(view.provenance("quality.missing", answer), definition=t(DEFINITION), why=t(WHY),
                         limits=t(LIMITS), source="")
    return Figure("data.records", t("Which records were late, changed or left out?"), text(*sentence), table, (),
                  (t("What was published stays as it was."),), view.line(t("all releases")), provenance,
                  headline=_headline(newest))
