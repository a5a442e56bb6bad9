"""/feed.atom: each release, each one that was late, each correction, one that is overdue, and the pilot's status."""

from datetime import date, timedelta
from urllib.parse import urlencode

from feedgen.feed import FeedGenerator

from portal.clock import CITY_ZONE, midnight
from portal.exports.publisher import CITY, NAME, notice
from portal.exports.schedule import PublishedRelease, Schedule
from portal.language import DEFAULT, day
from portal.render.corrections import sentence
from portal.render.pilot_status import PilotStatus, pilot_status
from portal.render.rendered import Snapshot

EMPTY_FEED_DAY = "2026-04-01"  # Atom wants a day also of a feed without entries


def feed(schedule: Schedule | None, snapshot: Snapshot, site_url: str) -> bytes:
    """The feed, newest entry first, for the site at that URL. Days begin at midnight by the City's clock."""
    atom = FeedGenerator()
    atom.id(f"{site_url}/feed.atom")
    atom.title(f"{NAME}: new releases and corrections")
    atom.link([{"href": f"{site_url}/feed.atom", "rel": "self"}, {"href": f"{site_url}/data", "rel": "alternate"}])
    atom.author({"name": CITY})
    atom.language(DEFAULT)
    releases, zone = (schedule.releases, schedule.zone) if schedule else ((), CITY_ZONE)
    atom.updated(midnight(max((release.published_on for release in releases), default=EMPTY_FEED_DAY), zone))
    if pilot := pilot_status():
        _add_status(atom, pilot, zone, site_url)
    for release in releases:  # feedgen puts each entry before those that were added earlier
        for kind, title, summary in news(release):
            pinned = f"{site_url}/data?{urlencode({'release': release.id})}"
            entry = atom.add_entry()
            entry.id(f"{pinned}#{kind}")
            entry.title(title)
            entry.link(href=pinned if release.id in snapshot.copies else f"{site_url}/data")
            entry.updated(midnight(release.published_on, zone))
            entry.summary(notice(release.state) + summary.strip())
    if snapshot.overdue:
        _add_overdue(atom, snapshot.overdue, zone, site_url)
    written: bytes = atom.atom_str(pretty=True)
    return written


def _add_status(atom: FeedGenerator, pilot: PilotStatus, zone: str, site_url: str) -> None:
    """The entry about the pilot's status, in its place by time: a new one where the status changes."""
    since = midnight(pilot.first_day, zone)
    entry = atom.add_entry()
    entry.id(f"{site_url}/program#pilot-{pilot.status}-{pilot.since}")
    entry.title("Status of the pilot")
    entry.link(href=f"{site_url}/program")
    entry.updated(since)
    entry.summary(pilot.plain)
    atom.updated(max(since, atom.updated()))


def _add_overdue(atom: FeedGenerator, promised: str, zone: str, site_url: str) -> None:
    """The entry about a release that is not out though its day has passed."""
    since = midnight((date.fromisoformat(promised) + timedelta(1)).isoformat(), zone)
    entry = atom.add_entry()
    entry.id(f"{site_url}/timeline#due-{promised}")
    entry.title("A release is late")
    entry.link(href=f"{site_url}/timeline")
    entry.updated(since)
    entry.summary(f"The release due on {day(promised)} is not out yet.")
    atom.updated(since)


def news(release: PublishedRelease) -> list[tuple[str, str, str]]:
    """The entries about a release: kind, title and summary of each."""
    out = (f"It covers {day(release.start)} to {day(release.end)}. Due on {day(release.due)}, it came out on "
           f"{day(release.published_on)}.")
    out += f" {release.head_line}." if release.head_line else ""
    entries = [("release", f"Release {release.id} is out", out)]
    if release.late:
        days = (date.fromisoformat(release.published_on) - date.fromisoformat(release.due)).days
        late = f"It was due on {day(release.due)} and came out {days} {'day' if days == 1 else 'days'} later."
        entries.append(("late", f"Release {release.id} was late", late))
    return entries + [(f"correction-{place}", f"Correction in release {release.id}", f"{sentence(entry)} {entry.text}")
                      for place, entry in enumerate(release.corrections, 1)]
