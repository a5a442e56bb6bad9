"""Whom the team serves, kind by kind, and what is not known about them."""

from portal.contract.contract import DIMENSIONS, MEASURES
from portal.figures import pictures
from portal.figures.council.explained import explained
from portal.figures.figure import LONGEST_HEADLINE, Beside, Cell, Figure, RichText, Short, Table
from portal.figures.gaps import absent, gaps
from portal.figures.people import (
    Divided,
    dimension_of,
    drawn_periods,
    finding,
    holds,
    leading,
    now,
    read_all,
    tile,
    whom,
)
from portal.figures.spans import Span, beside, newest, opened
from portal.figures.view import (
    TextParts,
    View,
    capital,
    cell,
    label,
    percent,
    responses_in_words,
    say,
    say_count,
    sentences,
    stopped,
    text,
)
from portal.language import t

EQUITY = ("equity.age", "equity.race_ethnicity", "equity.gender", "equity.language", "equity.housing")
FIGURE = "equity.people"
UNKNOWN = "not_recorded"
NAMED = 3  # groups that the headline names


def _to(measure: str, block: str, count: float | None) -> TextParts:
    """A leading group behind the first: "34 to a White person"."""
    person = whom(measure, block)
    return say("{n} to {whom}", n=cell(count), whom=person) if person else say(
        "{what}: {number}", what=label(dimension_of(measure).id, block), number=cell(count))


def _joined(found: dict[str, Divided], total: float) -> RichText:
    """The leading groups of the kinds that have this total, as many as a headline holds: "48 of 86 responses were to
    someone under 45, 34 to a White person, 39 to a woman".
    """
    (measure, first), *rest = [pair for pair in found.items() if pair[1].total == total][:NAMED]
    more = [_to(measure_, *leading(measure_, divided)[:2]) for measure_, divided in rest]
    candidates = (finding(measure, first, *more[:named]) for named in range(len(more), -1, -1))
    return next((text_ for text_ in candidates if len(text_.plain) <= LONGEST_HEADLINE), finding(measure, first))


def people(view: View) -> Figure:
    """The people that the team met, by age, race and ethnicity, gender, language and housing, in one figure."""
    title = t("Who are the people the team meets?")
    found = {measure: read for measure in EQUITY if (read := read_all(view, measure))}
    if not found:
        return absent(view, EQUITY[0], *EQUITY, figure=FIGURE, question=title)
    first = {measure: read[0] for measure, read in found.items()}
    base, head = next(iter(first.items()))
    headline = _joined(first, head.total)
    rows = (*_beside(view, base, found),
            Beside(t("A group that is not here"), text(t(
                "The team did not meet these people, or did not write it down, or the group is too small to show. The"
                " numbers cannot tell which."))),
            Beside(t("Not shares of residents"), text(t(
                "No share of the people who live here is shown beside these, because none is confirmed."))))
    answers = tuple(answer for read in found.values() for divided in read for answer in divided.answers)
    kinds = [pictures.Grouping(t(dimension_of(measure).label), measure, drawn_periods(view, read),
                               "" if read[0].span.id == head.span.id
                               else RichText(responses_in_words(read[0].total)).plain)
             for measure, read in found.items()]
    return Figure(
        FIGURE, title, _all(first), _table(title, found), gaps(view, *EQUITY), (
            t("It is what the person said, or what the team saw and wrote down."),
            t("A person the team met twice counts twice.")), view.line(head.span.words),
        view.provenance(base, *answers), pictures.by_kind(kinds, view.note),
        Short(t("Who is served?"), RichText(say("{part} of {whole}", part=cell(leading(base, head)[1]),
                                           whole=cell(head.total))),
              tile(base, head, ()).rest, now(rows)),
        headline=headline, sub=opened(head.span, text(t(
            "Each strip is all responses. A bracket holds groups put together to protect people; hatching says that"
            " “not recorded” is among them."))),
        beside=rows)


def _beside(view: View, base: str, found: dict[str, tuple[Divided, ...]]) -> tuple[Beside, ...]:
    """The same groups in the newest periods."""
    def newest_finding(span: Span) -> tuple[RichText, RichText] | None:
        then = {measure: divided for measure, read in found.items() for divided in read if divided.span.id == span.id}
        blocks = {measure: leading(measure, found[measure][0])[0] for measure in then}
        counts = {measure: divided.count(measure, holds(measure, blocks[measure]))
                  for measure, divided in then.items()}
        if counts.get(base) is None:
            return None
        first, more = whom(base, blocks[base]), tuple(
            part for measure, count in counts.items() if measure != base and count is not None
            for part in (", ", *_to(measure, blocks[measure], count)))
        words = say("were to {whom}{more}.", whom=first, more=more) if first else stopped(
            label(dimension_of(base).id, blocks[base]), more)
        part_of_whole = say("{part} of {whole}", part=cell(counts[base]), whole=cell(then[base].total))
        return RichText(part_of_whole), RichText(words)
    return beside(view, base, newest_finding)


def _all(first: dict[str, Divided]) -> RichText:
    """Every group of every kind."""
    statements: list[TextParts] = []
    for measure, divided in first.items():
        statements.append(say_count("{when}, {what}: {n} response.", "{when}, {what}: {n} responses.", divided.total,
                                    when=divided.span.opening, what=t(dimension_of(measure).label)))
        statements += [say("{what}: {number}.", what=label(dimension_of(measure).id, row[0]),
                     number=(cell(row[1]), *percent(row[2]))) for row in divided.rows]
    return sentences(*statements)


def _table(title: str, found: dict[str, tuple[Divided, ...]]) -> Table:
    """A row a group, a column a time; a kind that is shown for other times has its own in words."""
    spans = list(dict.fromkeys(divided.span for read in found.values() for divided in read))
    rows: list[tuple[Cell, ...]] = []
    for measure, read in found.items():
        by_span = {divided.span: divided for divided in read}
        rows += [(Cell(label(dimension_of(measure).id, block)), *(
            cell(by_span[span].count(measure, holds(measure, block)) if span in by_span else None) for span in spans))
            for block in dict.fromkeys(row[0] for divided in read for row in divided.rows)]
    return Table(title, (t("Responses"), *(capital(span.words) for span in spans)), tuple(rows))


def missing(view: View) -> Figure:
    """What is not recorded about the people, kind by kind: a number, inside which group, or why not shown."""
    title = t("What is not known about the people?")
    rows: list[tuple[Cell, ...]] = []
    parts: list[TextParts] = []
    answers = []
    for measure in EQUITY:
        dimension, found = DIMENSIONS[MEASURES[measure].dimension], read_all(view, measure)
        if not found:
            continue
        divided, name = found[0], t(dimension.label)
        answers += list(divided.answers)
        alone = next((row for row in divided.rows if row[0] == UNKNOWN), None)
        group = next((row[0] for row in divided.rows if UNKNOWN in holds(measure, row[0])), "")
        if alone:
            parts.append(say("{what}: {number}.", what=name, number=(
                *say_count("not recorded in {n} response of {total}", "not recorded in {n} responses of {total}",
                           alone[1], total=cell(divided.total)), *percent(alone[2]))))
            rows.append((Cell(name), cell(alone[1]), cell(alone[2])))
        elif group:
            within = t("not shown alone, inside “{group}”", group=label(dimension.id, group))
            parts.append(say("{what}: {number}.", what=name, number=within))
            rows.append((Cell(name), Cell(within), Cell(t("not shown"))))
    if not rows:
        return absent(view, EQUITY[0], *EQUITY, figure="equity.missing", question=title)
    table = Table(t("What is not recorded about the people"),
                  (t("About the person"), t("Responses without it"), t("Percent")), tuple(rows))
    return Figure("equity.missing", title, sentences(*parts), table, gaps(view, *EQUITY), (),
                  view.line(_when(view)), explained(
                      view, t("Responses whose record does not hold a fact about the person."),
                      t("If much is missing, the other numbers say little."),
                      t("Where it would point to a person, it is inside a larger group, whose name says so."), "",
                      *answers), headline=RichText(parts[0][:-1]))


def _when(view: View) -> str:
    span = newest(view, EQUITY[0])
    return span.words if span else t("no period")
