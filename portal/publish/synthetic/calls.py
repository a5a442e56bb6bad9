"""Simulates the made-up extract's calls: when they come in, when the team is on duty, and who answers.

Times are whole seconds since 1970 (UTC).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from portal.publish.synthetic.people import DAY, Chance, CumulatedShares, People, table, what_happened, yes_no

ZONE = ZoneInfo("America/New_York")
HOUR = 3600

CALL_TYPE = table({"mental_health": .45, "substance_use": .15, "welfare_check": .25, "disturbance": .15})
ORIGIN = table({"call_911": .84, "officer_request": .10, "follow_up": .06})
WEEKDAYS = {  # Monday first. Officers ask for the team, and visits are scheduled, mostly while it is on duty
    "call_911": (1.00, 1.02, 1.01, 1.03, 1.06, .98, .90),
    "officer_request": (1.0, 1.7, 1.0, 1.7, 1.0, .3, .2),
    "follow_up": (1.0, 1.7, 1.0, 1.7, 1.0, .1, .0),
}
HOURS = {  # midnight first
    "call_911": table({str(hour): weight for hour, weight in enumerate(
        (30, 24, 20, 17, 15, 16, 20, 27, 36, 43, 48, 52, 55, 58, 60, 62, 62, 61, 59, 57, 54, 49, 43, 36))}),
    "officer_request": table({str(hour): weight for hour, weight in enumerate(
        (1, 1, 1, 0, 0, 0, 1, 3, 8, 12, 14, 15, 18, 34, 36, 36, 32, 12, 9, 7, 6, 5, 3, 2))}),
    "follow_up": table({str(hour): weight for hour, weight in enumerate(
        (0, 0, 0, 0, 0, 0, 0, 0, 4, 10, 12, 12, 14, 30, 32, 30, 24, 6, 3, 0, 0, 0, 0, 0))}),
}
MONTHS = (.91, .90, .96, .99, 1.04, 1.09, 1.12, 1.11, 1.04, 1.00, .94, .90)  # January first
GROWTH = 1.10  # a year

# The written dispatch rule: a screened call is eligible unless it reports a weapon, an injury or overdose that needs an
# ambulance first, or a crime under way. These are the shares of screened calls that do.
NOT_ELIGIBLE = {"mental_health": .18, "substance_use": .40, "welfare_check": .22, "disturbance": .50}
NOT_SCREENED = {True: .10, False: .06}  # at night (22:00-06:00), by day; what officers ask for is always screened
NOT_SENT, OTHER, OTHER_BLANK = .07, .04, .3  # of eligible calls while a team is free; of "other", left blank
ANSWERED_INSTEAD = table({"police": .80, "medical": .14, "nobody": .06})
OUTSIDE_THE_RULE = .04  # of answered calls: the team went although the call did not meet the rule
NO_SHIFT, SHORT_SHIFT = .04, .10
SHIFT_HOURS = 4
# (weekday, hour), in the order they are filled: Tuesday and Thursday afternoon first
SLOTS = tuple((day, hour) for hour in (13, 17, 9, 21, 5, 1) for day in (1, 3, 0, 2, 4, 5, 6))
ON_SCENE = {"no_contact": 18, "declined": 30, "resolved_on_scene": 48, "voluntary_care": 70, "involuntary": 85,
            "hospital_other": 65}  # median minutes, over five
PROMPT = table({"0": 55, "1": 31, "2": 9, "few": 5})  # days until a row is entered
LATE = .03
MISDATED = 60  # one response in 60 has its dispatch after its arrival, to show what publishing does about it


@dataclass(slots=True)
class Shift:
    """One planned shift; `covered_start` is None when nobody came. `free_at`: when the team can take the next call."""

    start: int
    end: int
    covered_start: int | None
    covered_end: int | None
    free_at: int = 0


def day_start(day: date) -> int:
    """When a local day begins."""
    return wall(day, 0)


def local(when: int) -> str:
    """A time as the extract writes it: ISO 8601 with the offset of that moment."""
    return datetime.fromtimestamp(when, ZONE).isoformat()


def stamp(when: int) -> str:
    """A call's time as written, never exactly on the hour: exactly midnight means "unknown" in many systems."""
    return local(when if when % HOUR else when + 1)


def wall(day: date, hours: float) -> int:
    """The moment at which a wall clock shows `hours` (up to 48) after midnight, also when the clocks change that day:
    8 is 8 o'clock, even where only 7 hours have passed.
    """
    midnight = datetime(day.year, day.month, day.day, tzinfo=ZONE)
    return round((midnight + timedelta(hours=hours)).timestamp())  # adding to a zoned datetime is wall-clock arithmetic


def month_weights(first: date, months: int) -> list[float]:
    """How busy each month is relative to the mean of all, 1: yearly growth times the season."""
    raw = [GROWTH ** (month / 12) * MONTHS[(first.month - 1 + month) % 12] for month in range(months)]
    return [weight * months / sum(raw) for weight in raw]


def shifts_of(chance: Chance, days: list[date], hours_per_week: float) -> Iterator[Shift]:
    """The planned shifts that start on these days and how each was covered, in order of start.

    Beyond the 42 slots of a full week they run side by side, a team each.
    """
    week: dict[int, list[tuple[int, float]]] = {}
    for number in range(-int(-hours_per_week // SHIFT_HOURS)):
        weekday, hour = SLOTS[number % len(SLOTS)]
        week.setdefault(weekday, []).append((hour, min(SHIFT_HOURS, hours_per_week - number * SHIFT_HOURS)))
    for day in days:
        for hour, length in sorted(week.get(day.weekday(), ())):
            start, end = wall(day, hour), wall(day, hour + round(length * 60) / 60)
            yield Shift(start, end, *_cover(chance, start, end))


def _cover(chance: Chance, start: int, end: int) -> tuple[int, int] | tuple[None, None]:
    if chance.yes(NO_SHIFT):
        return None, None
    if chance.yes(SHORT_SHIFT):
        quarters = 1 + int(chance.random() * 6)
        cut = min(900 * quarters, (end - start) // 2 // 60 * 60)
        return (start + cut, end) if chance.yes(.4) else (start, end - cut)
    return start, end


class Duty:
    """Which teams are on duty at a moment; moments must be asked for in order of time."""

    def __init__(self) -> None:
        self._coming: list[tuple[int, Shift]] = []  # the soonest last, where pop is cheap
        self._on_duty: list[Shift] = []

    def add(self, shifts: list[Shift]) -> None:
        """Add planned shifts; those that nobody covered are left out."""
        covered = [(shift.covered_start, shift) for shift in shifts if shift.covered_start is not None]
        self._coming = sorted(covered + self._coming, key=lambda start_and_shift: start_and_shift[0], reverse=True)

    def at(self, when: int) -> list[Shift]:
        """The teams on duty at a moment."""
        while self._coming and self._coming[-1][0] <= when:
            self._on_duty.append(self._coming.pop()[1])
        self._on_duty = [shift for shift in self._on_duty if shift.covered_end is not None and shift.covered_end > when]
        return self._on_duty


def arrivals(chance: Chance, days: list[date], mean: float, team_exists: bool) -> list[tuple[int, str]]:
    """The calls of these days, in order: when each was received, and its origin."""
    by_origin: dict[str, CumulatedShares] = {
        origin: table({str(number): weights[day.weekday()] for number, day in enumerate(days)})
        for origin, weights in WEEKDAYS.items()}
    starts = [day_start(day) for day in days]
    calls = []
    for _ in range(chance.count(mean)):
        origin = chance.pick(ORIGIN)
        if origin == "officer_request" and not team_exists:
            origin = "call_911"  # nobody asks for a team that does not exist yet
        start = starts[int(chance.pick(by_origin[origin]))]
        calls.append((start + int(chance.pick(HOURS[origin])) * HOUR + int(chance.random() * HOUR), origin))
    return sorted(calls)


class Dispatch:
    """Turns each call, in order of time, into a row: screened, sent to whoever is free, answered, recorded.

    `rule` draws who is sent outside of the dispatch rule: a stream of its own, so that it shifts no other draw.
    """

    def __init__(self, chance: Chance, rule: Chance, duty: Duty, last_entry: date) -> None:
        self._rule = rule
        self._chance, self._duty, self._people, self._last_entry = chance, duty, People(chance), last_entry
        self._answered = 0

    def row(self, received: int, origin: str) -> dict[str, str]:
        """The columns of a call's row as written; columns that are not named are blank."""
        chance = self._chance
        call_type = chance.pick(CALL_TYPE)
        teams = self._duty.at(received)
        written = {"received": stamp(received), "origin": origin, "call_type": call_type,
                   "staffed": yes_no(bool(teams))}
        written["eligibility"] = self._screen(written)
        free = [team for team in teams if team.free_at <= received]
        reason = self._why_not(free) if teams and written["eligibility"] == "eligible" else "off"
        if reason == "sent":
            written |= self._answered_by_team(received, origin, call_type, free[0])
            if self._rule.yes(OUTSIDE_THE_RULE):
                written["eligibility"] = "not_eligible"
        else:
            written |= self._answered_by_others(received, origin)
            blank = reason == "off" or (reason == "other" and chance.yes(OTHER_BLANK))
            written["unmet_reason"] = "" if blank else reason
        return written | {"recorded_on": self._entered(received).isoformat()}

    def _screen(self, written: dict[str, str]) -> str:
        chance = self._chance
        if written["origin"] != "call_911":
            return "not_eligible" if written["origin"] == "officer_request" and chance.yes(.04) else "eligible"
        night = not 6 <= int(written["received"][11:13]) < 22
        if chance.yes(NOT_SCREENED[night]):
            return "not_screened"
        return "not_eligible" if chance.yes(NOT_ELIGIBLE[written["call_type"]]) else "eligible"

    def _why_not(self, free: list[Shift]) -> str:
        if not free:
            return "on_another_call"
        drawn = self._chance.random()
        return "not_sent" if drawn < NOT_SENT else "other" if drawn < NOT_SENT + OTHER else "sent"

    def _answered_by_others(self, received: int, origin: str) -> dict[str, str]:
        chance = self._chance
        by = {"call_911": chance.pick(ANSWERED_INSTEAD), "officer_request": "police", "follow_up": "nobody"}[origin]
        if by == "nobody":
            return {"answered_by": by}
        sent = received + chance.seconds(2.5, .7)
        officer_came = by == "police" or chance.yes(.6)  # an officer joins an ambulance more often than not
        officer = stamp(sent + chance.seconds(6, .5)) if officer_came else ""
        return {"answered_by": by, "dispatched": stamp(sent), "officer_arrived": officer}

    def _answered_by_team(self, received: int, origin: str, call_type: str, team: Shift) -> dict[str, str]:
        chance = self._chance
        happened = what_happened(chance, call_type)
        sent = received + chance.seconds(8 if origin == "follow_up" else 2.5, .7)
        arrived = sent + 60 + chance.seconds(11, .45)
        cleared = arrived + 300 + chance.seconds(ON_SCENE.get(happened.get("outcome", ""), 60), .45)
        officer = self._officer_arrival(origin, sent, arrived, cleared)
        team.free_at = cleared
        self._answered += 1
        times = {"dispatched": sent, "officer_arrived": officer, "arrived": arrived, "cleared": cleared}
        times = {name: time for name, time in times.items() if time and not chance.yes(.015)}
        if self._answered % MISDATED == MISDATED // 2:
            times |= {"arrived": arrived, "dispatched": arrived + 180}
        return ({"answered_by": "team"} | {name: stamp(time) for name, time in times.items()} | happened
                | self._people.meet(received, origin, call_type, happened.get("outcome") != "no_contact"))

    def _officer_arrival(self, origin: str, sent: int, arrived: int, cleared: int) -> int:
        """When the officer came: with the team, before it, or after; 0 when none came (some follow-up visits)."""
        chance = self._chance
        if origin == "follow_up":
            return arrived if chance.yes(.4) else 0
        drawn = chance.random()
        if drawn < .50:
            return arrived
        apart = chance.seconds(4, .6)
        return max(sent + 30, arrived - apart) if drawn < .88 else min(cleared - 60, arrived + apart)

    def _entered(self, received: int) -> date:
        """The day a row is entered into the log: within days, seldom weeks later."""
        chance, day = self._chance, date.fromisoformat(stamp(received)[:10])
        if chance.yes(LATE):
            late = day + timedelta(seconds=chance.seconds(50 * DAY / 60, .8))
            if late <= self._last_entry:  # a row entered after the file was taken is not in the file
                return late
        wait = chance.pick(PROMPT)
        return min(day + timedelta(days=3 + int(chance.random() * 9) if wait == "few" else int(wait)), self._last_entry)
