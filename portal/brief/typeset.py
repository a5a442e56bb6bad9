"""`python -m portal.brief.typeset`: a brief (JSON, standard input) set by Typst as PDF/UA-1 (standard output).

A process of its own, because Typst caches parts of what it has set: a server that had set a hundred briefs held 200 MB
more. It runs at a lower priority than the server.
"""

import os
import sys
from pathlib import Path

import typst

TEMPLATE = Path(__file__).parent / "templates" / "brief.typ"
FONTS = Path(__file__).parents[1] / "fonts"


def main() -> None:
    """Set the brief. What Typst refuses ends the process with its reason on standard error."""
    if hasattr(os, "nice"):  # not on Windows
        os.nice(10)
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])
    compiler = typst.Compiler(TEMPLATE, root=TEMPLATE.parent, font_paths=fonts)
    brief = sys.stdin.buffer.read().decode()
    content = compiler.compile(format="pdf", pdf_standards="ua-1", sys_inputs={"brief": brief})
    if not isinstance(content, bytes):
        raise TypeError("Typst returned pages in place of a PDF.")
    sys.stdout.buffer.write(content)


if __name__ == "__main__":
    main()
