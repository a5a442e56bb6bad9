"""/calendar.ics: the day each release was due, and the day the next one is (iCalendar, RFC 5545)."""

from datetime import UTC, date, datetime, timedelta

from icalendar import Calendar, Event

from portal.clock import midnight
from portal.contract.contract import threshold
from portal.exports.publisher import NAME, notice
from portal.exports.schedule import Schedule
from portal.language import day
from portal.render.rendered import Snapshot

EXPECTED, CAME_OUT = 0, 1  # the SEQUENCE of a due day's event


def due_days(schedule: Schedule | None, _: Snapshot, site_url: str) -> bytes:
    """The calendar, for the site at that URL; without events where nothing is published."""
    calendar = Calendar()
    calendar.add("prodid", f"-//{NAME}//{site_url}//")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", f"{NAME}: releases")
    for event in _events(schedule) if schedule else ():
        event.add("url", f"{site_url}/data")
        calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written


def _events(schedule: Schedule) -> list[Event]:
    events = []
    for release in schedule.releases:
        late = ", late" if release.late else ""
        came_out = f"{notice(release.state)}It came out on {day(release.published_on)}{late}."
        events.append(_event(release.due, f"Release {release.id} due", came_out, CAME_OUT,
                             midnight(release.published_on, schedule.zone)))
    if not schedule.next_due:
        return events
    newest = schedule.releases[-1]
    expected = f"{notice(newest.state)}Expected {threshold('due_days')} days after the quarter ends."
    revised = midnight(newest.published_on, schedule.zone)
    return [*events, _event(schedule.next_due, "Next release due", expected, EXPECTED, revised)]


def _event(due: str, title: str, description: str, sequence: int, revised: datetime) -> Event:
    """The event of one due day. Its UID holds that day and nothing that changes, so that a calendar which was
    subscribed to before the release came out has one event for it; SEQUENCE tells which form of it is the later one
    (3.8.7.4). An all-day event has a day and no time zone: it is that day by every clock.
    """
    event = Event()
    event.add("uid", f"somerville-co-response-release-due-{due}")
    event.add("sequence", sequence)
    event.add("dtstamp", revised.astimezone(UTC))
    event.add("last-modified", revised.astimezone(UTC))
    event.add("dtstart", date.fromisoformat(due))
    event.add("dtend", date.fromisoformat(due) + timedelta(1))
    event.add("summary", title)
    event.add("description", description)
    event.add("transp", "TRANSPARENT")
    return event
