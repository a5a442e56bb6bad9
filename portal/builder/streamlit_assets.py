"""Which of Streamlit's own files a page of the portal needs, read from the files themselves: their names change with
each of its versions. A page needs 90 of 300, and Streamlit asks for the last third only when elements have come.
"""

import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from portal.streamlit_internals import ELEMENTS

NAMED = re.compile(r'(?:src|href)="\./(static/(?:js|css)/[^"]+)"')  # in index.html
IMPORTED = re.compile(r'(?:from|import)\s*"\./([^"]+\.js)"')  # in a module: what it can't run without


def files() -> Path:
    """Streamlit's folder of files for the browser. Loads nothing of Streamlit."""
    where = find_spec("streamlit")
    return Path(str(where and where.origin)).parent / "static"


def at_once(folder: Path) -> tuple[str, ...]:
    """What index.html names, such as static/js/index.x.js: loaded side by side."""
    return tuple(dict.fromkeys(NAMED.findall((folder / "index.html").read_text("utf-8"))))


@cache
def for_elements(folder: Path) -> tuple[str, ...]:
    """The modules of ELEMENTS with all that they import, without what index.html names. Streamlit asks for them when
    the first elements have come; a page can name them beforehand. Empty where this version names its files otherwise.
    """
    known = set(at_once(folder))
    found: list[str] = []
    ahead = [path.name for name in ELEMENTS for path in sorted((folder / "static" / "js").glob(f"{name}.*.js"))]
    while ahead:
        address = f"static/js/{ahead.pop(0)}"
        if address not in known and (folder / address).is_file():
            known.add(address)
            found.append(address)
            ahead += IMPORTED.findall((folder / address).read_text("utf-8"))
    return tuple(found)


def in_order(folder: Path) -> list[Path]:
    """All files below the folder: first those that a page of the portal needs, in the order in which it needs them."""
    needed = (*at_once(folder), *for_elements(folder)) if (folder / "index.html").is_file() else ()
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return list(dict.fromkeys([*map(folder.joinpath, needed), *files]))
