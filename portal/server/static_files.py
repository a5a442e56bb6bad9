"""Precompressed files: drawings, downloads and Streamlit's own, served from the cache folder."""

from mimetypes import guess_type
from pathlib import Path, PurePosixPath

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from portal.builder.precompress import FORMS
from portal.server.responses import FOREVER, Body, etag_of, respond


def precompressed(file: Path) -> Body | None:
    """A file with its compressed forms; None where it does not exist."""
    try:
        content = file.read_bytes()
        brotli, gzip = (_form(file, suffix) for suffix in FORMS)
    except OSError:
        return None
    kind = guess_type(file.name)[0] or "application/octet-stream"
    text = kind.startswith("text/") or kind.endswith(("javascript", "json", "xml"))
    return Body(content, f"{kind}; charset=utf-8" if text else kind, etag_of(content), None, brotli, gzip)


def _form(file: Path, suffix: str) -> bytes | None:
    form = file.with_name(file.name + suffix)
    return form.read_bytes() if form.is_file() else None


class StaticFiles:
    """ASGI middleware that serves /static/… from precompressed files; Streamlit serves those not compressed yet."""

    def __init__(self, app: ASGIApp, folder: Path) -> None:
        self.app = app
        self.folder = folder

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the file, or pass the request on."""
        file = self._file(scope)
        body = await run_in_threadpool(precompressed, file) if file else None
        if body is None:
            await self.app(scope, receive, send)
        else:
            await respond(Request(scope), body, cache=FOREVER)(scope, receive, send)

    def _file(self, scope: Scope) -> Path | None:
        if scope["type"] != "http" or scope["method"] not in {"GET", "HEAD"}:
            return None
        path = PurePosixPath(scope["path"])
        known = path.parts[:2] == ("/", "static") and ".." not in path.parts and path.suffix in {".js", ".css", ".svg"}
        return self.folder.joinpath(*path.parts[1:]) if known else None
