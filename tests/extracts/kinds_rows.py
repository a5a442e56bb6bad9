"""Rows: cut, doubled, missing, out of place, and joins that went wrong."""

from random import Random

import pandas as pd

from portal.publish.synthetic.mess import pad_texts, repeat_rows, with_rows
from tests.extracts.desk import FIRST_ROW, Damage, Desk
from tests.extracts.kind import kind


def _last_row(desk: Desk) -> frozenset[int]:
    return frozenset([len(desk.calls) + FIRST_ROW - 1])


def _cut(desk: Desk, count: int, chance: Random | None) -> Damage:
    if chance:
        desk.calls = desk.calls.sample(frac=1, random_state=chance.randrange(10_000))
    desk.calls = desk.calls.head(count).reset_index(drop=True)
    return Damage(rows=_last_row(desk), file=True)


@kind("rows", "cut at exactly 1,000 rows, in no order")
def cut_at_1000_in_no_order(desk: Desk, chance: Random) -> Damage:
    return _cut(desk, 1_000, chance)


@kind("rows", "cut at exactly 1,000 rows, the oldest first")
def cut_at_1000(desk: Desk, _: Random) -> Damage:
    return _cut(desk, 1_000, None)


@kind("rows", "cut at exactly 2,000 rows, in no order", dress="cad")
def cut_at_2000_in_no_order(desk: Desk, chance: Random) -> Damage:
    return _cut(desk, 2_000, chance)


@kind("rows", "cut at exactly 1,000 rows, the newest first", dress="iso")
def newest_1000(desk: Desk, _: Random) -> Damage:
    desk.calls = desk.calls.iloc[::-1]
    damage = _cut(desk, 1_000, None)
    return Damage(damage.columns, damage.rows, min(desk.days()).replace(day=1), min(desk.days()), file=True)


@kind("rows", "the last weeks of the file missing", dress="iso")
def last_weeks_missing(desk: Desk, _: Random) -> Damage:
    last = max(desk.days())
    desk.keep(desk.days() < (last - pd.Timedelta(days=17)))
    return Damage(first=max(desk.days()), last=last, file=True)


@kind("rows", "the last four days of the file missing", dress="iso")
def last_days_missing(desk: Desk, _: Random) -> Damage:
    last = max(desk.days())
    desk.keep(desk.days() < (last - pd.Timedelta(days=3)))
    return Damage(first=max(desk.days()), last=last, file=True)


@kind("rows", "two months missing", needs=("received",))
def two_months_missing(desk: Desk, chance: Random) -> Damage:
    _, first, last = desk.month(chance)
    after = last if desk.name == "milwaukee" else (last.replace(day=1) + pd.DateOffset(days=61)).date()
    desk.keep((desk.days() < first) | (desk.days() > after))
    return Damage(first=first, last=after)


@kind("rows", "half the rows of a month missing", dress="iso")
def half_a_month_missing(desk: Desk, chance: Random) -> Damage:
    where, first, last = desk.month(chance)
    desk.keep(~desk.some(where, .55, chance))
    return Damage(first=first, last=last)


@kind("rows", "one month twice, with the same keys", needs=("call_id",))
def a_month_twice(desk: Desk, chance: Random) -> Damage:
    where, first, last = desk.month(chance)
    before = len(desk.calls)
    desk.calls = repeat_rows(desk.calls, where)
    rows = frozenset(range(before + FIRST_ROW, len(desk.calls) + FIRST_ROW))
    return Damage(("call_id",), rows, first, last)


def _new_keys(desk: Desk, copied: pd.DataFrame) -> pd.DataFrame:
    fresh = copied.copy()
    key = desk.at("call_id")
    fresh[key] = [f"{text}B" for text in fresh[key]]
    return fresh


@kind("rows", "one month twice, with new keys", dress="iso")
def a_month_twice_with_new_keys(desk: Desk, chance: Random) -> Damage:
    where, first, last = desk.month(chance)
    before = len(desk.calls)
    desk.calls = pd.concat([desk.calls, _new_keys(desk, desk.calls[where])], ignore_index=True)
    rows = frozenset(range(before + FIRST_ROW, len(desk.calls) + FIRST_ROW))
    return Damage(("call_id",), rows | desk.numbers(desk.calls.index.to_series().lt(before) & (
        (desk.days() >= first) & (desk.days() <= last))), first, last)


@kind("rows", "some rows twice, equal but for their key")
def some_rows_twice(desk: Desk, chance: Random) -> Damage:
    where = desk.some(_crisis(desk), .03, chance)
    copied = _new_keys(desk, desk.calls[where])
    before = len(desk.calls)
    desk.calls = pd.concat([desk.calls, copied], ignore_index=True)
    return Damage(("call_id",), desk.numbers(where.reindex(desk.calls.index, fill_value=False))
                  | frozenset(range(before + FIRST_ROW, len(desk.calls) + FIRST_ROW)))


def _crisis(desk: Desk) -> pd.Series:
    codes = desk.mapping["columns"]["call_type"].get("codes", {})
    if codes.get("not_counted") != "*":
        return desk.everywhere()
    named = [code for name, listed in codes.items() if name != "not_counted" for code in listed]
    return desk.texts("call_type").isin(named)


@kind("rows", "no call of a weekend, as a filter leaves it", needs=("received",), dress="iso")
def weekends_missing(desk: Desk, _: Random) -> Damage:
    desk.keep(pd.to_datetime(desk.days()).dt.weekday < 5)
    return Damage(("received",), file=True)


@kind("rows", "no call of the night, as a filter leaves it", dress="iso")
def nights_missing(desk: Desk, _: Random) -> Damage:
    desk.keep((desk.calls["_hour"] >= 6) & (desk.calls["_hour"] < 22))
    return Damage(("received",), file=True)


@kind("rows", "no call of the night from a day on, as a shift that stopped entering", dress="iso")
def nights_missing_from_a_day_on(desk: Desk, chance: Random) -> Damage:
    where, first, last = desk.since(chance)
    desk.keep(~where | ((desk.calls["_hour"] >= 6) & (desk.calls["_hour"] < 22)))
    return Damage(("received",), first=first, last=last)


@kind("rows", "the header again in the middle, as joined files have it")
def header_again(desk: Desk, chance: Random) -> Damage:
    at = chance.randrange(len(desk.calls) // 2, len(desk.calls))
    header = pd.DataFrame([{name: name for name in desk.calls.columns} | {"_day": None, "_hour": 0}])
    desk.calls = pd.concat([desk.calls[:at], header, desk.calls[at:]], ignore_index=True)
    return Damage(("received", "call_type", "call_id"), frozenset([at + FIRST_ROW]))


def _totals(desk: Desk, texts: dict[str, str]) -> Damage:
    desk.calls = with_rows(desk.calls, len(desk.calls), texts)
    return Damage(("call_id", "received", "call_type"), _last_row(desk), file=True)


@kind("rows", "a row of totals at the end")
def totals_row(desk: Desk, _: Random) -> Damage:
    return _totals(desk, {desk.at("call_id"): "Total", desk.at("call_type"): str(len(desk.calls))})


@kind("rows", "a row of totals that looks like a call", dress="cad")
def totals_row_like_a_call(desk: Desk, _: Random) -> Damage:
    return _totals(desk, {desk.at("call_id"): "Total", desk.at("call_type"): "MH",
                          desk.at("received"): desk.texts("received").iloc[-1]})


@kind("rows", "a line of the printing date at the end")
def printed_on(desk: Desk, _: Random) -> Damage:
    return _totals(desk, {str(desk.calls.columns[0]): "Printed on 10/02/2027 by report 7"})


@kind("rows", "calls of a training day, all within minutes", dress="iso")
def training_calls(desk: Desk, chance: Random) -> Damage:
    where, first, last = desk.month(chance)
    copied = _new_keys(desk, desk.calls[where & ~desk.team()].head(40))
    noon = pd.Timestamp(first) + pd.Timedelta(days=9, hours=12)
    times = pd.Series([noon + pd.Timedelta(seconds=30 * at + 7) for at in range(len(copied))], copied.index)
    copied[desk.at("received")] = desk.dress.write(times)
    for column in ("dispatched", "officer_arrived", "arrived", "cleared"):
        copied[desk.at(column)] = ""
    before = len(desk.calls)
    desk.calls = pd.concat([desk.calls, copied], ignore_index=True)
    return Damage(("received",), frozenset(range(before + FIRST_ROW, len(desk.calls) + FIRST_ROW)), first, last)


@kind("rows", "all rows of a new district from a day on, where it was one alone", dress="iso")
def another_district_from_a_day_on(desk: Desk, chance: Random) -> Damage:
    where, first, last = desk.since(chance)
    copied = _new_keys(desk, desk.calls[where & ~desk.team()])
    times = desk.dress.read(copied[desk.at("received")]) + pd.Timedelta(minutes=97)
    copied[desk.at("received")] = desk.dress.write(times)
    for column in ("dispatched", "officer_arrived"):
        copied[desk.at(column)] = ""
    copied["recorded_on"] = [max(day, entered) for day, entered in zip(
        times.dt.strftime("%Y-%m-%d"), copied["recorded_on"], strict=True)]
    desk.calls = pd.concat([desk.calls, copied], ignore_index=True)
    return Damage(("received",), first=first, last=last)


# ---- joins ----

@kind("joins", "a join that repeats a call for each unit, with the call's key", needs=("call_id",), dress="iso")
def a_row_for_each_unit(desk: Desk, chance: Random) -> Damage:
    where = desk.some(desk.team(), .4, chance)
    copied = desk.calls[where].copy()
    copied[desk.at("arrived")] = ""
    desk.calls = pd.concat([desk.calls, copied]).sort_index(kind="stable").reset_index(drop=True)
    again = desk.texts("call_id").duplicated(keep=False)
    return Damage(("call_id",), desk.numbers(again))


@kind("joins", "a join that repeats a call for each unit, with the unit in the key", dress="iso")
def a_key_for_each_unit(desk: Desk, chance: Random) -> Damage:
    where = desk.some(desk.team(), .4, chance)
    numbered = desk.calls[where].copy()
    numbered[desk.at("call_id")] = numbered[desk.at("call_id")] + "-2"
    desk.put("call_id", where, desk.texts("call_id") + "-1")
    desk.calls = pd.concat([desk.calls, numbered]).sort_index(kind="stable").reset_index(drop=True)
    return Damage(("call_id",), desk.numbers(desk.texts("call_id").str.contains("-[12]$")))


@kind("joins", "calls without the team lost by an inner join", dress="iso")
def only_the_team_s_calls(desk: Desk, _: Random) -> Damage:
    desk.keep(desk.team())
    return Damage(("answered_by", "eligibility"), file=True)


@kind("joins", "calls without the team lost by an inner join, from a day on", dress="iso")
def only_the_team_s_calls_from_a_day_on(desk: Desk, chance: Random) -> Damage:
    where, first, last = desk.since(chance)
    desk.keep(desk.team() | ~where)
    return Damage(("answered_by", "eligibility"), first=first, last=last)


ABOUT_A_RESPONSE = ("outcome", "arrest", "transport", "section_12", "age_band", "race_ethnicity", "gender", "language",
                    "housing", "person_key")


@kind("joins", "the team's own columns one row too low", dress="iso")
def team_s_columns_a_row_too_low(desk: Desk, _: Random) -> Damage:
    for column in ABOUT_A_RESPONSE:
        desk.put(column, desk.everywhere(), desk.texts(column).shift(1, fill_value=""))
    return Damage(ABOUT_A_RESPONSE)


@kind("joins", "the team's own columns joined by day, not by call", dress="iso")
def team_s_columns_joined_by_day(desk: Desk, chance: Random) -> Damage:
    columns = [desk.at(column) for column in (*ABOUT_A_RESPONSE, "arrived", "cleared")]
    order = pd.Series([chance.random() for _ in range(len(desk.calls))], desk.calls.index)
    shuffled = desk.calls.assign(_order=order).sort_values(["_day", "_order"], kind="stable")
    in_order = desk.calls.sort_values("_day", kind="stable").index
    desk.calls.loc[in_order, columns] = shuffled[columns].to_numpy()
    return Damage((*ABOUT_A_RESPONSE, "arrived", "cleared"))


@kind("joins", "one column sorted by itself", dress="iso")
def one_column_sorted(desk: Desk, chance: Random) -> Damage:
    column = chance.choice(["outcome", "race_ethnicity", "eligibility", "person_key"])
    desk.put(column, desk.everywhere(), pd.Series(sorted(desk.texts(column)), desk.calls.index))
    return Damage((column,))


@kind("joins", "cells of some rows shifted by one column", dress="iso")
def cells_shifted(desk: Desk, chance: Random) -> Damage:
    where = desk.some(desk.team(), .05, chance)
    names = [name for name in desk.calls.columns if not name.startswith("_")]
    at = names.index("outcome")
    moved, source = names[at:], names[at - 1:-1]
    desk.calls.loc[where, moved] = desk.calls.loc[where, source].to_numpy()
    return Damage(tuple(moved), desk.numbers(where))


@kind("cannot be told", "cells of some rows shifted among columns of yes and no", dress="iso")
def yes_and_no_shifted(desk: Desk, chance: Random) -> Damage:
    where, first, last = desk.since(chance)
    columns = ["arrest", "arrest_possible", "force", "injury_resident", "injury_responder", "injury_officer"]
    desk.calls.loc[where, columns] = desk.calls.loc[where, columns[-1:] + columns[:-1]].to_numpy()
    return Damage(tuple(columns), first=first, last=last)


# ---- harmless ----

@kind("harmless", "rows in no order")
def in_no_order(desk: Desk, chance: Random) -> Damage:
    desk.calls = desk.calls.sample(frac=1, random_state=chance.randrange(10_000)).reset_index(drop=True)
    return Damage()


@kind("harmless", "the newest row first")
def newest_first(desk: Desk, _: Random) -> Damage:
    desk.calls = desk.calls.iloc[::-1].reset_index(drop=True)
    return Damage()


@kind("harmless", "columns in another order, and further ones")
def further_columns(desk: Desk, chance: Random) -> Damage:
    desk.calls["Narrative"] = [chance.choice(["", 'said "no", left', "two\nlines", "Ünïcode; commas, all"])
                               for _ in range(len(desk.calls))]
    desk.calls["Unnamed: 0"] = [str(at) for at in range(len(desk.calls))]
    names = list(desk.calls.columns)
    chance.shuffle(names)
    desk.calls = desk.calls[names]
    return Damage()


@kind("harmless", "blanks around every text")
def blanks_around(desk: Desk, _: Random) -> Damage:
    for name in desk.calls.columns:
        if not name.startswith("_"):
            desk.calls[name] = pad_texts(desk.calls[name])
    return Damage()


@kind("harmless", "wholly blank rows between and below")
def blank_rows(desk: Desk, chance: Random) -> Damage:
    at = chance.randrange(len(desk.calls))
    desk.calls = with_rows(with_rows(desk.calls, len(desk.calls), {}, {}, {}), at, {}, {}, {})
    return Damage()
