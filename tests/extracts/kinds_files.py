"""Files and rosters: encodings, containers, headers, sheets, files that were taken for one another."""

import gzip
import zipfile
from collections.abc import Callable
from pathlib import Path
from random import Random

import pandas as pd

from tests.extracts.desk import FIRST_ROW, Damage, Desk
from tests.extracts.dress import LOCAL, ZONE
from tests.extracts.kind import kind
from tests.extracts.workbooks import strict, typed_workbook, workbook

WHOLE = Damage(file=True)


def _bytes(desk: Desk, change: Callable[[bytes], bytes], name: str = "calls.csv") -> None:
    def alter(path: Path) -> Path:
        path.with_name(name).write_bytes(change(path.read_bytes()))
        return path.with_name(name)
    desk.alter.append(alter)


def _text(desk: Desk, change: Callable[[list[str]], list[str]]) -> None:
    _bytes(desk, lambda content: "".join(change(content.decode("utf-8").splitlines(keepends=True))).encode())


# ---- harmless ----

@kind("harmless", "UTF-8 with a byte order mark")
def byte_order_mark(desk: Desk, _: Random) -> Damage:
    _bytes(desk, lambda content: b"\xef\xbb\xbf" + content)
    return Damage()


@kind("harmless", "compressed with gzip")
def gzipped(desk: Desk, _: Random) -> Damage:
    _bytes(desk, gzip.compress, "calls.csv.gz")
    return Damage()


@kind("harmless", "semicolons, named in the mapping", dress="iso")
def semicolons_named(desk: Desk, _: Random) -> Damage:
    desk.mapping["file"] = {"delimiter": ";"}
    _bytes(desk, lambda content: content.replace(b",", b";"))
    return Damage()


@kind("harmless", "a ZIP with the one file in it")
def zipped(desk: Desk, _: Random) -> Damage:
    def alter(path: Path) -> Path:
        with zipfile.ZipFile(path.with_suffix(".zip"), "w", zipfile.ZIP_DEFLATED) as pack:
            pack.write(path, path.name)
        return path.with_suffix(".zip")
    desk.alter.append(alter)
    return Damage()


@kind("harmless", "a workbook of text", dress="iso")
def workbook_of_text(desk: Desk, _: Random) -> Damage:
    desk.alter.append(workbook)
    return Damage()


@kind("harmless", "a workbook whose times are date cells", dress="local")
def workbook_of_dates(desk: Desk, _: Random) -> Damage:
    desk.alter.append(lambda path: typed_workbook(path, LOCAL))
    for column in ("received", "dispatched", "officer_arrived", "arrived", "cleared"):
        desk.mapping["columns"][column]["format"] = "iso"
    return Damage()


@kind("harmless", "the roster's shifts twice", dress="iso")
def shifts_twice(desk: Desk, _: Random) -> Damage:
    assert desk.roster is not None
    desk.roster = pd.concat([desk.roster, desk.roster], ignore_index=True)
    return Damage()


# ---- encodings, delimiters, headers ----

@kind("files", "a byte order mark, and a mapping that says cp1252", dress="iso")
def byte_order_mark_under_cp1252(desk: Desk, _: Random) -> Damage:
    desk.mapping["file"] = {"encoding": "cp1252"}
    _bytes(desk, lambda content: b"\xef\xbb\xbf" + content)
    return WHOLE


@kind("files", "UTF-16, as Excel's Unicode text")
def utf_16(desk: Desk, _: Random) -> Damage:
    _bytes(desk, lambda content: content.decode("utf-8").encode("utf-16"))
    return WHOLE


@kind("files", "cp1252 with an accent, and no encoding in the mapping", dress="iso")
def cp1252_unnamed(desk: Desk, chance: Random) -> Damage:
    desk.calls["Place"] = ["Café" if chance.random() < .02 else "" for _ in range(len(desk.calls))]
    _bytes(desk, lambda content: content.decode("utf-8").encode("cp1252"))
    return WHOLE


@kind("files", "UTF-8 read as cp1252 in a column of codes", dress="iso")
def mojibake_in_codes(desk: Desk, _: Random) -> Damage:
    desk.put("language", desk.texts("language") == "portuguese", "português")
    codes = {name: [name] for name in ("english", "spanish", "haitian_creole", "nepali", "another")}
    desk.mapping["columns"]["language"]["codes"] = codes | {"portuguese": ["português"]}
    desk.mapping["file"] = {"encoding": "cp1252"}
    return Damage(("language",), file=True)


@kind("files", "semicolons that the mapping doesn't name", dress="iso")
def semicolons_unnamed(desk: Desk, _: Random) -> Damage:
    _bytes(desk, lambda content: content.replace(b",", b";"))
    return WHOLE


@kind("files", "`sep=,` in the first line", dress="iso")
def sep_line(desk: Desk, _: Random) -> Damage:
    _bytes(desk, lambda content: b"sep=,\r\n" + content)
    return WHOLE


@kind("files", "a title and a printing date above the header")
def title_rows(desk: Desk, _: Random) -> Damage:
    _bytes(desk, lambda content: b"Calls for service\r\nPrinted 10/02/2027\r\n" + content)
    return WHOLE


@kind("files", "no header")
def without_header(desk: Desk, _: Random) -> Damage:
    _text(desk, lambda lines: lines[1:])
    return WHOLE


@kind("files", "a column renamed")
def renamed_column(desk: Desk, _: Random) -> Damage:
    desk.calls = desk.calls.rename(columns={desk.at("received"): "time received"})
    return Damage(("received",), file=True)


@kind("files", "a column twice under one name")
def column_twice(desk: Desk, _: Random) -> Damage:
    name = desk.at("call_type")
    desk.calls = pd.concat([desk.calls, desk.calls[[name]]], axis=1)
    return Damage(("call_type",), file=True)


@kind("files", "the header one name short of the rows")
def header_too_short(desk: Desk, _: Random) -> Damage:
    _text(desk, lambda lines: [lines[0].split(",", 1)[1], *lines[1:]])
    return WHOLE


@kind("cannot be told", "header names of three columns alike one to the right of their columns", dress="iso")
def header_shifted(desk: Desk, _: Random) -> Damage:
    names = [name for name in desk.calls.columns if not name.startswith("_")]
    at = names.index("injury_resident")
    renamed = [*names[:at], "injury_officer", "injury_resident", "injury_responder", *names[at + 3:]]
    desk.calls.columns = pd.Index([*renamed, "_day", "_hour"])
    desk.mapping["title"] = "shifted"
    return Damage(("injury_resident", "injury_responder", "injury_officer"))


# ---- broken files ----

@kind("files", "the last row cut inside its last cell", dress="iso")
def last_cell_cut(desk: Desk, _: Random) -> Damage:
    _bytes(desk, lambda content: content.rstrip()[:-1])
    return Damage(("recorded_on",), frozenset([len(desk.calls) + FIRST_ROW - 1]), file=True)


@kind("files", "the file cut in the middle of a row")
def cut_inside_a_row(desk: Desk, chance: Random) -> Damage:
    def cut(content: bytes) -> bytes:
        end = content.rindex(b"\n", 0, int(len(content) * (.6 + .3 * chance.random())))
        return content[:end + 1 + content[end + 1:].index(b",") + 2]
    _bytes(desk, cut)
    return WHOLE


@kind("files", "the file cut in the last cell of a row in its middle", dress="iso")
def cut_inside_a_last_cell(desk: Desk, chance: Random) -> Damage:
    at = int(len(desk.calls) * (.9 + .05 * chance.random()))
    desk.calls = desk.calls.head(at)
    _bytes(desk, lambda content: content.rstrip()[:-4])
    return Damage(("recorded_on",), frozenset([at + 1]), max(desk.days()), max(desk.days()), file=True)


@kind("files", "the file cut in a text that is not mapped", dress="iso")
def cut_inside_a_narrative(desk: Desk, chance: Random) -> Damage:
    at = int(len(desk.calls) * (.9 + .05 * chance.random()))
    desk.calls = desk.calls.head(at)
    desk.calls["narrative"] = "the caller said that"
    _bytes(desk, lambda content: content.rstrip()[:-7])
    return Damage((), frozenset([at + 1]), max(desk.days()), max(desk.days()), file=True)


@kind("files", "a compressed file whose end is missing")
def gzip_cut(desk: Desk, _: Random) -> Damage:
    _bytes(desk, lambda content: gzip.compress(content)[:-400], "calls.csv.gz")
    return WHOLE


@kind("files", "an inch mark at a cell's start, never closed", dress="iso")
def stray_quote(desk: Desk, chance: Random) -> Damage:
    at = chance.randrange(100, len(desk.calls) - 100)
    return _with_narratives(desk, {at: '"5 knife'})


@kind("files", "two stray quotation marks that swallow the rows between them", dress="iso")
def quotes_that_swallow_rows(desk: Desk, chance: Random) -> Damage:
    at = chance.randrange(100, len(desk.calls) - 200)
    return _with_narratives(desk, {at: '"knife of 5', at + 60: 'pipe of 12"'})


@kind("files", "two stray quotation marks that swallow one row", dress="iso")
def quotes_that_swallow_a_row(desk: Desk, chance: Random) -> Damage:
    at = chance.randrange(100, len(desk.calls) - 200)
    return _with_narratives(desk, {at: '"knife of 5', at + 1: 'pipe of 12"'})


def _with_narratives(desk: Desk, texts: dict[int, str]) -> Damage:
    """Raw texts in a last column that is not mapped."""
    def change(lines: list[str]) -> list[str]:
        ended = [line.rstrip("\r\n") for line in lines]
        return [f"{ended[0]},narrative\r\n",
                *(f"{line},{texts.get(number, '')}\r\n" for number, line in enumerate(ended[1:]))]
    _text(desk, change)
    rows = frozenset(range(min(texts) + FIRST_ROW, max(texts) + FIRST_ROW + 1))
    return Damage(rows=rows, file=True)


@kind("files", "a zero byte in a row", dress="iso")
def zero_byte(desk: Desk, chance: Random) -> Damage:
    at = chance.randrange(len(desk.calls))
    where = pd.Series(range(len(desk.calls)), desk.calls.index) == at
    return Damage(("outcome",), desk.put("outcome", where, "re\0solved"), file=True)


# ---- workbooks ----

@kind("files", "a workbook under the name of a CSV", dress="iso")
def workbook_named_csv(desk: Desk, _: Random) -> Damage:
    desk.alter += [workbook, lambda path: path.replace(path.with_suffix(".csv"))]
    return WHOLE


@kind("files", "a CSV under the name of a workbook")
def csv_named_workbook(desk: Desk, _: Random) -> Damage:
    desk.alter.append(lambda path: path.replace(path.with_suffix(".xlsx")))
    return WHOLE


@kind("files", "a workbook saved as Strict Open XML", dress="iso")
def strict_workbook(desk: Desk, _: Random) -> Damage:
    desk.alter += [workbook, strict]
    return WHOLE


@kind("files", "a workbook with formulas in a mapped column", dress="iso")
def workbook_with_formulas(desk: Desk, chance: Random) -> Damage:
    where = desk.some(desk.team(), .1, chance)
    desk.put("outcome", where, "=A1")
    desk.alter.append(workbook)
    return Damage(("outcome",), file=True)


@kind("files", "a workbook with error cells in a mapped column", dress="iso")
def workbook_with_errors(desk: Desk, chance: Random) -> Damage:
    where = desk.some(desk.team(), .3, chance)
    rows = desk.put("person_key", where, "#N/A")
    desk.alter.append(workbook)
    return Damage(("person_key",), rows, file=True)


@kind("files", "hidden rows of old drafts in a workbook", dress="iso")
def hidden_rows(desk: Desk, chance: Random) -> Damage:
    drafts = desk.calls[desk.some(desk.everywhere(), .03, chance)].copy()
    drafts["call_id"] = [f"DRAFT{at}" for at in range(len(drafts))]
    drafts["outcome"] = ""
    before = len(desk.calls)
    desk.calls = pd.concat([desk.calls, drafts], ignore_index=True)
    rows = frozenset(range(before + FIRST_ROW, len(desk.calls) + FIRST_ROW))
    desk.alter.append(lambda path: workbook(path, hidden=rows))
    return Damage((), rows, file=True)


@kind("files", "a workbook of two sheets, and none named", dress="iso")
def two_sheets(desk: Desk, _: Random) -> Damage:
    desk.alter.append(lambda path: workbook(path, sheets=("Calls", "Lists")))
    return WHOLE


@kind("files", "the sheet of last year in place of this one's", dress="iso")
def sheet_of_last_year(desk: Desk, _: Random) -> Damage:
    desk.mapping["file"] = {"sheet": "2025"}
    for column in ("received", "dispatched", "officer_arrived", "arrived", "cleared"):
        desk.shift(column, desk.everywhere(), lambda times: times - pd.DateOffset(years=1))
    desk.put("recorded_on", desk.everywhere(), (pd.to_datetime(desk.texts("recorded_on")) - pd.DateOffset(
        years=1)).dt.strftime("%Y-%m-%d"))
    desk.alter.append(lambda path: workbook(path, sheets=("2025", "2026")))
    return Damage(("received",), file=True)


@kind("files", "two files in a ZIP", dress="iso")
def two_files_in_a_zip(desk: Desk, _: Random) -> Damage:
    def alter(path: Path) -> Path:
        with zipfile.ZipFile(path.with_suffix(".zip"), "w") as pack:
            pack.write(path, "a.csv")
            pack.write(path, "b.csv")
        return path.with_suffix(".zip")
    desk.alter.append(alter)
    return WHOLE


@kind("files", "tabs under the name .tsv", dress="iso")
def tab_separated(desk: Desk, _: Random) -> Damage:
    _bytes(desk, lambda content: content.replace(b",", b"\t"), "calls.tsv")
    return WHOLE


@kind("files", "extract and roster swapped", dress="iso")
def files_swapped(desk: Desk, _: Random) -> Damage:
    desk.swapped = True
    return Damage(file=True, roster=True)


@kind("files", "last quarter's file again: it ends where the release before did", dress="iso")
def last_quarter_s_file(desk: Desk, _: Random) -> Damage:
    last = max(desk.days())
    before = (last.replace(day=1) - pd.DateOffset(months=2)).date()
    desk.keep(desk.days() < before)
    desk.mapping["coverage"]["end"] = last
    return Damage(first=before, last=last, file=True)


# ---- the roster ----

def _moved(desk: Desk, moved: Callable[[pd.Series], pd.Series]) -> None:
    assert desk.roster is not None
    for name in desk.roster.columns:
        desk.roster[name] = desk.dress.write(moved(desk.dress.read(desk.roster[name])))


@kind("roster", "the roster of another year", dress="iso")
def roster_of_another_year(desk: Desk, _: Random) -> Damage:
    _moved(desk, lambda times: times - pd.DateOffset(years=3))
    return Damage(roster=True)


@kind("roster", "the roster of the year before, whose days of the week lie elsewhere", dress="iso")
def roster_of_the_year_before(desk: Desk, _: Random) -> Damage:
    _moved(desk, lambda times: times - pd.DateOffset(years=1))
    return Damage(roster=True)


@kind("roster", "the roster ends before the calls do", dress="iso")
def roster_ends_early(desk: Desk, _: Random) -> Damage:
    assert desk.roster is not None
    rows_left = len(desk.roster) * 2 // 3
    ended = desk.dress.read(desk.roster["shift_end"]).iloc[rows_left].date()
    desk.roster = desk.roster.head(rows_left)
    return Damage(first=ended, last=max(desk.days()), roster=True)


@kind("roster", "a month missing in the roster", dress="iso")
def roster_without_a_month(desk: Desk, chance: Random) -> Damage:
    assert desk.roster is not None
    _, first, last = desk.month(chance)
    days = desk.dress.read(desk.roster["shift_start"]).dt.date
    desk.roster = desk.roster[(days < first) | (days > last)].reset_index(drop=True)
    return Damage(first=first, last=last, roster=True)


@kind("roster", "the roster in UTC, without an offset", dress="local")
def roster_in_utc(desk: Desk, _: Random) -> Damage:
    def moved(times: pd.Series) -> pd.Series:
        return times.dt.tz_localize(ZONE, ambiguous=True, nonexistent="shift_forward").dt.tz_convert(
            "UTC").dt.tz_localize(None)
    _moved(desk, moved)
    return Damage(roster=True)


@kind("roster", "AM and PM lost in the roster", dress="local")
def roster_without_pm(desk: Desk, _: Random) -> Damage:
    _moved(desk, lambda times: times.where(times.dt.hour < 12, times - pd.Timedelta(hours=12)))
    return Damage(roster=True)


@kind("roster", "day and month swapped in the roster where both are possible", dress="local")
def roster_with_days_swapped(desk: Desk, _: Random) -> Damage:
    assert desk.roster is not None
    for name in desk.roster.columns:
        times = desk.dress.read(desk.roster[name])
        swapped = times.dt.strftime("%d/%m/%Y %H:%M:%S").fillna("")
        desk.roster[name] = desk.roster[name].mask(times.dt.day <= 12, swapped)
    return Damage(roster=True)


@kind("roster", "covered times blank from a day on", dress="iso")
def covered_times_blank(desk: Desk, chance: Random) -> Damage:
    assert desk.roster is not None
    _, first, last = desk.since(chance)
    later = desk.dress.read(desk.roster["shift_start"]).dt.date >= first
    desk.roster.loc[later, ["covered_start", "covered_end"]] = ""
    return Damage(first=first, last=last, roster=True)


@kind("roster", "covered times of the planned shifts for another team's roster", dress="iso")
def roster_of_another_team(desk: Desk, _: Random) -> Damage:
    _moved(desk, lambda times: times + pd.Timedelta(days=1, hours=9))
    return Damage(roster=True)


@kind("roster", "no roster given, where the columns for it are filled", dress="iso")
def without_roster(desk: Desk, _: Random) -> Damage:
    desk.roster = None
    return Damage(roster=True)
