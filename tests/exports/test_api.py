"""The API by its own description: what it gives, in JSON and CSV, and how it says no."""

import csv
import io

import pandas as pd
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from starlette.applications import Starlette
from starlette.testclient import TestClient

from portal.application import ROUTES
from portal.exports.openapi import description
from portal.release import queries
from portal.release.store import Release
from tests.conftest import SHIPPED, SMALLEST
from tests.exports.conftest import BASE

FIRST, SECOND = SMALLEST
schema = schemathesis.openapi.from_dict(description(BASE))


@schema.parametrize()
@settings(max_examples=12, deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate], database=None,
          suppress_health_check=list(HealthCheck))
def test_schemathesis_finds_nothing(app: Starlette, case: schemathesis.Case) -> None:
    case.call_and_validate(app=app, base_url=f"{BASE}/api/v1")


def test_the_api_gives_what_the_release_holds_and_says_in_each_answer_that_it_is_made_up(site: TestClient) -> None:
    release = Release(SHIPPED / SECOND)
    answers = {name: site.get(f"/api/v1/{name}").json() for name in (
        "", "releases", f"releases/{SECOND}", f"releases/{SECOND}/measures", f"releases/{SECOND}/cells",
        "figures/response.met")}
    assert all((answer["made_up"], answer["state"]) == (True, "illustrative") and "Made-up" in answer["notice"]
               for answer in answers.values())
    assert answers[f"releases/{SECOND}/cells"]["cells"] == list(queries.table(release, "cells").records)
    assert [row["release_id"] for row in answers["releases"]["releases"]] == [SECOND, FIRST]
    assert answers["figures/response.met"]["answer"] in site.get("/plain/calls").text.replace('<data value="', "")\
        or answers["figures/response.met"]["numbers"]
    assert all(site.get(url.removeprefix(BASE)).status_code == 200 for url in (
        *answers[""]["figures"], *answers[""]["links"].values(), *answers[f"releases/{SECOND}"]["links"].values()))


def test_a_release_tells_its_dates_license_tables_and_files_with_their_hashes(site: TestClient) -> None:
    answer = site.get(f"/api/v1/releases/{FIRST}").json()
    assert answer["meta"] == queries.meta(Release(SHIPPED / FIRST))
    assert answer["license"] == {"title": "The City has not yet named a license for these data", "address": None}
    assert "demand.received" in answer["tables"]
    assert Release(SHIPPED / FIRST).checksums.items() <= {row["name"]: row["sha256"] for row in answer["files"]}.items()
    for row in answer["files"]:
        assert len(site.get(row["address"].removeprefix(BASE)).content) == row["bytes"]


@pytest.mark.parametrize("path", ["", "/measures", "/cells", "/measures.csv", "/cells.csv"])
def test_newest_stands_for_the_newest_release(site: TestClient, path: str) -> None:
    newest, named = (site.get(f"/api/v1/releases/{release}{path}") for release in ("newest", SECOND))
    assert newest.status_code == 200
    assert newest.content == named.content
    assert site.get("/api/v1/figures/response.met?release=newest").content == site.get(
        "/api/v1/figures/response.met").content


@pytest.mark.parametrize(("query", "column", "values"), [
    (f"table=demand.received&period={FIRST}", "period_id", {FIRST}),
    ("measure=calls", "measure_id", {"calls"}),
    ("table=demand.received,demand.by_type", "table_id", {"demand.received", "demand.by_type"}),
    ("category=mental_health", "category_1", {"mental_health"}),
    ("status=published", "status", {"published"}),
])
def test_cells_are_filtered_and_none_that_is_asked_for_is_missing(
        site: TestClient, query: str, column: str, values: set[str]) -> None:
    every = site.get(f"/api/v1/releases/{SECOND}/cells").json()["cells"]
    some = site.get(f"/api/v1/releases/{SECOND}/cells?{query}").json()["cells"]
    assert {row[column] for row in some} == values
    wanted = dict(pair.split("=") for pair in query.split("&"))
    columns = {"table": "table_id", "measure": "measure_id", "category": "category_1", "period": "period_id",
               "status": "status"}
    assert some == [row for row in every if all(row[columns[name]] in value.split(",")
                                                for name, value in wanted.items())] != []


def test_labels_are_in_the_language_that_is_named(site: TestClient) -> None:
    url = f"/api/v1/releases/{SECOND}/cells?table=demand.by_type&category=mental_health&labels="
    english, spanish = (site.get(url + language).json()["cells"][0] for language in ("en", "es-MX"))
    assert english["category_1_label"] == "Mental health"
    assert spanish["category_1_label"] not in {"Mental health", "mental_health"}
    assert english["value"] == spanish["value"]
    assert english["measure_label"] == "Crisis calls"


@pytest.mark.parametrize("path", ["releases", f"releases/{SECOND}/measures", f"releases/{SECOND}/cells",
                                  "figures/demand.received"])
def test_a_table_is_csv_where_its_address_or_the_accept_header_says_so(site: TestClient, path: str) -> None:
    in_json = site.get(f"/api/v1/{path}", headers={"Accept": "text/html,*/*;q=0.8"})
    named, negotiated = site.get(f"/api/v1/{path}.csv"), site.get(
        f"/api/v1/{path}", headers={"Accept": "text/csv, application/json;q=0.5"})
    assert in_json.headers["content-type"] == "application/json"
    assert named.headers["content-type"] == negotiated.headers["content-type"] == "text/csv; charset=utf-8"
    assert named.content == negotiated.content
    assert site.get(f"/api/v1/{path}").content == in_json.content, "what one client prefers, another does not get"
    assert {part.strip() for part in negotiated.headers["vary"].split(",")} >= {"Accept"} <= {
        part.strip() for part in in_json.headers["vary"].split(",")}
    rows = list(csv.DictReader(io.StringIO(named.text)))
    assert rows
    assert {row["state"] for row in rows} == {"illustrative"}, "each row says that it is made up"


def test_the_csv_of_cells_is_read_by_one_call_and_holds_the_same_numbers(site: TestClient) -> None:
    answer = site.get("/api/v1/releases/newest/cells.csv?table=demand.received&labels=en")
    table = pd.read_csv(io.BytesIO(answer.content))
    cells = [row for row in queries.table(Release(SHIPPED / SECOND), "cells").records
             if row["table_id"] == "demand.received"]
    assert list(table["value"].dropna()) == [row["value"] for row in cells if row["value"] is not None]
    assert list(table["period_id"]) == [row["period_id"] for row in cells]


def test_a_figure_of_a_pinned_release_is_the_same_in_every_edition(site: TestClient) -> None:
    query = f"?release={FIRST}&period={FIRST}"
    answer = site.get(f"/api/v1/figures/demand.received{query}").json()
    assert answer["answer"] in site.get(f"/download/{FIRST}/figure/demand.received.csv{query}").text
    assert answer["address"].endswith(f"/plain/figure/demand.received{query}")
    assert answer["citation"] in site.get(f"/plain/figure/demand.received{query}").text


@pytest.mark.parametrize(("url", "status", "sentence"), [
    ("figures/nothing", 404, "There is no figure of that name."), ("nothing", 404, "There is nothing at this address"),
    ("figures/response.met?release=2199-Q1", 404, "There is no release of that name."),
    ("figures/response.met?lang=tlh", 404, "not in that language"), ("releases/2199-Q1/cells", 404, "no release"),
    ("releases/2199-Q1", 404, "no release"), ("releases/newest/cells?labels=tlh", 404, "not in that language"),
    *((f"releases/{FIRST}/cells?{name}=nothing", 404, f"no {name}")
      for name in ("table", "measure", "category", "period", "status")),
    (f"releases/{FIRST}/cells?table=demand.received,nothing", 404, "no table"),
    (f"releases/{FIRST}/cells?sort=x", 400, "takes table"), ("releases?x=1", 400, "takes nothing"),
])
def test_an_error_is_one_sentence(site: TestClient, url: str, status: int, sentence: str) -> None:
    answer = site.get(f"/api/v1/{url}")
    assert answer.status_code == answer.json()["status"] == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert sentence in answer.json()["detail"]


def test_the_api_is_open_conditional_compressed_and_read_only(site: TestClient) -> None:
    url = f"/api/v1/releases/{SECOND}/cells"
    answer = site.get(url, headers={"Accept-Encoding": "br", "Origin": "https://example.org"})
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["content-encoding"] == "br"
    assert answer.headers["cache-control"]
    assert site.get(url, headers={"If-None-Match": answer.headers["etag"]}).status_code == 304
    assert site.get(url, headers={"If-Modified-Since": answer.headers["last-modified"]}).status_code == 304
    refused = site.post(url)
    assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD, OPTIONS")
    assert site.options(url).headers["access-control-allow-methods"] == "GET, HEAD, OPTIONS"
    assert site.get("/api/v1/openapi.json").json() == description(BASE)


@pytest.mark.parametrize("path", ["csv/cells.csv", "release.sqlite", "figure/demand.received.csv",
                                  "table/demand.received.csv"])
def test_a_script_of_another_site_may_read_a_download(site: TestClient, path: str) -> None:
    for headers in ({}, {"Range": "bytes=0-9"}):
        answer = site.get(f"/download/{FIRST}/{path}", headers=headers)
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "Content-Range" in answer.headers["access-control-expose-headers"]


def test_the_page_on_data_links_to_what_is_served(site: TestClient) -> None:
    assert {"/api/v1/", "/feed.atom", "/calendar.ics", "/data.json"} <= {getattr(route, "path", "") for route in ROUTES}
