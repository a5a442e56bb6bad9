"""The files of Streamlit that a page of the portal needs, found by parsing them: their names change with each version.
A page needs 90 of 300, and Streamlit requests the last third only when the first elements have arrived.
"""

import re
from importlib.util import find_spec
from pathlib import Path

from portal.shipped import shipped
from portal.streamlit_internals import ELEMENTS

NAMED = re.compile(r'(?:src|href)="\./(static/(?:js|css)/[^"]+)"')  # in index.html
IMPORTED = re.compile(r'(?:from|import)\s*"\./([^"]+\.js)"')  # in a module: what it can't run without


def files() -> Path:
    """Streamlit's folder of files for the browser. Loads nothing of Streamlit."""
    where = find_spec("streamlit")
    return Path(str(where and where.origin)).parent / "static"


def at_once(folder: Path) -> tuple[str, ...]:
    """The files that index.html names, such as static/js/index.x.js; browsers load them in parallel."""
    return tuple(dict.fromkeys(NAMED.findall((folder / "index.html").read_text("utf-8"))))


@shipped
def for_elements(folder: Path) -> tuple[str, ...]:
    """The modules of ELEMENTS with everything they import, except what index.html names. Streamlit requests them when
    the first elements have arrived; a page can preload them. Empty where this version names its files differently.
    """
    known = set(at_once(folder))
    modules: list[str] = []
    queue = [path.name for name in ELEMENTS for path in sorted((folder / "static" / "js").glob(f"{name}.*.js"))]
    while queue:
        path = f"static/js/{queue.pop(0)}"
        if path not in known and (folder / path).is_file():
            known.add(path)
            modules.append(path)
            queue += IMPORTED.findall((folder / path).read_text("utf-8"))
    return tuple(modules)


def in_order(folder: Path) -> list[Path]:
    """All files below a folder; first those that a page of the portal needs, in the order of need."""
    needed = (*at_once(folder), *for_elements(folder)) if (folder / "index.html").is_file() else ()
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return list(dict.fromkeys([*map(folder.joinpath, needed), *files]))
