"""What a visitor chose: the query of the address and nothing else. Each value is looked up; an unknown one is said and
left.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from portal.language import DEFAULT, LANGUAGES, t
from portal.markup.live import Now, now, watch
from portal.markup.shelf import Shelf

LONGEST = 64  # no known value is longer: a longer one is not even looked up


@dataclass(frozen=True)
class Selection:
    """The release and quarter to show, and a sentence for each value that was not known."""

    now: Now  # what is served, taken once: whatever a page shows comes from it
    shelf: Shelf | None
    period: str
    notices: tuple[str, ...]
    chosen: tuple[tuple[str, str], ...]  # what stands in the address, known values only

    @property
    def query(self) -> str:
        """The choice as the end of an address, such as `?period=2027-Q2`; empty where nothing was chosen."""
        return f"?{urlencode(self.chosen)}" if self.chosen else ""


def select(query: Mapping[str, str]) -> Selection:
    """The selection of an address's query."""
    notices, chosen = [], []
    live = now()
    here = live.shelf
    if live.refused and here:
        notices.append(t("The newest release can't be shown at the moment. This page is showing the release of {day}.",
                         day=here.shown.published))
    wanted = query.get("release", "")[:LONGEST]
    if wanted and wanted not in live.copies:
        notices.append(t("There is no release of that name: this is the newest one."))
        wanted = ""
    if wanted:
        live = live if wanted in live.shelves else watch().ask(wanted)
        here = live.shelves.get(wanted)
        if here is None:
            notices.append(t("Release {release} is being made ready: this is the newest one. Try again in a minute.",
                             release=wanted))
            wanted, here = "", live.shelf
    known = [one for one, _ in here.choices] if here else []
    period = query.get("period", "")[:LONGEST]
    if period and period not in known:
        notices.append(t("Nothing is published for that time: this is the newest quarter."))
        period = ""
    if query.get("lang", DEFAULT)[:LONGEST] not in LANGUAGES:
        notices.append(t("This site is not in that language yet: this is English."))
    chosen = [pair for pair in (("release", wanted), ("period", period)) if pair[1]]
    if wanted and live.shelf and wanted != live.shelf.shown.id:
        notices.append(t("This is release {release}. A newer one has been published: {newest}.", release=wanted,
                         newest=live.shelf.shown.id))
    return Selection(live, here, period or (known[0] if known else ""), tuple(notices), tuple(chosen))
