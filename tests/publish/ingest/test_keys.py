"""What keys promise: no words, no numbers that a spreadsheet cut, and one way of writing each."""

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.errors import ExtractRefused
from portal.publish.ingest.extract import Extract
from portal.publish.ingest.keys import find_variants, is_placeholder, is_truncated, normal_form
from tests.publish.sources import HEADER, extract

PERSON = {"person_key": {"from": "Person"}}
LEAVE = dict.fromkeys(["key_means_nothing", "key_cut_short", "keys_alike", "duplicate_key"], "leave_out")


def column(*texts: str) -> pd.Series:
    return pd.Series(texts, dtype="str")


def persons(folder: Path, *keys: str, **top: object) -> Extract:
    rows = [(f"E{at}", f"2026-04-03 12:{at:02d}:00", "5150", key) for at, key in enumerate(keys)]
    return extract(folder, rows, PERSON | dict(top.pop("columns", {})), header=(*HEADER, "Person"), **top)  # type: ignore[call-overload]


def incidents(folder: Path, *keys: str, **top: object) -> Extract:
    return extract(folder, [(key, f"2026-04-03 12:{at:02d}:00", "5150") for at, key in enumerate(keys)], **top)


@pytest.mark.parametrize("word", ["NULL", "null", "#N/A", "N/A", "0", "000", "UNKNOWN", "None", "-", "TBD", "999999999",
                                  "(null)", "?", "#REF!", "Not Available", "123456789"])
def test_a_word_is_no_person(word: str, tmp_path: Path) -> None:
    with pytest.raises(ExtractRefused) as caught:
        persons(tmp_path, "P1", word, word, "P2")
    assert "key_means_nothing  person_key  Person       2     refuse  3, 4" in caught.value.table
    assert f"key_means_nothing in person_key: {word!r} (2)" in caught.value.table
    extract = persons(tmp_path, "P1", word, word, "P2", problems=LEAVE)
    assert extract.calls["person_key"].tolist() == ["P1", "", "", "P2"]
    named = persons(tmp_path, "P1", word, word, "P2", columns={"person_key": {"from": "Person", "missing": [word]}})
    assert (named.report.problems, named.calls["person_key"].tolist()) == ((), ["P1", "", "", "P2"])


def test_a_word_is_no_incident(tmp_path: Path) -> None:
    extract = incidents(tmp_path, "E1", "UNKNOWN", "E2", "UNKNOWN", problems=LEAVE)
    assert (extract.calls["call_id"].tolist(), extract.report.rows_left_out) == (["E1", "E2"], 2)


def test_a_number_that_a_spreadsheet_cut_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ExtractRefused) as caught:
        incidents(tmp_path, "1.00260E+12", "1.00260E+12", "1.00261E+12", "E4")
    assert "key_cut_short" in str(caught.value)
    assert "duplicate_key" not in str(caught.value), "its remedy would throw the calls away"
    assert "leave_out" in caught.value.next_step
    with pytest.raises(ExtractRefused) as caught:
        incidents(tmp_path, "1.00260E+12", "1.00260E+12", "1.00261E+12")
    assert caught.value.next_step == "Mend them at the source.", "leave_out would leave nothing"


def test_long_numbers_that_all_end_in_zeros_are_cut() -> None:
    rounded = ["100260123456789000", "100260123456788000", "100260123456787000"]
    assert is_truncated(column(*rounded, "12", "")).tolist() == [True, True, True, False, False]
    assert not is_truncated(column(*rounded, "100260123456786123")).any()
    assert not is_truncated(column("12E5", "1E10", "E+12", "1000000000000")).any()


@pytest.mark.parametrize(("first", "second"), [("0071", "71"), ("P007", "P7"), ("p17", "P17"), ("A 12", "A12"),
                                               ("A-12", "A12"), ("12.0", "12"), ("26-0012", "26-12"),
                                               ("a\u00a01", "A1")])
def test_one_key_in_two_ways_is_reported(first: str, second: str, tmp_path: Path) -> None:
    with pytest.raises(ExtractRefused, match="keys_alike") as caught:
        persons(tmp_path, first, "X99", second, first)
    assert "keys_alike  person_key  Person       3     refuse  2, 4, 5" in caught.value.table
    assert first not in caught.value.table, "a person's key is shown nowhere"
    assert persons(tmp_path, first, "X99", second, problems=LEAVE).calls["person_key"].tolist() == ["", "X99", ""]
    extract = incidents(tmp_path, first, "X99", second, first, problems=LEAVE)
    assert extract.calls["call_id"].tolist() == [first, "X99"]


@pytest.mark.parametrize("keys", [["1-11", "11-1"], ["c00ffee1", "c0ffee1", "c0ff0ee1"], ["1.5", "1.05"],
                                  ["26-1", "261"],
                                  ["P1", "P10"]])
def test_other_keys_are_others(keys: list[str]) -> None:
    assert not find_variants(column(*keys))[0].any()


def test_parts_of_a_joined_key_stay_apart(tmp_path: Path) -> None:
    rows = [(year, number, "2026-04-03 12:30:00", "5150") for year, number in (("1", "11"), ("11", "1"), ("2026", "0"))]
    found = extract(tmp_path, rows, header=("Year", "No", "Received", "Type"), incident={"key": ["Year", "No"]})
    assert found.calls["call_id"].tolist() == ["1 11", "11 1", "2026 0"]
    assert is_placeholder(column("2026 NULL", "2026 0"), parts=2).tolist() == [True, False]


@given(st.lists(st.text("aA0 1-", max_size=5), max_size=30))
def test_keys_are_alike_where_their_forms_are(keys: list[str]) -> None:
    series = column(*[key.strip() for key in keys])
    forms = normal_form(series)
    both, later = find_variants(series)
    for at, key in enumerate(series):
        same = [other for other, form in zip(series, forms, strict=True) if form == forms[at] and other]
        assert both[at] == (bool(key) and len(set(same)) > 1)
        assert later[at] == (bool(key) and key != same[0])


# ---- codes ----

def test_a_placeholder_never_falls_under_the_wildcard(tmp_path: Path) -> None:
    columns = {"gender": {"from": "Sex", "codes": {"woman": ["F"], "another": "*"}}}
    rows = [("E1", "2026-04-03 12:30:00", "5150", "NULL"), ("E2", "2026-04-03 12:30:00", "5150", "X")]
    with pytest.raises(ExtractRefused) as caught:
        extract(tmp_path, rows, columns, header=(*HEADER, "Sex"))
    assert "unknown_code in gender: 'NULL' (1)" in caught.value.table


def test_a_blank_may_be_a_code(tmp_path: Path) -> None:
    columns = {"arrest": {"from": "Arrest", "codes": {"yes": ["Y"], "no": [""]}}}
    rows = [("E1", "2026-04-03 12:30:00", "5150", "Y"), ("E2", "2026-04-03 12:30:00", "5150", "")]
    assert extract(tmp_path, rows, columns, header=(*HEADER, "Arrest")).calls["arrest"].tolist() == [True, False]


def test_texts_that_may_be_names_are_not_listed(tmp_path: Path) -> None:
    rows = [(f"E{at}", "2026-04-03 12:30:00", f"Name {at}") for at in range(30)]
    with pytest.raises(ExtractRefused) as caught:
        extract(tmp_path, rows)
    assert "Name" not in caught.value.table
