"""What a server looks at before it serves."""

import os
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from email.message import Message
from pathlib import Path

import pytest

from portal.errors import BadSetting
from portal.serve import claim_cache
from portal.settings import ROOT
from tests.browser.server import Server, free_port, start, stop
from tests.conftest import SMALLEST
from tests.site import built, releases_in, settings_for


def test_a_cache_of_another_user_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    claim_cache(tmp_path / "made" / "here")
    assert (tmp_path / "made" / "here").is_dir()
    (tmp_path / "another").symlink_to(tmp_path / "made")
    if os.geteuid():
        whose = os.geteuid()
        monkeypatch.setattr(os, "geteuid", lambda: whose + 1)
    else:  # what is root's is trusted
        os.chown(tmp_path / "made", 65534, -1)
    for cached in (tmp_path / "made", tmp_path / "another"):
        with pytest.raises(BadSetting, match="belongs to the user who runs the server"):
            claim_cache(cached)


@pytest.fixture(scope="module")
def hosted(tmp_path_factory: pytest.TempPathFactory, drawn_cache: Path) -> Iterator[Server]:
    """The portal as `streamlit run` starts it, from another folder and under a path, on a release that is built."""
    folder = tmp_path_factory.mktemp("hosted")
    settings = built(settings_for(releases_in(folder / "releases", SMALLEST[0]), drawn_cache, port=free_port()))
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "streamlit_app.py"), "--server.port",
               str(settings.port), "--server.baseUrlPath", "portal"]  # on all URLs, IPv6 and IPv4 at once
    server = start(command, f"{settings.site}/portal", folder / "log", settings.environment())
    yield server
    stop(server.pid)


def asked(server: Server, path: str, **headers: str) -> tuple[int, Message, str]:
    request = urllib.request.Request(server.url + path, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, answer.headers, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read().decode()


def test_streamlit_run_starts_the_same_site_with_the_same_safety(hosted: Server) -> None:
    status, headers, page = asked(hosted, "/calls")
    assert status == 200 and "Made-up numbers" in page and 'id="root"' in page
    assert "default-src 'none'" in headers["Content-Security-Policy"] and headers["X-Frame-Options"] == "DENY"
    assert asked(hosted, "/calls", Host="evil.example")[0] == 421
    for closed in ("/_stcore/metrics", "/wp-login.php", "/static/js/another.js", "/%00"):
        assert asked(hosted, closed)[0] == 404, closed
    assert 'href="/portal/plain/calls"' in page


def test_a_trusted_proxy_says_that_visitors_come_over_tls(hosted: Server) -> None:
    cookies = [asked(hosted, "/_stcore/health", **given)[1].get("Set-Cookie", "") for given in (
        {"X-Forwarded-Proto": "https"}, {})]
    assert "Path=/portal; Secure" in cookies[0]
    assert cookies[1].endswith("Path=/portal")
    page = asked(hosted, "/plain/calls", **{"X-Forwarded-Proto": "https"})[2]
    assert f"{hosted.url.replace('http:', 'https:')}/plain/figure/" in page
