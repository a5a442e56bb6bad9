"""What programs read: the API by its own description, news, calendar, catalogue, list of pages."""

import json
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import frictionless
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from icalendar import Calendar
from jsonschema import Draft202012Validator, FormatChecker
from starlette.applications import Starlette
from starlette.testclient import TestClient

from portal.application import ROUTES
from portal.exports.feeds import _ready as catalogue
from portal.exports.feeds import _terms as terms
from portal.exports.feeds import calendar
from portal.exports.openapi import description
from portal.exports.schedule import Out, Schedule, corrections
from portal.language import LANGUAGES
from portal.navigation import PAGES
from portal.release import queries
from portal.release.periods import next_due
from portal.release.store import Release
from portal.render.rendered import Snapshot
from tests.browser.server import Server, answers
from tests.conftest import SHIPPED, SMALLEST
from tests.source import ROOT

FIRST, SECOND = SMALLEST
BASE = "http://127.0.0.1"
ATOM = "{http://www.w3.org/2005/Atom}"
SITE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, drawn_cache: Path) -> Iterator[Starlette]:
    """The two oldest releases, the second live and come out late."""
    folder = tmp_path_factory.mktemp("machines")
    for name in SMALLEST:
        shutil.copytree(SHIPPED / name, folder / name)
    (folder / "current").write_text(f"{SECOND}\n", encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PORTAL_RELEASES", str(folder))
        patch.setenv("PORTAL_CACHE", str(drawn_cache))
        yield Starlette(routes=ROUTES)


@pytest.fixture
def site(app: Starlette) -> Iterator[TestClient]:
    with TestClient(app, base_url=BASE) as client:
        yield client


schema = schemathesis.openapi.from_dict(description(BASE))


@schema.parametrize()
@settings(max_examples=12, deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate], database=None,
          suppress_health_check=list(HealthCheck))
def test_schemathesis_finds_nothing(app: Starlette, case: schemathesis.Case) -> None:
    case.call_and_validate(app=app, base_url=f"{BASE}/api/v1")


def test_the_api_gives_what_the_release_holds_and_says_in_each_answer_that_it_is_made_up(site: TestClient) -> None:
    release = Release(SHIPPED / SECOND)
    said = {name: site.get(f"/api/v1/{name}").json() for name in (
        "", "releases", f"releases/{SECOND}/measures", f"releases/{SECOND}/cells", "figures/response.met")}
    assert all((one["made_up"], one["state"]) == (True, "illustrative") and "Made-up" in one["notice"]
               for one in said.values())
    assert said[f"releases/{SECOND}/cells"]["cells"] == list(queries.table(release, "cells").records())
    assert [one["release_id"] for one in said["releases"]["releases"]] == [SECOND, FIRST]
    assert said["figures/response.met"]["answer"] in site.get("/plain/calls").text.replace('<data value="', "")\
        or said["figures/response.met"]["numbers"]
    some = site.get(f"/api/v1/releases/{SECOND}/cells?table=demand.received&period={FIRST}").json()
    assert {(one["table_id"], one["period_id"]) for one in some["cells"]} == {("demand.received", FIRST)}
    assert all(site.get(one.removeprefix(BASE)).status_code == 200 for one in said[""]["figures"])


def test_a_figure_of_a_pinned_release_is_the_same_in_every_dress(site: TestClient) -> None:
    query = f"?release={FIRST}&period={FIRST}"
    said = site.get(f"/api/v1/figures/demand.received{query}").json()
    assert said["answer"] in site.get(f"/download/{FIRST}/figure/demand.received.csv{query}").text
    assert said["address"].endswith(f"/plain/figure/demand.received{query}")
    assert said["citation"] in site.get(f"/plain/figure/demand.received{query}").text


@pytest.mark.parametrize(("address", "status", "sentence"), [
    ("figures/nothing", 404, "There is no figure of that name."), ("nothing", 404, "There is nothing at this address"),
    ("figures/response.met?release=2199-Q1", 404, "There is no release of that name."),
    ("figures/response.met?lang=tlh", 400, "The languages are"), ("releases/2199-Q1/cells", 404, "no release"),
    (f"releases/{FIRST}/cells?table=nothing", 404, "no table"), (f"releases/{FIRST}/cells?sort=x", 400, "takes table"),
    ("releases?x=1", 400, "takes nothing"),
])
def test_an_error_is_one_sentence(site: TestClient, address: str, status: int, sentence: str) -> None:
    answer = site.get(f"/api/v1/{address}")
    assert answer.status_code == answer.json()["status"] == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert sentence in answer.json()["detail"]


def test_the_api_is_open_conditional_compressed_and_read_only(site: TestClient) -> None:
    address = f"/api/v1/releases/{SECOND}/cells"
    answer = site.get(address, headers={"Accept-Encoding": "br", "Origin": "https://example.org"})
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["content-encoding"] == "br"
    assert answer.headers["cache-control"]
    assert site.get(address, headers={"If-None-Match": answer.headers["etag"]}).status_code == 304
    assert site.get(address, headers={"If-Modified-Since": answer.headers["last-modified"]}).status_code == 304
    refused = site.post(address)
    assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD, OPTIONS")
    assert site.options(address).headers["access-control-allow-methods"] == "GET, HEAD, OPTIONS"
    assert site.get("/api/v1/openapi.json").json() == description(BASE)


def test_the_feed_tells_releases_and_late_ones(site: TestClient) -> None:
    feed = ElementTree.fromstring(site.get("/feed.atom").content)
    titles = [one.findtext(f"{ATOM}title") for one in feed.findall(f"{ATOM}entry")]
    assert f"Release {FIRST} is out" in titles
    assert titles.index(f"Release {SECOND} is out") < titles.index(f"Release {FIRST} is out")
    late = {f"Release {row['release_id']} was late" for row in
            queries.table(Release(SHIPPED / SECOND), "releases").records() if row["published_on"] > row["due_on"]}
    assert late == {one for one in titles if one and "late" in one}
    assert all("Made-up" in str(one.findtext(f"{ATOM}summary")) for one in feed.findall(f"{ATOM}entry"))
    ids = [one.findtext(f"{ATOM}id") for one in feed.findall(f"{ATOM}entry")]
    assert len(set(ids)) == len(ids)
    for part in ("id", "title", "updated"):
        assert feed.findtext(f"{ATOM}{part}")


def test_a_late_release_and_a_correction_are_told(tmp_path: Path) -> None:
    from portal.exports.feeds import _news

    (tmp_path / "NOTES.md").write_text("# Release\n\n## Corrections\n\n- May was 80, not 82.\n\n## Other\n\n- no\n")
    assert corrections(tmp_path) == ("May was 80, not 82.",)
    days = "2026-04-01", "2027-03-31", "2027-05-15", "2027-05-27"
    told = _news(Out("2027-Q1", "official", *days, corrections(tmp_path)))
    assert [kind for kind, *_ in told] == ["release", "late", "correction-1"]
    assert "12 days later" in told[1][2]


def test_a_day_of_the_feed_is_that_day_by_the_citys_clock(site: TestClient) -> None:
    feed = ElementTree.fromstring(site.get("/feed.atom").content)
    out = {f"Release {row['release_id']} is out": row["published_on"] for row in
           queries.table(Release(SHIPPED / SECOND), "releases").records()}
    shown = {entry.findtext(f"{ATOM}title"): entry.findtext(f"{ATOM}updated") for entry in feed.findall(f"{ATOM}entry")}
    assert out
    for title, published_on in out.items():
        moment = datetime.fromisoformat(str(shown[title]))
        assert moment.astimezone(ZoneInfo("America/New_York")).isoformat()[:16] == f"{published_on}T00:00"
        assert moment.utcoffset() in {timedelta(hours=-5), timedelta(hours=-4)}


def test_the_calendar_has_each_due_day_and_the_next(site: TestClient) -> None:
    events = Calendar.from_ical(site.get("/calendar.ics").content).walk("VEVENT")
    rows = queries.table(Release(SHIPPED / SECOND), "releases").records()
    days = [str(one["DTSTART"].dt) for one in events]
    assert days == [*(row["due_on"] for row in rows), next_due(rows[-1]["period_end"])]
    assert days[-1] == "2027-02-14"
    assert "Next release due" in str(events[-1]["SUMMARY"])
    assert all("Made-up" in str(one["DESCRIPTION"]) for one in events)


def test_a_due_day_stays_one_event_of_a_calendar_before_and_after_the_release() -> None:
    one, other = (Out(name, "official", "2026-04-01", end, due, came, ()) for name, end, due, came in (
        ("2026-Q3", "2026-09-30", "2026-11-14", "2026-11-12"), ("2026-Q4", "2026-12-31", "2027-02-14", "2027-03-01")))
    zone = "America/New_York"
    before, after = (
        {str(event["UID"]): event for event in Calendar.from_ical(calendar(known, Snapshot(), address)).walk("VEVENT")}
        for known, address in ((Schedule((one,), other.due, zone), "http://127.0.0.1:8501"),
                               (Schedule((one, other), "2027-05-15", zone), "https://portal.example.org")))
    assert list(before) == list(after)[:2]
    expected, came_out = before[list(before)[1]], after[list(after)[1]]
    assert str(expected["DTSTART"].dt) == str(came_out["DTSTART"].dt) == other.due
    assert expected["SEQUENCE"] < came_out["SEQUENCE"]
    assert expected["DTSTAMP"].dt < came_out["DTSTAMP"].dt == datetime(2027, 3, 1, 5, tzinfo=UTC)
    assert before[next(iter(before))]["DTSTAMP"].dt == datetime(2026, 11, 12, 5, tzinfo=UTC)


DCAT = Draft202012Validator(json.loads((ROOT / "tests/exports/dcat_us_3.json").read_text("utf-8")),
                            format_checker=FormatChecker(["date"]))


@pytest.mark.parametrize("feedback", ["", "https://example.org/form", "mailto:data@example.org?subject=x"])
def test_the_catalogue_is_dcat_us_and_its_files_are_there(
        site: TestClient, monkeypatch: pytest.MonkeyPatch, feedback: str) -> None:
    monkeypatch.setenv("PORTAL_FEEDBACK", feedback)
    catalogue.cache_clear()
    said = site.get("/data.json").json()
    DCAT.validate(said)
    assert [one["version"] for one in said["dataset"]] == [SECOND, FIRST]
    written = said["dataset"][0]["contactPoint"][0]["hasEmail"]
    assert written == (feedback.partition("?")[0] if "mailto" in feedback else "mailto:apomeroy@somervillema.gov")
    for one in said["dataset"]:
        assert one["description"].startswith("Made-up")
        assert {"Made-up numbers. They may be used for anything.",
                "The City has not yet named a license for these data."} == set(one["rights"])
    for one in said["dataset"][0]["distribution"] if not feedback else ():
        answer = site.get(one["downloadURL"].removeprefix(BASE))
        assert (answer.status_code, str(len(answer.content))) == (200, one["byteSize"])
        assert one["description"]


@pytest.mark.parametrize("fault", [
    lambda said: said.pop("dataset"), lambda said: said["dataset"][0].pop("contactPoint"),
    lambda said: said["dataset"][0].update(issued="yesterday"), lambda said: said["language"].append("pt-BR"),
    lambda said: said["dataset"][0]["distribution"][0].pop("mediaType"),
    lambda said: said["dataset"][0].update(licence="free")])
def test_a_catalogue_that_lacks_something_is_found(site: TestClient, fault: Callable[[Any], object]) -> None:
    said = site.get("/data.json").json()
    fault(said)
    assert not DCAT.is_valid(said)


def test_a_license_that_the_city_names_is_in_the_catalogue(tmp_path: Path) -> None:
    address = "https://example.org/license"
    (tmp_path / "datapackage.json").write_text(json.dumps({"licenses": [{"title": "Ours", "path": address}]}), "utf-8")
    assert terms(tmp_path, "official") == {"license": address, "rights": ["Ours."]}


def test_a_release_is_a_valid_data_package() -> None:
    report = frictionless.Package(str(SHIPPED / FIRST / "datapackage.json")).validate()
    assert report.valid, report.flatten(["type", "note"])


def test_the_list_of_pages_has_every_page_in_every_language_and_they_are_there(
        site: TestClient, portal_server: Server) -> None:
    listed = ElementTree.fromstring(site.get("/sitemap.xml").content)
    places = [str(one.findtext(f"{SITE}loc")) for one in listed.findall(f"{SITE}url")]
    assert len(set(places)) == len(places) == len(PAGES) * len(LANGUAGES)
    assert not [one for one in places if not answers(f"{portal_server.url}/plain{one.removeprefix(BASE)}", 240)]
    assert f"Sitemap: {BASE}/sitemap.xml" in site.get("/robots.txt").text


def test_with_nothing_published_everything_answers_in_words(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_RELEASES", str(tmp_path))
    monkeypatch.setenv("PORTAL_CACHE", str(tmp_path / "cache"))
    with TestClient(Starlette(routes=ROUTES), base_url=BASE) as client:
        assert client.get("/api/v1/").json()["detail"] == "No numbers are published yet."
        assert client.get("/data.json").json()["dataset"] == []
        for address in ("/feed.atom", "/calendar.ics", "/sitemap.xml", "/robots.txt"):
            assert client.get(address).status_code == 200
