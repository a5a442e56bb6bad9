"""Draws the made-up extract's people: whom the team meets, and what then happens. Nothing comes from any real record.

`SHARES` are the shares of each category in a large made-up extract. `*_LEAN` are odds by which categories go together
(1: no more often than chance), and `rake` reconciles the two. All draws use `Random.random` alone, whose stream Python
promises to keep, so one seed gives the same bytes everywhere.
"""

import math
from bisect import bisect_right
from collections.abc import Mapping
from itertools import accumulate
from random import Random
from statistics import NormalDist

from portal.publish.ingest.columns import NOT_RECORDED

Shares = Mapping[str, float]
CumulatedShares = tuple[tuple[str, ...], tuple[float, ...]]  # names, and their shares summed from the left
Lean = Mapping[str, Shares]

DAY = 86_400  # seconds
YEAR = 365 * DAY

RESPONSE_TYPES = {"mental_health": .52, "substance_use": .125, "welfare_check": .255, "disturbance": .10}
SHARES: dict[str, dict[str, float]] = {
    "outcome": {"resolved_on_scene": .36, "voluntary_care": .24, "involuntary": .12, "hospital_other": .08,
                "declined": .10, "no_contact": .08, NOT_RECORDED: .02},  # of responses without an arrest
    "age_band": {"under_18": .12, "18_24": .14, "25_44": .34, "45_64": .24, "65_over": .12, NOT_RECORDED: .04},
    "race_ethnicity": {"asian": .07, "black": .16, "hispanic": .20, "white": .45, "another": .05, NOT_RECORDED: .07},
    "gender": {"woman": .46, "man": .46, "another": .03, NOT_RECORDED: .05},
    "language": {"english": .70, "spanish": .10, "portuguese": .07, "haitian_creole": .05, "nepali": .03,
                 "another": .02, NOT_RECORDED: .03},
    "housing": {"housed": .66, "not_housed": .20, NOT_RECORDED: .14},
    "referral": {"none": .30, "offered": .25, "accepted": .20, "kept": .25},
    "follow_up": {"none": .40, "agreed": .20, "reached": .40},
}
ARREST_POSSIBLE = {"mental_health": .15, "substance_use": .22, "welfare_check": .05, "disturbance": .45}
ARREST_WHERE_POSSIBLE = .11
ARREST = ARREST_WHERE_POSSIBLE * sum(ARREST_POSSIBLE[kind] * share for kind, share in RESPONSE_TYPES.items())

OUTCOME_LEAN: Lean = {
    "mental_health": {"involuntary": 1.8, "voluntary_care": 1.3},
    "substance_use": {"hospital_other": 3, "declined": 1.5, "involuntary": .6},
    "welfare_check": {"no_contact": 2.5, "resolved_on_scene": 1.3, "involuntary": .5},
    "disturbance": {"resolved_on_scene": 1.5, "declined": 1.4, "voluntary_care": .6},
}
AGE_LEAN: Lean = {"substance_use": {"25_44": 1.8, "under_18": .3, "65_over": .3}, "welfare_check": {"65_over": 2.5}}
GENDER_LEAN: Lean = {"under_18": {"another": 2}, "18_24": {"another": 3}, "25_44": {"man": 1.2},
                     "65_over": {"woman": 1.3}}
HOUSING_LEAN: Lean = {"under_18": {"not_housed": .4}, "25_44": {"not_housed": 1.6}, "65_over": {"not_housed": .5}}
LANGUAGE_LEAN: Lean = {
    "asian": {"nepali": 12, "another": 6}, "black": {"haitian_creole": 8},
    "hispanic": {"spanish": 9, "portuguese": 1.5}, "white": {"english": 2, "portuguese": 1.5},
    "another": {"portuguese": 5, "another": 3},
}
REFERRAL_LEAN: Lean = {
    "voluntary_care": {"accepted": 1.5, "kept": 2.5}, "involuntary": {"none": 2.5}, "no_contact": {"none": 60},
    "declined": {"offered": 6, "accepted": .3, "kept": .15}, "arrest": {"none": 8}, NOT_RECORDED: {"none": 4},
}
FOLLOW_UP_LEAN: Lean = {"no_contact": {"none": 30}, "declined": {"none": 3}, "resolved_on_scene": {"reached": 1.3},
                        "arrest": {"none": 5}}

NO_KEY = .03
# the share of people that the team met in the twelve months before, by how the call came: near .25 in all
REPEAT = {"call_911": .24, "officer_request": .24, "follow_up": .40}
BLANKER_WITHOUT_CONTACT = 3.0  # where nobody was spoken with, fields are left blank three times as often
BLANK_IF_NOT_OFFERED = .20  # of referrals "none": nobody wrote down whether one was offered
BLANK_IF_NOT_AGREED = .12
BLANK_ARREST_POSSIBLE = .05


class Chance(Random):
    """Random draws that use `random()` alone."""

    def yes(self, share: float) -> bool:
        """True with probability `share` (0 to 1)."""
        return self.random() < share

    def pick(self, table: CumulatedShares) -> str:
        """A name of the table, drawn by its share."""
        return table[0][bisect_right(table[1], self.random())]

    def normal(self) -> float:
        """A standard normal draw, truncated at 3.9 on both sides so that no time is absurdly long."""
        return NormalDist().inv_cdf(.5 + (self.random() - .5) * .9999)

    def seconds(self, median_minutes: float, spread: float) -> int:
        """A log-normal duration in whole seconds; `spread` is the standard deviation of its logarithm."""
        return round(60 * median_minutes * math.exp(spread * self.normal()))

    def count(self, mean: float) -> int:
        """A Poisson draw: by Knuth's multiplication method below a mean of 50, by the normal approximation above."""
        if mean >= 50:
            return max(0, round(mean + math.sqrt(mean) * self.normal()))
        drawn, product, end = 0, self.random(), math.exp(-mean)
        while product > end:
            drawn, product = drawn + 1, product * self.random()
        return drawn


def table(shares: Shares) -> CumulatedShares:
    """Shares (of any sum) as a table to pick from."""
    total = sum(shares.values())
    cumulative = list(accumulate(share / total for share in shares.values()))
    cumulative[-1] = 1.0
    return tuple(shares), tuple(cumulative)


def rake(rows: Shares, columns: Shares, lean: Lean) -> dict[str, CumulatedShares]:
    """A joint distribution with the margins `rows` and `columns` whose cells lean as `lean` says: for each row, its
    table of columns. By iterative proportional fitting (Deming and Stephan 1940).

    For example, with rows {"a": .5, "b": .5}, columns {"x": .5, "y": .5} and the lean {"a": {"x": 4}}, row a picks x
    with a share of 2/3 and row b with 1/3: together still one half, and the odds are four times as large.
    """
    joint = {row: {column: lean.get(row, {}).get(column, 1.0) * share for column, share in columns.items()}
             for row in rows}
    row_sum, column_sum = sum(rows.values()), sum(columns.values())
    for _ in range(60):
        for column, share in columns.items():
            factor = share / column_sum / sum(joint[row][column] for row in rows)
            for row in rows:
                joint[row][column] *= factor
        for row, share in rows.items():
            factor = share / row_sum / sum(joint[row].values())
            joint[row] = {column: value * factor for column, value in joint[row].items()}
    return {row: table(joint[row]) for row in rows}


def _recorded(name: str) -> dict[str, float]:
    """A field's shares without NOT_RECORDED: what is true of people, before somebody forgets to write it down."""
    return {category: share for category, share in SHARES[name].items() if category != NOT_RECORDED}


_ENDS = {**{outcome: share * (1 - ARREST) for outcome, share in SHARES["outcome"].items()}, "arrest": ARREST}
_OUTCOME = rake(RESPONSE_TYPES, SHARES["outcome"], OUTCOME_LEAN)
_REFERRAL = rake(_ENDS, SHARES["referral"], REFERRAL_LEAN)
_FOLLOW_UP = rake(_ENDS, SHARES["follow_up"], FOLLOW_UP_LEAN)
_AGE = rake(RESPONSE_TYPES, _recorded("age_band"), AGE_LEAN)
_GENDER = rake(_recorded("age_band"), _recorded("gender"), GENDER_LEAN)
_HOUSING = rake(_recorded("age_band"), _recorded("housing"), HOUSING_LEAN)
_RACE = table(_recorded("race_ethnicity"))
_LANGUAGE = rake(_recorded("race_ethnicity"), _recorded("language"), LANGUAGE_LEAN)
_ABOUT_PEOPLE = ("age_band", "race_ethnicity", "gender", "language", "housing")
_BLANK = {name: SHARES[name][NOT_RECORDED] for name in _ABOUT_PEOPLE} | {"person_key": NO_KEY}

Person = dict[str, str]


class People:
    """The people the team has met. Whoever was met often in the last year is more likely to be met again."""

    def __init__(self, chance: Chance) -> None:
        self._chance = chance
        self._known = 0
        self._meetings: list[tuple[int, Person]] = []  # in order of time; those over a year old are dropped
        self._first = self._end = 0  # meetings from `_first` up to `_end` are a day to a year old

    def meet(self, when: int, origin: str, call_type: str, contact: bool) -> Person:
        """The person columns of one response as recorded, blank where nobody wrote it down."""
        chance = self._chance
        person = self._known_or_new(when, origin, call_type)
        blanker = BLANKER_WITHOUT_CONTACT
        if contact:  # less often, by as much as keeps the overall share at the planned one
            nobody_met = SHARES["outcome"]["no_contact"]
            blanker = (1 - BLANKER_WITHOUT_CONTACT * nobody_met) / (1 - nobody_met)
        written = {name: "" if chance.yes(_BLANK[name] * blanker) else value for name, value in person.items()}
        if written["person_key"]:
            self._meetings.append((when, person))
        return written

    def _known_or_new(self, when: int, origin: str, call_type: str) -> Person:
        meetings = self._meetings
        while self._end < len(meetings) and meetings[self._end][0] <= when - DAY:
            self._end += 1
        while self._first < self._end and meetings[self._first][0] <= when - YEAR:
            self._first += 1
        if self._first > 10_000:
            del meetings[:self._first]
            self._end, self._first = self._end - self._first, 0
        if self._end > self._first and self._chance.yes(REPEAT[origin] / (1 - NO_KEY)):
            # drawn from meetings, not from people: whoever was met often is drawn more often
            return meetings[self._first + int(self._chance.random() * (self._end - self._first))][1]
        return self._new_person(call_type)

    def _new_person(self, call_type: str) -> Person:
        chance = self._chance
        self._known += 1
        age, race = chance.pick(_AGE[call_type]), chance.pick(_RACE)
        key = self._known * 2_654_435_761 % 2**32  # an odd factor: no two keys are equal, and their order says nothing
        return {"age_band": age, "race_ethnicity": race, "gender": chance.pick(_GENDER[age]),
                "language": chance.pick(_LANGUAGE[race]), "housing": chance.pick(_HOUSING[age]),
                "person_key": f"P{key:08X}"}


def yes_no(value: bool) -> str:
    """A truth value as the extract writes it."""
    return "yes" if value else "no"


def what_happened(chance: Chance, call_type: str) -> dict[str, str]:
    """Outcome, conduct, referral and follow-up of one response. An arrest has no outcome: the list has none for it."""
    possible = chance.yes(ARREST_POSSIBLE[call_type])
    arrest = possible and chance.yes(ARREST_WHERE_POSSIBLE)
    outcome = "" if arrest else chance.pick(_OUTCOME[call_type])
    force = chance.yes(.20 if arrest else .05 if outcome == "involuntary" else .004)
    row = {
        "arrest": yes_no(arrest),
        "arrest_possible": "" if not arrest and chance.yes(BLANK_ARREST_POSSIBLE) else yes_no(possible),
        "force": yes_no(force),
        "injury_resident": yes_no(chance.yes(.15 if force else .008)),
        "injury_responder": yes_no(chance.yes(.05 if force else .003)),
        "injury_officer": yes_no(chance.yes(.12 if force else .004)),
    }
    row |= _referral(chance, "arrest" if arrest else outcome) | _follow_up(chance, "arrest" if arrest else outcome)
    if outcome == NOT_RECORDED:
        return row
    cared_for = outcome == "voluntary_care" and chance.yes(.65)
    taken = arrest or cared_for or outcome in ("involuntary", "hospital_other")
    return row | {"outcome": outcome, "transport": yes_no(taken), "section_12": yes_no(outcome == "involuntary")}


def _referral(chance: Chance, end: str) -> dict[str, str]:
    step = chance.pick(_REFERRAL[end])
    if step == "none" and chance.yes(BLANK_IF_NOT_OFFERED):
        return {}
    return {"referral_offered": yes_no(step != "none"), "referral_accepted": yes_no(step in ("accepted", "kept")),
            "appointment_kept": yes_no(step == "kept")}


def _follow_up(chance: Chance, end: str) -> dict[str, str]:
    step = chance.pick(_FOLLOW_UP[end])
    if step == "none" and chance.yes(BLANK_IF_NOT_AGREED):
        return {}
    return {"follow_up_agreed": yes_no(step != "none"), "follow_up_reached": yes_no(step == "reached")}
