"""What catalogues and search engines find: official releases, and while numbers are made up only the pages about the
program.
"""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import frictionless
import pytest
from jsonschema import Draft202012Validator, FormatChecker
from starlette.applications import Starlette
from starlette.testclient import TestClient

from portal.exports.catalogue import catalogue
from portal.exports.schedule import schedule
from portal.language import LANGUAGES
from portal.navigation import PAGES
from portal.release.description import describe
from portal.release.store import SUMS
from portal.render.rendered import Snapshot
from portal.server.page_metadata import about
from portal.server.selection import select
from portal.settings import Settings
from tests.conftest import SHIPPED, SMALLEST
from tests.exports.conftest import BASE
from tests.site import client_of, settings_for
from tests.source import ROOT

FIRST, SECOND = SMALLEST
SITE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
NOINDEX = '<meta name="robots" content="noindex">'
DCAT = Draft202012Validator(json.loads((ROOT / "tests/exports/dcat_us_1_1.json").read_text("utf-8")),
                            format_checker=FormatChecker(["date"]))
Record = dict[str, Any]


@pytest.fixture
def live(app: Starlette) -> Snapshot:
    snapshot: Snapshot = app.state.portal.snapshots.snapshot
    return snapshot


@pytest.fixture
def published(official: Path, live: Snapshot) -> Snapshot:
    """A snapshot as if the official release were the live one."""
    assert live.live
    return replace(live, live=replace(live.live, copy=official), copies={official.name: official})


@pytest.fixture
def listed(published: Snapshot) -> Record:
    found: Record = json.loads(catalogue(schedule(published), published, BASE))
    return found


def test_made_up_releases_are_offered_to_no_catalogue(site: TestClient) -> None:
    listed = site.get("/data.json").json()
    DCAT.validate(listed)
    assert listed["dataset"] == []


@pytest.mark.parametrize("feedback", ["", "https://example.org/form", "mailto:data@example.org?subject=x"])
def test_an_official_release_is_a_dataset_by_dcat_us(
        published: Snapshot, feedback: str) -> None:
    listed = json.loads(catalogue(schedule(published), published, BASE, feedback))
    DCAT.validate(listed)
    dataset, = listed["dataset"]
    assert dataset["identifier"] == "somerville-co-response-2026-q2"
    written = dataset["contactPoint"]["hasEmail"]
    assert written == (feedback.partition("?")[0] if "mailto" in feedback else "mailto:apomeroy@somervillema.gov")
    names = {file["downloadURL"].removeprefix(f"{BASE}/download/2026-Q2/") for file in dataset["distribution"]}
    assert {"release.sqlite", "csv/cells.csv", "datapackage.json"} <= names


def test_a_harvester_of_ckan_reads_the_catalogue(listed: Record) -> None:
    # What ckanext-datajson and ckanext-dcat do with it, as far as it can fail: look the schema up by its URL,
    # take names and texts for texts, and join lists of texts.
    assert {"https://project-open-data.cio.gov/v1.1/schema": "1.1"}[listed["conformsTo"]] == "1.1"
    for dataset in listed["dataset"]:
        texts = [dataset[name] for name in ("title", "description", "identifier", "modified", "landingPage", "spatial",
                                            "temporal", "accessLevel")]
        texts += [dataset["publisher"]["name"], dataset["contactPoint"]["fn"], dataset["contactPoint"]["hasEmail"]]
        assert all(isinstance(text, str) and text for text in texts)
        assert ",".join(dataset["keyword"]) and ",".join(dataset["language"])
        for file in dataset["distribution"]:
            assert file["downloadURL"].startswith(f"{BASE}/download/")
            assert file["mediaType"] and file["format"] and file["title"]


@pytest.mark.parametrize("fault", [
    lambda said: said.pop("dataset"), lambda said: said["dataset"][0].pop("contactPoint"),
    lambda said: said["dataset"][0].update(issued="yesterday"),
    lambda said: said.update(conformsTo={"@type": "Standard"}),
    lambda said: said["dataset"][0]["distribution"][0].pop("mediaType"),
    lambda said: said["dataset"][0].update(licence="free")])
def test_a_catalogue_that_lacks_something_is_found(listed: Record, fault: Callable[[Any], object]) -> None:
    fault(listed)
    assert not DCAT.is_valid(listed)


@pytest.mark.parametrize(("named", "given"), [
    ("https://example.org/license", "https://example.org/license"), ("", ""), ("<a href='x'>x</a>", ""),
    ("https://example.org/<b>", ""), ('https://example.org/"onload=', ""), ("javascript:alert(1)", ""),
    ("https://example.org/a b", "")])
def test_a_license_is_named_by_an_address_and_by_no_markup(
        official: Path, tmp_path: Path, published: Snapshot, named: str, given: str) -> None:
    folder = tmp_path / official.name
    (folder / "csv").mkdir(parents=True)
    for name in (*(f"csv/{table}.csv" for table in ("meta", "releases", "errata", "records")), "NOTES.md", SUMS,
                 "release.sqlite"):
        (folder / name).write_bytes((official / name).read_bytes())
    (folder / "datapackage.json").write_text(json.dumps({"licenses": [{"title": "Ours", "path": named}]}), "utf-8")
    assert describe(folder).license_url == given
    moved = replace(published, copies={official.name: folder})
    dataset, = json.loads(catalogue(schedule(moved), moved, BASE))["dataset"]
    assert dataset.get("license", "") == given


def test_a_release_is_a_valid_data_package() -> None:
    report = frictionless.Package(str(SHIPPED / FIRST / "datapackage.json")).validate()
    assert report.valid, report.flatten(["type", "note"])


def test_while_numbers_are_made_up_only_the_pages_about_the_program_are_found(site: TestClient) -> None:
    found = {page.slug for page in PAGES if NOINDEX not in site.get(f"/plain/{page.slug}").text}
    assert found == {"program", "accessibility"}
    places = [str(entry.findtext(f"{SITE}loc"))
              for entry in ElementTree.fromstring(site.get("/sitemap.xml").content).findall(f"{SITE}url")]
    assert len(set(places)) == len(places) == len(found) * len(LANGUAGES)
    assert {place.removeprefix(f"{BASE}/").partition("?")[0] for place in places} == found
    assert all(site.get(f"/plain{place.removeprefix(BASE)}").status_code == 200
               for place in places if "?lang=" not in place)
    assert NOINDEX in site.get("/plain/figure/demand.received").text
    for path in (f"/download/{FIRST}/release.sqlite", f"/download/{FIRST}/table/demand.received.csv",
                 "/api/v1/releases", "/brief.html"):
        assert site.get(path).headers["x-robots-tag"] == "noindex", path
    assert f"Sitemap: {BASE}/sitemap.xml" in site.get("/robots.txt").text
    assert "Disallow: /\n" not in site.get("/robots.txt").text, "what may not be read can't say noindex"


def test_made_up_data_are_not_offered_to_a_search_for_data(site: TestClient) -> None:
    for page in PAGES:
        assert "application/ld+json" not in site.get(f"/plain/{page.slug}").text


def test_official_data_are_described_for_a_search_for_data_and_every_page_is_found(
        live: Snapshot, official: Path) -> None:
    chosen = select(live, Settings(), {})
    assert chosen.release
    chosen = replace(chosen, release=replace(chosen.release, copy=official))
    described = {page.slug: about(page, chosen, BASE) for page in PAGES}
    assert all(page.indexed for page in described.values())
    dataset = json.loads(re.sub(r"\\u003c", "<", described[""].linked_data))
    assert dataset["@type"] == "Dataset"
    assert dataset["creator"]["name"] == "City of Somerville, Massachusetts"
    assert dataset["temporalCoverage"] == "2026-04-01/2026-06-30"
    assert dataset["dateModified"] == describe(official).published_on
    assert "license" not in dataset, "none is named yet"
    assert all(file["contentUrl"].startswith(f"{BASE}/download/2026-Q2/") for file in dataset["distribution"])


def test_with_nothing_published_everything_answers_in_words(tmp_path: Path) -> None:
    with client_of(settings_for(tmp_path, tmp_path / "cache"), base_url=BASE) as client:
        for path in ("", "releases", "releases/newest", "releases/newest/cells"):
            assert client.get(f"/api/v1/{path}").json()["detail"] == "No numbers are published yet."
        assert client.get("/data.json").json()["dataset"] == []
        for url in ("/feed.atom", "/calendar.ics", "/sitemap.xml", "/robots.txt"):
            assert client.get(url).status_code == 200
        assert NOINDEX not in client.get("/plain/calls").text
