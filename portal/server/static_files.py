"""Files that were compressed ahead: drawings and Streamlit's own files, sent from memory with a year's cache."""

import hashlib
import subprocess
import sys
import threading
from collections.abc import Awaitable, Callable, MutableMapping
from functools import lru_cache
from importlib.metadata import version
from mimetypes import guess_type
from pathlib import Path, PurePosixPath
from typing import Any

from starlette.requests import Request

from portal.builder.precompress import DONE
from portal.server.responses import FOREVER, Body, respond
from portal.settings import ROOT, folder

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
KEPT = 512  # files in memory: a drawing takes some 15 kB with its forms, all that a page of Streamlit's loads 4 MB


def packed(file: Path) -> Body | None:
    """A file with its forms, read once; None where it is not there. Its address must change with its content."""
    try:
        return _read(file)
    except (OSError, ValueError):  # ValueError: a null byte in its name
        return None


@lru_cache(maxsize=KEPT)
def _read(file: Path) -> Body:
    content = file.read_bytes()
    kind = guess_type(file.name)[0] or "application/octet-stream"
    text = kind.startswith("text/") or kind.endswith(("javascript", "json", "xml"))
    return Body(content, f"{kind}; charset=utf-8" if text else kind,
                f'W/"{hashlib.sha256(content).hexdigest()[:24]}"', None, _form(file, "br"), _form(file, "gz"))


def _form(file: Path, name: str) -> bytes | None:
    form = file.with_name(f"{file.name}.{name}")
    return form.read_bytes() if form.is_file() else None


class Packed:
    """ASGI middleware: answers /static/… from what was compressed ahead; Streamlit does where a file is not yet."""

    def __init__(self, app: App, files: Path) -> None:
        self.app = app
        self.files = files  # Streamlit's folder `static`
        self.out = folder("cache") / f"streamlit-{version('streamlit')}"
        if not (self.out / DONE).exists():
            threading.Thread(target=self._make, daemon=True, name="pack").start()

    def _make(self) -> None:
        """In a process of its own; once for each version of Streamlit. What a first visit loads takes half a second."""
        subprocess.run([sys.executable, "-m", "portal.builder.precompress", str(self.files), str(self.out)], cwd=ROOT,
                       capture_output=True, check=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or hand on."""
        body = self._body(scope) if scope["type"] == "http" else None
        if body is None:
            await self.app(scope, receive, send)
        else:
            await respond(Request(scope), body, cache=FOREVER)(scope, receive, send)

    def _body(self, scope: Scope) -> Body | None:
        path = PurePosixPath(scope["path"])
        if scope["method"] not in {"GET", "HEAD"} or path.parts[:2] != ("/", "static") or ".." in path.parts:
            return None
        return packed(self.out.joinpath(*path.parts[1:])) if path.suffix in {".js", ".css", ".svg"} else None
