"""Tables as files for spreadsheets and programs: what they are stands in the file itself, and no cell is run."""

import csv
import io
import re
from dataclasses import dataclass

Value = str | int | float | None


@dataclass(frozen=True)
class Sheet:
    """A table with what a reader must know of it: pairs of a name and a sentence, above the table."""

    name: str
    about: tuple[tuple[str, str], ...]
    headers: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]


def safe(value: Value) -> Value:
    """A text that a spreadsheet would run as a formula gets an apostrophe in front; numbers and all else stay.

    The characters are those of OWASP's page on CSV injection.
    """
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")):
        return f"'{value}"
    return value


def as_csv(sheet: Sheet) -> bytes:
    """CSV in UTF-8, with a mark that tells Excel so. What it is stands first, in lines that begin with #: pandas leaves
    them out with comment="#", R with comment.char="#". Such a line is not quoted, so it holds no quotes.
    """
    out = io.StringIO(newline="")
    write = csv.writer(out)
    for name, said in sheet.about:
        mark = "" if name.endswith((".", "।")) else ":"
        line = " ".join(f"# {name}{mark} {said}".replace('"', "”").split())
        out.write(re.sub(",(?=[^ ])", ", ", line) + "\r\n")
    write.writerow([_plain(one) for one in sheet.headers])
    write.writerows([_plain(one) for one in row] for row in sheet.rows)
    return out.getvalue().encode("utf-8-sig")


def _plain(value: Value) -> Value:
    """A cell of the table: # begins a remark, so it stands in none."""
    return safe(value.replace("#", "№")) if isinstance(value, str) else value


def as_xlsx(*sheets: Sheet) -> bytes:
    """An Excel workbook: a first sheet that says what it is, then one for each table. No text is a formula."""
    from openpyxl import Workbook  # on the first such download: no page needs it
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)

    def add(name: str, rows: list[tuple[Value, ...]]) -> None:
        page = book.create_sheet(name[:31])
        for row in rows:
            cells = []
            for value in row:
                cell = WriteOnlyCell(page, value=safe(value))
                if isinstance(value, str):
                    cell.data_type = "s"
                cells.append(cell)
            page.append(cells)

    add("About", [pair for sheet in sheets for pair in (*sheet.about, ("", ""))])
    for sheet in sheets:
        add(sheet.name, [sheet.headers, *sheet.rows])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
