"""Keys: of an incident, and of a person."""

from random import Random

import pandas as pd

from tests.extracts.desk import Damage, Desk
from tests.extracts.kind import kind

PERSON = ("person_key",)


def _word(desk: Desk, chance: Random, word: str, share: float = .35) -> Damage:
    where = desk.some(desk.team(), share, chance)
    return Damage(PERSON, desk.put("person_key", where, word))


@kind("keys", "NULL in place of a person's key", needs=PERSON)
def person_null(desk: Desk, chance: Random) -> Damage:
    return _word(desk, chance, "NULL")


@kind("keys", "#N/A in place of a person's key", needs=PERSON)
def person_not_available(desk: Desk, chance: Random) -> Damage:
    return _word(desk, chance, "#N/A")


@kind("keys", "0 in place of a person's key", needs=PERSON)
def person_zero(desk: Desk, chance: Random) -> Damage:
    return _word(desk, chance, "0")


@kind("keys", "UNKNOWN in place of a person's key", needs=PERSON)
def person_unknown(desk: Desk, chance: Random) -> Damage:
    return _word(desk, chance, "UNKNOWN")


@kind("keys", "a number of nines in place of a person's key", needs=PERSON)
def person_nines(desk: Desk, chance: Random) -> Damage:
    return _word(desk, chance, "999999999")


@kind("keys", "a hyphen in place of a person's key", needs=PERSON)
def person_hyphen(desk: Desk, chance: Random) -> Damage:
    return _word(desk, chance, "-")


@kind("keys", "John Doe's own key for everybody who is not known", needs=PERSON)
def person_of_a_test(desk: Desk, chance: Random) -> Damage:
    return _word(desk, chance, "P00C0FFEE", .25)


def _numbered(desk: Desk, column: str, digits: int) -> pd.Series:
    codes = pd.factorize(desk.texts(column))[0]
    numbers = pd.Series([str(10 ** (digits - 1) + 26_000_000 + int(code) * 7) for code in codes], desk.calls.index)
    return numbers.where(desk.filled(column), "")


@kind("keys", "persons' keys of 13 digits cut to 1.00260E+12", needs=PERSON)
def person_scientific(desk: Desk, _: Random) -> Damage:
    numbers = _numbered(desk, "person_key", 13)
    cut = numbers.map(lambda number: f"{float(number):.5E}" if number else "")
    return Damage(PERSON, desk.put("person_key", desk.everywhere(), cut))


@kind("keys", "incidents' keys cut to 1.00260E+12", needs=("call_id",), dress="iso")
def incident_scientific(desk: Desk, _: Random) -> Damage:
    cut = _numbered(desk, "call_id", 13).map(lambda number: f"{float(number):.5E}" if number else "")
    return Damage(("call_id",), desk.put("call_id", desk.everywhere(), cut))


@kind("keys", "persons' numbers of 18 digits rounded to 15 by a spreadsheet", needs=PERSON)
def person_rounded(desk: Desk, _: Random) -> Damage:
    rounded = _numbered(desk, "person_key", 18).map(lambda number: number[:10] + "00000000" if number else "")
    return Damage(PERSON, desk.put("person_key", desk.everywhere(), rounded))


@kind("keys", "leading zeros of persons' keys lost from a day on", needs=PERSON)
def person_without_zeros(desk: Desk, chance: Random) -> Damage:
    where, first, last = desk.since(chance)
    numbers = _numbered(desk, "person_key", 7).map(lambda number: f"00{number[1:]}" if number else "")
    desk.put("person_key", desk.everywhere(), numbers)
    rows = desk.put("person_key", where, desk.texts("person_key").str.lstrip("0"))
    return Damage(PERSON, rows, first, last)


@kind("keys", "persons' keys in small letters from a day on", needs=PERSON)
def person_small_letters(desk: Desk, chance: Random) -> Damage:
    where, first, last = desk.since(chance)
    return Damage(PERSON, desk.put("person_key", where, desk.texts("person_key").str.lower()), first, last)


@kind("keys", "a blank inside persons' keys in some rows", needs=PERSON)
def person_inner_blank(desk: Desk, chance: Random) -> Damage:
    where = desk.some(desk.team() & desk.filled("person_key"), .3, chance)
    spaced = desk.texts("person_key").str.slice(0, 1) + " " + desk.texts("person_key").str.slice(1)
    return Damage(PERSON, desk.put("person_key", where, spaced))


@kind("keys", "a hyphen inside persons' keys in some rows", needs=PERSON)
def person_inner_hyphen(desk: Desk, chance: Random) -> Damage:
    where = desk.some(desk.team() & desk.filled("person_key"), .3, chance)
    spaced = desk.texts("person_key").str.slice(0, 1) + "-" + desk.texts("person_key").str.slice(1)
    return Damage(PERSON, desk.put("person_key", where, spaced))


@kind("keys", "persons' keys as 123.0 in some rows, as 123 in others", needs=PERSON)
def person_with_point(desk: Desk, chance: Random) -> Damage:
    where, first, last = desk.since(chance)
    desk.put("person_key", desk.everywhere(), _numbered(desk, "person_key", 7))
    rows = desk.put("person_key", where & desk.filled("person_key"), desk.texts("person_key") + ".0")
    return Damage(PERSON, rows, first, last)


@kind("keys", "persons' keys cut to their first three letters", needs=PERSON)
def person_cut_short(desk: Desk, _: Random) -> Damage:
    return Damage(PERSON, desk.put("person_key", desk.everywhere(), desk.texts("person_key").str.slice(0, 3)))


@kind("keys", "all persons renumbered on a day, as a new system does it", needs=PERSON)
def person_renumbered(desk: Desk, chance: Random) -> Damage:
    where, first, last = desk.since(chance)
    rows = desk.put("person_key", where & desk.filled("person_key"), "N" + desk.texts("person_key").str.slice(1))
    return Damage(PERSON, rows, first, last)


@kind("keys", "the person's key made from the call's column", needs=PERSON)
def person_is_the_call(desk: Desk, _: Random) -> Damage:
    desk.put("person_key", desk.team(), desk.texts("call_id"))
    return Damage(PERSON)


@kind("keys", "the person's key is missing from a day on", needs=PERSON)
def person_blank_from_a_day_on(desk: Desk, chance: Random) -> Damage:
    where, first, last = desk.since(chance)
    return Damage(PERSON, desk.put("person_key", where, ""), first, last)


@kind("keys", "numbers of incidents begin again with each year", needs=("call_id",), dress="iso")
def incident_numbers_begin_again(desk: Desk, _: Random) -> Damage:
    later = desk.days() >= pd.Timestamp("2027-01-01").date()
    texts = desk.texts("call_id").tolist()
    again = pd.Series([*texts[:0], *[texts[max(0, at - int(later.to_numpy().argmax()))] for at in range(len(texts))]],
                      desk.calls.index)
    return Damage(("call_id",), desk.put("call_id", later, again))


@kind("keys", "some incidents without a key", needs=("call_id",))
def incident_blank(desk: Desk, chance: Random) -> Damage:
    where = desk.some(desk.everywhere(), .01, chance)
    if "codes" in desk.mapping["columns"]["call_type"] and desk.dress.name in ("own", "cad"):
        where = desk.some(_counted(desk), .02, chance)
    return Damage(("call_id",), desk.put("call_id", where, ""))


def _counted(desk: Desk) -> pd.Series:
    codes = desk.mapping["columns"]["call_type"]["codes"]
    named = [code for category, all_codes in codes.items() if category != "not_counted" for code in all_codes]
    return desk.texts("call_type").isin(named)


@kind("keys", "an error cell in place of some incidents' keys", dress="iso")
def incident_error_cell(desk: Desk, chance: Random) -> Damage:
    where = desk.some(desk.everywhere(), .02, chance)
    return Damage(("call_id",), desk.put("call_id", where, "#REF!"))


@kind("keys", "one error cell in place of an incident's key", dress="iso")
def incident_one_error_cell(desk: Desk, chance: Random) -> Damage:
    where = desk.some(desk.everywhere(), 0, chance)
    return Damage(("call_id",), desk.put("call_id", where, "#N/A"))
