"""Small extracts for tests, made in memory as read_extract would hand them over."""

import random
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pandas as pd
import pytest

from portal.publish.ingest.columns import COLUMNS, NOT_RECORDED, ROSTER_COLUMNS
from portal.publish.ingest.extract import Extract, Report
from portal.publish.publish import Published, publish_extract
from portal.publish.request import PublicationRequest
from portal.release.periods import Quarter, quarter_of

ZONE = "America/New_York"
FIRST = date(2026, 4, 1)


@contextmanager
def in_2031() -> Iterator[None]:
    """A clock that stands after all days the tests publish on: real numbers are never published ahead of their day."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("portal.clock.clock", lambda: datetime(2031, 1, 1, 12, tzinfo=UTC))
        yield


def row(number: int, day: date, chance: random.Random, *, team: bool, **values: Any) -> dict[str, Any]:
    """One call at noon, all its columns filled; a call without the team holds nothing about people."""
    received = pd.Timestamp(day, tz=ZONE) + pd.Timedelta(hours=12)
    call: dict[str, Any] = {column.name: NOT_RECORDED if column.kind == "category" else None for column in COLUMNS}
    call |= {
        "call_id": f"C{number}",
        "received": received,
        "dispatched": received + pd.Timedelta(minutes=2),
        "person_key": "",
        "origin": chance.choice(["call_911", "call_911", "officer_request", "follow_up"]),
        "call_type": chance.choice(["mental_health", "substance_use", "welfare_check", "disturbance"]),
        "eligibility": "eligible",
        "answered_by": "team" if team else "police",
        "staffed": team,
        "recorded_on": pd.Timestamp(day),
    }
    if team:
        arrived = received + pd.Timedelta(minutes=chance.randint(5, 40))
        call |= {column.name: chance.choice(column.categories) for column in COLUMNS[22:] if column.categories}
        call |= {column.name: chance.random() < .5 for column in COLUMNS if column.kind == "yes_no"}
        call |= {
            "arrest": False,
            "force": False,
            "injury_resident": False,
            "injury_responder": False,
            "injury_officer": False,
            "staffed": True,
            "outcome": chance.choice(["resolved_on_scene", "voluntary_care", "involuntary", "declined"]),
            "arrived": arrived,
            "officer_arrived": arrived - pd.Timedelta(minutes=chance.choice([-2, 0, 2])),
            "cleared": arrived + pd.Timedelta(minutes=chance.randint(10, 90)),
            "person_key": f"P{chance.randrange(10_000)}",
        }
    return call | values


def rows(responses: Sequence[int], others: int = 60, *, seed: int = 1, start: date = FIRST) -> list[dict[str, Any]]:
    """Calls of consecutive quarters: `responses` of the team in each, and so many others, spread over the quarter's
    days.
    """
    chance, found, quarter = random.Random(seed), list[dict[str, Any]](), quarter_of(start)
    for count in responses:
        days = (quarter.end - quarter.start).days + 1
        answered = set(chance.sample(range(count + others), count))
        for at in range(count + others):
            day = quarter.start + timedelta(days=at * days // (count + others))
            on_duty = {"staffed": True} if at % 5 == 0 else {}  # also of some calls that the team does not answer
            found.append(row(len(found) + 1, day, chance, team=at in answered, **on_duty))
        quarter = quarter.next
    return found


def late_response(found: Sequence[dict[str, Any]], day: date, **values: Any) -> dict[str, Any]:
    """One more response than these rows hold, on this day."""
    return row(len(found) + 1, day, random.Random(5), team=True, **values)


def frame(found: Sequence[dict[str, Any]]) -> pd.DataFrame:
    """Rows as read_extract types them."""
    calls = pd.DataFrame(found, columns=[column.name for column in COLUMNS])
    for column in COLUMNS:
        if column.kind == "time":
            calls[column.name] = pd.to_datetime(calls[column.name], utc=True).dt.tz_convert(ZONE)
        elif column.kind == "date":
            calls[column.name] = pd.to_datetime(calls[column.name])
        elif column.kind == "yes_no":
            calls[column.name] = calls[column.name].astype("boolean")
        else:
            calls[column.name] = calls[column.name].astype(object)
    calls["received_on"] = calls["received"].dt.tz_localize(None).dt.normalize()
    return calls


def roster(start: date, end: date) -> pd.DataFrame:
    """A shift from 11 to 15 o'clock every day: all calls of `row` come while the team is on duty."""
    days = [start + timedelta(days=at) for at in range((end - start).days + 1)]
    begins = [pd.Timestamp(day, tz=ZONE) + pd.Timedelta(hours=11) for day in days]
    ends = [begin + pd.Timedelta(hours=4) for begin in begins]
    return pd.DataFrame(
        dict(zip([column.name for column in ROSTER_COLUMNS], [begins, ends, begins, ends], strict=True))
    )


def extract(
    found: Sequence[dict[str, Any]],
    *,
    first: date = FIRST,
    last: date | None = None,
    quiet: Sequence[date] = (),
    duty: pd.DataFrame | None = None,
    without: Sequence[str] = (),
    breaks: Sequence[tuple[str, str]] = (),
    not_collected: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> Extract:
    """An extract of these rows; `without` are columns that its source does not collect, `not_collected` categories of
    columns.
    """
    calls = frame(found).drop(columns=list(without))
    end = last or quarter_of(max(calls["received_on"]).date()).end
    collected = frozenset(column.name for column in COLUMNS) - set(without)
    report = Report(len(calls), len(calls), 0, 0, len(calls), None if duty is None else len(duty), first, end)
    return Extract(
        calls=calls,
        roster=duty,
        collected=collected,
        first_day=first,
        last_day=end,
        quiet_days=frozenset(quiet),
        timezone=ZONE,
        sources=dict.fromkeys(collected, "Made-up log"),
        report=report,
        breaks=tuple(breaks),
        categories_not_collected={name: frozenset(categories) for name, categories in not_collected.items()},
    )


def changed(extract_: Extract, calls: pd.DataFrame) -> Extract:
    """The same extract with other calls."""
    return replace(extract_, calls=calls.reset_index(drop=True))


def quarter_ends(count: int, start: date = FIRST) -> list[date]:
    """The last days of so many quarters."""
    found, quarter = list[Quarter](), quarter_of(start)
    for _ in range(count):
        found.append(quarter)
        quarter = quarter.next
    return [row_.end for row_ in found]


def publish(
    extract_: Extract, end: date, releases: Path, *, days: int = 45, name: str = "", **changes: Any
) -> Published:
    """Publish an extract in memory up to a quarter's end, so many days after it, with all that was recorded by then."""
    on = end + timedelta(days)
    before_live = changes.pop("before_live", lambda _: None)
    request = PublicationRequest(
        name or quarter_of(end).id,
        changes.pop("state", "preliminary"),
        end,
        on,
        changes.pop("recorded_through", on),
        **changes,
    )
    return publish_extract(extract_, "Made-up log", request, releases, before_live=before_live)


def contents(folder: Path) -> dict[str, bytes]:
    """All files of a folder, by name."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def lasting(folder: Path, table: str) -> list[str]:
    """The lines of a CSV table that later releases must keep: all but the pilot so far and what still waits."""
    lines = (folder / "csv" / f"{table}.csv").read_text("utf-8").splitlines()[1:]
    return [line for line in lines if not line.split(",")[1].startswith(("pilot-", "open-"))]
