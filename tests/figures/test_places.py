"""Where each number stands as soon as a release shows it: its page, what comes before it, and how large its card is."""

import pytest

from portal.figures import build
from portal.navigation import PAGES
from portal.page import Columns, DataPart, Tiles
from portal.release.store import Release

# The release that shows it, its page, the card before it ("": it is the first), itself, and its size.
PLACES = [
    ("shipped 2027-Q3", "overview", "", "service.reach", "loud"),
    ("shipped 2027-Q3", "calls", "", "service.coverage", "loud"),
    ("shipped 2027-Q3", "calls", "demand.received", "demand.by_time", "standard"),
    ("shipped 2027-Q3", "calls", "demand.by_time", "service.more_hours", "folded"),
    ("all shown", "calls", "demand.by_origin", "service.cost", "half"),
    ("all shown", "outcomes", "outcome.conduct", "outcome.arrest_possible", "folded"),
    ("shipped 2027-Q3", "timeline", "", "change.when_known", "table"),
    ("shipped 2027-Q3", "brief", "change.all", "others.programs", "standard"),
]
# What no release counts, and the page in whose list of what is not shown it stands.
LISTED = [
    ("calls", "Who came when the team did not"), ("calls", "Officers’ time to the scene"),
    ("calls", "What it costs, and who pays"), ("outcomes", "Rides to a hospital"),
    ("outcomes", "When an arrest was possible"),
]
PAGE = {page.id: page for page in PAGES}


@pytest.mark.parametrize(("name", "page", "before", "figure_id", "size"), PLACES)
def test_what_a_release_shows_is_a_card_at_its_place(
        name: str, page: str, before: str, figure_id: str, size: str, zoo: dict[str, Release]) -> None:
    shown = [card for card in PAGE[page].cards if build(zoo[name], card.id).shown]
    names = [card.id for card in shown]
    assert figure_id in names
    at = names.index(figure_id)
    assert names[at - 1:at] == ([before] if before else [])
    assert shown[at].size == size


def test_the_share_of_the_time_on_duty_is_a_tile_and_all_changes_stand_beside_what_is_new() -> None:
    items = PAGE["overview"].sections[0].items
    assert "service.coverage" in next(item for item in items if isinstance(item, Tiles)).figures
    columns = next(item for item in items if isinstance(item, Columns))
    assert columns.figure.id == "change.all" and "overview.new" in [getattr(item, "id", "") for item in columns.beside]


def test_what_councils_ask_stands_between_the_page_to_print_and_other_programs() -> None:
    sections = [section.title for section in PAGE["brief"].sections]
    asked = next(section.title for section in PAGE["brief"].sections
                 if DataPart("council", "council.questions") in section.items)
    assert sections[0] == "One page to print"
    assert sections.index(asked) == sections.index("Other programs") - 1 == 1


@pytest.mark.parametrize(("page", "what"), LISTED)
def test_what_is_not_shown_stands_in_the_list_of_its_page(page: str, what: str, zoo: dict[str, Release]) -> None:
    gaps = [gap for card in PAGE[page].cards for gap in build(zoo["shipped 2027-Q3"], card.id).gaps]
    assert [gap for gap in gaps if gap.what == what and gap.why and gap.waits_for]
