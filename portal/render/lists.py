"""Parts of pages made from data (promises, questions asked at meetings, methods, sources), and forms by their name."""

import json
import tomllib
from collections import Counter
from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any

from portal.contract.contract import MEASURES, Measure
from portal.language import LANGUAGES, day, n, t
from portal.navigation import page_of_figure
from portal.page import Page
from portal.render import documents, downloads, explore, history, request
from portal.render.commitments import commitments, judge
from portal.render.content import Edition
from portal.render.facts import facts, reference, sources
from portal.render.forms import Filled, Maker, Pairs
from portal.render.markup import block
from portal.render.rendered import Known, RenderedRelease, Selection, Snapshot
from portal.settings import ROOT

ITS_OWN = frozenset({"lang", "release", "period"})  # the names in an address that are no form's
RECORD = ROOT / "content" / "access-record.json"  # written by `make access`
QUESTIONS = ROOT / "content" / "questions.toml"
FORMS: dict[str, Maker] = {"explore": explore.filled, "request": request.filled}


def promised(release: RenderedRelease | None, _: Edition) -> str:
    """Each promise with its state, below how many there are of each state."""
    evidence: Known | None = release.known if release else None
    rows = [(promise, judge(promise, evidence, facts()), reference(facts()[promise.fact]) if promise.fact else "")
            for promise in commitments()]
    states = Counter(judged.word.split(",")[0] for _, judged, _ in rows)
    counted = [n("{n} promise stands here.", "{n} promises stand here.", len(rows), n=len(rows)),
               *(t("{what}: {number}.", what=word, number=number) for word, number in states.most_common())]
    return block("commitments", rows, bool(release and release.facts.state == "illustrative"), " ".join(counted))


@cache
def questions() -> tuple[dict[str, Any], ...]:
    """What was asked at meetings (content/questions.toml), in its order."""
    rows: list[dict[str, Any]] = tomllib.loads(QUESTIONS.read_text("utf-8")).get("asked", [])
    return tuple({"figure": "", "not_collected": False} | row for row in rows)


def asked(release: RenderedRelease | None, edition: Edition) -> str:
    """The questions asked at meetings, each with a link to the figure it cites."""
    rows = [row | {"when": day(row["asked_on"].isoformat() if isinstance(row["asked_on"], date) else row["asked_on"])}
            for row in questions()]
    links = {row["figure"]: edition.link(page_of_figure(row["figure"]).slug, f"#{row['figure']}") for row in rows}
    return block("questions", rows, links)


def _method(measure: Measure) -> str:
    """How a measure is counted, and the fields of the records that it needs."""
    if measure.kind == "derived":
        return t("Added up from the published groups of another table: {question}",
                 question=t(MEASURES[measure.source_measure].question))
    how = {"activity": t("Counted exactly, for the whole city, by month and by quarter."),
           "conduct": t("Counted exactly, once a run of quarters, and never crossed with anything else."),
           "people": t("Counted for runs of quarters, in groups of 11 or more."),
           "release": t("Taken from the list of releases.")}[measure.kind]
    if not measure.needs:
        return how
    return f"{how} {t('Fields of the records: {fields}.', fields=', '.join(measure.needs))}"


def _out_of(measure: Measure) -> str:
    """The numerator and denominator of a measure in words, or what it counts."""
    if measure.denominator:
        return t("{part}, out of {whole}", part=t(measure.numerator), whole=t(measure.denominator))
    whole = {"responses": t("all responses of the team"), "calls": t("all crisis calls"),
             "responses_without_arrest": t("all responses without an arrest")}.get(measure.over)
    return t("Out of {whole}", whole=whole) if whole else t("Counted in {unit}", unit=t(measure.unit))


def methods(_release: RenderedRelease | None, _edition: Edition) -> str:
    """For each measure: definition, why it matters, method, what it is out of, limits."""
    return block("methods", [(measure, _method(measure), _out_of(measure)) for measure in MEASURES.values()])


def ledger(_release: RenderedRelease | None, _edition: Edition) -> str:
    """Every source that a fact comes from, with the number of its facts, and of those the City has confirmed."""
    rows = []
    for source in sources().values():
        cited = [fact for fact in facts().values() if fact.source == source]
        confirmed = sum(1 for fact in cited if fact.by or fact.tag == "CITY")
        rows += [(source, len(cited), confirmed)] if cited else []
    return block("sources", rows)


def tested(_release: RenderedRelease | None, _edition: Edition) -> str:
    """The record of the last accessibility audit (`make access`): tools, standards, pages, findings."""
    return block("test_record", json.loads(RECORD.read_text("utf-8")) if RECORD.is_file() else None, LANGUAGES)


def files(release: RenderedRelease | None, _edition: Edition) -> str:
    """The tables and files of the release, with what each holds."""
    return downloads.listed(release) if release else ""


PARTS: dict[str, Callable[[RenderedRelease | None, Edition], str]] = {
    "commitments": promised, "questions": asked, "methods": methods, "sources": ledger, "downloads": files,
    "tested": tested}
WITH_SNAPSHOT: dict[str, Callable[[RenderedRelease | None, Snapshot], str]] = {
    "documents": documents.choices, "history": history.checked}


def part(name: str, selection: Selection, prefix: str) -> str:
    """A part of a page (portal.page.Part), with links of the edition that has this prefix."""
    if name in WITH_SNAPSHOT:
        return WITH_SNAPSHOT[name](selection.release, selection.snapshot)
    return PARTS[name](selection.release, Edition(prefix, selection.query))


def form(name: str, selection: Selection, prefix: str) -> Filled:
    """A form of a page (portal.page.Form) as the visitor's address fills it."""
    return FORMS[name](selection.release, selection.given, Edition(prefix, selection.query))


def any_form_values(selection: Selection) -> Pairs:
    """The known values that the URL's query gives to any form: a session keeps them from page to page."""
    if not selection.given.keys() - ITS_OWN:
        return ()
    return tuple(pair for name in FORMS for pair in form(name, selection, "").values_in(selection.given))


def form_values(page: Page, selection: Selection) -> Pairs:
    """The known values that the URL's query gives to this page's forms."""
    return tuple(pair for item in page.forms for pair in form(item.name, selection, "").values_in(selection.given))
