"""The brief as PDF/UA-1, set by Typst: tags, headings, texts for pictures, bookmarks, language."""

import json
import subprocess
import sys
from functools import lru_cache

from portal.brief.document import Brief
from portal.render.drawings import shapes_and_words
from portal.settings import ROOT

LONGEST = 60  # seconds that setting a brief may take: it takes two


def pdf(brief: Brief) -> bytes:
    """The PDF of a brief, set in a process of its own: a second or two of work. What Typst refuses (because PDF/UA-1
    forbids it, or because the template is wrong) raises RuntimeError with its reason, and so does a process that hangs.
    """
    content = brief.plain()
    for headline in content["headlines"]:
        del headline["drawing"]  # a tile has none
    for finding in content["findings"]:
        finding["drawing"] = shapes_and_words(finding["drawing"])
    return _typeset(json.dumps(content, ensure_ascii=False, sort_keys=True))


@lru_cache(maxsize=32)  # 100 to 300 kB each: URLs that name the same choice in other words
def _typeset(content: str) -> bytes:
    try:
        process = subprocess.run([sys.executable, "-m", "portal.brief.typeset"], cwd=ROOT, input=content.encode(),
                                 capture_output=True, check=False, timeout=LONGEST)
    except subprocess.TimeoutExpired as error:
        raise RuntimeError(f"Typst has not set the brief within {LONGEST} seconds.") from error
    if process.returncode:
        raise RuntimeError(f"Typst can't set the brief:\n{process.stderr.decode(errors='replace')}")
    return process.stdout
