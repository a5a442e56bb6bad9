"""How do other programs do? Their figures from content/peers.toml, each with what keeps it from being compared: no
ranking, no average and no chart.
"""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal

from portal.figures.council.explained import explained
from portal.figures.figure import Cell, Figure, Table
from portal.figures.view import View, say, sentences, text
from portal.language import number, span, t
from portal.settings import ROOT

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
    address: str
    first_hand: bool
    seen: date
    qualifier: str = ""
    numerator: float | None = None
    denominator: float | None = None
    discrepancy: str = ""


@cache
def peers() -> tuple[tuple[Program, PeerFigure], ...]:
    """Every figure with its program, in the order of the file. Raises KeyError where its program is not in it."""
    data = tomllib.loads(PEERS.read_text("utf-8"))
    programs = {row["id"]: Program(**row) for row in data["program"]}
    figures = [PeerFigure(**row) for row in data["figure"]]
    return tuple((programs[one.program], one) for one in figures)


def _plain(value: float) -> str:
    return number(value, 0 if value == int(value) else 1)


def printed(one: PeerFigure) -> str:
    """The number as its source prints it, with what it is out of."""
    value = _plain(one.value)
    if one.unit == "percent":
        value = f"{value}%"
    elif one.unit == "dollars_a_year":
        value = t("${number} a year", number=value)
    elif one.unit == "minutes":
        value = t("{number} minutes", number=value)
    said = {"about": t("about {number}", number=value), "nearly": t("nearly {number}", number=value)}.get(
        one.qualifier, value)
    if one.denominator is None:
        return said
    if one.numerator is None:
        return t("{number} of {whole}", number=said, whole=number(one.denominator))
    out_of = t("{part} of {whole}", part=number(one.numerator), whole=number(one.denominator))
    return out_of if one.unit == "calls" else t("{change} ({interval})", change=said, interval=out_of)


def _when(program: Program, one: PeerFigure) -> str:
    """The months it covers, and the program's hours a week."""
    time = one.start if len(one.start) == 4 else span(f"{one.start}-01", f"{one.end}-28")
    if program.hours_a_week is None:
        return t("{period}; hours not known", period=time)
    return t("{period}; {n} hours a week", period=time, n=_plain(program.hours_a_week))


def _row(program: Program, one: PeerFigure) -> tuple[Cell, ...]:
    limits = t(one.may_not_compare) + (f" {t(one.discrepancy)}" if one.discrepancy else "")
    source = one.source if one.first_hand else t("{source}, second hand", source=one.source)
    return (Cell(f"{program.name}, {program.place}"), Cell(t("{what}: {why}", what=t(one.name), why=t(one.definition))),
            Cell(printed(one)), Cell(_when(program, one)), Cell(limits), Cell(source))


def others(view: View) -> Figure:
    """Other programs, near ones first: each number with its time, hours, definition, source and limits."""
    rows = sorted(peers(), key=lambda pair: not pair[0].near)
    programs = dict.fromkeys(program.place for program, _ in rows)
    answer = sentences(
        say("These are {figures} numbers that {programs} other programs have published, near ones first.",
            figures=number(len(rows)), programs=number(len(programs))),
        say("Each counts in its own way, so they can't be ranked or averaged, or compared with ours without the last"
            " columns."),
        say("A program that publishes what went wrong can seem to have more of it than one that publishes nothing."))
    headers = (t("Program"), t("What was counted"), t("Number"), t("When, and its hours"),
               t("Why it may not compare"), t("Source"))
    table = Table(t("Numbers of other programs"), headers, tuple(_row(*pair) for pair in rows))
    sources = dict.fromkeys(f"{one.source}: {one.address}" for _, one in rows)
    return Figure(FIGURE, t("How do other programs do?"), answer, table, (), (), view.line(t("other programs")),
                  explained(view, t("Numbers that other programs, or those who write about them, have published, as"
                                    " printed."), t("Councils ask how other places do."),
                            t("Each program counts in its own way. Nothing was checked with the programs."),
                            t("Sources: {list}.", list="; ".join(sources))),
                  headline=text(t("{programs} other programs have published {figures} numbers",
                                  programs=number(len(programs)), figures=number(len(rows)))))
