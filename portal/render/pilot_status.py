"""Status of the pilot (content/status.toml): whether it has started, runs, pauses or has ended, since when, on whose
word. Without the file nothing is claimed.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from portal.errors import StatusWrong
from portal.language import day, gettext_lazy, t
from portal.language.formats import month
from portal.render.facts import Fact, facts, reference
from portal.settings import ROOT
from portal.shipped import shipped

STATUS = ROOT / "content" / "status.toml"
KEYS = {"status", "since", "fact"}
MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
BY_THE_CITY = {
    "not_started": gettext_lazy("The City says that on {when} the pilot had not started."),
    "running": gettext_lazy("The City says that the pilot started on {when}."),
    "paused": gettext_lazy("The City says that the pilot paused on {when}."),
    "ended": gettext_lazy("The City says that the pilot ended on {when}."),
}
REPORTED = {  # its end is not among them: it changes what is published
    "not_started": gettext_lazy("The pilot is reported not to have started by {when}."),
    "running": gettext_lazy("The pilot is reported to have started by {when}."),
    "paused": gettext_lazy("The pilot is reported to have paused by {when}."),
}


@dataclass(frozen=True)
class PilotStatus:
    """What is known of the pilot. `since`: YYYY-MM-DD, or YYYY-MM where the press alone reports it."""

    status: str
    since: str
    fact: Fact

    @property
    def by_the_city(self) -> bool:
        """Whether the City itself says so."""
        return _by_the_city(self.fact)

    @property
    def first_day(self) -> str:
        """`since` as a day: of a month its first."""
        return f"{self.since}-01" if MONTH.fullmatch(self.since) else self.since

    @property
    def ended(self) -> date | None:
        """The pilot's last day, once it has ended."""
        return date.fromisoformat(self.since) if self.status == "ended" else None

    @property
    def stands_out(self) -> bool:
        """Whether readers should know it before they read a number."""
        return self.status in ("paused", "ended")

    @property
    def sentence(self) -> str:
        """The status in a sentence, in the language in force."""
        when = month(date.fromisoformat(self.first_day)) if MONTH.fullmatch(self.since) else day(self.since)
        return t((BY_THE_CITY if self.by_the_city else REPORTED)[self.status], when=when)

    @property
    def html(self) -> Markup:
        """The sentence with its source."""
        return Markup("{} {}").format(self.sentence, Markup(reference(self.fact)))  # noqa: S704  # escaped there

    @property
    def plain(self) -> str:
        """The same as text alone."""
        return str(self.html.striptags())


def _by_the_city(fact: Fact) -> bool:
    return fact.tag == "CITY" or bool(fact.by)


def read(text: str, ledger: Mapping[str, Fact]) -> PilotStatus | None:
    """The status in a TOML text; None where it says nothing. Raises StatusWrong."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise StatusWrong(f"is no TOML: {error}", "Mend that line.") from error
    if not raw:
        return None
    if set(raw) != KEYS:
        wrong = [f"{name} is missing" for name in sorted(KEYS - set(raw))]
        wrong += [f"{name} is not known" for name in sorted(set(raw) - KEYS)]
        raise StatusWrong(", ".join(wrong), "It takes status, since and fact, or nothing at all.")
    fact = _fact(raw["fact"], ledger)
    sentences = BY_THE_CITY if _by_the_city(fact) else REPORTED
    if raw["status"] not in BY_THE_CITY:
        raise StatusWrong(f"status is {raw['status']!r}", f"It takes {', '.join(BY_THE_CITY)}.")
    if raw["status"] not in sentences:
        raise StatusWrong(f"{raw['status']} stands on {raw['fact']}, which the City has not confirmed",
                          "That the pilot has ended is said on the City's own word alone.")
    return PilotStatus(raw["status"], _since(raw["since"], fact), fact)


def _fact(given: object, ledger: Mapping[str, Fact]) -> Fact:
    if not isinstance(given, str) or given not in ledger:
        raise StatusWrong(f"fact is {given!r}", "It takes the name of a fact of content/facts.toml, such as started.")
    fact = ledger[given]
    if not _by_the_city(fact) and fact.tag != "PRESS":
        raise StatusWrong(f"the fact {given} is neither the City's word nor a report of the press",
                          "Name one that is, or confirm it in content/facts.toml.")
    return fact


def _since(given: object, fact: Fact) -> str:
    if type(given) is date:
        return given.isoformat()
    if isinstance(given, str) and MONTH.fullmatch(given) and not _by_the_city(fact):
        return given
    raise StatusWrong(f"since is {given!r}",
                      "It takes a day without quotation marks, such as 2027-03-31; of a report of the press a month, "
                      'such as "2026-05", is enough.')


@shipped
def pilot_status() -> PilotStatus | None:
    """What content/status.toml says; None where it says nothing. Raises StatusWrong."""
    try:
        text = STATUS.read_text("utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise StatusWrong("can't be read", "Mend its permission, or save it as UTF-8.") from error
    return read(text, facts())
