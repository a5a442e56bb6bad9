"""The brief as PDF/UA-1, set by Typst: tags, headings, table headers, texts for pictures, bookmarks, language."""

import json
import threading
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from portal.editions.brief import Brief
from portal.settings import ROOT

if TYPE_CHECKING:
    import typst

TEMPLATE = Path(__file__).parent / "templates" / "brief.typ"
FONTS = ROOT / "portal" / "fonts"
_ONE_AT_A_TIME = threading.Lock()


@cache
def _compiler() -> "typst.Compiler":
    import typst

    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])
    return typst.Compiler(TEMPLATE, root=TEMPLATE.parent, font_paths=fonts)


@lru_cache(maxsize=32)
def _made(content: str) -> bytes:
    with _ONE_AT_A_TIME:
        made = _compiler().compile(format="pdf", pdf_standards="ua-1", sys_inputs={"brief": content})
    if not isinstance(made, bytes):
        raise TypeError("a PDF is one run of bytes")
    return made


def pdf(made: Brief) -> bytes:
    """The PDF of a brief; the same brief is set once. What PDF/UA-1 forbids raises typst.TypstError."""
    return _made(json.dumps(made.plain(), ensure_ascii=False, sort_keys=True))
