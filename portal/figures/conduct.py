"""What officials did, exact once a run, a true zero said with what it is out of; and how long things took."""

from collections.abc import Callable

from altair import TopLevelMixin

from portal.contract.contract import MEASURES
from portal.figures.charts.standard import LARGEST, Group, blocks, squares
from portal.figures.figure import Cell, Figure, Table, Text
from portal.figures.people import BARS, DIVIDED, Builder, latest, opening, without
from portal.figures.view import (
    Parts,
    View,
    cell,
    inside,
    label,
    percent,
    responses_in_words,
    say,
    say_count,
    sentences,
    too_few,
    uncertain,
    wording,
)
from portal.language import later, later_n, t
from portal.release import queries
from portal.release.queries import Answer

# What is said of each count, out of one response and out of many.
HAPPENED = {
    "outcome.arrest": later_n("{when}, {part} of {n} response ended in an arrest{share}.",
                              "{when}, {part} of {n} responses ended in an arrest{share}."),
    "outcome.force": later_n("{when}, {part} of {n} response involved the use of force{share}.",
                             "{when}, {part} of {n} responses involved the use of force{share}."),
    "outcome.injury": later_n("{when}, {part} of {n} response left someone hurt{share}.",
                              "{when}, {part} of {n} responses left someone hurt{share}."),
}
TIMES = {"response.time_to_scene": later("{when}, in half of {responses} the team arrived within {minutes}."),
         "response.time_on_scene": later("{when}, in half of {responses} the team stayed up to {minutes}.")}
OUT_OF, UNKNOWN = "responses", "not_recorded"
# What stands beside one square a response: the others.
OTHERS = {"outcome.arrest": later("No arrest"), "outcome.force": later("No use of force"),
          "outcome.injury": later("Nobody was hurt")}


def _what(measure: str, value: str, category: str) -> str:
    """What a count of conduct counts: the value's name, or who, with the value's name where it is not the first."""
    texts = wording(measure)
    name = texts.values.get(value, value)
    if not category:
        return name
    who = label(texts.dimension, category)
    return who if value == next(iter(texts.values)) else t("{who}, {what}", who=who, what=inside(name))


def _told(measure: str, when: str, rows: list[tuple[str, str, float]], responses: float, share: Answer) -> Text:
    """The answer's counts: one out of all responses, or one for each who was hurt; then what is not recorded."""
    main = [row for row in rows if row[0] != UNKNOWN]
    unknown = [say("{what}: {number}.", what=_what(measure, row[0], row[1]), number=cell(row[2]))
               for row in rows if row[0] == UNKNOWN and row[2]]
    if len(main) == 1 and not main[0][1]:
        part = percent(share.rows[0][2]) if main[0][2] else ()
        return sentences(say_count(*HAPPENED[measure], responses, when=when, part=cell(main[0][2]), share=part),
                         *unknown)
    return sentences(say_count(*DIVIDED["responses"], responses, when=when),
                     *(say("{who} was hurt in {number}.", who=_what(measure, *row[:2]), number=cell(row[2]))
                       for row in main), *unknown)


def _drawn(measure: str, view: View, rows: list[tuple[str, str, float]], responses: float
           ) -> Callable[[], TopLevelMixin]:
    """One square a response where it is one count of few responses; else a bar a count, and one for all of them."""
    named = [(_what(measure, *row[:2]), row[2]) for row in rows]
    rest = responses - sum(number for _, number in named)
    if len({row[1] for row in rows}) == 1 and responses <= LARGEST and rest >= 0:
        groups: list[Group] = [(name, int(number), "other" if row[0] != UNKNOWN else "missed")
                               for row, (name, number) in zip(rows, named, strict=True) if number or row[0] != UNKNOWN]
        groups.append((t(OTHERS[measure]), int(rest), "missed"))
        return lambda: squares(groups, t("Each square is one response"), view.note)
    counts: list[dict[str, object]] = [{"label": t("All responses"), "value": responses}]
    counts += [{"label": name, "value": number} for name, number in named]
    return lambda: blocks(counts, view.note, BARS[OUT_OF])


def conduct(measure: str) -> Builder:
    """The builder of what officials did. Raises nothing: without the public total the figure says why."""
    first = next(iter(MEASURES[measure].values))

    def build(view: View) -> Figure:
        texts = wording(measure)
        period = latest(view, measure)
        asked = queries.values(view.release, measure, period)
        share = queries.share(view.release, (measure, first), (measure, OUT_OF), period)
        responses = next((row[2] for row in asked.rows if row[0] == OUT_OF), None)
        rows = [row for row in asked.rows if row[0] != OUT_OF]
        if responses is None or not any(row[0] == first for row in rows):
            return without(view, measure)
        words = view.periods[period].words
        answer = _told(measure, opening(view, measure, period), rows, responses, share)
        table = Table(f"{texts.question} {words}", (t("What"), t("Responses")), (*(
            (Cell(_what(measure, *row[:2])), cell(row[2])) for row in rows),
            (Cell(t("All responses")), cell(responses))))
        few = too_few(*(row[2] for row in rows if row[0] == first))
        return Figure(measure, texts.question, answer, table, uncertain(view, measure) + few, (), view.line(words),
                      view.provenance(measure, asked, share, queries.states(view.release, measure)),
                      _drawn(measure, view, rows, responses))
    return build


def _before(view: View, period: str, medians: Answer) -> Parts:
    """The median of the newest run that ended before this one began, and what two medians can't tell; or nothing."""
    start = view.periods[period].start
    found = [(view.periods[row[0]], row[1]) for row in medians.rows if row[1] is not None]
    before = [one for one in found if one[0].end < start]
    return say("In {period}, it was {minutes}. Two medians alone cannot tell whether it is changing.",
               period=before[-1][0].words, minutes=say_count("{n} minute", "{n} minutes", before[-1][1])
               ) if before else ()


def times(measure: str) -> Builder:
    """The builder of a time in whole minutes: the median, and the slowest tenth where there are enough responses."""
    def build(view: View) -> Figure:
        texts = wording(measure)
        period = latest(view, measure)
        asked = queries.values(view.release, measure, period)
        whole = {row[0]: row[2] for row in asked.rows if not row[1]}
        median, number = whole.get("median_minutes"), whole.get("responses")
        if median is None or number is None:
            return without(view, measure)
        words = view.periods[period].words
        earlier = queries.series(view.release, measure, "run", ["median_minutes"])
        answer = sentences(
            say(TIMES[measure], when=opening(view, measure, period), responses=responses_in_words(number),
                minutes=say_count("{n} minute", "{n} minutes", median)), _before(view, period, earlier))
        hidden = Cell(t("Not shown, to protect privacy"))
        rows = [(Cell(name), cell(whole[key]) if key in whole else hidden) for key, name in texts.values.items()]
        rows += [(Cell(t("{who}, {what}", who=label(texts.dimension, who),
                         what=inside(texts.values.get(value, value)))), cell(number))
                 for value, who, number in asked.rows if who]
        table = Table(f"{texts.question} {words}", (t("What"), t("Number")), tuple(rows))
        minutes = [(row[0].text, row[1]) for row, key in zip(rows, texts.values, strict=False) if key != OUT_OF]
        drawn: list[dict[str, object]] = [{"label": name, "value": one.value} for name, one in minutes
                                          if one.value is not None]
        kept_back = "; ".join(t("{what}: {number}", what=name, number=one.text) for name, one in minutes
                              if one.value is None)
        return Figure(measure, texts.question, answer, table, uncertain(view, measure),
                      (t("A median is a time that was really observed."),), view.line(words),
                      view.provenance(measure, asked, earlier, queries.states(view.release, measure)),
                      (lambda: blocks(drawn, view.note, later("{number} minutes"), kept_back))
                      if len(drawn) + bool(kept_back) > 1 else None)
    return build
