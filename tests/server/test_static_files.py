"""Files are compressed ahead, never on a request, and may be kept for a year."""

import gzip
from pathlib import Path

import brotli
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from portal.builder import precompress
from portal.builder.precompress import DONE, precompress_all
from portal.server.static_files import StaticFiles, precompressed

SCRIPT = b"const answer = 42; " * 200


def files(folder: Path) -> Path:
    """A folder as Streamlit's: static/js/a.js, and a picture that compressing makes no smaller."""
    (folder / "static" / "js").mkdir(parents=True)
    (folder / "static" / "js" / "a.js").write_bytes(SCRIPT)
    (folder / "static" / "b.png").write_bytes(b"\x89PNG" * 400)
    return folder


def site(compressed: Path) -> TestClient:
    fallback = Route("/{path:path}", lambda _: PlainTextResponse("Streamlit's"))
    return TestClient(Starlette(routes=[fallback], middleware=[Middleware(StaticFiles, folder=compressed)]))


@pytest.fixture
def static_site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    precompress_all(files(tmp_path / "files"), tmp_path / "compressed")

    def never(*_: object, **__: object) -> bytes:
        raise AssertionError("compressed on a request")
    monkeypatch.setattr(brotli, "compress", never)
    monkeypatch.setattr(gzip, "compress", never)
    return site(tmp_path / "compressed")


@pytest.mark.parametrize(("accepted", "sent"), [("gzip, deflate, br", "br"), ("gzip", "gzip"), ("identity", None)])
def test_the_form_that_the_client_reads_is_sent_and_may_be_kept(
        static_site: TestClient, accepted: str, sent: str | None) -> None:
    answer = static_site.get("/static/js/a.js", headers={"Accept-Encoding": accepted})
    assert (answer.status_code, answer.headers.get("content-encoding")) == (200, sent)
    assert answer.content == SCRIPT  # the client has unpacked it
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert sent is None or int(answer.headers["content-length"]) < len(SCRIPT) / 10
    again = static_site.get("/static/js/a.js", headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("url", ["/static/js/none.js", "/static/b.png", "/static/../static/js/a.js", "/other/a.js",
                                 "/static/js/..%2fjs%2fa.js"])
def test_what_was_not_compressed_is_for_streamlit(static_site: TestClient, url: str) -> None:
    assert static_site.get(url).text in {"Streamlit's", SCRIPT.decode()}
    assert static_site.post("/static/js/a.js").text == "Method Not Allowed"


def test_a_file_that_was_not_there_is_found_once_it_is(tmp_path: Path) -> None:
    assert precompressed(tmp_path / "x.svg") is None
    precompress.precompress(tmp_path / "x.svg", b"<svg>" * 500)
    found = precompressed(tmp_path / "x.svg")
    assert found
    assert found.brotli
    assert found.media_type == "image/svg+xml; charset=utf-8"


def test_a_file_is_sent_as_soon_as_it_is_compressed_and_an_interrupted_run_is_taken_up_again(tmp_path: Path) -> None:
    folder, out = files(tmp_path / "files"), tmp_path / "compressed"
    unreadable = folder / "static" / "js" / "b.js"
    unreadable.symlink_to(tmp_path / "missing")
    with site(out) as client:
        assert client.get("/static/js/a.js").text == "Streamlit's"
        precompress_all(folder, out)
        assert client.get("/static/js/a.js").headers["content-encoding"] == "br"
        assert client.get("/static/js/b.js").text == "Streamlit's"
        unreadable.unlink()
        unreadable.write_bytes(SCRIPT)
        precompress_all(folder, out)
        assert client.get("/static/js/b.js").headers["content-encoding"] == "br"
    assert sorted(path.name for path in out.iterdir()) == [DONE, "static"]
