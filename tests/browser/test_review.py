"""The review page of a dry run is open to everyone, on a phone too, and loads nothing."""

from functools import partial
from pathlib import Path

import pytest

from portal.publish.publish import publish
from portal.publish.review.page import write_review
from portal.publish.synthetic.illustrate import illustrate
from portal.publish.synthetic.shipped import MAPPING
from tests.browser.conftest import NewPage
from tests.browser.visit import against, sideways
from tests.publish import made


@pytest.fixture(scope="module")
def review(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page, as `publish --dry-run --report` writes it."""
    folder = tmp_path_factory.mktemp("review")
    calls, end = folder / "calls.csv", made.quarter_ends(2)[1]
    roster = illustrate(calls, months=6, hours_per_week=24)
    publish(calls, MAPPING, "2026-Q3", "illustrative", folder / "releases", roster=roster, dry_run=True, period_end=end,
            review=partial(write_review, folder / "review.html", "illustrative"))
    return folder / "review.html"


@pytest.mark.parametrize("width", [320, 1280])
def test_it_is_open_to_everyone_at_any_width(review: Path, new_page: NewPage, width: int) -> None:
    page = new_page(width=width)
    page.set_content(review.read_text("utf-8"))
    assert against(page, "review") + sideways(page, width, "review") == []
