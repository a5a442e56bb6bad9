"""What was tried to find a person in this release: the attack that every release must withstand, in plain words."""

from dataclasses import replace

from portal.figures.figure import Cell, Figure, RichText, Table
from portal.figures.view import View, cell, say, say_count, sentences, text
from portal.language import gettext_lazy, t
from portal.release import queries

CAME_OUT = {
    "attacked": gettext_lazy("Hidden numbers that were looked for"),
    "pinned": gettext_lazy("Found exactly"),
    "narrowed": gettext_lazy("Narrowed down to fewer than ten possible values"),
    "told": gettext_lazy("Calls of which somebody who knows of one could be sure that the team came"),
    "unaudited": gettext_lazy("Could not be checked"),
    "witnesses": gettext_lazy("Still open, with two possible values ten or more apart, or as far as the public "
                              "totals allow"),
    "holes": gettext_lazy("Still open, but some value in between can be ruled out"),
}
DEFINITION = gettext_lazy(
    "A program reads everything that is public: this release, all earlier ones, the exact totals, the rules, and what "
    "it means that a number is not shown. For every number about people that is hidden, in each quarter and each "
    "combined period, it looks for the smallest and the largest value that is still possible."
)
WHY = gettext_lazy("A rule that nobody has tried to break is only a hope.")
LIMITS = gettext_lazy(
    "It looks for numbers, not for what somebody knows or guesses about a neighbor. Somebody who knows some of the "
    "responses already has that many fewer to doubt about."
)


def protection(view: View) -> Figure:
    """How many hidden numbers the attacker looked for, and how many it found or narrowed down."""
    attack = queries.table(view.release, "attack")
    found = dict(attack.rows)
    rows = tuple((Cell(t(words)), cell(found[what])) for what, words in CAME_OUT.items() if what in found)
    table = Table(t("What was tried to find a person, and what came of it"),
                  (t("What came of it"), t("Hidden numbers")), rows)
    provenance = replace(view.provenance("quality.missing", attack), definition=t(DEFINITION), why=t(WHY),
                         limits=t(LIMITS), source="")
    return Figure("data.protection", t("What was tried to find a person in this release?"), _answer(view, found),
                  table if rows else None, (), (), view.line(t("all periods")), provenance,
                  headline=_headline(found))


def _headline(found: dict[str, int]) -> RichText:
    if not found.get("attacked"):
        return text(t("There was no hidden number to look for"))
    return RichText(say_count("{n} hidden number looked for, {found} found",
                              "{n} hidden numbers looked for, {found} found",
                              found["attacked"], found=cell(found["pinned"])))


def _answer(view: View, found: dict[str, int]) -> RichText:
    if not found.get("attacked"):
        return text(t("This release holds no hidden number about people, so there was nothing to look for."))
    return sentences(
        say_count("A program looked for {n} hidden number, with all that is public.",
                  "A program looked for {n} hidden numbers, with all that is public.", found["attacked"]),
        say("Found: {found}. Narrowed down: {narrowed}.", found=cell(found["pinned"]),
            narrowed=cell(found["narrowed"])),
    )
