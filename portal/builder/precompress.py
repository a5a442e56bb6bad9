"""Brotli and gzip forms of files, compressed once and ahead of requests.

The forms of x.svg are x.svg.br and x.svg.gz beside it, where nginx (brotli_static, gzip_static) finds them too.
"""

import gzip
import tempfile
from pathlib import Path

import brotli

from portal.builder.streamlit_assets import in_order

COMPRESSED = frozenset({".js", ".css", ".svg", ".json", ".html"})
DONE = ".done"  # a marker file in a folder whose forms are complete
FORMS = (".br", ".gz")  # the suffixes of a file's compressed forms
SMALLEST = 500  # bytes: below, compressing saves nothing


def brotli_form(content: bytes) -> bytes:
    """The brotli form. Quality 9: all of Streamlit's files take 3 s; quality 11 takes 25 s, and saves 8 % more. A
    window of 64 kB for small files: a drawing takes 0.1 ms, and 2 ms with the usual 4 MB, for the same bytes.
    """
    return bytes(brotli.compress(content, quality=9, lgwin=16 if len(content) <= 1 << 16 else 22))


def precompress(file: Path, content: bytes) -> None:
    """Write a file and its compressed forms, the file itself last. Raises OSError."""
    if len(content) >= SMALLEST:
        for suffix, form in zip(FORMS, (brotli_form(content), gzip.compress(content, 9, mtime=0)), strict=True):
            file.with_name(file.name + suffix).write_bytes(form)
    file.write_bytes(content)


def precompress_all(folder: Path, out: Path) -> None:
    """Compress every file below a folder for which it pays into `out`, the most needed first. A file can be sent as
    soon as it is in `out`: its forms are there by then. An interrupted run is continued; `DONE` comes last. Raises
    OSError.
    """
    out.mkdir(parents=True, exist_ok=True)
    for file in in_order(folder):
        target = out / file.relative_to(folder)
        if file.suffix in COMPRESSED and not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(prefix=".packing-", dir=out) as staging:
                draft = Path(staging) / file.name
                precompress(draft, file.read_bytes())
                for form in (*draft.parent.glob(f"{file.name}.*"), draft):  # the file itself last
                    form.replace(target.with_name(form.name))
    (out / DONE).touch()
