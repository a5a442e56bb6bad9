"""Opens an extract by the ending of its name, and refuses one whose content is something else."""

import gzip
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from io import BytesIO
from pathlib import Path
from typing import IO, cast

from portal.errors import ExtractUnreadable
from portal.publish.ingest.dialect import text_table
from portal.publish.ingest.table import EXPORT_AGAIN, FileOptions, SourceTable, explain_file_errors

TEXT_SUFFIXES = (".csv", ".tsv")
WORKBOOK_SUFFIXES = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
SUFFIXES = (".csv", ".csv.gz", ".tsv", ".tsv.gz", *WORKBOOK_SUFFIXES, ".parquet")
MAGIC = {b"PK\x03\x04": "zip", b"\xd0\xcf\x11\xe0": "xls", b"PAR1": "parquet", b"\x1f\x8b": "gz"}  # first bytes
MARKUP_STARTS = (b"<!doctype", b"<html", b"<table", b"<?xml", b"<meta")
# A ZIP that holds one of these files is a workbook of that kind.
WORKBOOK_PARTS = {"xl/workbook.xml": "xlsx", "xl/workbook.bin": "xlsb", "content.xml": "ods"}
FILE_KINDS = {"xlsx": "an XLSX workbook", "xlsb": "an XLSB workbook", "xls": "an XLS workbook",
              "ods": "an ODS workbook", "zip": "a ZIP file", "gz": "a gzip file", "parquet": "a Parquet file"}


@contextmanager
def open_table(path: Path, options: FileOptions | None = None) -> Iterator[SourceTable]:
    """Open a CSV or TSV (also compressed with gzip), a workbook, a Parquet file, or a ZIP that holds one of these.

    Raises ExtractUnreadable with the reason and what to do, MappingWrong when `options` names a sheet that isn't there.
    """
    options = options or FileOptions()
    _check_path(path)
    with ExitStack() as stack:
        with explain_file_errors(path):
            raw = stack.enter_context(path.open("rb"))
            table = _table(path, raw, options, stack)
        yield table


def _check_path(path: Path) -> None:
    if path.is_dir():
        raise ExtractUnreadable(path, "it is a folder", "Name the file in it.")
    if not path.exists():
        raise ExtractUnreadable(path, f"there is no such file in {path.absolute().parent}", "Look at its name.")
    if not path.name.lower().endswith((*SUFFIXES, ".zip")):
        raise ExtractUnreadable(path, "its name ends in none of " + ", ".join((*SUFFIXES, ".zip")),
                                "Export it as CSV, or name it after what it is.")


def _table(path: Path, raw: IO[bytes], options: FileOptions, stack: ExitStack) -> SourceTable:
    if not path.stat().st_size:
        raise ExtractUnreadable(path, "it is empty", EXPORT_AGAIN)
    name, stream = path.name.lower(), raw
    if name.endswith(".zip"):
        name, stream = _member(path, raw, stack)
    if name.endswith(".gz"):
        name, stream = name.removesuffix(".gz"), cast("IO[bytes]", gzip.GzipFile(fileobj=stream))
    suffix = Path(name).suffix
    _check_content(path, stream, suffix)
    if suffix in TEXT_SUFFIXES:
        return text_table(path, raw, stream, options, stack, tabs=suffix == ".tsv")
    content = raw if stream is raw else BytesIO(stream.read())
    if suffix in WORKBOOK_SUFFIXES:
        from portal.publish.ingest.workbooks import (
            open_workbook,  # these libraries are slow to load: a CSV needs neither
        )

        return open_workbook(path, content, options)
    from portal.publish.ingest.parquet import open_parquet

    return open_parquet(path, content)


def _member(path: Path, raw: IO[bytes], stack: ExitStack) -> tuple[str, IO[bytes]]:
    """The one table in a ZIP."""
    pack = stack.enter_context(zipfile.ZipFile(raw))
    if kind := _workbook_kind(pack):
        raise _misnamed(path, kind)
    tables = [entry for entry in pack.infolist() if entry.filename.lower().endswith(SUFFIXES)
              and not Path(entry.filename).name.startswith(".") and not entry.filename.startswith("__MACOSX/")]
    if not tables:
        raise ExtractUnreadable(path, f"it holds no table ({', '.join(SUFFIXES)})", "Pack the exported file into it.")
    if len(tables) > 1:
        raise ExtractUnreadable(path, f"it holds {len(tables)} tables",
                                "Unpack it, and name the one that is meant, or all of one log behind each other.")
    try:
        return tables[0].filename.lower(), stack.enter_context(pack.open(tables[0]))
    except (RuntimeError, NotImplementedError):
        raise ExtractUnreadable(path, "it is locked with a password, or packed in a way that isn't known",
                                "Unpack it, and name the file in it.") from None


def _check_content(path: Path, stream: IO[bytes], suffix: str) -> None:
    """Refuse a file whose content is something else than its name says. Any workbook may be named as any other."""
    start = stream.read(512)
    stream.seek(0)
    kind = next((kind for magic, kind in MAGIC.items() if start.startswith(magic)), "")
    if kind == "zip":
        try:
            with zipfile.ZipFile(stream) as pack:
                kind = _workbook_kind(pack) or kind
        except zipfile.BadZipFile:  # truncated: reading it will report that
            kind = "xlsx" if suffix in WORKBOOK_SUFFIXES else kind
        stream.seek(0)
    if suffix in WORKBOOK_SUFFIXES and start.lstrip(b"\xef\xbb\xbf \r\n").lower().startswith(MARKUP_STARTS):
        raise ExtractUnreadable(path, "it is a web page or XML under the name of a workbook",
                                "Open it in a spreadsheet and save it as Excel Workbook (.xlsx), or export it as CSV.")
    is_workbook = f".{kind}" in WORKBOOK_SUFFIXES
    if suffix in WORKBOOK_SUFFIXES and not kind:
        raise ExtractUnreadable(path, "it is no workbook, whatever its name says",
                                "If it is text, name it .csv, or .tsv if tabs part its cells; else export it again.")
    if kind and kind != suffix[1:] and not (is_workbook and suffix in WORKBOOK_SUFFIXES):
        raise _misnamed(path, kind)


def _workbook_kind(pack: zipfile.ZipFile) -> str:
    """Which workbook a ZIP is; empty if it is none."""
    names = set(pack.namelist())
    return next((kind for name, kind in WORKBOOK_PARTS.items() if name in names), "")


def _misnamed(path: Path, kind: str) -> ExtractUnreadable:
    what = f"it is {FILE_KINDS[kind]} under another name"
    if kind == "zip":
        return ExtractUnreadable(path, what, "Unpack it, and name the file in it.")
    return ExtractUnreadable(path, what, f"Name it {path.name.partition('.')[0]}.{kind}.")
