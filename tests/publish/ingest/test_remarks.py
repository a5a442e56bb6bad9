"""What is likely wrong and could be right is told with its place, and stops a publication until somebody accepts it."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2, chi2_contingency

from portal.errors import ExtractRefused, MappingWrong
from portal.publish.ingest.extract import read_extract
from portal.publish.ingest.mapping import parse_mapping, read_mapping
from portal.publish.ingest.remark import REMARKS, Remark, open_remarks
from portal.publish.ingest.remark_shares import chi_square_above, contrast, strongest
from portal.publish.publish import Published, publish
from portal.publish.synthetic.illustrate import illustrate
from tests.publish.sources import CODED, HEADER, content, extract
from tests.source import ROOT

MAPPING = ROOT / "data" / "mappings" / "somerville.toml"
START = datetime(2026, 4, 1, 0, 7, 11)  # noqa: DTZ001 - a local clock
PERSON = {"person_key": {"from": "Person"}, "answered_by": {"from": "Came"}}
WITH_PERSON = (*HEADER, "Came", "Person")


def calls(count: int, every: timedelta = timedelta(hours=7, minutes=13)) -> list[tuple[str, str, str]]:
    """Calls at even distances: nothing about them stands out."""
    return [(f"E{at}", f"{START + at * every:%Y-%m-%d %H:%M:%S}", "5150" if at % 3 else "WELCK") for at in range(count)]


def names(remarks: Sequence[Remark]) -> list[str]:
    return [remark.name for remark in remarks]


def test_an_even_log_has_no_remark(tmp_path: Path) -> None:
    assert extract(tmp_path, calls(640)).report.remarks == ()


@pytest.mark.parametrize(("rows", "told"), [(999, False), (1_000, True), (1_001, False), (2_000, True)])
def test_a_file_that_ends_where_exports_stop_is_remarked(rows: int, told: bool, tmp_path: Path) -> None:
    found = extract(tmp_path, calls(rows)).report.remarks
    assert names(found) == ["row_count"] * told
    assert not told or found[0].what == f"calls.csv has exactly {rows:,} rows."


def test_calls_that_are_equal_but_for_their_key_are_remarked_with_their_rows(tmp_path: Path) -> None:
    rows = calls(300)
    again = [(f"X{at}", *rows[at][1:]) for at in (4, 90, 200)]
    (remark,) = extract(tmp_path, rows + again).report.remarks
    assert remark.name == "equal_rows:3"
    assert set(remark.rows) == {4 + 2, 90 + 2, 200 + 2, 302, 303, 304}


def test_a_month_with_half_its_calls_is_remarked_by_its_name(tmp_path: Path) -> None:
    rows = [row for at, row in enumerate(calls(900)) if not row[1].startswith("2026-08") or at % 2]
    (remark,) = extract(tmp_path, rows).report.remarks
    assert remark.name == "month_count:2026-08"
    assert (remark.first, remark.last) == (date(2026, 8, 1), date(2026, 8, 31))


def test_a_gap_that_grows_is_another_remark_than_the_one_that_was_accepted(tmp_path: Path) -> None:
    named = []
    for last in ("2026-07-20", "2026-07-29"):
        rows = [row for row in calls(900) if not "2026-07-10" <= row[1][:10] <= last]
        named += names(extract(tmp_path, rows).report.remarks)
    assert named == ["without_records:2026-07-10..2026-07-20", "without_records:2026-07-10..2026-07-29"]


def test_a_code_that_the_rest_takes_from_a_day_on_is_remarked_with_that_day(tmp_path: Path) -> None:
    coded = {"call_type": CODED | {"codes": {"mental_health": ["5150"], "not_counted": "*"}}}
    rows = [(key, when, "MHCRISIS" if kind == "WELCK" and when > "2026-07" else kind) for key, when, kind in calls(640)]
    found = extract(tmp_path, rows, coded).report.remarks
    (begins,) = [remark for remark in found if remark.kind == "code_begins"]
    assert begins.where.startswith("call_type:2026-07-0")
    assert "'MHCRISIS'" in begins.what


def test_a_code_like_a_named_one_is_remarked(tmp_path: Path) -> None:
    coded = {"call_type": CODED | {"codes": {"mental_health": ["MH"], "not_counted": "*"}}}
    rows = [(key, when, "mh " if at % 5 == 0 else "MH") for at, (key, when, _) in enumerate(calls(300))]
    assert "code_alike:call_type" in names(extract(tmp_path, rows, coded).report.remarks)


def test_a_key_in_too_many_responses_is_remarked_and_never_shown(tmp_path: Path) -> None:
    rows = [(*row, "team", "SECRET77" if at % 4 == 0 else f"P{at:03}") for at, row in enumerate(calls(200))]
    found = extract(tmp_path, rows, PERSON, header=WITH_PERSON).report.remarks
    (remark,) = [row for row in found if row.kind == "person_in_many"]
    assert "50 of 200 responses" in remark.what
    assert "SECRET77" not in "".join(row.what for row in found)


def test_a_key_that_never_comes_twice_is_remarked(tmp_path: Path) -> None:
    rows = [(*row, "team", f"P{at:03}") for at, row in enumerate(calls(200))]
    assert "persons_never_repeat" in names(extract(tmp_path, rows, PERSON, header=WITH_PERSON).report.remarks)


def test_what_leave_out_takes_is_remarked_where_it_is_more_than_slips(tmp_path: Path) -> None:
    def found(wrong: int) -> list[str]:
        rows = calls(200) + calls(200)[:wrong]
        return names(extract(tmp_path, rows, problems={"duplicate_key": "leave_out"}).report.remarks)
    assert found(3) == []
    assert found(12) == ["leaves_out:duplicate_key:call_id"]


def test_team_times_in_another_zone_are_remarked(tmp_path: Path) -> None:
    columns = {"arrived": {"from": "Arrived"}, "answered_by": {"from": "Came"}}
    rows = [(*row, "team", f"{datetime.fromisoformat(row[1]) + timedelta(hours=4, minutes=at % 30):%Y-%m-%d %H:%M:%S}")
            for at, row in enumerate(calls(200))]
    found = extract(tmp_path, rows, columns, header=(*HEADER, "Came", "Arrived")).report.remarks
    (remark,) = [row for row in found if row.kind == "times_apart"]
    assert remark.where == "received:arrived"
    assert "some 4 hours after" in remark.what


def test_the_analyst_s_manual_explains_every_remark() -> None:
    manual = (ROOT / "docs" / "publishing.md").read_text("utf-8")
    assert [kind for kind in REMARKS if f"`{kind}`" not in manual] == []


# ---- shares ----

def test_a_share_that_jumps_is_found_where_it_jumps() -> None:
    counts = np.array([[30.0, 10.0]] * 6 + [[10.0, 30.0]] * 6)
    jump = strongest(counts)
    assert jump
    assert (jump.part.start, jump.part.stop, jump.category) == (6, 12, 1)
    assert (jump.share, jump.elsewhere) == (.75, .25)


@given(st.lists(st.integers(1, 60), min_size=2, max_size=6), st.integers(2, 24))
def test_shares_that_stay_never_jump(month: list[int], months: int) -> None:
    assert strongest(np.array([month] * months, dtype=float)) is None


@given(st.integers(20, 200), st.integers(20, 200), st.floats(.1, .9), st.floats(.1, .9))
def test_how_rarely_chance_gives_it_is_as_scipy_says(first: int, second: int, share: float, other: float) -> None:
    """Beside its chi-square test of a table of two by two, with Yates's correction."""
    part = np.array([[round(first * share), first - round(first * share)]], dtype=float)
    beside = np.array([[round(second * other), second - round(second * other)]], dtype=float)
    rarely, _ = contrast(part, (part + beside)[0])
    assert rarely[0] == pytest.approx(chi2_contingency(np.vstack([part, beside]), correction=True).pvalue, rel=1e-6)


@given(st.integers(1, 30), st.lists(st.floats(0, 1_000), min_size=1, max_size=9))
def test_the_tail_of_chi_square_is_that_of_scipy(degrees: int, values: list[float]) -> None:
    above = chi_square_above(np.array(values), degrees)
    assert above == pytest.approx(chi2.sf(values, degrees), rel=1e-9, abs=1e-300)


# ---- accepting ----

def cut_log(folder: Path) -> tuple[Path, Path]:
    """A made-up log of exactly 1,000 rows, and its roster."""
    path = folder / "log.csv"
    roster = illustrate(path, months=12, per_month=90, seed=3)
    header, *rows = path.read_text("utf-8").splitlines(keepends=True)
    assert len(rows) > 1_000
    some = [rows[at * len(rows) // 1_000] for at in range(1_000)]  # in no order that the missing ones would show
    path.write_text("".join([header, *some]), encoding="utf-8")
    return path, roster


def published(folder: Path, mapping: Path = MAPPING, **arguments: object) -> Published:
    path, roster = cut_log(folder)
    options = {"roster": roster, "published_on": date(2027, 5, 15)} | arguments
    return publish(path, mapping, "TRY", "illustrative", folder / "releases", **options)  # type: ignore[arg-type]


def test_a_remark_that_nobody_accepts_stops_a_publication_with_all_remarks_listed(tmp_path: Path) -> None:
    with pytest.raises(ExtractRefused) as caught:
        published(tmp_path)
    assert "row_count" in str(caught.value)
    assert "--accept NAME" in caught.value.next_step
    assert "remark    row_count: log.csv has exactly 1,000 rows." in caught.value.table
    assert REMARKS["row_count"] in caught.value.table
    assert not (tmp_path / "releases").exists() or not list((tmp_path / "releases").iterdir())


def test_a_dry_run_shows_the_remarks_and_goes_on(tmp_path: Path) -> None:
    result = published(tmp_path, dry_run=True)
    assert any(line.startswith("remark    row_count: ") for line in result.remarks)
    assert result.plan


def test_an_accepted_remark_stops_nothing_and_its_kind_is_kept(tmp_path: Path) -> None:
    result = published(tmp_path, accept=["row_count"])
    assert result.folder
    assert result.accepted == ("row_count",)
    assert any(line.startswith("accepted  row_count: ") for line in result.remarks)


def test_a_mapping_accepts_with_a_reason(tmp_path: Path) -> None:
    mapping = tmp_path / "map.toml"
    accept = '\n[accept]\nrow_count = "it was counted by hand"\n'
    mapping.write_text(MAPPING.read_text("utf-8") + accept, encoding="utf-8")
    result = published(tmp_path, mapping)
    assert any("it was counted by hand" in line for line in result.remarks)


@pytest.mark.parametrize(("accept", "why"), [({"row_cuont": "x"}, "perhaps 'row_count'"),
                                             ({"row_count": " "}, "no reason")])
def test_accepting_what_is_no_remark_or_without_a_reason_is_refused(accept: dict[str, str], why: str) -> None:
    with pytest.raises(MappingWrong, match=why):
        parse_mapping(content(accept=accept))


def test_a_remark_is_accepted_by_its_name_or_by_its_kind_and_by_no_other_place() -> None:
    remarks = (Remark("month_count", "x", "2026-08"), Remark("month_count", "x", "2026-09"), Remark("row_count", "x"))
    assert names(open_remarks(remarks, ["month_count:2026-08"])) == ["month_count:2026-09", "row_count"]
    assert names(open_remarks(remarks, ["month_count"])) == ["row_count"]


@pytest.mark.parametrize("seed", range(1, 6))
def test_a_clean_log_has_one_remark_at_most(seed: int, tmp_path: Path) -> None:
    """Five of the seeds that `make extracts` looks at."""
    path = tmp_path / "log.csv"
    roster = illustrate(path, seed=seed)
    assert len(read_extract(path, read_mapping(MAPPING), roster).report.remarks) <= 1



OUTCOME = {"outcome": {"from": "Outcome", "codes": {"no_contact": ["N"], "resolved_on_scene": ["R"]}},
           "referral_accepted": {"from": "Referred"}, "transport": {"from": "Transport"}}


def told_of_outcomes(tmp_path: Path, outcome: str, referred: int, taken: int) -> list[Remark]:
    """What is remarked where 40 rows have one outcome, so many of them an accepted referral or a transport."""
    rows = [(*call, outcome if at % 10 == 0 else "", "yes" if at % 10 == 0 and at // 10 < referred else "no",
             "yes" if at % 10 == 0 and at // 10 < taken else "no") for at, call in enumerate(calls(400))]
    found = extract(tmp_path, rows, OUTCOME, header=(*HEADER, "Outcome", "Referred", "Transport")).report.remarks
    return [remark for remark in found if remark.kind == "outcome_contradicted"]


@pytest.mark.parametrize(("outcome", "referred", "taken", "name"), [
    ("N", 30, 0, "no_contact"), ("N", 0, 15, "no_contact"), ("N", 10, 2, ""), ("N", 0, 0, ""),
    ("R", 30, 0, ""), ("R", 0, 3, "resolved_on_scene"), ("R", 30, 2, ""),
])
def test_an_outcome_that_its_own_rows_contradict_is_remarked_with_columns_and_rows(
        outcome: str, referred: int, taken: int, name: str, tmp_path: Path) -> None:
    found = told_of_outcomes(tmp_path, outcome, referred, taken)
    assert [remark.where for remark in found] == [name] * bool(name)
    for remark in found:
        assert {"outcome", "Outcome"} < set(remark.columns)
        assert remark.rows[:2] == (2, 12)


def test_one_category_that_takes_the_place_of_many_rare_ones_is_a_jump() -> None:
    before, after = [4, 1, 1, 1], [7, 0, 0, 0]
    jump = strongest(np.array([before] * 8 + [after] * 8, dtype=float))
    assert jump
    assert (jump.part, jump.category) == (slice(8, 16), 0)


@pytest.mark.parametrize("column", ["Outcome", "Transport", "Received", "Event"])
def test_errors_that_a_spreadsheet_wrote_into_a_csv_are_reported_with_their_count(column: str, tmp_path: Path) -> None:
    header = (*HEADER, "Outcome", "Transport")
    rows = [[*call, "N", "no"] for call in calls(60)]
    for at, error in ((5, "#REF!"), (6, "#DIV/0!"), (40, "#REF!")):
        rows[at][header.index(column)] = error
    columns = {"outcome": {"from": "Outcome", "codes": {"no_contact": ["N"], "resolved_on_scene": ["*"]}},
               "transport": {"from": "Transport"}}
    with pytest.raises(ExtractRefused) as refused:
        extract(tmp_path, rows, columns, header=header)
    assert "'#REF!' (2), '#DIV/0!' (1)" in refused.value.table
    assert "rest_counts" not in refused.value.table
    assert "7, 8, 42" in refused.value.table
