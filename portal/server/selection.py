"""The visitor's selection: the query of the URL, and nothing else. Each value is looked up; for an unknown one there is
a notice and the default.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from portal.language import DEFAULT, PSEUDO, day, language_of, override_language, preferred, t
from portal.render.pilot_status import pilot_status
from portal.render.rendered import RenderedRelease, Selection, Snapshot, language_pair
from portal.server.rendered_reader import InEnglish
from portal.settings import Settings

LONGEST = 64  # no known value is longer: a longer one is not even looked up


def language_named(requested: str, pseudo: bool = False) -> str:
    """The code of the language that a query names (`es-MX` is `es`); "" for an unknown one. `pseudo`: whether the
    pseudo-locale is offered.
    """
    if pseudo and requested.lower() == PSEUDO.lower():
        return PSEUDO
    return language_of(requested)


def select(snapshot: Snapshot, settings: Settings, query: Mapping[str, str], accepted: str = "") -> Selection:
    """The selection of a query. `accepted`: the browser's Accept-Language, by which another language is offered."""
    requested = query.get("lang", "")[:LONGEST]
    named = language_named(requested, settings.pseudo)
    language = named or DEFAULT
    offered = "" if requested else preferred(accepted)
    with override_language(language):
        selection = _select(snapshot, query, language)
        unknown = () if named or not requested else (t("This site is not in that language yet: this is English."),)
    parameters = {name: value[:LONGEST] for name, value in query.items()}
    return replace(selection, given=parameters, offered="" if offered == language else offered,
                   notices=selection.notices + unknown, feedback=settings.feedback)


def _select(snapshot: Snapshot, query: Mapping[str, str], language: str) -> Selection:
    release_id, release_notices = _chosen_release(snapshot, query.get("release", "")[:LONGEST])
    english = snapshot.rendered.get((release_id, DEFAULT)) if release_id else snapshot.live
    period, period_notices = _chosen_period(english, query.get("period", "")[:LONGEST])
    chosen = (*language_pair(language), *(pair for pair in (("release", release_id), ("period", period)) if pair[1]))
    period_shown = period or (english.default_period if english else "")
    release = in_language(snapshot, english, language, period_shown) if english else None
    notices = (*_state(snapshot), *release_notices, *period_notices)
    return Selection(snapshot, release, period_shown, notices, chosen, language)


def _state(snapshot: Snapshot) -> list[str]:
    """The notices of every page: that the pilot pauses or has ended, that the newest release can't be shown, or that
    one is overdue.
    """
    notices = []
    if (pilot := pilot_status()) and pilot.stands_out:
        notices.append(pilot.plain)
    if snapshot.refused and snapshot.live:
        notices.append(t("The newest release can't be shown at the moment. This page is showing the release of {day}.",
                         day=snapshot.live.facts.published))
    if snapshot.overdue:
        notices.append(t("The release due on {day} is not out yet.", day=day(snapshot.overdue)))
    return notices


def _chosen_release(snapshot: Snapshot, requested: str) -> tuple[str, list[str]]:
    """The release that a query names ("": the live one), and the notices on it."""
    if not requested:
        return "", []
    if requested not in snapshot.copies:
        return "", [t("There is no release of that name: this is the newest one.")]
    if (requested, DEFAULT) not in snapshot.rendered:
        return "", [t("Release {release} is being made ready: this is the newest one. Try again in a minute.",
                      release=requested)]
    live = snapshot.live.facts.id if snapshot.live else requested
    return requested, [] if requested == live else [
        t("This is release {release}. A newer one has been published: {newest}.", release=requested, newest=live)]


def _chosen_period(release: RenderedRelease | None, requested: str) -> tuple[str, list[str]]:
    """The period that a query names ("": the default), and the notices on it."""
    if not requested:
        return "", []
    if release is None or requested not in dict(release.periods):
        return "", [t("Nothing is published for that time: these are all numbers since the start.")]
    if requested not in release.ready:
        return "", [t("The numbers of {period} are being made ready. Try again in a minute.",
                      period=dict(release.periods)[requested])]
    return requested, []


def in_language(snapshot: Snapshot, english: RenderedRelease, language: str, period: str) -> RenderedRelease:
    """A release in another language if it is rendered; until then in English, with each figure marked as English."""
    if language == DEFAULT:
        return english
    translated = snapshot.rendered.get((english.facts.id, language))
    if translated and translated.copy == english.copy and period in translated.ready:
        return translated
    return replace(english, read_figures=partial(_in_english, english, language))


def _in_english(english: RenderedRelease, language: str, period: str) -> InEnglish:
    return InEnglish(english.read_figures(period), language)
