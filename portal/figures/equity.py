"""Whom the team serves, in one sentence, and what is not known about them."""

from portal.contract.contract import DIMENSIONS, MEASURES
from portal.figures.figure import Cell, Chip, Figure, Table, Text
from portal.figures.people import latest, opening
from portal.figures.view import Parts, View, cell, label, percent, say, say_count, sentences, waiting
from portal.language import t
from portal.release import queries
from portal.release.queries import Answer

EQUITY = ("equity.age", "equity.race_ethnicity", "equity.gender", "equity.language", "equity.housing")
UNKNOWN = "not_recorded"


def _asked(view: View, measure: str) -> tuple[str, Answer, Answer]:
    """The period shown of a measure, its groups and their total."""
    period = latest(view, measure)
    groups = queries.breakdown(view.release, measure, period, "responses")
    return period, groups, queries.total(view.release, measure, period, "responses", [row[0] for row in groups.rows])


def _status(view: View, measure: str) -> Chip:
    return waiting(view.status(measure))


def answer(view: View) -> Figure:
    """The first sentence of Who is served: the largest group of each kind that is shown."""
    said: dict[str, list[Parts]] = {}
    asks: list[Answer] = []
    for measure in EQUITY:
        period, groups, total = _asked(view, measure)
        asks += [groups, total, queries.states(view.release, measure)]
        if groups.rows:
            top = max(groups.rows, key=lambda row: row[1])
            said.setdefault(period, []).append(say(
                "{group}: {number} of {total}.", group=label(MEASURES[measure].dimension, top[0]), number=cell(top[1]),
                total=cell(total.rows[0][0])))
    told = [part for period, groups in said.items() for part in (
        say("{when}, these were the largest groups.", when=t("In {period}", period=view.periods[period].words)
            if period != next(iter(said)) else opening(view, EQUITY[0], period)), *groups)]
    chip = _status(view, EQUITY[0])
    text = sentences(*told) if told else Text(say("{status}. {sentence}", status=chip.word, sentence=chip.sentence))
    return Figure("equity.answer", t("Who is served, and who is not?"), text, None, (), (), view.line(_when(view)),
                  view.provenance(EQUITY[0], *asks))


def _when(view: View) -> str:
    return view.quarter.words if view.quarter else t("no period")


def missing(view: View) -> Figure:
    """What is not recorded about the people, kind by kind: a number, inside which group, or why not shown."""
    rows: list[tuple[Cell, ...]] = []
    parts: list[Parts] = []
    asks: list[Answer] = []
    chips: dict[str, Chip] = {}
    for measure in EQUITY:
        dimension = DIMENSIONS[MEASURES[measure].dimension]
        _, groups, total = _asked(view, measure)
        asks += [groups, total, queries.states(view.release, measure)]
        name, alone = t(dimension.label), next((row for row in groups.rows if row[0] == UNKNOWN), None)
        if alone:
            parts.append(say("{what}: {number}.", what=name, number=(
                *say_count("not recorded in {n} response of {total}", "not recorded in {n} responses of {total}",
                           alone[1], total=cell(total.rows[0][0])), *percent(alone[2]))))
            rows.append((Cell(name), cell(alone[1]), cell(alone[2])))
        elif group := next((row[0] for row in groups.rows if UNKNOWN in dimension.covers.get(row[0], ())), ""):
            within = t("not shown alone, inside “{group}”", group=label(dimension.id, group))
            parts.append(say("{what}: {number}.", what=name, number=within))
            rows.append((Cell(name), Cell(within), Cell(t("not shown"))))
        else:
            chip = _status(view, measure)
            chips[chip.word] = chip
            rows.append((Cell(name), Cell(chip.word), Cell(chip.word)))
    first = next(iter(chips.values()), None)
    text = sentences(*parts) if parts else Text(say(
        "{status}. {sentence}", status=first.word, sentence=first.sentence) if first else ())
    table = Table(t("What is not recorded about the people"),
                  (t("About the person"), t("Responses without it"), t("Percent")), tuple(rows))
    return Figure("equity.missing", t("What is not known about the people?"), text, table, tuple(chips.values()),
                  (t("No share of residents stands beside these numbers: none is confirmed yet."),),
                  view.line(_when(view)), view.provenance(EQUITY[0], *asks))
