"""What a visitor chose: the query of the address and nothing else. Each value is looked up; an unknown one is said and
left.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from portal.builder.rendered_release import Shelf
from portal.language import DEFAULT, PSEUDO, day, language_of, preferred, speaking, t
from portal.render.commitments import overdue
from portal.server.snapshot import Now, now, watch
from portal.settings import setting

ITS_OWN = frozenset({"lang", "release", "period"})  # the names in an address that are no form's
LONGEST = 64  # no known value is longer: a longer one is not even looked up


@dataclass(frozen=True)
class Selection:
    """The release, quarter and language to show, and a sentence for each value that was not known."""

    now: Now  # what is served, taken once: whatever a page shows comes from it
    shelf: Shelf | None
    period: str
    notices: tuple[str, ...]
    chosen: tuple[tuple[str, str], ...]  # what stands in the address, known values only
    language: str = DEFAULT
    offered: str = ""  # the language that the browser asks for, where the address names none and it is another
    given: Mapping[str, str] = field(default_factory=dict)  # the address, shortened: a form looks up its own values

    @property
    def query(self) -> str:
        """The choice as the end of an address, such as `?period=2027-Q2`; empty where nothing was chosen."""
        return f"?{urlencode(self.chosen)}" if self.chosen else ""

    @property
    def words(self) -> str:
        """What was chosen, as a reader hears it: the quarter, and a release that is not the newest. Empty: nothing."""
        chosen, quarters = dict(self.chosen), dict(self.shelf.choices) if self.shelf else {}
        release = f"{t('Release')} {chosen['release']}" if "release" in chosen else ""
        return ", ".join(one for one in (quarters.get(chosen.get("period", ""), ""), release) if one)

    def with_form(self, form: Iterable[tuple[str, str]]) -> str:
        """As `query`, with what the address names of a form's choices: for a link to the other edition."""
        return self.in_language(self.language, form).rstrip("?")

    def in_language(self, language: str, form: Iterable[tuple[str, str]] = ()) -> str:
        """The query for the same choice in another language, ready to be a link: `?` alone where nothing is left.
        `form`: what the address names of a form's choices.
        """
        rest = [pair for pair in self.chosen if pair[0] != "lang"]
        return f"?{urlencode([*_named(language), *rest, *form])}"


def _named(language: str) -> list[tuple[str, str]]:
    """How an address names a language: English goes without saying."""
    return [] if language == DEFAULT else [("lang", language)]


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
    chosen = [*_named(language), *(pair for pair in (("release", wanted), ("period", period)) if pair[1])]
    if wanted and live.shelf and wanted != live.shelf.shown.id:
        notices.append(t("This is release {release}. A newer one has been published: {newest}.", release=wanted,
                         newest=live.shelf.shown.id))
    shelf = watch().in_language(here, language) if here else None
    return Selection(live, shelf, period or (known[0] if known else ""), tuple(notices), tuple(chosen), language)
