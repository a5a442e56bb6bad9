"""Is it changing? One comparison at 99%, "too early" before there is a year to compare with, and no other verdict."""

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from altair.utils.schemapi import debug_mode

from portal.figures import FIGURES, build, choices
from portal.figures.charts.style import style
from portal.figures.council.changing import higher, more
from portal.figures.explore import catalogue
from portal.language import LANGUAGES, override_language
from portal.release.periods import quarter_of
from portal.release.store import Release, current_id
from tests.publish import made

CHANGES = ("change.service", "change.outcomes", "change.all")
CHANGED = re.compile(r"\d% (?:more|fewer)|\d points (?:higher|lower)")
JUDGING = re.compile(r"\b(?:better|worse|good|bad|improv\w+|success\w*)\b|[▲▼△▽↑↓⬆⬇↗↘]", re.IGNORECASE)


def row(release: Release, name: str, period: str | None = None) -> list[str]:
    """A row of the table, by how it begins."""
    table = build(release, "change.service", period).table
    assert table
    return next([cell.text for cell in cells] for cells in table.rows if cells[0].text.startswith(name))


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """Nine quarters, with more responses from the fifth on, and arrests in these alone."""
    folder = tmp_path_factory.mktemp("long")
    counts = (45, 45, 45, 45, 60, 60, 60, 60, 60)
    rows = made.rows(counts, others=60)
    for call in [call for call in rows if call["answered_by"] == "team"][-300::3]:
        call["arrest"] = True
    ends = made.quarter_ends(len(counts))
    made.publish(made.extract(rows, last=ends[-1], duty=made.roster(made.FIRST, ends[-1])), ends[-1], folder)
    return Release(folder / current_id(folder))


def moved(call: dict[str, Any], day: date) -> dict[str, Any]:
    """A call as if it had come on another day."""
    shift = pd.Timestamp(day) - pd.Timestamp(call["received"].date())
    return {name: value + shift if isinstance(value, pd.Timestamp) else value for name, value in call.items()}


@pytest.fixture(scope="module")
def with_gap(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """Six quarters; of the last one all but five days hold no record: all its calls came on these."""
    folder, ends = tmp_path_factory.mktemp("gap"), made.quarter_ends(6)
    last = quarter_of(ends[-1])
    quiet = [last.start + timedelta(at) for at in range(87)]
    rows = [moved(call, last.start + timedelta(87 + at % 5)) if call["received"].date() in quiet else call
            for at, call in enumerate(made.rows((45,) * 6))]
    made.publish(made.extract(rows, last=ends[-1], quiet=quiet, duty=made.roster(made.FIRST, ends[-1])), ends[-1],
                 folder)
    return Release(folder / current_id(folder))


def test_a_time_with_days_without_records_is_compared_with_none(with_gap: Release) -> None:
    figure = build(with_gap, "change.service")
    assert not CHANGED.search(figure.answer.plain)
    assert not figure.chart
    assert "Some days hold no record" in " ".join(gap.waits_for + gap.why for gap in figure.gaps) + figure.answer.plain


def test_a_number_of_a_time_with_gaps_says_so_wherever_it_stands(with_gap: Release) -> None:
    quarter = with_gap.id
    for name in ("demand.received", "response.met", "hours.staffed", "demand.eligible"):
        caveats = " ".join(build(with_gap, name, quarter).caveats)
        assert "Partial: of July to September 2027, 5 of 92 days hold records." in caveats, name
    assert not any("Partial" in caveat for caveat in build(with_gap, "demand.received", "2026-Q4").caveats)
    assert any("Partial" in caveat for caveat in build(with_gap, "outcome.arrest").caveats), "since the start"


def test_a_partial_period_says_its_days_wherever_it_stands(with_gap: Release) -> None:
    partial, quarter = "July to September 2027 (5 of 92 days recorded)", with_gap.id
    chosen = build(with_gap, "demand.received", quarter)
    assert chosen.answer.plain.startswith(f"From {partial}, ")
    assert dict(choices(with_gap))[quarter] == partial
    for name in ("demand.received", "response.met", "hours.staffed", "demand.eligible", "service.reach",
                 "demand.by_type"):
        figure = build(with_gap, name)
        words = [figure.answer.plain, figure.sub.plain, *(note.when for note in figure.beside)]
        words += figure.table.headers if figure.table else ()
        assert "days recorded" in " ".join(words), name
    for entry in catalogue(with_gap):
        for cut in entry["cuts"]:
            names = [row[0] for row in cut["rows"]] if cut["time"] else [period["words"] for period in cut["periods"]]
            assert not any(name.endswith("2027") and name.startswith("July to") for name in names), entry["id"]
            assert not any(quarter in period["beside"] or (period["id"] == quarter and period["beside"])
                           for period in cut.get("periods", ())), "a partial period stands beside none"


def test_a_rate_is_over_the_days_with_records_and_says_how_many(with_gap: Release) -> None:
    partial = build(with_gap, "demand.received", with_gap.id).answer
    calls = partial.numbers[0]
    assert f"That is about {round(calls * 92 / 5 / 3)} a month, over 5 days with records." in partial.plain
    complete = build(with_gap, "demand.received", "2026-Q4").answer.plain
    assert "over 92 days with records." in complete
    by_time = build(with_gap, "demand.by_time", with_gap.id)
    assert by_time.chart is None and "every 100" not in by_time.answer.plain
    assert "5 of 92 days hold records: no rate is given." in by_time.caveats or by_time.table is None
    assert "Some days hold no record" in build(with_gap, "service.more_hours", with_gap.id).answer.plain
    assert "Some days hold no record" in build(with_gap, "change.service").answer.plain


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_days_of_a_partial_period_are_stated_in_every_language(language: str, with_gap: Release) -> None:
    with override_language(language):
        answer = build(with_gap, "demand.received", with_gap.id).answer.plain
    assert "5" in answer and "92" in answer and (language == "en" or "days" not in answer)


def test_the_newest_quarters_are_compared_with_the_same_ones_of_the_first_year(zoo: dict[str, Release]) -> None:
    release = zoo["shipped 2027-Q3"]
    assert row(release, "Crisis calls") == [
        "Crisis calls a day", "773 in 183 days (April to September 2027)",
        "660 in 183 days (the same months of the first year)",
        "17% more (from 2% fewer to 40% more)", "No: chance alone could explain it."]
    answer = build(release, "change.service").answer.plain
    assert answer.startswith(
        "Crisis calls a day, April to September 2027: 17% more than in the same months of the first year (773 in 183 "
        "days after 660 in 183 days). The true change may be from 2% fewer to 40% more, so it is not known whether "
        "there is one.")


def test_before_the_fifth_quarter_it_is_too_early(zoo: dict[str, Release]) -> None:
    for period in ("2026-Q2", "2027-Q1"):
        figure = build(zoo["shipped 2027-Q3"], "change.service", period)
        assert figure.answer.plain == ("It is too early to tell. This can be seen from July 2027 on, when there is a "
                                       "year to compare with.")
        assert [gap.why for gap in figure.gaps] == ["It is too early to tell."] and not figure.shown


def test_runs_wait_for_a_year_of_them(zoo: dict[str, Release], long: Release) -> None:
    early = build(zoo["shipped 2027-Q3"], "change.outcomes")
    assert "whole year of combined periods" in early.answer.plain and early.chart is None
    later = build(long, "change.outcomes")
    assert later.chart is not None and later.table
    arrests = [cell.text for cell in later.table.rows[0]]
    assert arrests[0] == "Arrests, of all responses" and "points higher (from" in arrests[3]
    assert arrests[4] == "Yes: chance alone rarely makes a change this big."
    last = later.beside[-1]
    assert last.when == "When will we know?" and last.words.plain.startswith("Referral accepted:")
    assert last.words.plain in build(long, "change.when_known").answer.plain


def test_a_change_is_called_one_where_its_interval_leaves_out_no_change(long: Release) -> None:
    *_, change, verdict = row(long, "Responses an hour")
    low, high = re.findall(r"(\d+)% (more|fewer)", change)[1:]
    assert (verdict == "No: chance alone could explain it.") == (low[1] != high[1])


def test_a_break_begins_a_new_first_year(zoo: dict[str, Release]) -> None:
    answer = build(zoo["break"], "change.service").gaps[0].waits_for
    assert answer == "It is counted in another way now. This can be seen when there is a year to compare with."


@pytest.mark.parametrize("figure_id", FIGURES)
def test_no_other_figure_says_that_something_changes(figure_id: str, zoo: dict[str, Release]) -> None:
    for release in (zoo["shipped 2027-Q3"], zoo["break"], zoo["one response"]):
        for period, _ in choices(release):
            figure = build(release, figure_id, period)
            words = [figure.title, figure.answer.plain]
            words += [cell.text for cells in (figure.table.rows if figure.table else ()) for cell in cells]
            # Councils ask what success is.
            assert figure_id == "council.questions" or not JUDGING.search(" ".join(words))
            if any(CHANGED.search(word) for word in words):
                assert figure_id in CHANGES
                assert "99%" in figure.provenance.method


@pytest.mark.parametrize("figure_id", FIGURES)
def test_no_drawing_has_an_arrow(figure_id: str, zoo: dict[str, Release]) -> None:
    figure = build(zoo["shipped 2027-Q3"], figure_id)
    with style("light", False), debug_mode(False):
        chart = str(figure.chart.draw().to_dict(validate=False)) if figure.chart else ""
    assert not re.search(r"triangle|arrow|[▲▼△▽↑↓⬆⬇↗↘]", chart)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_comparison_is_stated_in_every_language(language: str, zoo: dict[str, Release], long: Release) -> None:
    with override_language(language):
        for release in (zoo["shipped 2027-Q3"], long, zoo["nothing of the team"]):
            for figure_id in CHANGES:
                answer = build(release, figure_id).answer.plain
                assert "{" not in answer and "  " not in answer and answer[-1] in ".।"
                assert language == "en" or "first year" not in answer


def test_small_differences_are_no_change_in_words() -> None:
    assert (more(1.004), more(0.996), more(2), more(0)) == ("no change", "no change", "100% more", "100% fewer")
    assert (higher(0.004), higher(-0.026), higher(0.5)) == ("no change", "3 points lower", "50 points higher")
    assert (higher(0.01), higher(-0.01)) == ("1 point higher", "1 point lower")


def test_normal_ups_and_downs_are_a_picture_without_a_verdict(zoo: dict[str, Release], tmp_path: Path) -> None:
    figure = build(zoo["shipped 2027-Q3"], "demand.received")
    assert figure.chart and "Normal ups and downs" in figure.chart.alt
    assert "chance" not in figure.answer.plain
    short = build(zoo["many"], "demand.received").chart
    assert short and "Normal ups and downs" in short.alt  # nine months
    broken = build(zoo["break"], "demand.received").chart
    assert broken is None or "Normal ups and downs" not in broken.alt
