"""Random choices on Explore, as both editions show them: every number of the table is that of the published cells."""

import random
import re
import sqlite3
from collections.abc import Mapping
from html.parser import HTMLParser

import pytest

from portal.contract.contract import MEASURES
from portal.figures.explore import GROUPS, catalogue
from portal.figures.view import label
from portal.release.periods import PILOT
from portal.release.store import Release
from portal.render.commitments import known
from portal.render.content import Edition
from portal.render.explore import NONE, filled
from portal.render.rendered import ReleaseFacts, RenderedRelease
from tests.source import ROOT

RELEASE = ROOT / "data" / "releases" / "2027-Q3"
CHOICES = 200
PLAIN = Edition("/plain", "")
COMPUTED = "service.more_hours"  # reckoned from published numbers: tests/figures/decisions has its known answers
CELLS = """SELECT c.period_id, c.measure_id, c.category_1, c.value FROM cells c JOIN periods p USING (period_id)
           WHERE c.table_id = ? AND c.status = 'published' AND c.value IS NOT NULL"""


@pytest.fixture(scope="module")
def release() -> RenderedRelease:
    """A shipped release with what can be explored of it, and nothing else rendered."""
    published = Release(RELEASE)
    explore = tuple(catalogue(published))
    return RenderedRelease(ReleaseFacts(published.id, "illustrative", "", ""), "en", (), frozenset(), (), (),
                           known(published), RELEASE, RELEASE, lambda _: {}, lambda: explore)


@pytest.fixture(scope="module")
def database() -> sqlite3.Connection:
    return sqlite3.connect(f"file:{RELEASE / 'release.sqlite'}?mode=ro", uri=True)


class TableReader(HTMLParser):
    """The rows of the first table of a page, as text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.inside = False
        self.feed(html[:html.index("</table>")] if "</table>" in html else "")

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.rows.append([])
        self.inside = tag in ("th", "td")
        if self.inside:
            self.rows[-1].append("")

    def handle_data(self, data: str) -> None:
        if self.inside and self.rows:
            self.rows[-1][-1] += data

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag not in ("th", "td")


def chosen_at_random(release: RenderedRelease, choose: random.Random) -> dict[str, str]:
    """Choices as a visitor makes them: each from what the one before leaves."""
    given: dict[str, str] = {}
    while True:
        fields = filled(release, given, PLAIN).fields
        left = [field for field in fields if field.name not in given]
        if not left:
            return given
        given[left[0].name] = choose.choice(left[0].options)[0]


def name_of(measure: str, value: str, category: str | None) -> str:
    """What a published cell is called: its group, its value, or both."""
    values, dimension = MEASURES[measure].values, MEASURES[measure].dimension
    if not category:
        return values[value]
    group = label(dimension, category)
    return group if len(values) == 1 else f"{group}: {values[value]}"


def published(database: sqlite3.Connection, given: Mapping[str, str]) -> dict[tuple[str, str], float]:
    """What the cells hold of a choice, by period and name."""
    grain = given["by"] if "at" not in given else None
    periods = [given[name] for name in ("at", "with") if given.get(name, NONE) != NONE]
    rows = database.execute(CELLS, (given["measure"],)).fetchall()
    grains = dict(database.execute("SELECT period_id, grain FROM periods").fetchall())
    return {(period, name_of(given["measure"], value, category)): number for period, value, category, number in rows
            if (period in periods if grain is None else grains[period] == grain and not period.startswith("open-"))}


def test_two_hundred_random_choices_show_what_the_published_cells_hold(
        release: RenderedRelease, database: sqlite3.Connection) -> None:
    choose = random.Random(22)
    compared = 0
    for _ in range(CHOICES):
        given = chosen_at_random(release, choose)
        shown = TableReader(filled(release, given, PLAIN).rest).rows
        if given["measure"] == COMPUTED or "by" not in given:
            continue
        cells = published(database, given)
        held = sorted(_written(number) for number in cells.values())
        numbers = sorted(text for row in shown[1:] for text in row[1:] if text != "no such group")
        assert numbers == held, given
        if "at" in given:
            columns = [given[name] for name in ("at", "with") if given.get(name, NONE) != NONE]
            for name, *texts in shown[1:]:
                for period, text in zip(columns, texts, strict=True):
                    number = cells.get((period, name))
                    assert text == ("no such group" if number is None else _written(number)), (given, name)
        compared += len(held)
    assert compared > CHOICES


def _written(number: float) -> str:
    return f"{number:,.0f}" if number == int(number) else f"{number:,.1f}"


def test_over_time_each_period_and_column_holds_its_own_cell(
        release: RenderedRelease, database: sqlite3.Connection) -> None:
    times = {measure["id"]: cut for measure in release.explore if measure["id"] != COMPUTED
             for cut in measure["cuts"] if cut["time"]}
    assert len(times) > 5
    for measure, cut in times.items():
        shown = TableReader(filled(release, {"measure": measure, "by": cut["id"]}, PLAIN).rest).rows
        cells = published(database, {"measure": measure, "by": cut["id"]})
        order = "SELECT period_id FROM periods WHERE grain = ? ORDER BY start, end"
        periods = [one for (one,) in database.execute(order, (cut["id"],)) if any(one == key for key, _ in cells)]
        assert len(shown) == 1 + len(periods)
        for period, (_, *texts) in zip(periods, shown[1:], strict=True):
            for name, text in zip(shown[0][1:], texts, strict=True):
                number = cells.get((period, name))
                assert text == ("no such group" if number is None else _written(number)), (measure, period, name)


def test_no_part_shares_an_axis_with_its_total(release: RenderedRelease) -> None:
    choose = random.Random(5)
    for _ in range(CHOICES):
        given = chosen_at_random(release, choose)
        form = filled(release, given, PLAIN)
        entry = next(entry for entry in release.explore if entry["id"] == given["measure"])
        cut = next((cut for cut in entry["cuts"] if cut["id"] == given.get("by")), None)
        if cut and form.spec:
            drawn = form.spec["layer"][0]["data"]["values"]  # type: ignore[index]
            assert not {row[key] for row in drawn for key in ("name", "series")} & set(cut["totals"]), given


def test_the_groups_of_questions_stand_in_the_order_in_which_people_ask(release: RenderedRelease) -> None:
    first = filled(release, {}, PLAIN).fields[0]
    assert [group for group, _ in first.options] == list(GROUPS)
    assert [words.split(":")[0] for _, words in first.options] == [
        "Need", "Response", "Safety", "Outcome", "Care", "People"]


def test_a_card_s_link_leads_to_the_quarter_chosen_on_its_page(release: RenderedRelease) -> None:
    def chosen(**given: str) -> dict[str, tuple[str, ...]]:
        return {field.name: field.chosen for field in filled(release, given, PLAIN).fields}

    assert chosen(measure="response.unmet_reason", period="2027-Q2")["at"] == ("2027-Q2",)
    held = chosen(measure="outcome.kind", period="2027-Q2")["at"][0]
    assert re.fullmatch(r"run-2027-Q1-to-2027-Q2", held)
    assert chosen(measure="outcome.kind", period="start")["at"][0].startswith(PILOT)
    assert chosen(measure="response.unmet_reason", period="2027-Q2", by="groups", at="2027-Q3")["at"] == ("2027-Q3",)
    assert chosen(measure="demand.received", period="2027-Q2", by="month")["by"] == ("month",)
