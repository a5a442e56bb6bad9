"""What is subscribed to: the feed of releases, and the calendar of the days they are due."""

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

from icalendar import Calendar
from starlette.testclient import TestClient

from portal.exports.due_days import due_days
from portal.exports.feed import news
from portal.exports.schedule import PublishedRelease, Schedule
from portal.release import queries
from portal.release.corrections import Correction
from portal.release.periods import next_due
from portal.release.store import Release
from portal.render.rendered import Snapshot
from tests.conftest import SHIPPED, SMALLEST

FIRST, SECOND = SMALLEST
ATOM = "{http://www.w3.org/2005/Atom}"
ZONE = "America/New_York"


def listed() -> tuple[dict[str, str], ...]:
    return queries.table(Release(SHIPPED / SECOND), "releases").records


def test_the_feed_tells_releases_and_late_ones(site: TestClient) -> None:
    feed = ElementTree.fromstring(site.get("/feed.atom").content)
    titles = [entry.findtext(f"{ATOM}title") for entry in feed.findall(f"{ATOM}entry")]
    assert f"Release {FIRST} is out" in titles
    assert titles.index(f"Release {SECOND} is out") < titles.index(f"Release {FIRST} is out")
    late = {f"Release {row['release_id']} was late" for row in listed() if row["published_on"] > row["due_on"]}
    assert late == {title for title in titles if title and "late" in title}
    summaries = [entry.findtext(f"{ATOM}summary") or "" for entry in feed.findall(f"{ATOM}entry")
                 if "elease" in (entry.findtext(f"{ATOM}title") or "")]
    assert all("Made-up" in summary for summary in summaries)


def test_the_feed_and_the_api_say_on_whose_word_the_pilot_runs(site: TestClient) -> None:
    feed = ElementTree.fromstring(site.get("/feed.atom").content)
    entry = next(one for one in feed.findall(f"{ATOM}entry") if one.findtext(f"{ATOM}title") == "Status of the pilot")
    pilot = site.get("/api/v1/").json()["pilot"]
    assert entry.findtext(f"{ATOM}summary") == pilot["says"]
    assert pilot["status"] == "running" and not pilot["confirmed_by_the_city"]
    assert "not confirmed by the City" in pilot["says"]
    ids = [entry.findtext(f"{ATOM}id") for entry in feed.findall(f"{ATOM}entry")]
    assert len(set(ids)) == len(ids)
    for part in ("id", "title", "updated"):
        assert feed.findtext(f"{ATOM}{part}")


def test_a_day_of_the_feed_is_that_day_by_the_citys_clock(site: TestClient) -> None:
    feed = ElementTree.fromstring(site.get("/feed.atom").content)
    out = {f"Release {row['release_id']} is out": row["published_on"] for row in listed()}
    shown = {entry.findtext(f"{ATOM}title"): entry.findtext(f"{ATOM}updated") for entry in feed.findall(f"{ATOM}entry")}
    assert out
    for title, published_on in out.items():
        moment = datetime.fromisoformat(str(shown[title]))
        assert moment.astimezone(ZoneInfo(ZONE)).isoformat()[:16] == f"{published_on}T00:00"
        assert moment.utcoffset() in {timedelta(hours=-5), timedelta(hours=-4)}


def test_a_late_release_and_a_correction_are_reported() -> None:
    days = "2026-04-01", "2027-03-31", "2027-05-15", "2027-05-27"
    told = news(PublishedRelease("2027-Q1", "official", *days, (
        Correction("2027-Q1", days[-1], "note", text="May was 80, not 82."),)))
    assert [kind for kind, *_ in told] == ["release", "late", "correction-1"]
    assert "12 days later" in told[1][2]
    assert told[2][2].endswith("May was 80, not 82.")


def test_the_calendar_has_each_due_day_and_the_next(site: TestClient) -> None:
    events = Calendar.from_ical(site.get("/calendar.ics").content).walk("VEVENT")
    days = [str(event["DTSTART"].dt) for event in events]
    assert days == [*(row["due_on"] for row in listed()), next_due(listed()[-1]["period_end"])]
    assert days[-1] == "2027-02-14"
    assert "Next release due" in str(events[-1]["SUMMARY"])
    assert all("Made-up" in str(event["DESCRIPTION"]) for event in events)


def test_a_due_day_stays_one_event_of_a_calendar_before_and_after_the_release() -> None:
    first, second = (PublishedRelease(name, "official", "2026-04-01", end, due, out, ()) for name, end, due, out in (
        ("2026-Q3", "2026-09-30", "2026-11-14", "2026-11-12"), ("2026-Q4", "2026-12-31", "2027-02-14", "2027-03-01")))
    before, after = (
        {str(event["UID"]): event for event in Calendar.from_ical(
            due_days(schedule, Snapshot(), url)).walk("VEVENT")}
        for schedule, url in ((Schedule((first,), second.due, ZONE), "http://127.0.0.1:8501"),
                              (Schedule((first, second), "2027-05-15", ZONE), "https://portal.example.org")))
    assert list(before) == list(after)[:2]
    expected, came_out = before[list(before)[1]], after[list(after)[1]]
    assert str(expected["DTSTART"].dt) == str(came_out["DTSTART"].dt) == second.due
    assert expected["SEQUENCE"] < came_out["SEQUENCE"]
    assert expected["DTSTAMP"].dt < came_out["DTSTAMP"].dt == datetime(2027, 3, 1, 5, tzinfo=UTC)
    assert before[next(iter(before))]["DTSTAMP"].dt == datetime(2026, 11, 12, 5, tzinfo=UTC)
