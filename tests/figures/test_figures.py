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
from portal.figures.activity import _could
from portal.figures.conduct import _told
from portal.figures.figure import Cell, Figure, Text
from portal.figures.view import calls_in_words, cell, percent, waiting
from portal.language import LANGUAGES, speaking
from portal.release.queries import Answer
from portal.release.store import DATABASE, Release, open_release
from tests.publish import made

ZOO = ["shipped 2026-Q2", "shipped 2027-Q1", "shipped 2027-Q3", "one response", "no response", "one call", "many",
       "little collected", "break", "nothing of the team"]


@cache
def every(release: Release, figure_id: str) -> tuple[Figure, ...]:
    """The figure for the newest and the oldest quarter that can be chosen."""
    periods = [period for period, _ in choices(release)]
    return tuple(build(release, figure_id, period) for period in dict.fromkeys((periods[0], periods[-1])))


@cache
def by_hand(release: Release, sql: str) -> tuple[tuple[object, ...], ...]:
    """What the downloaded file gives for a statement, without the portal."""
    with closing(connect(f"file:{release.folder / DATABASE}?mode=ro&immutable=1", uri=True)) as database:
        return tuple(database.execute(sql).fetchall())


def texts(figure: Figure) -> list[Text]:
    short = [part for part in (figure.short.number, figure.short.rest) if part] if figure.short else []
    return [figure.answer, *short]


def numbers(figure: Figure) -> list[float]:
    """All numbers that a reader sees."""
    cells = [one for row in figure.table.rows for one in row] if figure.table else []
    return [one.value for one in cells if one.value is not None] + [n for one in texts(figure) for n in one.numbers]


@pytest.mark.parametrize("figure_id", FIGURES)
@pytest.mark.parametrize("name", ZOO)
def test_every_number_is_in_the_rows_of_a_statement_that_anybody_can_run(
    name: str, figure_id: str, zoo: dict[str, Release]
) -> None:
    release = zoo[name]
    for figure in every(release, figure_id):
        given = set()
        for asked in figure.provenance.queries:
            rows = by_hand(release, asked.sql)
            assert rows == asked.rows
            given |= {float(value) for row in rows for value in row if isinstance(value, int | float)}
        assert [one for one in numbers(figure) if one not in given] == []


@pytest.mark.parametrize("figure_id", FIGURES)
@pytest.mark.parametrize("name", ZOO)
def test_every_figure_answers_in_a_sentence(name: str, figure_id: str, zoo: dict[str, Release]) -> None:
    for figure in every(zoo[name], figure_id):
        said = figure.answer.plain
        assert figure.title.endswith("?")
        assert said[0].isupper() and said.endswith("."), said
        for text in texts(figure):
            for wrong in ("None", "nan", "  ", "..", " .", " ,", "{", "_"):
                assert wrong not in text.plain, text.plain
            for wrong in (" 1 calls", " 1 crisis calls", " 1 responses", " 1 minutes", " 1 hours"):
                assert wrong not in f" {text.plain}", text.plain
        assert figure.table is None or all(len(row) == len(figure.table.headers) for row in figure.table.rows)
        assert figure.provenance.release_id == zoo[name].id
        assert figure.provenance.definition and figure.provenance.sha256


@pytest.mark.parametrize("figure_id", FIGURES)
def test_made_up_numbers_say_so_first(figure_id: str, zoo: dict[str, Release]) -> None:
    assert build(zoo["shipped 2027-Q3"], figure_id).period.startswith("Made-up data · release 2027-Q3 · ")
    assert build(zoo["many"], figure_id).period.startswith("Preliminary data · release 2026-Q4 · ")


def test_every_measure_has_a_figure() -> None:
    assert set(MEASURES) <= set(FIGURES)


def test_the_newest_quarter_is_the_default_and_an_unknown_one_gives_it(zoo: dict[str, Release]) -> None:
    release = zoo["shipped 2027-Q3"]
    assert choices(release)[0] == ("2027-Q3", "July to September 2027")
    assert len(choices(release)) == 6
    for unknown in (None, "2031", "../../etc", ""):
        assert "July to September 2027" in build(release, "response.met", unknown).answer.plain
    with pytest.raises(KeyError):
        build(release, "no.such")


@pytest.mark.parametrize(("top", "bottom", "share", "said"), [
    (None, None, None, "In May 2027, it is not collected which calls the team could take."),
    (0, 0, None, "In May 2027, there was no call that the team could take while on duty (0 calls)."),
    (0, 1, 0.0, "In May 2027, the team answered 0 of the 1 call it could take while on duty (0%)."),
    (1, 1, 100.0, "In May 2027, the team answered 1 of the 1 call it could take while on duty (100%)."),
    (14, 21, 66.7, "In May 2027, the team answered 14 of the 21 calls it could take while on duty (67%)."),
    (1400, 2100, 66.7, "In May 2027, the team answered 1,400 of the 2,100 calls it could take while on duty (67%)."),
])
def test_a_share_is_said_with_both_its_numbers(
    top: float | None, bottom: float | None, share: float | None, said: str
) -> None:
    assert Text(_could("May 2027", top, bottom, share)).plain == said


@pytest.mark.parametrize(("value", "said"), [(0, "0 calls"), (1, "1 call"), (2, "2 calls"), (1234, "1,234 calls")])
def test_a_count_has_its_noun(value: float, said: str) -> None:
    assert Text(calls_in_words(value)).plain == said


def test_halves_are_rounded_up_and_whole_hours_have_no_decimals() -> None:
    assert [cell(value).text for value in (0.5, 1.5, 2.5, 66.6666)] == ["1", "2", "3", "67"]
    assert [cell(value, 1).text for value in (101.0, 101.25, 0.04)] == ["101", "101.3", "0"]
    assert cell(None) == Cell("not shown")
    assert Text(percent(None)).plain == ""


@pytest.mark.parametrize(("row", "kind", "word"), [
    (None, "not-yet", "Not yet"),
    ({"status": "not_collected", "reason": "not_collected"}, "not-collected", "Not collected"),
    ({"status": "not_due", "reason": "run_open", "have": 27, "need": 40}, "not-yet", "Not yet: 27 of 40 responses"),
    ({"status": "not_due", "reason": "runs_together", "have": 1, "need": 2}, "not-yet", "Not yet: 1 of 2 runs"),
    ({"status": "suppressed", "reason": "privacy"}, "not-shown", "Not shown, to protect privacy"),
    ({"status": "suppressed", "reason": "merged"}, "not-shown", "Not shown, to protect privacy"),
])
def test_a_table_without_a_number_says_why(row: dict[str, object] | None, kind: str, word: str) -> None:
    chip = waiting(row)
    assert (chip.kind, chip.word) == (kind, word)
    assert chip.sentence.endswith(".")


@pytest.mark.parametrize(("arrests", "responses", "said"), [
    (0, 41, "In May 2027, 0 of 41 responses ended in an arrest."),
    (1, 1, "In May 2027, 1 of 1 response ended in an arrest (25%)."),
    (3, 12, "In May 2027, 3 of 12 responses ended in an arrest (25%)."),
])
def test_a_true_zero_is_said_with_what_it_is_out_of(arrests: float, responses: float, said: str) -> None:
    share = Answer("", ("numerator", "denominator", "percent"), ((arrests, responses, 25.0),))
    rows = [("arrests", "", arrests), ("not_recorded", "", 0.0)]
    assert _told("outcome.arrest", "In May 2027", rows, responses, share).plain == said


@pytest.mark.parametrize(("name", "measure", "said"), [
    ("many", "demand.eligible", r"written rule\. Met the rule: \d+\. Did not meet it: \d+\.( [^.]+: \d+\.)?$"),
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
    with speaking(language):
        for figure_id in FIGURES:
            said = build(zoo[name], figure_id).answer.plain
            found += [one for one in re.split(r"(?<=[.।?!]) ", said) if one.count(": ") > 1]
            if language in ("es", "pt-BR"):
                found += re.findall(r": (?!2\d{3}-Q)[A-ZÁÉÍÓÚÂÊÔ]\w+", said)
    assert found == []


def test_off_duty_is_never_among_the_missed(zoo: dict[str, Release]) -> None:
    figure = build(zoo["shipped 2027-Q3"], "response.met")
    assert figure.chart is not None
    drawn = str(figure.chart().to_dict())
    assert "Missed: on another call" in drawn
    assert "ff duty" not in drawn
    assert figure.short is not None and "more came while it was off duty" in figure.short.rest.plain


def test_a_small_share_says_that_it_jumps(zoo: dict[str, Release]) -> None:
    figure = build(zoo["shipped 2027-Q1"], "response.met")
    assert [(chip.kind, chip.word) for chip in figure.chips] == [("too-few", "Too few to say")]
    assert "it will jump about" in figure.chips[0].sentence
    assert figure.short is not None and "it will jump about" in figure.short.rest.plain


def test_the_overview_asks_its_four_questions(zoo: dict[str, Release]) -> None:
    ids = ("demand.received", "response.met", "outcome.kind", "care.referral")
    for release in zoo.values():
        shorts = [build(release, one).short for one in ids]
        assert [one.question for one in shorts if one] == [
            "How is it going?", "How many of the calls it could take?", "What happened then?",
            "Were people connected to care?"]
        assert all(one and (one.number or one.chip) for one in shorts)


def test_what_a_source_does_not_collect_is_said(zoo: dict[str, Release]) -> None:
    release = zoo["little collected"]
    for figure_id in ("outcome.kind", "equity.age", "response.time_to_scene", "hours.staffed", "outcome.arrest"):
        figure = build(release, figure_id)
        assert [chip.word for chip in figure.chips] == ["Not collected"], figure_id
        assert figure.answer.plain.startswith("Not collected. ") and figure.chart is None
    assert "it is not collected which calls the team could take." in build(release, "response.met").answer.plain


def test_a_later_quarter_that_waits_leads_with_that_and_then_the_last_run_shown(zoo: dict[str, Release]) -> None:
    said = build(zoo["shipped 2027-Q3"], "care.referral", "2027-Q3").answer.plain
    assert said.startswith("Not yet for July to September 2027: 24 of 40 responses. In January to June 2027, the last "
                           "time shown, there were ")
    short = build(zoo["shipped 2027-Q3"], "care.referral", "2027-Q3").short
    assert short and short.chip and short.before == "Last shown, January to June 2027:"
    early = build(zoo["shipped 2027-Q3"], "care.referral", "2026-Q3")
    assert early.short and early.short.before == "" and "April to December 2026" in early.short.rest.plain
    assert early.answer.plain.startswith("In April to December 2026, there were ")
    assert {chip.kind for chip in early.chips} <= {"too-few"}


def test_without_a_survey_both_numbers_and_the_response_rate_are_said_to_be_not_collected(
        zoo: dict[str, Release]) -> None:
    figure = build(zoo["shipped 2027-Q3"], "experience.survey")
    assert figure.answer.plain.startswith("Not collected. ") and "there is no response rate" in figure.answer.plain
    assert figure.table and [[one.text for one in row] for row in figure.table.rows] == [
        ["People asked", "Not collected"], ["People who answered", "Not collected"],
        ["Response rate (percent)", "Not collected"]]


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
    assert [chip.kind for chip in figure.chips] == ["too-few"]


def test_a_partial_period_has_a_caveat(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("quiet")
    end = made.quarter_ends(1)[0]
    made.publish(made.extract(made.rows((12,)), last=end, quiet=[made.FIRST.replace(day=9)]), end, folder)
    figure = build(open_release(folder), "demand.received")
    assert any(caveat.startswith("Partial: ") for caveat in figure.caveats)




def test_a_break_in_the_series_is_marked_on_the_chart_and_said_of_what_it_touches(zoo: dict[str, Release]) -> None:
    release = zoo["break"]
    calls, ages, hours = (build(release, one) for one in ("demand.received", "equity.age", "hours.staffed"))
    assert calls.caveats[-1] == ("Break in the series on August 15, 2026: new call types. "
                                 "Numbers before and after can't be compared.")
    assert ages.caveats[-1].startswith("Break in the series on September 1, 2026: new form.")
    assert not any("Break" in one for one in hours.caveats)
    assert calls.chart is not None
    assert "Break: new call types" in str(calls.chart().to_dict())
