"""Promises are judged by days and numbers alone; forms work from the URL; questions are logged or told how."""

import re
from typing import Any

import pytest

from portal.contract.contract import MEASURES
from portal.figures import FIGURES
from portal.navigation import page_of, page_of_figure
from portal.page import Tiles
from portal.release import queries
from portal.release.store import Release, current_id
from portal.render import lists
from portal.render.commitments import Commitment, commitments, judge, known, read
from portal.render.content import Edition
from portal.render.explore import filled as explored
from portal.render.facts import facts
from portal.render.forms import any_of, one_of
from portal.render.rendered import Known, ReleaseFacts, RenderedRelease, Selection, Snapshot
from portal.render.request import filled as requested
from tests.conftest import SHIPPED

PLAIN = Edition("/plain", "?period=2027-Q2")
UNPUBLISHED = Selection(Snapshot(), None, "", (), ())
LATE = (("2026-Q2", "2026-08-14", "2026-08-14"), ("2026-Q3", "2026-11-14", "2026-11-26"))
SEEN = Known("2027-11-12", LATE, {"outcome.force/force": 3.0, "demand.received/calls": 338.0})


@pytest.mark.parametrize(("one", "state", "why"), [
    ({"due": "2026-06-20", "done": "2026-06-20"}, "met", "Due June 20, 2026, done June 20, 2026."),
    ({"due": "2026-06-20", "done": "2026-06-21"}, "late", "done June 21, 2026."),
    ({"done": "2026-06-21"}, "met", "Done June 21, 2026."),
    ({"due": "2026-06-20"}, "late", "nothing is known of it"),
    ({"due": "2028-06-20"}, "cannot-tell", "It was due June 20, 2028."),
    ({"due": "2026-06-20", "reported": "started"}, "cannot-tell", "Reported by "),
    ({"announces": True}, "unannounced", ""),
    ({"announces": True, "reported": "shape"}, "unannounced", "not confirmed by the City"),
    ({"measure": "outcome.force"}, "cannot-tell", "No target was set"),
    ({}, "cannot-tell", "Neither a day nor a number"),
    ({"measure": "demand.received", "value": "calls", "at_least": 300}, "met", "338; promised: at least 300."),
    ({"measure": "demand.received", "value": "calls", "at_most": 300}, "not-met", "338; promised: at most 300."),
    ({"measure": "outcome.force", "value": "force", "at_most": 5}, "cannot-tell", "too small to tell"),
    ({"measure": "outcome.force", "value": "force", "at_most": 0}, "not-met", "3; promised: at most 0."),
    ({"measure": "outcome.arrest", "value": "arrests", "at_most": 0}, "cannot-tell", "not published yet"),
    ({"measure": "demand.received", "value": "calls", "at_least": 1, "due": "2028-01-01"}, "cannot-tell", "judged on"),
    ({"measure": "promise.punctual"}, "late", "by release 2026-Q3. Due November 14, 2026, done November 26, 2026."),
])
def test_a_promise_is_judged_by_what_is_known(one: dict[str, Any], state: str, why: str) -> None:
    said = judge(Commitment("x", "It is so", **one), SEEN, facts())
    assert said.state == state
    assert why in f"{said.reason}{said.source}"
    assert said.word


def test_without_a_release_nothing_is_judged_by_the_clock() -> None:
    for commitment in commitments():
        assert judge(commitment, None, facts()).state in ("cannot-tell", "unannounced"), commitment.id


def test_the_shipped_promises_name_facts_and_measures_that_are_there() -> None:
    assert len(commitments()) >= 8
    for commitment in commitments():
        assert commitment.ours or commitment.fact in facts(), commitment.id
        assert not commitment.measure or commitment.measure in MEASURES, commitment.id
        assert not commitment.reported or facts()[commitment.reported].tag == "PRESS", commitment.id
    with pytest.raises(TypeError, match="threshhold"):
        read('[[commitment]]\nid = "x"\npromise = "y"\nthreshhold = 3\n')


def test_the_shipped_release_was_late_once_and_the_page_says_so() -> None:
    seen = known(Release(SHIPPED / current_id(SHIPPED)))
    said = judge(next(commitment for commitment in commitments() if commitment.id == "punctual"), seen, facts())
    assert (said.state, said.word) == ("met", "Kept this time")
    assert "Late so far: 2027-Q1." in said.reason


def test_promises_of_the_city_and_of_this_site_are_counted_apart() -> None:
    said = lists.promise_counts(UNPUBLISHED, PLAIN)
    assert "The City: 0 kept, 0 late or not kept, 3 not announced, 5 that cannot be judged yet." in said
    assert "This site: 0 kept, 0 late or not kept, 1 that cannot be judged yet." in said


def test_a_promise_has_its_source_and_its_reason_in_a_fold_of_its_own() -> None:
    shown = lists.promised(UNPUBLISHED, PLAIN)
    assert shown.count("<details") == len(commitments())
    assert shown.index("Not announced") < shown.index("Cannot be judged yet")


@pytest.mark.parametrize(("meta", "due"), [
    ({}, ""), ({"state": "official"}, "2028-02-14"),  # 45 days after December 31, 2027
    ({"state": "official", "pilot_ended": "2027-09-30"}, "")])
def test_only_a_release_that_is_not_made_up_promises_the_next_one_until_the_pilot_ends(
        monkeypatch: pytest.MonkeyPatch, meta: dict[str, str], due: str) -> None:
    release = Release(SHIPPED / current_id(SHIPPED))
    published = queries.meta(release)
    monkeypatch.setattr(queries, "meta", lambda _: {**published, **meta})
    assert known(release).next_due == due


def test_the_log_shows_what_was_asked_and_nothing_while_it_is_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "questions", lambda: ())
    assert lists.asked(UNPUBLISHED, PLAIN) == ""
    row = {"asked_on": "2027-11-18", "meeting": "A committee", "question": "How many?", "answer": "14 of 21.",
           "figure": "response.met", "not_collected": False}
    monkeypatch.setattr(lists, "questions", lambda: (row, row | {"figure": "", "not_collected": True}))
    shown = lists.asked(UNPUBLISHED, PLAIN)
    assert 'href="/plain/calls?period=2027-Q2#response.met"' in shown
    assert "November 18, 2027" in shown
    assert "Not collected" in shown


def test_every_logged_question_cites_a_figure_or_says_that_nothing_is_collected() -> None:
    for row in lists.questions():
        assert bool(row["figure"]) != row["not_collected"]
        assert not row["figure"] or row["figure"] in FIGURES


@pytest.mark.parametrize("figure", sorted(FIGURES))
def test_a_figure_s_page_is_one_that_shows_it(figure: str) -> None:
    page = page_of_figure(figure)
    assert page.card(figure) or figure in (*page.figures, page.lead)


@pytest.mark.parametrize(("figure", "page"), [
    ("change.outcomes", "outcomes"), ("change.service", "calls"), ("demand.received", "calls"),
    ("calls.answer", "calls"), ("overview.new", "overview"), ("no.such", "overview")])
def test_a_figure_s_page_is_the_one_that_explains_it(figure: str, page: str) -> None:
    assert page_of_figure(figure).id == page


def test_a_list_takes_what_the_address_names_or_its_first_and_boxes_what_is_ticked() -> None:
    options = (("a", "A"), ("b", "B"))
    assert one_of("x", "X", options, {"x": "b"}).chosen == ("b",)
    assert one_of("x", "X", options, {"x": "<script>"}).chosen == ("a",)
    assert any_of("x", "X", options, {"x-b": "yes", "x-c": "yes"}).chosen == ("b",)


@pytest.mark.parametrize(("way", "wanted"), [
    ("email", "mailto:apomeroy@somervillema.gov?subject="), ("letter", "We found no postal address for requests"),
    ("phone", 'href="tel:+16176256600,2059"')])
def test_the_request_helper_writes_what_was_chosen_and_keeps_nothing(way: str, wanted: str) -> None:
    given = {"way": way, "what": "meeting", "aid-asl": "yes", "aid-cart": "yes", "reply": "relay", "name": "Ada"}
    made = requested(None, given, PLAIN).rest
    assert wanted in made
    for said in ("American Sign Language", "CART", "a public meeting", "711", "[your name]", "Nothing is stored:"):
        assert said in made
    assert "Ada" not in made
    assert "Braille" not in made


@pytest.fixture(scope="module")
def release() -> RenderedRelease:
    """What Explore needs of a rendered release, without its drawings."""
    from portal.figures.explore import catalogue

    published = Release(SHIPPED / current_id(SHIPPED))
    facts = ReleaseFacts(published.id, "illustrative", "", "")
    explore = tuple(catalogue(published))
    return RenderedRelease(facts, "en", (), frozenset(), (), (), known(published), published.folder, published.folder,
                           lambda _: {}, lambda: explore)


def test_explore_offers_what_was_published_and_says_why_the_rest_is_not_there(release: RenderedRelease) -> None:
    for measure in release.explore:
        made = explored(release, {"measure": measure["id"]}, PLAIN)
        assert ("<table" in made.rest) == bool(measure["cuts"]), measure["id"]
        assert bool(made.spec) == bool(measure["cuts"])
        assert measure["cuts"] or "What is not there, and why" in made.rest
    assert "Nobody has asked them." in explored(release, {"measure": "experience.survey"}, PLAIN).rest


def test_explore_shows_two_times_of_each_group(release: RenderedRelease) -> None:
    given = {"measure": "response.unmet_reason", "by": "groups", "at": "2027-Q3", "with": "2027-Q2"}
    made = explored(release, given, PLAIN)
    assert "July to September 2027" in made.rest
    assert "April to June 2027" in made.rest
    assert "July to September 2027, April to June 2027. Off duty: 254, 232. " in made.lead
    assert made.alt.removeprefix("Why did the team not go to the others? ") in made.lead
    assert made.picture.count('class="bar series-2') == made.picture.count('class="bar series-1') > 2


def test_explore_sets_two_times_side_by_side_and_judges_no_change(release: RenderedRelease) -> None:
    calls = {"measure": "demand.received", "by": "groups", "at": "2027-Q3", "with": "2026-Q3"}
    both = explored(release, calls, PLAIN).rest
    assert "Any two periods differ a little by season and by chance." in both
    assert not re.search(r"\d% (more|fewer)|chance gives|too few to say", both)
    assert "differ a little by season" not in explored(release, calls | {"with": "none"}, PLAIN).rest


def test_explore_offers_earlier_times_of_the_same_kind(release: RenderedRelease) -> None:
    for measure in release.explore:
        for cut in measure["cuts"]:
            for at, one in enumerate(cut.get("periods", ())):
                earlier = [other["id"] for other in cut["periods"][at + 1:]
                           if other["id"].rstrip("0123456789Q-to") == one["id"].rstrip("0123456789Q-to")]
                assert list(one["beside"]) == earlier[:4], measure["id"]


def test_explore_draws_a_line_only_over_time_and_its_numbers_are_the_table_s(release: RenderedRelease) -> None:
    made = explored(release, {"measure": "demand.received", "by": "month", "kind": "line"}, PLAIN)
    assert "<polyline" in made.picture
    values = [row["value"] for row in made.spec["layer"][0]["data"]["values"]]  # type: ignore[index]
    assert len(values) == 18
    assert all(f"<td>{int(value)}</td>" in made.rest for value in values)
    kinds = explored(release, {"measure": "outcome.kind"}, PLAIN).fields[-1].options
    assert "line" not in dict(kinds)


@pytest.mark.parametrize("given", [{"measure": "'; DROP TABLE"}, {"by": "ward"}, {"at": "1999"}, {"kind": "pie"},
                                   {"with": "2027-Q3", "at": "2027-Q3"}])
def test_explore_takes_an_unknown_choice_for_the_first(given: dict[str, str], release: RenderedRelease) -> None:
    assert explored(release, given, PLAIN).rest == explored(release, {}, PLAIN).rest


def test_explore_without_a_release_shows_no_form() -> None:
    assert explored(None, {}, PLAIN).fields == ()


def test_every_measure_of_the_contract_stands_on_the_page_of_its_theme() -> None:
    for measure in MEASURES:
        page = page_of_figure(measure)
        assert page.card(measure), f"{measure} is not on {page.id}"


def test_every_figure_of_the_measures_stands_on_its_page() -> None:
    wanted = {
        "calls": ("demand.received", "demand.by_type", "demand.by_origin", "demand.eligible", "hours.staffed",
                  "response.met", "response.on_duty", "response.unmet_reason", "response.time_to_scene",
                  "response.time_on_scene"),
        "outcomes": ("outcome.contact", "outcome.kind", "outcome.involuntary", "outcome.arrest", "outcome.force",
                     "outcome.injury", "care.referral", "care.follow_up", "care.repeat", "experience.survey"),
        "equity": ("equity.age", "equity.race_ethnicity", "equity.gender", "equity.language", "equity.housing",
                   "equity.missing"),
        "timeline": ("promise.punctual",), "brief": ("council.questions", "others.programs"),
    }
    for slug, figures in wanted.items():
        page = page_of(slug)
        assert page
        assert all(page.card(figure) or figure in page.figures for figure in figures), slug
    overview = page_of("")
    assert overview
    tiles = next(item for item in overview.items if isinstance(item, Tiles))
    assert tiles.figures == ("response.met", "service.coverage", "response.minutes", "outcome.conduct",
                             "care.referral_detail", "equity.people")
