"""Releases for the figures' tests: the shipped ones, and small ones in which little or nothing is collected."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.publish.ingest.costs import Cost
from portal.release.store import Release, current_id, release_ids
from portal.settings import ROOT
from tests.publish import made

SHIPPED = ROOT / "data" / "releases"
PEOPLE = ("arrest", "force", "outcome", "referral_offered", "follow_up_agreed", "age_band", "race_ethnicity", "gender",
          "language", "housing", "person_key", "arrived", "cleared", "eligibility", "staffed", "unmet_reason", "origin")


def _published(folder: Path, responses: tuple[int, ...], others: int, without: tuple[str, ...] = (),
               duty: bool = True, breaks: tuple[tuple[str, str], ...] = (), costs: tuple[Cost, ...] = ()) -> Release:
    ends = made.quarter_ends(len(responses))
    roster = made.roster(made.FIRST, ends[-1]) if duty else None
    one = made.extract(made.rows(responses, others=others), last=ends[-1], duty=roster, without=without, breaks=breaks)
    with made.in_2031():
        for end in ends:
            made.publish(one, end, folder, costs=costs)
    return Release(folder / current_id(folder))


@pytest.fixture(scope="module", autouse=True)
def late_clock() -> Iterator[None]:
    """It is the year 2031: real numbers are never published ahead of their day."""
    with made.in_2031():
        yield


@pytest.fixture(scope="session")
def zoo(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Release]:
    """Releases by what is special about them."""
    new = tmp_path_factory.mktemp
    found = {f"shipped {name}": Release(SHIPPED / name) for name in release_ids(SHIPPED)}
    return found | {
        "one response": _published(new("one"), (1,), 3),
        "two responses": _published(new("two"), (2,), 2),
        "no response": _published(new("none"), (0,), 4),
        "one call": _published(new("call"), (1,), 0),
        "many": _published(new("many"), (130, 60, 12), 90),
        "all shown": _published(new("all"), (130, 60, 60), 90,
                                costs=(Cost("2026-Q4", 41250.5, "Pay of the team", "Budget office"),)),
        "arrests alone": _published(new("arrests"), (45,), 60, ("arrest_possible",)),
        "little collected": _published(new("little"), (30, 30), 60, PEOPLE, duty=False),
        "break": _published(new("break"), (45, 45), 60,
                            breaks=(("2026-08-15", "new_call_types"), ("2026-09-01", "new_form"))),
        "nothing of the team": _published(new("nothing"), (0,), 60, (*PEOPLE, "answered_by"), duty=False),
    }
