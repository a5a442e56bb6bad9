"""How do other programs do? Their figures from content/peers.toml, each with what keeps it from being compared: no
ranking, no average and no chart.
"""

import tomllib
from dataclasses import dataclass
from datetime import date
from typing import Literal

from portal.figures.council.explained import explained
from portal.figures.figure import Cell, Figure, Table
from portal.figures.view import View, say, sentences, text
from portal.language import number, span, t
from portal.settings import ROOT
from portal.shipped import shipped

FIGURE = "others.programs"
PEERS = ROOT / "content" / "peers.toml"
Unit = Literal["percent", "calls", "minutes", "dollars_a_year"]


@dataclass(frozen=True)
class Program:
    """A program elsewhere; `near`: in Massachusetts, or co-response in a place of like size."""

    id: str
    name: str
    place: str
    near: bool
    hours_a_week: float | None = None


@dataclass(frozen=True)
class PeerFigure:
    """One number that a program, or somebody who writes about it, has published, as content/peers.toml explains."""

    id: str
    program: str
    measure: str
    name: str
    value: float
    unit: Unit
    start: str
    end: str
    definition: str
    may_not_compare: str
    source: str
    url: str
    first_hand: bool
    seen: date
    qualifier: str = ""
    numerator: float | None = None
    denominator: float | None = None
    discrepancy: str = ""


@shipped
def peers() -> tuple[tuple[Program, PeerFigure], ...]:
    """Every figure with its program, in the order of the file. Raises KeyError where its program is not in it."""
    data = tomllib.loads(PEERS.read_text("utf-8"))
    programs = {row["id"]: Program(**row) for row in data["program"]}
    figures = [PeerFigure(**row) for row in data["figure"]]
    return tuple((programs[figure.program], figure) for figure in figures)


def _plain(value: float) -> str:
    """A number with one decimal where it has any."""
    return number(value, 0 if value == int(value) else 1)


def printed(peer_figure: PeerFigure) -> str:
    """The number as its source prints it, with what it is out of."""
    value = _plain(peer_figure.value)
    if peer_figure.unit == "percent":
        value = f"{value}%"
    elif peer_figure.unit == "dollars_a_year":
        value = t("${number} a year", number=value)
    elif peer_figure.unit == "minutes":
        value = t("{number} minutes", number=value)
    qualified = {"about": t("about {number}", number=value), "nearly": t("nearly {number}", number=value)}.get(
        peer_figure.qualifier, value)
    if peer_figure.denominator is None:
        return qualified
    if peer_figure.numerator is None:
        return t("{number} of {whole}", number=qualified, whole=number(peer_figure.denominator))
    out_of = t("{part} of {whole}", part=number(peer_figure.numerator), whole=number(peer_figure.denominator))
    return out_of if peer_figure.unit == "calls" else t("{change} ({interval})", change=qualified, interval=out_of)


def _when(program: Program, peer_figure: PeerFigure) -> str:
    """The months it covers, and the program's hours a week."""
    months = f"{peer_figure.start}-01", f"{peer_figure.end}-28"
    time = peer_figure.start if len(peer_figure.start) == 4 else span(*months)
    if program.hours_a_week is None:
        return t("{period}; hours not known", period=time)
    return t("{period}; {n} hours a week", period=time, n=_plain(program.hours_a_week))


def _named(program: Program) -> str:
    """The program and its place, and whether it is of another kind or size than the pilot."""
    named = f"{program.name}, {program.place}"
    return named if program.near else t("{program}; of another kind or size", program=named)


def _row(program: Program, peer_figure: PeerFigure) -> tuple[Cell, ...]:
    """The table's row of a number."""
    limits = t(peer_figure.may_not_compare) + (f" {t(peer_figure.discrepancy)}" if peer_figure.discrepancy else "")
    source = peer_figure.source if peer_figure.first_hand else t("{source}, second hand", source=peer_figure.source)
    return (
        Cell(_named(program)),
        Cell(t("{what}: {why}", what=t(peer_figure.name), why=t(peer_figure.definition))),
        Cell(printed(peer_figure)),
        Cell(_when(program, peer_figure)),
        Cell(limits),
        Cell(source),
    )


def other_programs(view: View) -> Figure:
    """Other programs, near ones first: each number with its time, hours, definition, source and limits."""
    rows = sorted(peers(), key=lambda pair: not pair[0].near)
    programs = dict.fromkeys(program.place for program, _ in rows)
    answer = sentences(
        say("These are {figures} numbers that {programs} other programs have published, near ones first.",
            figures=number(len(rows)), programs=number(len(programs))),
        say("Each counts in its own way, so they can't be ranked or averaged. Beside each stands why it may not compare"
            " with ours."),
        say("A program that publishes what went wrong can seem to have more of it than one that publishes nothing."))
    headers = (t("Program"), t("What was counted"), t("Number"), t("When, and its hours"),
               t("Why it may not compare"), t("Source"))
    table = Table(t("Numbers of other programs"), headers, tuple(_row(*pair) for pair in rows))
    sources = dict.fromkeys(f"{peer_figure.source}: {peer_figure.url}" for _, peer_figure in rows)
    return Figure(FIGURE, t("How do other programs do?"), answer, table, (), (), view.line(t("other programs")),
                  explained(view, t("Numbers that other programs, or those who write about them, have published, as"
                                    " printed."), t("Councils ask how other places do."),
                            t("Each program counts in its own way. Nothing was checked with the programs."),
                            t("Sources: {list}.", list=" · ".join(sources))),
                  headline=text(t("{programs} other programs have published {figures} numbers",
                                  programs=number(len(programs)), figures=number(len(rows)))))
