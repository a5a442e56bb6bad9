"""An erratum stands wherever its numbers are shown: pages, figures, the brief, the API."""

import shutil
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from portal.publish.output.errata import errata_of
from tests.publish import made
from tests.site import app_of, built, settings_for

WHY = "Until May 2026 the form had no box for it."
AFFECTED = {"hours.staffed": ("service.coverage", "calls"), "outcome.kind": ("outcome.kind", "outcomes")}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """The second of two releases, which replaces hours on duty and withdraws outcomes; the first is not shown."""
    folder = tmp_path_factory.mktemp("errata")
    extract, ends = made.extract(made.rows((150, 150, 150))), made.quarter_ends(3)
    first = made.publish(extract, ends[0], folder / "releases", state="illustrative")
    errata = tuple(entry for table in AFFECTED for entry in errata_of(table, WHY))
    second = made.publish(extract, ends[1], folder / "releases", state="illustrative", errata=errata)
    assert first.folder and second.folder
    shutil.rmtree(first.folder)
    with TestClient(app_of(built(settings_for(folder / "releases", folder / "cache")))) as client:
        yield client


@pytest.mark.parametrize(("figure", "page"), AFFECTED.values())
@pytest.mark.parametrize("url", ["/plain/{page}", "/plain/figure/{figure}", "/api/v1/figures/{figure}",
                                 "/download/2026-Q3/figure/{figure}.csv", "/brief.html",
                                 "/api/v1/corrections", "/plain/corrections"])
def test_an_erratum_stands_wherever_its_numbers_are_shown(site: TestClient, url: str, figure: str, page: str
                                                          ) -> None:
    answer = site.get(url.format(figure=figure, page=page))
    assert answer.status_code == 200
    assert WHY in answer.text


def test_no_other_page_speaks_of_it(site: TestClient) -> None:
    assert WHY not in site.get("/plain/equity").text
    assert WHY not in site.get("/api/v1/figures/equity.gender").text
