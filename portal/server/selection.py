"""What a visitor chose: the query of the address and nothing else. Each value is looked up; an unknown one is said and
left.
"""

from collections.abc import Mapping
from dataclasses import replace

from portal.language import DEFAULT, PSEUDO, day, language_of, preferred, speaking, t
from portal.render.commitments import overdue
from portal.render.rendered import Selection, language_pair
from portal.server.snapshot import now, watch
from portal.settings import setting

LONGEST = 64  # no known value is longer: a longer one is not even looked up


def language_named(wanted: str) -> str:
    """The code of the language that an address names, by the rule for Accept-Language; empty where there is none."""
    if wanted.lower() == PSEUDO.lower() and setting("pseudo"):
        return PSEUDO
    return language_of(wanted)


def select(query: Mapping[str, str], accepted: str = "") -> Selection:
    """The selection of an address's query; `accepted` is the browser's Accept-Language."""
    wanted = query.get("lang", "")[:LONGEST]
    language = language_named(wanted) or DEFAULT
    asked = "" if wanted else preferred(accepted)
    with speaking(language):
        made = _select(query, language)
        lost = () if language_named(wanted) or not wanted else (
            t("This site is not in that language yet: this is English."),)
    given = {name: value[:LONGEST] for name, value in query.items()}
    return replace(made, given=given, offered="" if asked == language else asked, notices=made.notices + lost)


def _select(query: Mapping[str, str], language: str) -> Selection:
    notices = []
    live = now()
    here = live.shelf
    if live.refused and here:
        notices.append(t("The newest release can't be shown at the moment. This page is showing the release of {day}.",
                         day=here.shown.published))
    if here and (promised := overdue(here.known)):
        notices.append(t("The release due on {day} is not out yet.", day=day(promised)))
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
    chosen = [*language_pair(language), *(pair for pair in (("release", wanted), ("period", period)) if pair[1])]
    if wanted and live.shelf and wanted != live.shelf.shown.id:
        notices.append(t("This is release {release}. A newer one has been published: {newest}.", release=wanted,
                         newest=live.shelf.shown.id))
    shelf = watch().in_language(here, language) if here else None
    return Selection(live, shelf, period or (known[0] if known else ""), tuple(notices), tuple(chosen), language)
