"""Each kind of chart at any size: no mark for what is missing, all numbers in words, nothing over anything else."""

import pytest

from portal.figures.charts.bars import bars
from portal.figures.charts.changes import ChangeRow, changes
from portal.figures.charts.chart import Chart, Portion
from portal.figures.charts.divided import DividedPeriod, Division, divided
from portal.figures.charts.events import EventRun, events
from portal.figures.charts.funnel import FunnelStep, funnel
from portal.figures.charts.months import Event, Month, months
from portal.figures.charts.strips import Whole, strips
from portal.figures.charts.waffle import waffle
from portal.figures.statistics import xmr
from portal.palette import darkened
from tests.figures.charts.drawn import drawn, missing_numbers

NOTE = "Made-up data"
CALLS = (105, 82, 112, 140, 118, 96, 110, 101, 85, 97, 97, 110, 128, 129, 118, 135, 148, 115)
# What became of the calls that met the rule: went to, on duty and did not go, off duty. Made up, at the volumes of a
# new pilot, of one ten and fifty times as large, and of cities where the team is nearly always on duty.
VOLUMES = [(24, 9, 254), (2, 1, 5), (0, 0, 7), (1, 0, 0), (110, 43, 1307), (1100, 430, 13070), (5500, 2150, 65350),
           (6700, 120, 0), (3010, 43, 20), (300, 60, 40)]
BOTH = pytest.mark.parametrize("small", [False, True], ids=["wide", "narrow"])


def met(went: int, stayed: int, off_duty: int) -> list[Portion]:
    return [Portion("the team went to", went, "team"), Portion("on duty, did not go", stayed, "absent"),
            Portion("no team was on duty", off_duty, "hollow")]


def series(times: int = 1, length: int = 18, share: float = 0.05) -> list[Month]:
    calls = [CALLS[at % len(CALLS)] * times for at in range(length)]
    return [Month(f"{2026 + at // 12}-{at % 12 + 1:02}-01", one, round(one * share)) for at, one in enumerate(calls)]


def split(words: str, *counts: int) -> DividedPeriod:
    names = ("Settled on the scene, declined help, not found, or not recorded",
             "Care they agreed to, hospital, or a hold (Section 12 or 35)")
    return DividedPeriod(words, tuple(Portion(name, count, merged=True, unrecorded=name == names[0])
                                      for name, count in zip(names, counts, strict=True)))


def ages(scale: int = 1) -> Division:
    rest = "45 and over, or not recorded"
    return Division("Age", (
        DividedPeriod("Since the start", (Portion("Under 25", 17 * scale), Portion("25 to 44", 31 * scale),
                                          Portion(rest, 38 * scale, merged=True, unrecorded=True))),
        DividedPeriod("April to December 2026", (Portion("Under 45", 25 * scale, merged=True),
                                                 Portion(rest, 18 * scale, merged=True, unrecorded=True)))))


def change(value: float, name: str = "Crisis calls a day", *, clear: bool = False) -> ChangeRow:
    return ChangeRow(name, "4.1, now 4.3", f"{value:+.0f}%", f"{value - 14:+.0f} to {value + 16:+.0f}", value - 14,
                     value, value + 16, clear)


def year_of_runs(count: int, responses: int) -> list[EventRun]:
    return [EventRun(f"January to June {2026 + at // 2}", 2026 + at // 2, responses, (at % 2, 0))
            for at in range(count)]


SAMPLES: dict[str, Chart | None] = {
    **{f"waffle {volume}": waffle("Calls that met the rule", met(*volume), NOTE) for volume in VOLUMES},
    **{f"strips {volume}": strips([Whole("All 13,152 hours since the start, day and night", [
        Portion("on duty", 551.5, "team"), Portion("no team on duty", 12600.5, "hollow")], shares=True),
        Whole("Calls that met the rule in those hours", met(*volume))], NOTE) for volume in VOLUMES},
    **{f"events of {count} runs": events(["Arrest", "Co-responder hurt"], year_of_runs(count, 20), NOTE)
       for count in (1, 2, 3, 4, 8)},
    **{f"funnel {scale}": funnel([FunnelStep(86 * scale, "responses"), FunnelStep(
        61 * scale, "offered a referral to care", "not offered, or not recorded"), FunnelStep(
        17 * scale, "kept a first visit within 30 days", "no first visit kept in 30 days")], NOTE)
       for scale in (1, 2, 10, 50)},
    "funnel to none": funnel([FunnelStep(3, "responses"), FunnelStep(0, "accepted it", "did not accept")], NOTE),
    "bars": bars("Calls", [Portion("Mental health", 889), Portion("Conflict or disturbance", 316),
                           Portion("None of these", 0),
                           Portion("A call to 911, or not recorded", 1709, unrecorded=True)], NOTE, shares=True),
    "one bar": bars("Calls", [Portion("Mental health", 1)], NOTE),
    **{f"divided {scale}": divided([ages(scale), Division("85 responses without an arrest", (
        split("Since the start", 46 * scale, 39 * scale), split("January to June 2027", 19 * scale, 24 * scale)))],
        NOTE) for scale in (1, 10, 50)},
    "divided unevenly": divided([Division("Gender", (split("Since the start", 85, 1),))], NOTE),
    "divided by six": divided([Division("Age", (DividedPeriod("Since the start", tuple(
        Portion(f"Group {at}", 11 + at) for at in range(6))),))], NOTE),
    **{f"months {times} x {length}, {share}": months(
        "All crisis calls", "The team went to", series(times, length, share), NOTE,
        xmr([month.calls for month in series(times, length)]), [Event("2026-05-01", "Break: new call types")])
       for times, length, share in ((1, 8, 0.05), (1, 18, 0.05), (10, 18, 0.3), (50, 60, 0.8), (50, 18, 1))},
    "changes": changes([change(5), change(-9, "Share the team went to, while on duty"), change(800, clear=True)], NOTE),
}
EACH = pytest.mark.parametrize("name", SAMPLES)


@EACH
@BOTH
def test_no_word_is_too_small_or_lies_over_another_or_outside(name: str, small: bool) -> None:
    svg = drawn(SAMPLES[name], small=small)
    assert svg.width == (320 if small else 640)
    assert svg.unreadable() == []
    assert NOTE in svg.said


@pytest.mark.parametrize("name", ["waffle (24, 9, 254)", "strips (110, 43, 1307)", "events of 2 runs", "funnel 1",
                                  "bars", "divided 1", "months 1 x 18, 0.05", "changes"])
def test_a_light_drawing_in_dark_colours_is_the_dark_drawing(name: str) -> None:
    light, dark = drawn(SAMPLES[name], "light"), drawn(SAMPLES[name], "dark")
    assert light.source != dark.source
    assert darkened(light.source) == dark.source


@EACH
def test_a_drawing_is_small_enough_for_a_slow_phone(name: str) -> None:
    assert len(drawn(SAMPLES[name], small=True).source) < 40_000


@pytest.mark.parametrize("volume", VOLUMES)
@BOTH
def test_a_waffle_has_one_square_a_call_and_a_strip_is_as_long_as_its_share(
        volume: tuple[int, int, int], small: bool) -> None:
    drawing = waffle("Calls", met(*volume), "")
    assert drawing
    assert missing_numbers(drawing, volume) == []
    svg = drawn(drawing, small=small)
    if sum(volume) <= 400:
        squares = [sum(shape.pieces for shape in svg.shapes(meaning)) for meaning in ("team", "absent")]
        assert squares == list(volume[:2])
        assert sum(stroke.pieces for stroke in svg.strokes("edge") if "Z" in stroke.path) <= volume[2]
    else:
        team = max(shape.width for shape in svg.shapes("team"))
        assert team == pytest.approx(svg.width * volume[0] / sum(volume), abs=4)


@pytest.mark.parametrize("drawing", [
    waffle("Calls", met(0, 0, 0), NOTE), strips([Whole("Calls", met(0, 0, 0))], NOTE), events(["Arrest"], [], NOTE),
    events(["Arrest"], [EventRun("2026", 2026, 0, (0,))], NOTE), events(["Arrest"], year_of_runs(2, 101), NOTE),
    funnel([], NOTE), funnel([FunnelStep(0, "responses")], NOTE), bars("Calls", [Portion("Mental health", 0)], NOTE),
    bars("Calls", [], NOTE), divided([Division("Age", (DividedPeriod("2026", ()),))], NOTE), changes([], NOTE),
    months("Calls", "Went to", series(length=7), NOTE)])
def test_nothing_is_drawn_of_nothing_nor_where_numbers_say_it_better(drawing: Chart | None) -> None:
    assert drawing is None


@BOTH
def test_a_part_that_is_none_has_words_in_the_alt_text_and_no_mark(small: bool) -> None:
    drawing = waffle("Calls", met(12, 0, 0), "")
    assert drawing and "on duty, did not go: 0" in drawing.alt
    svg = drawn(drawing, small=small)
    assert not svg.shapes("absent") and "did not go" not in svg.said


@pytest.mark.parametrize("runs", [1, 2, 4])
@BOTH
def test_each_response_is_a_dot_and_a_solid_one_where_it_happened(runs: int, small: bool) -> None:
    drawing = events(["Arrest", "Use of force"], year_of_runs(runs, 43), "")
    assert drawing
    svg = drawn(drawing, small=small)
    assert sum(stroke.pieces for stroke in svg.strokes("event")) == runs // 2
    assert sum(stroke.pieces for stroke in svg.strokes("edge")) == 2 * 43 * runs - runs // 2
    assert missing_numbers(drawing, [43, runs * 43, runs // 2]) == []


def test_more_than_four_runs_are_put_together_by_year() -> None:
    drawing = events(["Arrest", "Use of force"], year_of_runs(8, 20), "")
    assert drawing and "2026, 40 responses: Arrest: 1; Use of force: 0. 2027, 40 responses: Arrest: 1" in drawing.alt


def test_an_event_that_is_more_frequent_than_responses_or_steps_that_are_not_nested_are_refused() -> None:
    with pytest.raises(ValueError, match="once a response"):
        events(["Arrest"], [EventRun("2026", 2026, 2, (3,))], "")
    with pytest.raises(ValueError, match="not larger"):
        funnel([FunnelStep(3, "responses"), FunnelStep(4, "offered")], "")


@pytest.mark.parametrize("scale", [1, 50])
@BOTH
def test_a_funnel_says_each_step_and_whom_it_lost(scale: int, small: bool) -> None:
    drawing = funnel([FunnelStep(86 * scale, "responses"), FunnelStep(61 * scale, "accepted it", "did not accept")], "")
    assert drawing and missing_numbers(drawing, [86 * scale, 61 * scale, 25 * scale]) == []
    svg = drawn(drawing, small=small)
    assert f"{25 * scale:,} did not accept" in svg.said
    dots = sum(stroke.pieces for stroke in svg.strokes("care"))
    assert dots == 61 if scale == 1 else svg.shapes("care")[0].width == pytest.approx(svg.width * 61 / 86, abs=4)


def test_bars_are_in_order_of_size_unless_they_are_in_an_order_of_their_own() -> None:
    parts = [Portion("Morning", 3), Portion("Noon", 9), Portion("Evening", 6)]
    ranked, ordered = bars("", parts, ""), bars("", parts, "", in_order=True)
    assert ranked and ranked.alt == "Noon: 9; Evening: 6; Morning: 3"
    assert ordered and ordered.alt == "Morning: 3; Noon: 9; Evening: 6"
    widths = [shape.width for shape in drawn(ranked).shapes("part")]
    assert widths == pytest.approx([widths[0], widths[0] * 6 / 9, widths[0] * 3 / 9], abs=0.2)


@BOTH
def test_hatching_says_that_not_recorded_is_inside(small: bool) -> None:
    svg = drawn(SAMPLES["divided 1"], small=small)
    assert len([shape for shape in svg.shapes("part_3") if shape.width > 60]) >= 4
    assert [stroke for stroke in svg.strokes("part_edge") if stroke.pieces > 5]
    halves = DividedPeriod("2026", (Portion("Under 45", 12), Portion("Over 45", 30)))
    plain = drawn(divided([Division("Age", (halves,))], ""))
    assert not plain.shapes("part_3")


@pytest.mark.parametrize("scale", [1, 50])
def test_a_strip_says_all_its_numbers_and_is_as_long_as_each_share(scale: int) -> None:
    drawing = divided([ages(scale)], "")
    assert drawing and missing_numbers(drawing, [count * scale for count in (17, 31, 38, 25, 18)]) == []
    room = sum(drawn(drawing).shapes(meaning)[0].width for meaning in ("part", "part_2", "part_3"))
    assert drawn(drawing).shapes("part")[0].width == pytest.approx(room * 17 / 86, abs=2)


def test_months_say_each_number_and_draw_no_bar_where_none_is_known() -> None:
    known = [Month(one.start, one.calls, None if at < 3 else 5) for at, one in enumerate(series())]
    drawing = months("Calls", "The team went to", known, "")
    assert drawing and missing_numbers(drawing, [*CALLS, 5]) == []
    assert len(drawn(drawing).shapes("team")) == 15
    unknown = months("Calls", "The team went to", [Month(entry.start, entry.calls, None) for entry in series()], "")
    assert unknown and "The team went to" not in unknown.alt + drawn(unknown).said


@BOTH
def test_months_begin_at_zero_and_share_one_scale(small: bool) -> None:
    svg = drawn(months("Calls", "Went to", [Month(entry.start, 100, 50) for entry in series()], ""), small=small)
    tall = [float(shape.path.split("L")[1].split(",")[1]) - float(shape.path.split("L")[2].split(",")[1])
            for shape in svg.shapes("team")]
    zero, hundred = (next(word.middle for word in svg.words if word.text == said) for said in ("0", "100"))
    assert abs(tall[0]) == pytest.approx((zero - hundred) / 2, abs=1)


@BOTH
def test_an_event_stands_at_its_month_and_one_that_is_not_shown_is_left_out(small: bool) -> None:
    drawing = months("Calls", "Went to", series(), "", None,
                     [Event("2026-03-01", "More hours"), Event("2031-01-01", "Later")])
    assert drawing and "More hours" in drawing.alt and "Later" not in drawing.alt
    assert "More hours" in drawn(drawing, small=small).said


@BOTH
def test_a_dot_is_solid_only_where_chance_rarely_makes_the_change(small: bool) -> None:
    rows = [change(5), change(-30, clear=True)]
    svg = drawn(changes(rows, ""), small=small)
    assert sum(stroke.pieces for stroke in svg.strokes("event")) == 2
    assert sum(stroke.pieces for stroke in svg.strokes("card")) == 1
    drawing = changes(rows, "")
    assert drawing and "Crisis calls a day: +5% (-9 to +21); 4.1, now 4.3" in drawing.alt
