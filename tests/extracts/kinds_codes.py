"""Codes: renamed, renewed, defaulted, swapped, lost."""

from random import Random

import pandas as pd

from tests.extracts.desk import Damage, Desk
from tests.extracts.kind import kind


@kind("codes", "a crisis code renamed midway, and taken by `not_counted = \"*\"`", dress="cad")
def renamed_into_the_rest(desk: Desk, chance: Random) -> Damage:
    where, first, last = desk.since(chance)
    rows = desk.put("call_type", where & (desk.texts("call_type") == "WELCK"), "WELFCHK")
    return Damage(("call_type",), rows, first, last)


@kind("codes", "a part of the crisis calls under a new code, taken by `not_counted = \"*\"`", dress="cad")
def new_code_into_the_rest(desk: Desk, chance: Random) -> Damage:
    where, first, last = desk.since(chance)
    moved = desk.some(where & (desk.texts("call_type") == "MH"), .6, chance)
    return Damage(("call_type",), desk.put("call_type", moved, "MH-CRISIS"), first, last)


@kind("codes", "crisis codes in small letters in some rows, taken by `not_counted = \"*\"`", dress="cad")
def small_letters_into_the_rest(desk: Desk, chance: Random) -> Damage:
    where = desk.some(desk.texts("call_type") == "MH", .3, chance)
    return Damage(("call_type",), desk.put("call_type", where, "mh"))


@kind("codes", "a crisis code renamed midway in another city's list", needs=("call_type",), dress="own")
def renamed_in_another_city(desk: Desk, chance: Random) -> Damage:
    where, first, last = desk.since(chance)
    code = {"OAKLAND": "WELCK", "MILWAUKEE": "WELFARE CITIZEN"}.get(desk.name.upper(), "Mentally unstable")
    rows = desk.put("call_type", where & (desk.texts("call_type") == code), "WLF2")
    return Damage(("call_type",), rows, first, last)


@kind("codes", "a code that no category names", needs=("outcome|race_ethnicity",))
def unknown_code(desk: Desk, chance: Random) -> Damage:
    column = next(name for name in ("outcome", "race_ethnicity") if desk.has(name))
    where = desk.some(desk.team() & desk.filled(column), .1, chance)
    return Damage((column,), desk.put(column, where, "new code"))


@kind("codes", "yes and no written as 1 and 0 from a day on", needs=("arrest",))
def one_and_zero(desk: Desk, chance: Random) -> Damage:
    where, first, last = desk.since(chance)
    column = "injury_resident"
    if not desk.has(column):
        column = "arrest"
    texts = desk.texts(column)
    numbers = texts.map(lambda text: "1" if text.lower() in ("yes", "true") else "0")
    rows = desk.put(column, where & (texts != ""), numbers)
    return Damage((column,), rows, first, last)


@kind("codes", "yes and no in capital letters", dress="iso")
def capital_yes(desk: Desk, _: Random) -> Damage:
    return Damage(("arrest",), desk.put("arrest", desk.everywhere(), desk.texts("arrest").str.upper()))


@kind("codes", "N/A where nothing is recorded", dress="iso")
def not_available(desk: Desk, chance: Random) -> Damage:
    where = desk.some(desk.team(), .2, chance)
    return Damage(("race_ethnicity",), desk.put("race_ethnicity", where, "N/A"))


@kind("codes", "codes with their names behind them", dress="iso")
def code_with_its_name(desk: Desk, _: Random) -> Damage:
    return Damage(("outcome",), desk.put("outcome", desk.filled("outcome"), desk.texts("outcome") + " - text"))


@kind("codes", "race and gender mapped the wrong way round", dress="iso")
def race_and_gender_swapped(desk: Desk, _: Random) -> Damage:
    columns = desk.mapping["columns"]
    columns["race_ethnicity"]["from"], columns["gender"]["from"] = "gender", "race_ethnicity"
    return Damage(("race_ethnicity", "gender"))


@kind("codes", "ages in years instead of bands", dress="iso")
def age_in_years(desk: Desk, _: Random) -> Damage:
    years = {"under_18": "15", "18_24": "21", "25_44": "36", "45_64": "52", "65_over": "71"}
    return Damage(("age_band",), desk.put("age_band", desk.everywhere(), desk.texts("age_band").replace(years)))


@kind("codes", "a spreadsheet makes days of age bands: 18-24 is 24-Aug", dress="iso")
def age_as_a_day(desk: Desk, _: Random) -> Damage:
    rows = desk.put("age_band", desk.texts("age_band") == "18_24", "Aug-24")
    return Damage(("age_band",), rows)


def _column_from(desk: Desk, chance: Random, column: str, value: str, where: pd.Series) -> Damage:
    since, first, last = desk.since(chance)
    return Damage((column,), desk.put(column, since & where, value), first, last)


@kind("codes", "a form that fills in `no` from a day on", needs=("referral_offered",), dress="iso")
def no_filled_in(desk: Desk, chance: Random) -> Damage:
    return _column_from(desk, chance, "transport", "no", desk.team())


@kind("codes", "a form that fills in `yes` from a day on", dress="iso")
def yes_filled_in(desk: Desk, chance: Random) -> Damage:
    return _column_from(desk, chance, "follow_up_agreed", "yes", desk.team())


@kind("codes", "a form that fills in the first outcome from a day on", dress="iso")
def outcome_filled_in(desk: Desk, chance: Random) -> Damage:
    return _column_from(desk, chance, "outcome", "resolved_on_scene", desk.team())


@kind("codes", "`eligible` filled in for every call from a day on", dress="iso")
def eligible_filled_in(desk: Desk, chance: Random) -> Damage:
    return _column_from(desk, chance, "eligibility", "eligible", desk.everywhere())


@kind("codes", "the first race of the list filled in where it was blank, and elsewhere", dress="iso")
def race_filled_in(desk: Desk, chance: Random) -> Damage:
    where, first, last = desk.since(chance)
    chosen = desk.some(where & desk.team(), .6, chance)
    return Damage(("race_ethnicity",), desk.put("race_ethnicity", chosen, "asian"), first, last)


@kind("codes", "`answered_by` filled in as team for many calls from a day on", dress="iso")
def team_filled_in(desk: Desk, chance: Random) -> Damage:
    where, first, last = desk.since(chance)
    chosen = desk.some(where & ~desk.team(), .3, chance)
    return Damage(("answered_by",), desk.put("answered_by", chosen, "team"), first, last)


@kind("codes", "blank in place of `no` from a day on", needs=("arrest",))
def blank_for_no(desk: Desk, chance: Random) -> Damage:
    no = desk.texts("arrest").str.lower().isin(["no", "false"])
    if desk.name == "milwaukee":
        no = desk.texts("arrest") == "Assignment Completed"
    return _column_from(desk, chance, "arrest", "", no)


@kind("codes", "a column blank from a day on", needs=("answered_by",), dress="iso")
def blank_from_a_day_on(desk: Desk, chance: Random) -> Damage:
    column = chance.choice(["race_ethnicity", "outcome", "referral_offered", "eligibility", "arrived", "language"])
    return _column_from(desk, chance, column, "", desk.everywhere())


@kind("codes", "a column blank in one month", dress="iso")
def blank_in_a_month(desk: Desk, chance: Random) -> Damage:
    where, first, last = desk.month(chance)
    column = chance.choice(["eligibility", "dispatched", "answered_by"])
    return Damage((column,), desk.put(column, where, ""), first, last)


@kind("codes", "a column wholly blank, though the mapping says that it is collected", dress="iso")
def wholly_blank(desk: Desk, chance: Random) -> Damage:
    column = chance.choice(["race_ethnicity", "outcome", "force", "arrived", "eligibility"])
    return Damage((column,), desk.put(column, desk.everywhere(), ""))


@kind("codes", "two outcomes change their codes midway", dress="iso")
def outcomes_swapped_midway(desk: Desk, chance: Random) -> Damage:
    where, first, last = desk.since(chance)
    swapped = desk.texts("outcome").replace({"resolved_on_scene": "no_contact", "no_contact": "resolved_on_scene"})
    return Damage(("outcome",), desk.put("outcome", where, swapped), first, last)


@kind("codes", "yes and no inverted from a day on", dress="iso")
def inverted_from_a_day_on(desk: Desk, chance: Random) -> Damage:
    where, first, last = desk.since(chance)
    swapped = desk.texts("arrest").replace({"yes": "no", "no": "yes"})
    return Damage(("arrest",), desk.put("arrest", where, swapped), first, last)


@kind("codes", "a new outcome taken by `resolved_on_scene = \"*\"`", dress="iso")
def outcome_into_the_rest(desk: Desk, chance: Random) -> Damage:
    where, first, last = desk.since(chance)
    codes = {name: [name] for name in ("voluntary_care", "involuntary", "hospital_other", "declined", "no_contact")}
    desk.mapping["columns"]["outcome"]["codes"] = codes | {"resolved_on_scene": "*"}
    rows = desk.put("outcome", where & (desk.texts("outcome") == "involuntary"), "section 12")
    return Damage(("outcome",), rows, first, last)


@kind("codes", "one call type missing from the export from a day on", dress="iso")
def a_type_missing(desk: Desk, chance: Random) -> Damage:
    where, first, last = desk.since(chance)
    desk.keep(~(where & (desk.texts("call_type") == "welfare_check")))
    return Damage(("call_type",), first=first, last=last)


@kind("codes", "one call type missing from another city's export from a day on", needs=("call_type",), dress="own")
def a_type_missing_in_another_city(desk: Desk, chance: Random) -> Damage:
    where, first, last = desk.since(chance)
    code = {"oakland": "WELCK", "milwaukee": "WELFARE CITIZEN"}.get(desk.name, "Mentally unstable")
    desk.keep(~(where & (desk.texts("call_type") == code)))
    return Damage(("call_type",), first=first, last=last)


# ---- nobody can tell these from the file alone ----

@kind("cannot be told", "a clerk who inverts yes and no all the time", dress="iso")
def inverted_always(desk: Desk, _: Random) -> Damage:
    swapped = desk.texts("transport").replace({"yes": "no", "no": "yes"})
    return Damage(("transport",), desk.put("transport", desk.everywhere(), swapped))


@kind("cannot be told", "two codes that fall into the wrong categories all the time", dress="iso")
def two_codes_swapped_always(desk: Desk, _: Random) -> Damage:
    swapped = desk.texts("outcome").replace({"voluntary_care": "involuntary", "involuntary": "voluntary_care"})
    return Damage(("outcome",), desk.put("outcome", desk.everywhere(), swapped))


@kind("cannot be told", "women and men swapped all the time", dress="iso")
def genders_swapped_always(desk: Desk, _: Random) -> Damage:
    swapped = desk.texts("gender").replace({"woman": "man", "man": "woman"})
    return Damage(("gender",), desk.put("gender", desk.everywhere(), swapped))


@kind("cannot be told", "force is never written down", dress="iso")
def force_never_written(desk: Desk, _: Random) -> Damage:
    rows = desk.put("force", desk.team(), "no")
    return Damage(("force",), rows)


@kind("cannot be told", "one in ten rows missing at random", dress="iso")
def rows_missing_at_random(desk: Desk, chance: Random) -> Damage:
    desk.keep(~desk.some(desk.everywhere(), .1, chance))
    return Damage(("received",), file=True)


@kind("cannot be told", "persons taken for one another at random", dress="iso")
def persons_mixed_up(desk: Desk, chance: Random) -> Damage:
    where = desk.some(desk.team() & desk.filled("person_key"), .2, chance)
    keys = [key for key in desk.texts("person_key") if key]
    other = pd.Series([chance.choice(keys) for _ in range(len(desk.calls))], desk.calls.index)
    return Damage(("person_key",), desk.put("person_key", where, other))


@kind("cannot be told", "a clock eight minutes fast in the team's own times", dress="iso")
def clock_fast(desk: Desk, _: Random) -> Damage:
    for column in ("arrived", "cleared"):
        desk.shift(column, desk.everywhere(), lambda times: times + pd.Timedelta(minutes=8))
    return Damage(("arrived", "cleared"))


@kind("cannot be told", "a clock an hour fast in every column, and no roster", dress="local")
def hour_fast_without_roster(desk: Desk, _: Random) -> Damage:
    desk.roster = None
    for column in ("received", "dispatched", "officer_arrived", "arrived", "cleared"):
        desk.shift(column, desk.everywhere(), lambda times: times + pd.Timedelta(hours=1))
    return Damage(("received",))


@kind("cannot be told", "eligible and not eligible swapped all the time", dress="iso")
def eligibility_swapped_always(desk: Desk, _: Random) -> Damage:
    swapped = desk.texts("eligibility").replace({"eligible": "not_eligible", "not_eligible": "eligible"})
    return Damage(("eligibility",), desk.put("eligibility", desk.everywhere(), swapped))
