"""What every figure promises: an answer that reads right whatever the numbers are, and numbers that SQL gives."""

import re
import shutil
from contextlib import closing
from functools import cache
from pathlib import Path
from sqlite3 import connect

import pytest

from portal.contract.contract import MEASURES
from portal.figures import FIGURES, build, choices
from portal.figures.figure import LONGEST_HEADLINE, Cell, Figure, RichText
from portal.figures.gaps import gaps
from portal.figures.view import View, cell, percent, responses_in_words
from portal.language import LANGUAGES, override_language
from portal.release.store import DATABASE, Release, current_id
from tests.publish import made

ZOO = ["shipped 2026-Q2", "shipped 2027-Q1", "shipped 2027-Q3", "one response", "no response", "one call", "many",
       "all shown", "little collected", "break", "nothing of the team"]


@cache
def all_figures(release: Release) -> tuple[Figure, ...]:
    """Every figure for the newest and the oldest quarter that can be chosen."""
    periods = [period for period, _ in choices(release)]
    ends = dict.fromkeys((periods[0], periods[-1]))
    return tuple(build(release, figure_id, period) for figure_id in FIGURES for period in ends)


@cache
def by_hand(release: Release, sql: str) -> tuple[tuple[object, ...], ...]:
    """What the downloaded file gives for a statement, without the portal."""
    with closing(connect(f"file:{release.folder / DATABASE}?mode=ro&immutable=1", uri=True)) as database:
        return tuple(database.execute(sql).fetchall())


def texts(figure: Figure) -> list[RichText]:
    short = [figure.short.number, figure.short.rest] if figure.short else []
    beside = [part for row in figure.beside for part in (row.number, row.words) if part]
    return [figure.answer, figure.headline, figure.sub, *short, *beside]


def numbers(figure: Figure) -> list[float]:
    """All numbers that a reader sees."""
    cells = [value for row in figure.table.rows for value in row] if figure.table else []
    return [cell_.value for cell_ in cells if cell_.value is not None] + [
        n for text in texts(figure) for n in text.numbers
    ]


@pytest.mark.parametrize("name", ZOO)
def test_every_number_is_in_the_rows_of_a_statement_that_anybody_can_run(name: str, zoo: dict[str, Release]) -> None:
    release = zoo[name]
    for figure in all_figures(release):
        given = set()
        for asked in figure.provenance.queries:
            rows = by_hand(release, asked.sql)
            assert rows == asked.rows, figure.id
            given |= {float(value) for row in rows for value in row if isinstance(value, int | float)}
        assert [(figure.id, number) for number in numbers(figure) if number not in given] == []


@pytest.mark.parametrize("name", ZOO)
def test_every_figure_answers_in_a_sentence(name: str, zoo: dict[str, Release]) -> None:
    for figure in all_figures(zoo[name]):
        answer, headline = figure.answer.plain, figure.headline.plain
        assert figure.title.endswith("?"), figure.id
        assert 0 < len(headline) <= LONGEST_HEADLINE and headline[-1] not in ".:,", (figure.id, headline)
        assert answer[0].isupper() and answer.endswith("."), (figure.id, answer)
        for text in texts(figure):
            for wrong in ("None", "nan", "  ", "..", " .", " ,", "{", "_"):
                assert wrong not in text.plain, (figure.id, text.plain)
            for wrong in (" 1 calls", " 1 crisis calls", " 1 responses", " 1 minutes", " 1 hours"):
                assert wrong not in f" {text.plain}", (figure.id, text.plain)
        rows, headers = (figure.table.rows, figure.table.headers) if figure.table else ((), ())
        assert {len(row) for row in rows} <= {len(headers)}, figure.id
        assert figure.provenance.release_id == zoo[name].id, figure.id
        assert figure.provenance.definition and figure.provenance.sha256, figure.id


def test_made_up_numbers_say_so_first(zoo: dict[str, Release]) -> None:
    for name, words in (("shipped 2027-Q3", "Made-up data · release 2027-Q3 · "),
                        ("many", "Preliminary data · release 2026-Q4 · ")):
        assert [figure.id for figure in all_figures(zoo[name]) if not figure.period.startswith(words)] == []


def test_every_measure_has_a_figure() -> None:
    assert set(MEASURES) <= set(FIGURES)


def test_since_the_start_is_the_default_and_an_unknown_period_gives_it(zoo: dict[str, Release]) -> None:
    release = zoo["shipped 2027-Q3"]
    assert choices(release)[:2] == (("start", "Since the start, newest beside it"),
                                    ("2027-Q3", "July to September 2027"))
    assert len(choices(release)) == 7
    for unknown in (None, "2031", "../../etc", "", "start"):
        figure = build(release, "response.met", unknown)
        assert figure.sub.plain.startswith("Since the start.")
        assert [(row.when, row.newest) for row in figure.beside] == [
            ("July to September 2027", True), ("April to June 2027", False)]
    chosen = build(release, "response.met", "2027-Q2")
    assert chosen.sub.plain.startswith("From April to June 2027.")
    assert [(row.when, row.newest) for row in chosen.beside] == [("January to March 2027", False)]
    with pytest.raises(KeyError):
        build(release, "no.such")


@pytest.mark.parametrize(("value", "said"), [
    (0, "0 responses"), (1, "1 response"), (2, "2 responses"), (1234, "1,234 responses")])
def test_a_count_has_its_noun(value: float, said: str) -> None:
    assert RichText(responses_in_words(value)).plain == said


def test_halves_are_rounded_up_and_whole_hours_have_no_decimals() -> None:
    assert [cell(value).text for value in (0.5, 1.5, 2.5, 66.6666)] == ["1", "2", "3", "67"]
    assert [cell(value, 1).text for value in (101.0, 101.25, 0.04)] == ["101", "101.3", "0"]
    assert cell(None) == Cell("not shown")
    assert RichText(percent(None)).plain == ""


@pytest.mark.parametrize(("name", "measure", "said"), [
    ("many", "demand.eligible", r"^Since the start\. Met the rule: \d+\. Did not meet it: \d+\.( [^.]+: \d+\.)?$"),
    ("many", "outcome.kind", r"were \d+ responses without an arrest\.( [^.:]+: \d+ \(\d+%\)\.)+$"),
    ("many", "outcome.injury",
     r"were \d+ responses\.( An? [a-z-]+ was hurt in \d+\.){3}( [^.:]+, not recorded: \d+\.)*$"),
])
def test_each_number_of_a_list_has_a_sentence_of_its_own(
        zoo: dict[str, Release], name: str, measure: str, said: str) -> None:
    assert re.search(said, build(zoo[name], measure).answer.plain)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["shipped 2026-Q2", "shipped 2027-Q3", "many", "little collected", "break"])
def test_an_answer_reads_as_sentences_in_every_language(name: str, language: str, zoo: dict[str, Release]) -> None:
    """One colon a sentence, and behind it no capital where the language has none there."""
    found = []
    with override_language(language):
        for figure_id in FIGURES:
            said = build(zoo[name], figure_id).answer.plain
            found += [part for part in re.split(r"(?<=[.।?!]) ", said) if part.count(": ") > 1]
            if language in ("es", "pt-BR"):
                found += re.findall(r": (?!2\d{3}-Q)[A-ZÁÉÍÓÚÂÊÔ]\w+", said)
    assert found == []


@pytest.mark.parametrize(("measure", "kind", "words"), [
    ("care.referral", "open", ("A period is shown when it has 40 responses, so that nobody can be picked out."
                              " 24 of 40 responses are in.")),
    ("equity.language", "privacy", ("To protect privacy: a group in it is too small to show."
                                   " More responses of each kind in a period.")),
    ("equity.housing", "privacy", ("To protect privacy: a group in it is too small to show."
                                  " Nothing: that period is closed. Later periods may be shown.")),
    ("outcome.contact", "privacy", ("A group has fewer than 11 responses. It is inside a larger one whose name says so."
                                   " 11 responses in each group.")),
    ("outcome.arrest_possible", "open", "To protect privacy, 3 periods are shown together. 2 of 3 periods are in."),
    ("experience.survey", "not-collected", "Nobody has asked them. The City asking. Nothing is collected."),
])
def test_what_is_not_shown_has_its_true_reason_and_what_it_waits_for(
        measure: str, kind: str, words: str, zoo: dict[str, Release]) -> None:
    found = gaps(View(zoo["shipped 2027-Q3"], "2027-Q3"), measure)
    assert (kind, words) in [(row.kind, f"{row.why} {row.waits_for}") for row in found]


@pytest.mark.parametrize("name", ZOO)
def test_a_figure_without_a_number_is_a_row_among_what_is_not_shown(name: str, zoo: dict[str, Release]) -> None:
    for figure in all_figures(zoo[name]):
        if not figure.shown and not figure.id.endswith(".answer"):
            assert figure.gaps and not figure.chart, (figure.id, figure.headline.plain)
        assert all(gap.what and gap.why.endswith(".") and gap.waits_for.endswith(".") for gap in figure.gaps), figure.id


@pytest.mark.parametrize(("name", "figure_id", "finding"), [
    ("shipped 2027-Q3", "demand.received", "2,038 crisis calls, about 113 a month"),
    ("shipped 2027-Q3", "response.met", "The team went to 110 of 153 calls that met the rule while on duty (72%)"),
    ("shipped 2027-Q3", "service.coverage", "On duty 4% of the time; nine in ten calls had no team to send"),
    ("shipped 2027-Q3", "service.reach", "Nearly nine in ten calls came while no team was on duty"),
    ("shipped 2027-Q3", "response.minutes", "Half the time the team arrived within 18 minutes"),
    ("shipped 2027-Q3", "outcome.conduct", "One arrest, two uses of force in 86 responses"),
    ("shipped 2027-Q3", "outcome.injury", "A resident was hurt in 2 of 86 responses, an officer in 2"),
    ("shipped 2027-Q3", "outcome.kind", "39 of 85 ended in care, hospital or a hold; they cannot be told apart"),
    ("shipped 2027-Q3", "care.referral_detail", "41 of 86 accepted a referral, 17 kept a first visit"),
    ("shipped 2027-Q3", "care.repeat", "28 of 86 were to a person seen before"),
    ("shipped 2027-Q3", "equity.people", ("48 of 86 responses were to someone under 45, 34 to a White person, 39 to a"
                                          " woman")),
    ("shipped 2027-Q3", "change.service", "No clear change: chance alone could explain all three"),
    ("shipped 2027-Q3", "experience.survey", "Nobody has asked them"),
    ("shipped 2026-Q2", "outcome.conduct", ("A period is shown when it has 40 responses, so that nobody can be picked"
                                           " out")),
])
def test_a_headline_says_the_finding_by_the_status_of_its_cells(
        name: str, figure_id: str, finding: str, zoo: dict[str, Release]) -> None:
    assert build(zoo[name], figure_id).headline.plain == finding


def test_a_true_zero_is_as_loud_as_any_number(zoo: dict[str, Release]) -> None:
    figure = build(zoo["shipped 2027-Q3"], "outcome.conduct", "2027-Q2")
    assert figure.headline.plain == "No arrest, no use of force in 43 responses"
    arrests = build(zoo["shipped 2027-Q3"], "outcome.arrest", "2027-Q2")
    assert arrests.answer.plain == "From January to June 2027, 0 of 43 responses ended in an arrest."


@pytest.mark.parametrize(("name", "note"), [
    ("all shown", ("When an arrest was possible, since the start: In 0 an arrest was made, in 125 none. No arrest does"
                   " not mean that an arrest was avoided.")),
    ("shipped 2027-Q3", "What it does not say: No arrest does not mean that an arrest was avoided."),
    ("arrests alone", ("What it does not say: No arrest does not mean that an arrest was avoided. The records do not"
                       " say whether one was possible.")),
])
def test_beside_the_arrests_it_is_stated_when_one_was_possible(name: str, note: str, zoo: dict[str, Release]) -> None:
    last = build(zoo[name], "outcome.conduct").beside[-1]
    assert f"{last.when}: {last.words.plain}" == note


@pytest.mark.parametrize(("name", "figure_id", "finding"), [
    ("no response", "response.unmet_reason", "No call that met the rule came while no team was on duty"),
    ("no response", "service.coverage", "On duty 17% of the time; no call came while it was off duty"),
    ("no response", "quality.missing", "Every call’s record says when the first unit was sent"),
    ("one call", "demand.received", "1 crisis call"),
    ("many", "care.referral", "In 35 of 130 a referral was offered and not accepted"),
    ("little collected", "demand.by_type", "90 of 180 calls were about mental health or substance use"),
    ("shipped 2026-Q2", "promise.punctual", "1 of 1 release came out on time"),
])
def test_none_one_and_a_group_of_its_own_are_stated_in_words(
        name: str, figure_id: str, finding: str, zoo: dict[str, Release]) -> None:
    assert build(zoo[name], figure_id).headline.plain == finding


@pytest.mark.parametrize(("language", "conduct", "people"), [
    ("es", "Un arresto, dos usos de la fuerza en 86 intervenciones",
     "48 de 86 fueron con alguien menor de 45, 34 con una persona blanca, 39 con una mujer"),
    ("pt-BR", "Um caso de prisão, dois usos da força em 86 atendimentos",
     "48 de 86 foram a alguém com menos de 45 anos, 34 a uma pessoa branca, 39 a uma mulher"),
    ("ht", "Yon arestasyon, de fwa yo te sèvi ak fòs nan 86 entèvansyon",
     "48 sou 86 te pou yon moun ki poko gen 45 an, 34 pou yon moun blan, 39 pou yon fanm"),
    ("ne", "86 प्रतिकार्यमा एक पक्राउ, दुई पटक बल प्रयोग",
     "86 प्रतिकार्यमध्ये 48 मा 45 वर्षमुनिका व्यक्ति, 34 मा श्वेत व्यक्ति, 39 मा महिला थिए"),
])
def test_a_headline_has_the_word_order_of_its_language(
        language: str, conduct: str, people: str, zoo: dict[str, Release]) -> None:
    with override_language(language):
        assert build(zoo["shipped 2027-Q3"], "outcome.conduct").headline.plain == conduct
        assert build(zoo["shipped 2027-Q3"], "equity.people").headline.plain == people


def test_a_sentence_of_nepali_ends_as_nepali_does(zoo: dict[str, Release]) -> None:
    with override_language("ne"):
        said = [text.plain for figure_id in FIGURES for text in texts(build(zoo["shipped 2027-Q3"], figure_id))]
    assert not [sentence for sentence in said if re.search(r"[\u0900-\u097f]\.( |$)", sentence)]


@pytest.mark.parametrize(("figure_id", "what"), [
    ("response.met", "Who came when the team did not"), ("response.minutes", "Officers’ time to the scene"),
    ("outcome.kind", "Rides to a hospital")])
def test_what_no_release_counts_is_stated_beside_what_it_does(
        figure_id: str, what: str, zoo: dict[str, Release]) -> None:
    assert what in [gap.what for gap in build(zoo["shipped 2027-Q3"], figure_id).gaps]
    assert what not in [gap.what for gap in build(zoo["nothing of the team"], figure_id).gaps]


def test_off_duty_is_never_among_what_the_team_did_not_go_to(zoo: dict[str, Release]) -> None:
    figure = build(zoo["shipped 2027-Q3"], "response.met")
    assert figure.chart is not None
    assert "team busy on another call: 32" in figure.chart.alt
    assert "off duty" not in figure.chart.alt


def test_a_total_that_one_period_makes_says_so(zoo: dict[str, Release]) -> None:
    """One of two closed periods failed: the total since the start is the other, and is named by it."""
    figure = build(zoo["shipped 2027-Q3"], "equity.housing")
    assert figure.sub.plain == "From January to June 2027, the only period shown."
    assert figure.headline.plain == "27 of 43 responses were to someone with housing"


def test_a_chosen_quarter_that_waits_gives_the_newest_period_shown(zoo: dict[str, Release]) -> None:
    figure = build(zoo["shipped 2027-Q3"], "care.referral", "2027-Q3")
    assert figure.sub.plain == "From January to June 2027, the newest period shown then."
    assert build(zoo["shipped 2027-Q3"], "care.referral", "2026-Q3").sub.plain == "From April to December 2026."


def test_what_a_source_does_not_collect_is_stated(zoo: dict[str, Release]) -> None:
    release = zoo["little collected"]
    for figure_id in ("outcome.kind", "equity.age", "response.time_to_scene", "hours.staffed", "outcome.arrest"):
        figure = build(release, figure_id)
        assert [gap.kind for gap in figure.gaps] == ["not-collected"], figure_id
        assert figure.headline.plain == "The City’s records do not hold it" and not figure.shown
    said = build(release, "response.met").answer.plain
    assert "It is not shown which calls met the rule while it was on duty." in said


def test_a_survey_is_shown_with_its_response_rate(zoo: dict[str, Release], tmp_path: Path) -> None:
    """No mapping can give a survey yet: it is written into a copy of a release here."""
    folder = tmp_path / "2027-Q3"
    shutil.copytree(zoo["shipped 2027-Q3"].folder, folder)
    (folder / DATABASE).chmod(0o644)
    with closing(connect(folder / DATABASE)) as database, database:
        run = "run-2027-Q1-to-2027-Q2"
        database.execute("UPDATE states SET period_id = ?, status = 'published' WHERE table_id = 'experience.survey'",
                         (run,))
        for measure, value in (("asked", 40), ("answers", 14)):
            database.execute("UPDATE cells SET period_id = ?, status = 'published', value = ? WHERE "
                             "table_id = 'experience.survey' AND measure_id = ?", (run, value, measure))
    release = Release(folder)
    figure = build(release, "experience.survey", "2027-Q2")
    assert "14 of 40 people who were asked answered (35%)." in figure.answer.plain
    assert figure.table and [row[1].text for row in figure.table.rows] == ["40", "14", "35"]


def test_a_partial_period_has_a_caveat(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("quiet")
    end = made.quarter_ends(1)[0]
    made.publish(made.extract(made.rows((12,)), last=end, quiet=[made.FIRST.replace(day=9)]), end, folder)
    figure = build(Release(folder / current_id(folder)), "demand.received")
    assert any(caveat.startswith("Partial: ") for caveat in figure.caveats)




def test_a_break_in_the_series_is_named_wherever_it_matters(zoo: dict[str, Release]) -> None:
    release = zoo["break"]
    calls, ages, hours = (build(release, name) for name in ("demand.received", "equity.age", "hours.staffed"))
    assert calls.caveats[-1] == ("Break in the series on August 15, 2026: new call types. "
                                 "Numbers before and after can't be compared.")
    assert ages.caveats[-1].startswith("Break in the series on September 1, 2026: new form.")
    assert not any("Break" in caveat for caveat in hours.caveats)
