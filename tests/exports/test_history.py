"""That nothing was rewritten can be checked: with a brief that somebody kept, as five lines on the Data page say it."""

import hashlib
import re
import subprocess
import sys
from html import unescape
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from portal.release.description import describe
from portal.release.store import SUMS, sums_hash
from portal.render.history import Audit, read_audits
from portal.render.markup import block
from portal.render.rendered import SITE
from portal.settings import ROOT
from tests.conftest import SMALLEST
from tests.publish import made
from tests.site import app_of, built, client_of, listening, releases_in, settings_for

OLD, NEW = SMALLEST
HASH = re.compile(r"\b[0-9a-f]{64}\b")
PROGRAM = [sys.executable, "-I", "-S"]


def words(html: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", "", html)))


def heads(text: str) -> dict[str, str]:
    """Release -> head hash, wherever the line stands."""
    return dict(re.findall(r"Head hash of release (\S+), which .*?: ([0-9a-f]{64})", words(text)))


def run(program: Path, place: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*PROGRAM, str(program), place], capture_output=True, text=True, check=False)


def test_the_head_hash_stands_in_the_brief_the_feed_the_api_and_on_the_data_page(site: TestClient) -> None:
    newest, older = (sums_hash(ROOT / "data" / "releases" / name) for name in (NEW, OLD))
    for url in ("/brief.html", "/plain/data"):
        assert heads(site.get(url).text) == {NEW: newest}, url
    assert heads(site.get("/feed.atom").text) == {NEW: newest, OLD: older}
    assert site.get("/api/v1/").json()["head_hash"] == newest
    assert site.get(f"/api/v1/releases/{OLD}").json()["head_hash"] == older
    assert {row["release_id"]: row["head_hash"] for row in site.get("/api/v1/releases").json()["releases"]} == {
        NEW: newest, OLD: older}


def test_the_notes_of_a_release_name_the_head_hash_of_the_one_before(site: TestClient) -> None:
    assert sums_hash(ROOT / "data" / "releases" / OLD) in site.get(f"/download/{NEW}/NOTES.md").text
    assert not HASH.search(site.get(f"/download/{OLD}/NOTES.md").text)


@pytest.fixture(scope="module")
def kept_brief(tmp_path_factory: pytest.TempPathFactory, drawn_cache: Path) -> str:
    """Last quarter's brief, as somebody took it home from the meeting."""
    releases = releases_in(tmp_path_factory.mktemp("before"), OLD)
    with client_of(built(settings_for(releases, drawn_cache))) as before:
        return before.get("/brief.html").text


def test_the_five_lines_on_the_data_page_work_with_last_quarters_brief_in_hand(
        app: Starlette, site: TestClient, kept_brief: str, tmp_path: Path) -> None:
    page = site.get("/plain/data").text
    part = page[page.index('id="history"'):].partition("</section>")[0]
    lines = re.findall(r"<li>(.*?)</li>", part.partition("</ol>")[0], re.DOTALL)
    assert len(lines) == 5
    (release, kept), = heads(kept_brief).items()  # line 1
    link = next(link for link in re.findall(r'href="([^"]+)"', lines[1]) if release in link)  # line 2
    assert hashlib.sha256(site.get(link).content).hexdigest() == kept  # line 3
    program = tmp_path / "verify_release.py"  # line 4
    program.write_bytes(site.get(re.findall(r'href="([^"]+)"', lines[3])[0]).content)
    with listening(app) as url:
        process = run(program, url)
    assert process.returncode == 0, process.stdout
    assert process.stdout.startswith("ok") and kept in process.stdout  # line 5
    assert HASH.findall(process.stdout)[-1] == heads(part)[NEW]


def test_a_history_that_was_rewritten_as_a_whole_agrees_with_itself_and_not_with_the_brief(
        kept_brief: str, tmp_path: Path) -> None:
    calls = made.extract(made.rows((130, 60, 12)))
    first, second = made.quarter_ends(2)
    made.publish(calls, first, tmp_path, state="illustrative", name=OLD)
    made.publish(calls, second, tmp_path, state="illustrative", name=NEW)
    (_, kept), = heads(kept_brief).items()
    process = run(ROOT / "checks" / "verify_release.py", str(tmp_path))
    assert process.stdout.startswith("ok")
    assert kept not in process.stdout
    assert sums_hash(tmp_path / OLD) != kept


def test_a_site_that_cannot_be_read_is_reported_in_a_sentence(app: Starlette) -> None:
    program = ROOT / "checks" / "verify_release.py"
    with listening(app) as url:
        process = run(program, f"{url}/nothing")
    assert process.returncode == 1
    assert "can't be downloaded" in process.stdout and not process.stderr


def test_the_program_that_is_offered_is_the_one_in_the_repository(site: TestClient) -> None:
    assert site.get("/verify_release.py").content == (ROOT / "checks" / "verify_release.py").read_bytes()


def test_an_audit_on_record_names_a_role_a_day_and_a_head_hash_and_nobody() -> None:
    text = f"""
    [[audit]]
    role = "City Auditor"
    day = 2027-12-01
    release = "2027-Q3"
    head_hash = "{'ab' * 32}"
    """
    assert read_audits(text) == (Audit("City Auditor", "2027-12-01", "2027-Q3", "ab" * 32),)
    assert read_audits("") == ()
    with pytest.raises(TypeError):
        read_audits(f'{text}\n    name = "Somebody"')


def test_an_audit_on_record_stands_on_the_data_page() -> None:
    audit = Audit("City Auditor", "2027-12-01", NEW, "ab" * 32)
    page = words(block("history", "", describe(ROOT / "data" / "releases" / NEW), (NEW,), SITE, (audit,)))
    assert f"City Auditor, December 1, 2027: release {NEW}, head hash {'ab' * 32}" in page
    assert "No audit with the City's records" not in page


@pytest.mark.parametrize("name", [SUMS, "csv/meta.csv"])
def test_a_changed_file_of_a_site_is_found_from_outside(name: str, tmp_path: Path, drawn_cache: Path) -> None:
    settings = built(settings_for(releases_in(tmp_path / "releases", OLD), drawn_cache))
    app = app_of(settings)

    async def altered(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] == f"/download/{OLD}/{name}":
            content = (tmp_path / "releases" / OLD / name).read_text("utf-8")
            await PlainTextResponse(content.replace("0", "1", 1))(scope, receive, send)
        else:
            await app(scope, receive, send)

    with listening(altered) as url:
        process = run(ROOT / "checks" / "verify_release.py", url)
    assert process.returncode == 1
    assert name in process.stdout or "is not the file" in process.stdout


def test_the_log_of_corrections_is_the_same_on_its_page_and_in_the_api(site: TestClient) -> None:
    entries = site.get("/api/v1/corrections").json()["corrections"]
    assert [row["release"] for row in entries if row["kind"] == "records"] == [NEW, OLD]
    page = words(site.get("/plain/corrections").text)
    places = [page.index(row["sentence"]) for row in entries]
    assert places and page.index(f"release {NEW}. ") < page.index(f"release {OLD}. ")
    assert site.get("/api/v1/corrections.csv").text.count("\n") == len(entries) + 1
