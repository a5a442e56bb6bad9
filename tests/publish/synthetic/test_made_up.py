"""What the made-up extract tells: every column, the shares it plans with, and a story that holds together."""

from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest

from portal.publish.ingest.columns import BY_NAME, COLUMNS, ROSTER_COLUMNS
from portal.publish.synthetic.illustrate import illustrate

TIMES = [column.name for column in COLUMNS if column.kind == "time"]
CONDUCT = ("arrest", "force", "injury_resident", "injury_responder", "injury_officer")
PLANNED = {
    "call_type": {"mental_health": .45, "substance_use": .15, "welfare_check": .25, "disturbance": .15},
    "origin": {"call_911": .84, "officer_request": .10, "follow_up": .06},
    "outcome": {"resolved_on_scene": .36, "voluntary_care": .24, "involuntary": .12, "hospital_other": .08,
                "declined": .10, "no_contact": .08, "": .02},
    "age_band": {"under_18": .12, "18_24": .14, "25_44": .34, "45_64": .24, "65_over": .12, "": .04},
    "race_ethnicity": {"asian": .07, "black": .16, "hispanic": .20, "white": .45, "another": .05, "": .07},
    "gender": {"woman": .46, "man": .46, "another": .03, "": .05},
    "language": {"english": .70, "spanish": .10, "portuguese": .07, "haitian_creole": .05, "nepali": .03,
                 "another": .02, "": .03},
    "housing": {"housed": .66, "not_housed": .20, "": .14},
}
NEAR = .02
Made = tuple[pd.DataFrame, pd.DataFrame]  # the calls, and the roster


def read(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def moments(texts: pd.Series) -> pd.Series:
    return pd.to_datetime(texts, utc=True, format="ISO8601")


def team(calls: pd.DataFrame) -> pd.DataFrame:
    return calls[calls["answered_by"] == "team"]


def hours(roster: pd.DataFrame, kind: str) -> float:
    return float((moments(roster[f"{kind}_end"]) - moments(roster[f"{kind}_start"])).dt.total_seconds().sum() / 3600)


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """The default extract and its roster."""
    out = tmp_path_factory.mktemp("made") / "log.csv"
    roster = illustrate(out)
    assert roster.name == "log-roster.csv"
    return read(out), read(roster)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Fifty times as many calls and hours."""
    out = tmp_path_factory.mktemp("large") / "log.csv"
    roster = illustrate(out, per_month=5_500, hours_per_week=400)
    return read(out), read(roster)


def test_every_column_in_its_place(log: Made) -> None:
    calls, roster = log
    assert list(calls.columns) == [column.name for column in COLUMNS]
    assert list(roster.columns) == [column.name for column in ROSTER_COLUMNS]
    assert all((calls[name] != "").any() for name in BY_NAME)
    assert calls["call_id"].is_unique
    assert calls["call_id"].str.startswith("MADE-UP-").all()


def test_values_are_the_portals_own(log: Made) -> None:
    calls = log[0]
    for column in COLUMNS:
        allowed = set(column.categories) if column.kind == "category" else {"yes", "no"}
        if column.kind in ("category", "yes_no"):
            assert set(calls[column.name]) <= allowed | {""}, column.name
    for name in TIMES:
        texts = calls.loc[calls[name] != "", name]
        assert texts.str.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d-0[45]:00").all(), name
        local = moments(texts).dt.tz_convert("America/New_York")
        assert [moment.isoformat() for moment in local] == list(texts), f"{name}: the offset is that of the moment"


def test_every_category_comes_up(large: Made) -> None:
    for column in COLUMNS:
        if column.kind in ("category", "yes_no"):
            assert set(column.categories or ("yes", "no")) <= set(large[0][column.name].unique()), column.name


def test_answered_calls_came_in_while_the_team_was_on_duty(log: Made) -> None:
    calls, roster = log
    covered = roster[roster["covered_start"] != ""]
    starts, ends = moments(covered["covered_start"]), moments(covered["covered_end"])
    received = moments(calls["received"])
    staffed = pd.Series([bool(((starts <= when) & (when < ends)).any()) for when in received], calls.index)
    assert (staffed == (calls["staffed"] == "yes")).all()
    assert staffed[calls["answered_by"] == "team"].all()
    assert .90 < (team(calls)["eligibility"] == "eligible").mean() < 1  # a few were answered outside the rule
    assert team(calls)["received"].min() >= "2026-05", "the team starts in the second month"


def test_the_roster_is_two_shifts_a_week_and_not_all_covered(log: Made) -> None:
    roster = log[1]
    weeks = (date(2027, 10, 1) - date(2026, 5, 1)).days / 7
    assert hours(roster, "shift") / weeks == pytest.approx(8, abs=.2)
    covered = roster[roster["covered_start"] != ""]
    assert 0 < len(roster) - len(covered) < .15 * len(roster)
    assert .85 < hours(covered, "covered") / hours(roster, "shift") < .99
    assert (moments(covered["covered_start"]) >= moments(covered["shift_start"])).all()
    assert (moments(covered["covered_end"]) <= moments(covered["shift_end"])).all()
    assert (moments(covered["covered_end"]) > moments(covered["covered_start"])).all()


def test_an_eligible_call_on_duty_is_answered_or_says_why_not(large: Made) -> None:
    calls = large[0]
    could = (calls["eligibility"] == "eligible") & (calls["staffed"] == "yes")
    unmet = could & (calls["answered_by"] != "team")
    assert (calls.loc[~unmet, "unmet_reason"] == "").all()
    assert set(calls.loc[unmet, "unmet_reason"]) == {"on_another_call", "not_sent", "other", ""}
    assert (calls.loc[unmet, "unmet_reason"] == "").mean() < .05
    assert .05 <= (calls["eligibility"] == "not_screened").mean() <= .10


def test_on_another_call_means_another_call_was_open(log: Made) -> None:
    calls = log[0]
    responses = team(calls)
    closed = responses[responses["cleared"] != ""]
    starts, ends = moments(closed["received"]), moments(closed["cleared"])
    busy = moments(calls.loc[calls["unmet_reason"] == "on_another_call", "received"])
    overlapping = [bool(((starts <= when) & (when < ends)).any()) for when in busy]
    assert len(busy) > 10
    assert sum(overlapping) >= .9 * len(busy)  # a few open calls have no clear time recorded


def test_times_are_in_order_but_for_the_planted_few(log: Made) -> None:
    calls = log[0]
    at = {name: moments(calls[name].where(calls[name] != "")) for name in TIMES}
    assert not (at["dispatched"] < at["received"]).any()
    assert not (at["arrived"] < at["received"]).any()
    assert not (at["cleared"] <= at["arrived"]).any()
    assert not (at["officer_arrived"] < at["received"]).any()
    assert not (at["cleared"] < at["dispatched"]).any()
    planted = at["arrived"] < at["dispatched"]
    assert 1 <= planted.sum() <= 3
    wrong = (at["officer_arrived"] < at["dispatched"]) & ~planted
    assert not wrong.any()


def test_no_time_is_midnight_sharp(large: Made) -> None:
    """Midnight means "unknown" in many systems."""
    assert not any((large[0][name].str[11:19] == "00:00:00").any() for name in TIMES)


def test_the_team_is_there_in_a_quarter_of_an_hour_and_often_after_an_officer(large: Made) -> None:
    responses = team(large[0])
    at = {name: moments(responses[name].where(responses[name] != "")) for name in TIMES}
    assert 10 < (at["arrived"] - at["received"]).dt.total_seconds().median() / 60 < 25
    assert 35 < (at["cleared"] - at["arrived"]).dt.total_seconds().median() / 60 < 90
    first = (at["officer_arrived"] < at["arrived"]).mean()
    assert .2 < first < .5
    assert (at["officer_arrived"] > at["arrived"]).mean() > .03


def test_what_happened_agrees_with_itself(large: Made) -> None:
    calls = large[0]
    responses = team(calls)
    known = responses[responses["outcome"] != ""]
    assert ((known["outcome"] == "involuntary") == (known["section_12"] == "yes")).all()
    assert (known.loc[known["outcome"].isin(("involuntary", "hospital_other")), "transport"] == "yes").all()
    stayed = known["outcome"].isin(("declined", "no_contact", "resolved_on_scene"))
    assert (known.loc[stayed, "transport"] == "no").all()
    arrests = responses[responses["arrest"] == "yes"]
    assert (arrests["outcome"] == "").all()
    assert (arrests["arrest_possible"] == "yes").all()
    for later, earlier in (("referral_accepted", "referral_offered"), ("appointment_kept", "referral_accepted"),
                           ("follow_up_reached", "follow_up_agreed")):
        assert (responses.loc[responses[later] == "yes", earlier] == "yes").all()
    about = ["outcome", *CONDUCT, "age_band", "person_key", "referral_offered", "arrived"]
    other_calls = calls.loc[calls["answered_by"] != "team", about]
    assert (other_calls == "").all(axis=None), "the log tells of the team's responses alone"


def test_rare_things_are_rare_and_happen(large: Made) -> None:
    responses = team(large[0])
    for name in CONDUCT:
        assert 0 < (responses[name] == "yes").mean() < .03, name
        assert (responses[name] != "").all(), f"{name} is always recorded, so that a true zero can be said"
    assert (responses["arrest_possible"] == "yes").mean() > 5 * (responses["arrest"] == "yes").mean()


def test_shares_come_out_as_planned(large: Made) -> None:
    calls = large[0]
    responses = team(calls)
    over = {"call_type": calls, "origin": calls, "outcome": responses[responses["arrest"] == "no"]}
    for name, planned in PLANNED.items():
        found = over.get(name, responses)[name].value_counts(normalize=True)
        assert set(found.index) == set(planned)
        assert all(abs(found[category] - share) < NEAR for category, share in planned.items()), (name, found.to_dict())


def test_care_comes_out_as_planned(large: Made) -> None:
    responses = team(large[0])
    yes = {name: responses[name] == "yes" for name in ("referral_offered", "referral_accepted", "appointment_kept",
                                                       "follow_up_agreed", "follow_up_reached")}
    shares = (~yes["referral_offered"]).mean(), (yes["referral_offered"] & ~yes["referral_accepted"]).mean(), \
        (yes["referral_accepted"] & ~yes["appointment_kept"]).mean(), yes["appointment_kept"].mean()
    assert shares == pytest.approx((.30, .25, .20, .25), abs=NEAR)
    assert (~yes["follow_up_agreed"]).mean() == pytest.approx(.40, abs=NEAR)
    assert yes["follow_up_reached"].mean() == pytest.approx(.40, abs=NEAR)


def test_people_come_again_and_a_few_often(large: Made) -> None:
    responses = team(large[0])
    assert (responses["person_key"] == "").mean() == pytest.approx(.03, abs=NEAR)
    keyed = responses[responses["person_key"] != ""].assign(at=lambda rows: moments(rows["received"]))
    again = keyed.groupby("person_key")["at"].diff() <= timedelta(days=365)
    assert again.sum() / len(responses) == pytest.approx(.25, abs=NEAR)
    meetings = Counter(keyed["person_key"])
    assert 8 <= max(meetings.values()) < .01 * len(keyed)
    for name in ("age_band", "race_ethnicity", "gender", "language", "housing"):
        values_each = keyed[keyed[name] != ""].groupby("person_key")[name].nunique()
        assert (values_each == 1).all(), f"{name} stays the same for one person"


def test_things_depend_on_each_other(large: Made) -> None:
    responses = team(large[0])

    def share(where: str, category: str, name: str, value: str) -> float:
        return float((responses.loc[responses[where] == category, name] == value).mean())

    def more(times: float, name: str, value: str, where: str, text: str, other: str) -> bool:
        return share(where, text, name, value) > times * share(where, other, name, value)

    assert more(1.5, "outcome", "involuntary", "call_type", "mental_health", "welfare_check")
    assert more(3, "language", "spanish", "race_ethnicity", "hispanic", "white")
    assert more(1.5, "housing", "not_housed", "age_band", "25_44", "65_over")
    assert more(3, "referral_offered", "yes", "outcome", "voluntary_care", "no_contact")


def test_calls_follow_the_season_the_week_and_the_hour_and_grow(large: Made) -> None:
    received = moments(large[0]["received"]).dt.tz_convert("America/New_York")
    by_month = received.dt.strftime("%Y-%m").value_counts()
    assert by_month["2026-07"] > 1.1 * by_month["2026-12"]
    assert all(by_month[f"2027-{month:02d}"] > by_month[f"2026-{month:02d}"] for month in range(4, 10))
    by_hour = received.dt.hour.value_counts()
    assert by_hour[15] > 2 * by_hour[4]
    by_day = received.dt.day_of_week.value_counts()
    assert by_day[3] > 1.1 * by_day[6]
    assert received.is_monotonic_increasing
    assert (by_month.index.min(), by_month.index.max(), len(by_month)) == ("2026-04", "2027-09", 18)


def test_most_rows_are_entered_in_two_days_and_some_after_their_release(log: Made) -> None:
    calls = log[0]
    day = pd.to_datetime(calls["received"].str[:10])
    entered = pd.to_datetime(calls["recorded_on"])
    assert (entered >= day).all()
    assert ((entered - day).dt.days <= 2).mean() > .85
    released = day.dt.to_period("Q").dt.end_time.dt.normalize() + timedelta(days=45)
    assert 3 <= (entered > released).sum() < .02 * len(calls)
    assert entered.max() < pd.Timestamp("2027-11-14"), "a row entered after the last release is due is not in the file"


def test_daylight_saving_is_right(large: Made) -> None:
    received = large[0]["received"]
    doubled = received[received.str.startswith("2026-11-01T01")]
    assert set(doubled.str[-6:]) == {"-04:00", "-05:00"}
    assert not received.str.startswith("2027-03-14T02").any(), "the hour left out has no call"
    roster = large[1]
    changes = roster[roster["shift_start"].str.startswith(("2026-11-01T01", "2027-03-14T01"))]
    lengths = (moments(changes["shift_end"]) - moments(changes["shift_start"])).dt.total_seconds() / 3600
    assert dict(zip(changes["shift_start"].str[:4], lengths, strict=True)) == {"2026": 5, "2027": 3}
