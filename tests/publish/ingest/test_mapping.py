"""What a mapping promises: it says all it means, and every mistake in it is told with its place."""

import tomllib
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st

from portal.errors import MappingWrong
from portal.publish.ingest.columns import COLUMNS, ROSTER_COLUMNS
from portal.publish.ingest.extract import read_extract
from portal.publish.ingest.mapping import parse_mapping, read_mapping
from portal.publish.ingest.problems import REASONS
from portal.publish.ingest.table import FileOptions
from tests.publish.sources import CODED, HEADER, ROW, content, mapping, source
from tests.source import ROOT

SHIPPED = sorted([*(ROOT / "data" / "mappings").glob("*.toml"), *(ROOT / "tests" / "mappings").glob("*.toml")])


def wrong(content_: dict[str, Any]) -> str:
    with pytest.raises(MappingWrong) as caught:
        parse_mapping(content_)
    assert str(caught.value).startswith("In the mapping, ")
    assert caught.value.next_step
    return str(caught.value)


def column(name: str, **field: Any) -> str:
    return wrong(content({name: field}))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_the_mappings_we_ship_can_be_read(path: Path) -> None:
    assert read_mapping(path).title


def test_there_are_four_of_them() -> None:
    assert [path.stem for path in SHIPPED] == ["somerville", "dallas", "milwaukee", "oakland"]


def test_a_mapping_says_what_it_means() -> None:
    read = mapping(
        {
            "received": {"from": ["Day", "Time"], "format": ["%m/%d/%Y %H:%M", "iso"], "unknown_time": time(0, 1)},
            "arrest": {"from": "Arrest", "codes": {"yes": ["Y"], "no": "*"}, "missing": ["?"], "source": "RMS"},
            "answered_by": {"always": "team"},
        },
        problems={"duplicate_key": "leave_out"},
        file={"sheet": "Calls", "encoding": "cp1252", "header_row": 3},
    )
    received, arrest = read.fields["received"], read.fields["arrest"]
    assert (received.names, received.formats, received.unknown_time) == (
        ("Day", "Time"),
        ("%m/%d/%Y %H:%M", "iso"),
        time(0, 1),
    )
    assert (arrest.codes, arrest.default_category) == ({"Y": "yes"}, "no")
    assert (arrest.missing, arrest.source) == ({"", "?"}, "RMS")
    assert read.fields["answered_by"].always == "team"
    assert (read.start, read.end, read.quiet_days, read.rows) == (date(2026, 4, 1), None, 5, "one")
    assert (read.choice("duplicate_key"), read.choice("unknown_code")) == ("leave_out", "refuse")
    assert read.file == FileOptions("Calls", "cp1252", None, 3)


def test_a_license_has_a_title_and_an_address() -> None:
    assert mapping().license == ("", "")
    named = {"title": "Ours", "address": "https://example.org/terms"}
    assert mapping(license=named).license == ("Ours", "https://example.org/terms")


def test_breaks_are_read_in_order_of_time() -> None:
    read = mapping(breaks={"2027-01-01": ["new_hours", "new_form"], "2026-07-01": "new_rule"})
    assert read.breaks == (("2026-07-01", "new_rule"), ("2027-01-01", "new_form"), ("2027-01-01", "new_hours"))


def test_left_alone_it_takes_the_portals_own_words() -> None:
    read = mapping({"outcome": {"from": "Outcome"}, "arrest": {"from": "Arrest"}})
    assert set(read.fields["outcome"].codes) == {"resolved_on_scene", "voluntary_care", "involuntary", "hospital_other",
                                                 "declined", "no_contact", "not_recorded"}
    assert read.fields["arrest"].codes == {"yes": "yes", "no": "no"}
    assert read.fields["received"].formats == ("iso",)
    assert read.fields["received"].unknown_time == time(0), (
        "midnight sharp is doubted unless the mapping says it is real"
    )
    assert mapping({"received": {"from": "R", "unknown_time": "none"}}).fields["received"].unknown_time is None
    assert [field.names for field in read.roster.values()] == [(column_.name,) for column_ in ROSTER_COLUMNS]
    assert {field.unknown_time for field in read.roster.values()} == {None}, "shifts do end at midnight"


def test_a_roster_may_have_columns_of_its_own() -> None:
    columns = {column_.name: {"from": column_.name.upper(), "format": "%H:%M %d.%m.%Y"} for column_ in ROSTER_COLUMNS}
    assert mapping(roster={"columns": columns}).roster["covered_end"].names == ("COVERED_END",)
    del columns["shift_end"]
    assert "shift_end is not mapped" in wrong(content(roster={"columns": columns}))


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (content(colour="blue"), "'colour': this key is not known here"),
        (content(time_zon="x"), "perhaps 'time_zone'"),
        (content(title=3), "title: 3 is not possible"),
        (content(time_zone="America/Somerville"), "time_zone: 'America/Somerville' is no time zone"),
        (content(time_zone="../../etc/passwd"), "is no time zone"),
        (content(time_zone=""), "is no time zone"),
        (content(time_zone="UTC"), "time_zone: 'UTC' is the clock of no place"),
        (content(time_zone="EST"), "time_zone: 'EST' is the clock of no place"),
        (content(coverage={"quiet_days": 5}), "[coverage] start: it is missing"),
        (content(coverage={"start": "2026-04-01", "quiet_days": 5}), "[coverage] start: '2026-04-01' is no date"),
        (
            content(coverage={"start": date(2026, 4, 1), "end": date(2026, 3, 1), "quiet_days": 5}),
            "it is after the end",
        ),
        (content(coverage={"start": date(2026, 4, 1)}), "[coverage] quiet_days: it is missing"),
        (content(coverage={"start": date(2026, 4, 1), "quiet_days": True}), "[coverage] quiet_days"),
        (
            content(coverage={"start": date(2026, 4, 1), "quiet_days": 5, "begin": 1}),
            "[coverage] 'begin': this key is not known",
        ),
        (content(coverage=3), "[coverage]: it is no table"),
        (content(incident={}), "[incident] key: it is missing"),
        (content(incident={"key": "E", "rows": "several"}), "[incident] rows: 'several' is not possible"),
        (content(file={"encoding": "utf8"}), "[file] encoding: 'utf8' is not possible; perhaps 'utf-8'"),
        (content(problems={"duplicate_key": "ignore"}), "[problems] duplicate_key: 'ignore' is not possible"),
        (
            content(problems={"duplicate_keys": "refuse"}),
            "[problems] 'duplicate_keys': this reason is not known; perhaps 'duplicate_key'",
        ),
        (content(problems={"duplicate_key": ["refuse"]}), "[problems] duplicate_key"),
        (content() | {"columns": [1]}, "[columns]: it is no table"),
        (content(license={"title": "Ours"}), "[license]: a license has a title and an address"),
        (content(license={"address": "https://example.org"}), "[license]: a license has a title and an address"),
        (content(license={"title": "Ours", "address": "http://example.org"}), "[license]: a license has a title"),
        (content(breaks={"spring": "new_form"}), "[breaks] 'spring': it is no day"),
        (content(breaks={"2027-01-01": "new_fork"}), "[breaks] 2027-01-01: 'new_fork' is not possible; perhaps"),
        (content(breaks={"2027-01-01": 3}), "[breaks] 2027-01-01: it is not a text or a list of texts"),
        (content(not_collected="all"), "not_collected: the portal has no column 'all'"),
        (content(not_collected=[1]), "not_collected: it is not a text or a list of texts"),
    ],
)
def test_a_mistake_is_reported_with_its_place(said: dict[str, Any], expected: str) -> None:
    assert expected in wrong(said)


@pytest.mark.parametrize("key", ["title", "time_zone", "coverage", "incident", "columns"])
def test_a_missing_part_is_named(key: str) -> None:
    sections = content()
    del sections[key]
    assert key in wrong(sections)


@pytest.mark.parametrize(
    ("name", "field", "expected"),
    [
        ("outcomes", {"from": "O"}, "[columns] 'outcomes': the portal has no such column; perhaps 'outcome'"),
        ("call_id", {"from": "O"}, "stands under [incident]"),
        ("arrest", {"form": "A"}, "[columns.arrest] 'form': this key is not known here; perhaps 'from'"),
        ("arrest", {}, "[columns.arrest] from: it is missing"),
        ("arrest", {"from": ""}, "[columns.arrest] from: it is missing, empty"),
        ("arrest", {"from": "A", "always": "yes"}, "or stands beside always"),
        ("arrest", {"always": "maybe"}, "[columns.arrest] always: 'maybe' is not possible"),
        ("arrest", {"always": ["yes"]}, "[columns.arrest] always"),
        (
            "arrest",
            {"from": "A", "codes": {"maybe": ["M"]}},
            "[columns.arrest.codes] 'maybe': there is no such category",
        ),
        (
            "arrest",
            {"from": "A", "codes": {"yes": ["Y", "T"], "no": ["N", "T"]}},
            "[columns.arrest.codes] no: 'T' falls into yes too",
        ),
        ("arrest", {"from": "A", "codes": {"yes": "*", "no": "*"}}, "'*' falls into yes too"),
        ("arrest", {"from": "A", "format": "iso"}, "[columns.arrest] 'format': this key is not known"),
        ("arrest", {"from": "A", "missing": 3}, "[columns.arrest] missing"),
        ("outcome", {"from": "O", "codes": {"not_counted": ["X"]}}, "there is no such category"),
        ("outcome", {"from": "O", "codes": {"resolved": ["X"]}}, "perhaps 'resolved_on_scene'"),
        ("arrived", {"from": "A", "format": "excel"}, "[columns.arrived] format: 'excel' is no way of writing times"),
        ("arrived", {"from": "A", "format": "%Y-%m"}, "does not give year, month and day"),
        ("arrived", {"from": "A", "format": "%Q"}, "has %Q, a sign that can't be read"),
        ("arrived", {"from": "A", "format": "%m/%d/%Y %H:%M %p"}, "afternoons would be read as mornings (write %I)"),
        ("arrived", {"from": "A", "format": "%m/%d/%Y %I:%M"}, "nobody can tell mornings from afternoons"),
        ("arrived", {"from": "A", "format": ["%m/%d/%Y %H:%M EST", "%m/%d/%Y %H:%M EDT"]}, "EDT and EST as letters"),
        ("arrived", {"from": "A", "format": []}, "[columns.arrived] format: it is empty"),
        ("arrived", {"from": "A", "format": ["iso", "iso"]}, "the same twice"),
        ("arrived", {"from": "A", "unknown_time": "midnight"}, "[columns.arrived] unknown_time: it is no time of day"),
        ("recorded_on", {"from": "A", "unknown_days": ["May 1"]}, "unknown_days: it is no list of days"),
        ("arrived", {"from": "A", "unknown_days": []}, "'unknown_days': this key is not known"),
        ("arrived", {"always": "iso"}, "[columns.arrived] 'always': this key is not known"),
        ("person_key", {"from": "P", "codes": {}}, "'codes': this key is not known"),
    ],
)
def test_a_mistake_in_a_column_is_reported_with_its_place(name: str, field: dict[str, Any], expected: str) -> None:
    assert expected in column(name, **field)


def test_every_column_is_mapped_or_not_collected_and_never_both() -> None:
    sections = content()
    assert "'outcome' is listed, and mapped under [columns.outcome] too" in wrong(
        content({"outcome": {"from": "O"}}, not_collected=sections["not_collected"]))
    sections["not_collected"].remove("outcome")
    assert "nothing is said of outcome" in wrong(sections)
    assert "'outcom'; perhaps 'outcome'" in wrong(content(not_collected=["outcom"]))


@pytest.mark.parametrize(("codes", "lacking", "expected"), [
    ({"housed": ["H"]}, ["housless"], "[columns.housing] not_collected: there is no such category"),
    ({"housed": ["H"], "not_housed": ["N"]}, ["not_housed"], "has codes too"),
    ({"housed": ["H"], "not_housed": ["*"]}, ["not_housed"], "has codes too"),
    ({"not_recorded": ["*"]}, ["housed", "not_housed"], "it lists every category"),
])
def test_a_category_that_the_source_cannot_record_has_no_code(
        codes: dict[str, list[str]], lacking: list[str], expected: str) -> None:
    assert expected in column("housing", **{"from": "H", "codes": codes, "not_collected": lacking})


def test_a_category_of_what_all_calls_are_counted_by_is_a_zero_and_never_not_collected() -> None:
    fault = column("unmet_reason", **{"from": "U", "codes": {"other": ["O"]}, "not_collected": ["not_sent"]})
    assert "not_collected" in fault
    assert "[columns.unmet_reason]" in fault


def test_categories_without_codes_of_their_own_may_be_not_collected() -> None:
    read = parse_mapping(content({"gender": {"from": "G", "not_collected": ["another"]}})).fields["gender"]
    assert read.not_collected == {"another"}
    assert "another" not in read.codes


def test_what_makes_a_call_is_never_not_collected() -> None:
    assert "'received' is listed" in wrong(content(without=["received"], not_collected=["received"]))


def test_unreadable_toml_is_reported_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "m.toml"
    path.write_text('title = "x"\ntime_zone = New York\n', encoding="utf-8")
    with pytest.raises(MappingWrong, match="line 2"):
        read_mapping(path)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (b'title = "Jos\xe9"', "not written in UTF-8"),
        (b"a = " + b"[" * 5_000, "no TOML"),
        (b"a = 1" + b"0" * 5_000, "no TOML"),
    ],
)
def test_a_broken_mapping_file_is_reported(written: bytes, said: str, tmp_path: Path) -> None:
    (tmp_path / "m.toml").write_bytes(written)
    with pytest.raises(MappingWrong, match=said):
        read_mapping(tmp_path / "m.toml")


@pytest.mark.parametrize("name", ["none.toml", "."])
def test_a_missing_mapping_file_is_reported(name: str, tmp_path: Path) -> None:
    with pytest.raises(MappingWrong, match="can't be read"):
        read_mapping(tmp_path / name)


def test_columns_that_the_file_does_not_have_are_all_named_with_near_ones(tmp_path: Path) -> None:
    path = source(tmp_path, [ROW], header=("Event", "Recieved", "Type"))
    with pytest.raises(MappingWrong) as caught:
        read_extract(path, mapping({"outcome": {"from": "Zzz"}}))
    assert "no column 'Received' (for received); perhaps 'Recieved'" in str(caught.value)
    assert "no column 'Zzz' (for outcome)" in str(caught.value)


def test_a_header_in_one_piece_hints_at_the_delimiter(tmp_path: Path) -> None:
    path = source(tmp_path, [("^".join(ROW),)], header=("^".join(HEADER),))
    with pytest.raises(MappingWrong, match="delimiter"):
        read_extract(path, mapping())


def test_every_reason_is_explained_to_the_analyst() -> None:
    guide = (ROOT / "docs" / "publishing.md").read_text(encoding="utf-8")
    assert [reason for reason in REASONS if f"`{reason}`" not in guide] == []


def test_every_key_is_explained_to_the_analyst() -> None:
    guide = (ROOT / "docs" / "publishing.md").read_text(encoding="utf-8")
    keys = (
        "title",
        "time_zone",
        "not_collected",
        "sheet",
        "encoding",
        "delimiter",
        "start",
        "end",
        "quiet_days",
        "key",
        "rows",
        "source",
        "from",
        "format",
        "unknown_time",
        "unknown_days",
        "missing",
        "codes",
        "always",
    )
    assert [key for key in keys if f"`{key}`" not in guide] == []


# Whatever a mapping says, the answer is a Mapping or MappingWrong.

WORDS = st.one_of(
    st.sampled_from(
        ["", "*", "yes", "no", "team", "iso", "Event", "one", "many", "refuse", "leave_out", "UTC", "%Y-%m-%d", "%"]
    ),
    st.text(max_size=8),
)
VALUES = st.recursive(
    st.one_of(WORDS, st.integers(), st.floats(), st.booleans(), st.dates(), st.times(), st.datetimes(), st.none()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(WORDS, inner, max_size=3)),
    max_leaves=6,
)
PATHS = [
    (),
    ("coverage",),
    ("incident",),
    ("columns",),
    ("columns", "received"),
    ("columns", "call_type"),
    ("columns", "call_type", "codes"),
    ("columns", "arrest"),
    ("columns", "arrest", "codes"),
    ("file",),
    ("problems",),
    ("roster",),
]
KEYS = st.one_of(
    st.sampled_from(
        [
            "title",
            "time_zone",
            "start",
            "end",
            "quiet_days",
            "key",
            "rows",
            "from",
            "format",
            "codes",
            "always",
            "missing",
            "unknown_time",
            "source",
            "sheet",
            "encoding",
            "delimiter",
            "not_collected",
            "columns",
            "roster",
            "problems",
            "received",
            "outcome",
            "yes",
            "duplicate_key",
        ]
    ),
    WORDS,
)


@settings(max_examples=250, deadline=None)
@given(st.sampled_from(PATHS), KEYS, VALUES)
def test_a_mapping_changed_at_any_place_is_read_or_reported(path: tuple[str, ...], key: str, value: Any) -> None:
    sections = content({"arrest": {"from": "A", "codes": {"yes": ["Y"], "no": ["N"]}}})
    sections |= {"file": {}, "problems": {}, "roster": {}}
    place = sections
    for step in path:
        place = place[step]
    place[key] = value
    try:
        parse_mapping(sections)
    except MappingWrong as error:
        note(str(error))


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=60), st.integers(0, 9_000))
def test_a_mapping_file_of_any_bytes_is_read_or_reported(
    tmp_path_factory: pytest.TempPathFactory, garbage: bytes, at: int
) -> None:
    complete = (ROOT / "data" / "mappings" / "somerville.toml").read_bytes()
    path = tmp_path_factory.mktemp("mapping") / "m.toml"
    path.write_bytes(complete[:at] + garbage + complete[at:])
    try:
        assert read_mapping(path).title
    except MappingWrong as error:
        note(str(error))


def test_the_shipped_mapping_names_every_column_of_the_portal() -> None:
    sections = tomllib.loads((ROOT / "data" / "mappings" / "somerville.toml").read_text(encoding="utf-8"))
    assert set(sections["columns"]) == {column_.name for column_ in COLUMNS[1:]}
    assert CODED["from"] not in sections["columns"]
